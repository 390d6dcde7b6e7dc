// What a free-form rule may name: `metrics.<id>`, `metrics.<id>.<subject>`, `card.<path>`, `params.<name>`.
import { nearestWord } from '../base/nearest-word.ts'
import type { Metric, SubjectKind } from '../domain/metric.ts'
import { cardFieldNames, cardFieldType, cardPath } from './card-fields.ts'
import type { LogicType, Refusal } from './logic-operators.ts'

/** What the variables of an expression may name besides the card. */
export interface Vocabulary {
  readonly metrics: ReadonlyMap<string, Metric>
  readonly params: Readonly<Record<string, number | string | boolean>>
}

/** What a name stands for, with its type. */
export type Variable =
  | {
      readonly kind: 'metric'
      readonly name: string
      readonly type: LogicType
      readonly metric: string
      readonly subject: string | null
    }
  | {
      readonly kind: 'card'
      readonly name: string
      readonly type: LogicType
      readonly path: readonly string[]
      readonly isList: boolean
      /** What `typeof` says of each of its values. */
      readonly of: 'number' | 'string' | 'boolean'
    }
  | {
      readonly kind: 'param'
      readonly name: string
      readonly type: LogicType
      readonly value: number | string | boolean
    }

/** The variable of a name, or why there is none. */
export function resolveVariable(name: string, vocabulary: Vocabulary): Variable | Refusal {
  const dot = name.indexOf('.')
  const rest = name.slice(dot + 1)
  switch (dot === -1 ? '' : name.slice(0, dot)) {
    case 'metrics':
      return resolveMetric(name, rest, vocabulary.metrics)
    case 'card':
      return resolveCard(name, rest)
    case 'params':
      return resolveParam(name, rest, vocabulary.params)
    default:
      return unknown(name, 'a variable is `metrics.<id>`, `metrics.<id>.<subject>`, `card.<path>` or `params.<name>`')
  }
}

function resolveMetric(name: string, rest: string, metrics: Vocabulary['metrics']): Variable | Refusal {
  const metric = longestMetric(rest, metrics)
  if (metric === undefined) {
    const near = nearestWord(rest, metrics.keys()) ?? nearestWord(rest.split('.').slice(0, 2).join('.'), metrics.keys())
    return unknown(name, near === undefined ? 'no metric of that id' : `did you mean \`metrics.${near}\`?`)
  }
  const subject = rest === metric.id ? null : rest.slice(metric.id.length + 1)
  if (subject === null && metric.subject !== 'model') {
    const example = `metrics.${metric.id}.<${SUBJECT_WORDS[metric.subject]}>`
    return unknown(name, `\`${metric.id}\` is measured per ${SUBJECT_WORDS[metric.subject]}: name one, \`${example}\``)
  }
  if (subject !== null && metric.subject === 'model') {
    return unknown(name, `\`${metric.id}\` is measured for the model as a whole: \`metrics.${metric.id}\``)
  }
  return { kind: 'metric', name, type: 'number', metric: metric.id, subject }
}

const SUBJECT_WORDS: Readonly<Record<SubjectKind, string>> = {
  model: 'model',
  feature: 'feature',
  protected: 'attribute',
  group: 'attribute=group',
  endpoint: 'endpoint',
}

/** Ids hold dots and so may subjects, so the longest id that fits is meant. */
function longestMetric(rest: string, metrics: Vocabulary['metrics']): Metric | undefined {
  for (let end = rest.length; end > 0; end = rest.lastIndexOf('.', end - 1)) {
    const metric = metrics.get(rest.slice(0, end))
    if (metric !== undefined && (end === rest.length || end + 1 < rest.length)) return metric
  }
  return undefined
}

function resolveCard(name: string, rest: string): Variable | Refusal {
  const type = cardFieldType(rest)
  if (type !== undefined) return { kind: 'card', name, type, path: cardPath(rest), ...shapeOf(type) }
  const near = nearestWord(rest, cardFieldNames())
  return unknown(name, near === undefined ? 'a model card has no such field' : `did you mean \`card.${near}\`?`)
}

function shapeOf(type: LogicType): { readonly isList: boolean; readonly of: 'number' | 'string' | 'boolean' } {
  const scalar = type.replace('list of ', '')
  const of = scalar === 'number' || scalar === 'boolean' ? scalar : 'string'
  return { isList: scalar !== type, of }
}

function resolveParam(name: string, rest: string, params: Vocabulary['params']): Variable | Refusal {
  const value = Object.hasOwn(params, rest) ? params[rest] : undefined
  if (value === undefined) {
    const near = nearestWord(rest, Object.keys(params))
    return unknown(name, near === undefined ? 'the policy has no such parameter' : `did you mean \`params.${near}\`?`)
  }
  return { kind: 'param', name, type: typeOfScalar(value), value }
}

function typeOfScalar(value: number | string | boolean): 'number' | 'text' | 'boolean' {
  if (typeof value === 'number') return 'number'
  return typeof value === 'string' ? 'text' : 'boolean'
}

function unknown(name: string, hint: string): Refusal {
  return { code: 'evaluate/unknown-variable', message: `unknown variable \`${name}\``, hint }
}
