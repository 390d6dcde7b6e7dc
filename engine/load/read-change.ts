// A rule on the change of a metric: against what (`versus`), in which direction, and by how much at most.
import type { Metric } from '../domain/metric.ts'
import type { Change, Versus } from '../domain/policy.ts'
import { tellAt, tellAtKey, type WrittenRule } from './rule-reader.ts'
import { quoted } from './schema-problems.ts'

/** The two halves of a rule on a change. */
export interface VersusChange {
  readonly versus: Versus
  readonly change: Change
}

/** `null` where the rule has no change; `undefined` after an error. */
export function readChange(written: WrittenRule, metric: Metric): VersusChange | null | undefined {
  const { rule } = written
  const field = rule.dropsAtMost === undefined ? 'risesAtMost' : 'dropsAtMost'
  const hasChange = rule[field] !== undefined
  if (!hasChange && rule.versus === undefined) return null
  if (!hasChange) {
    return tellAtKey(written, 'versus', {
      code: 'load/versus',
      message: '`versus` needs `dropsAtMost` or `risesAtMost`',
      hint: metric.worse === 'up' ? 'add `risesAtMost: 5%`' : 'add `dropsAtMost: 5%`',
    })
  }
  if (rule.versus === undefined) {
    return tellAtKey(written, field, {
      code: 'load/versus',
      message: `\`${field}\` needs \`versus\`: a change against what`,
      hint: 'add `versus: baseline`, `versus: previous` or `versus: rolling 30 days`',
    })
  }
  const read = readAmount(written, field)
  if (read === undefined) return undefined
  const change: Change = { direction: field === 'dropsAtMost' ? 'drops' : 'rises', ...read }
  if (!isRightWay(written, metric, field) || !canFail(written, metric, field, change)) return undefined
  return { versus: parseVersus(rule.versus), change }
}

/** An amount of change, `5%` (as 0.05) or `0.05`, parameters resolved; `undefined` after an error. */
export function readAmount(
  written: WrittenRule,
  field: 'dropsAtMost' | 'risesAtMost' | 'warnAt',
): Omit<Change, 'direction'> | undefined {
  const path = [...written.path, field]
  const raw = written.rule[field]
  const value = raw === undefined ? undefined : written.parameters.scalar(raw, path)
  if (value === undefined) return undefined
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?|\.\d+)%$/.exec(value) : null
  if (percent !== null) return { amount: Number(percent[1]) / 100, relative: true }
  if (typeof value === 'number' && value >= 0) return { amount: value, relative: false }
  return tellAt(written, field, {
    code: typeof value === 'number' ? 'load/out-of-range' : 'load/parameter-type',
    message: `${quoted(String(value))} is not a change such as \`5%\` or \`0.05\``,
    hint: 'a percentage is of the value before; a number without `%` is in the unit of the metric',
  })
}

function isRightWay(written: WrittenRule, metric: Metric, field: 'dropsAtMost' | 'risesAtMost'): boolean {
  const wrong = metric.worse === 'up' ? 'dropsAtMost' : metric.worse === 'down' ? 'risesAtMost' : null
  if (field !== wrong) return true
  const right = field === 'dropsAtMost' ? 'risesAtMost' : 'dropsAtMost'
  tellAtKey(written, field, {
    code: 'load/wrong-direction',
    message: `\`${metric.id}\` is worse when it ${metric.worse === 'up' ? 'rises' : 'falls'}, so \`${field}\` limits an improvement`,
    hint: `use \`${right}\``,
  })
  return false
}

function canFail(written: WrittenRule, metric: Metric, field: 'dropsAtMost' | 'risesAtMost', change: Change): boolean {
  const [low, high] = metric.range
  const widest = low === null || high === null ? Number.POSITIVE_INFINITY : high - low
  const dropsAll = change.relative && field === 'dropsAtMost' && change.amount >= 1 && low !== null && low >= 0
  if (!dropsAll && (change.relative || change.amount < widest)) return true
  tellAt(written, field, {
    code: 'load/always-holds',
    message: `\`${metric.id}\` can never change by more than that`,
    hint: change.relative
      ? 'a value that is never negative drops by at most 100%'
      : `its values are from ${low} up to ${high}`,
  })
  return false
}

function parseVersus(text: string): Versus {
  if (text === 'baseline' || text === 'previous') return { kind: text }
  return { kind: 'rolling', days: Number(/\d+/.exec(text)?.[0]) }
}
