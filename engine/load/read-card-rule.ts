// A card rule: a field of the model card and one test on it. Held against the card's schema.
import { nearestWord } from '../base/nearest-word.ts'
import type { CardRule, CardTest } from '../domain/policy.ts'
import { type CardField, cardField, cardFieldNames, cardPath, NO_CARD_FIELD } from './card-field.ts'
import { nearOr } from './load-governance.ts'
import type { Scalar } from './policy-file.ts'
import { problemOf } from './read-document.ts'
import { headOf, numberOf, tellAt, tellAtKey, type WrittenRule } from './rule-reader.ts'
import { quoted } from './schema-problems.ts'

const TESTS = ['present', 'oneOf', 'noneOf', 'atMost', 'atLeast', 'withinDays'] as const
type TestName = (typeof TESTS)[number]

/** `null` after an error. */
export function readCardRule(written: WrittenRule): CardRule | null {
  const { rule } = written
  const path = rule.card ?? ''
  const field = findCardField(written)
  if (field === null) return null
  const names = TESTS.filter((name) => rule[name] !== undefined)
  const [name] = names
  if (name === undefined || names.length > 1) return tellTests(written, names)
  const test = readTest(written, name, field)
  return test === null ? null : { form: 'card', ...headOf(written), path: cardPath(path), test }
}

/** The field that the rule names; `null` after an error. */
export function findCardField(written: WrittenRule): CardField | null {
  const path = written.rule.card ?? ''
  const field = cardField(path)
  if (field !== null) return field
  tellAt(written, 'card', {
    code: 'load/unknown-card-field',
    message: `a model card has no field ${quoted(path)}`,
    hint: nearOr(path, cardFieldNames(), NO_CARD_FIELD),
  })
  return null
}

function tellTests(written: WrittenRule, names: readonly TestName[]): null {
  const list = TESTS.map((name) => `\`${name}\``).join(', ')
  const { id } = written.rule
  if (names.length === 0) {
    tellAtKey(written, null, { code: 'load/no-limit', message: `rule \`${id}\` has no test`, hint: `one of: ${list}` })
  } else {
    const found = names.map((name) => `\`${name}\``).join(' and ')
    const problem = {
      code: 'load/several-limits',
      message: `rule \`${id}\` has ${found}`,
      hint: 'make a rule of its own of each',
    } as const
    tellAtKey(written, names[1] ?? null, problem)
  }
  return null
}

function readTest(written: WrittenRule, name: TestName, field: CardField): CardTest | null {
  if (name === 'present') return readPresent(written, field)
  if (name === 'oneOf' || name === 'noneOf') return readValues(written, name, field)
  return readNumber(written, name, field)
}

function readPresent(written: WrittenRule, field: CardField): CardTest {
  const wanted = written.rule.present ?? true
  if (field.isRequired) {
    tellAt(written, 'present', {
      severity: wanted ? 'warning' : 'error',
      code: wanted ? 'load/always-holds' : 'load/never-holds',
      message: `every card has \`${written.rule.card}\``,
      hint: 'remove the rule: no card is accepted without the field',
    })
  }
  return { op: 'present', wanted }
}

function readValues(written: WrittenRule, op: 'oneOf' | 'noneOf', field: CardField): CardTest | null {
  const list = written.rule[op] ?? []
  const values = list.flatMap((item, index) => written.parameters.scalar(item, [...written.path, op, index]) ?? [])
  const isPossible = list.map((item, index) => checkValue(written, [op, index], item, field)).every(Boolean)
  if (op === 'oneOf' && field.values?.every((value) => values.includes(value)) === true) {
    tellAt(written, op, {
      severity: 'warning',
      code: 'load/always-holds',
      message: `these are all values that \`${written.rule.card}\` can have`,
      hint: 'leave out what the rule is to refuse, or remove the rule',
    })
  }
  return isPossible && values.length === list.length ? { op, values } : null
}

function checkValue(written: WrittenRule, at: readonly (string | number)[], value: Scalar, field: CardField): boolean {
  const problem = impossibleValue(value, field, written.rule.card ?? '')
  if (problem === null || (typeof value === 'string' && value.startsWith('$'))) return true
  written.tell(problemOf(written.yaml, [...written.path, ...at], { code: 'load/impossible-value', ...problem }))
  return false
}

/** Why no card has this value at a path, or null. */
export function impossibleValue(
  value: Scalar,
  field: CardField,
  path: string,
): { message: string; hint: string } | null {
  const type = typeof value
  if (field.values !== null) {
    if (field.values.includes(String(value))) return null
    const near = nearestWord(String(value), field.values)
    const hint = near === undefined ? `one of: ${field.values.join(', ')}` : `did you mean \`${near}\`?`
    return { message: `\`${path}\` is never ${quoted(String(value))}`, hint }
  }
  if (field.types.length === 0 || field.types.includes(type) || (type === 'number' && field.types.includes('integer')))
    return null
  const message = `\`${path}\` holds ${field.types.join(' or ')}, never the ${type} ${quoted(String(value))}`
  return {
    message,
    hint: field.types.includes('string') ? 'write it in quotes' : 'write it without quotes, or another value',
  }
}

function readNumber(written: WrittenRule, op: 'atMost' | 'atLeast' | 'withinDays', field: CardField): CardTest | null {
  const limit = numberOf(written, op)
  if (limit === undefined) return null
  const isOpen = field.types.length === 0
  const fits = op === 'withinDays' ? field.isDay : field.types.includes('number') || field.types.includes('integer')
  if (!isOpen && !fits) {
    const kind = op === 'withinDays' ? 'a day' : 'a number'
    tellAtKey(written, op, {
      code: 'load/wrong-test',
      message: `\`${op}\` needs ${kind}; \`${written.rule.card}\` holds none`,
      hint: 'test it with `present`, `oneOf` or `noneOf`, or name another field',
    })
    return null
  }
  if (op === 'withinDays' && limit < 0) {
    tellAt(written, op, {
      code: 'load/out-of-range',
      message: `\`withinDays\` is ${limit}; it must be at least 0`,
      hint: 'write how many days ago it may lie at most, such as 365',
    })
    return null
  }
  if (op === 'atMost' && field.minimum !== null && limit < field.minimum) {
    tellAt(written, op, {
      code: 'load/never-holds',
      message: `\`${written.rule.card}\` is at least ${field.minimum} on every card`,
      hint: `write a limit from ${field.minimum} on`,
    })
    return null
  }
  return { op, limit }
}
