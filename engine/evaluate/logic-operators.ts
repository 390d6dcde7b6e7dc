// The operators that free-form rules may use: how many operands of which types each takes, and the type it gives.
// The only list; the guard refuses every other word.

/** A single value; texts are compared by code unit, and nothing is converted. */
export type Scalar = 'number' | 'text' | 'boolean'

/** The type of an expression; a list holds values of one type. */
export type LogicType = Scalar | `list of ${Scalar}`

/** Why an expression is not accepted: a diagnostic without its place. */
export interface Refusal {
  readonly code:
    | 'evaluate/unknown-operator'
    | 'evaluate/unknown-variable'
    | 'evaluate/mixed-types'
    | 'evaluate/bad-expression'
    | 'evaluate/constant-expression'
  readonly message: string
  readonly hint: string
}

/** The type that an operation gives, or why its operands are refused. */
export type Operator = (operands: readonly LogicType[], name: string) => LogicType | Refusal

const MANY = Number.POSITIVE_INFINITY

/** Number, text or boolean: what a list may hold. */
export function isScalar(type: LogicType): type is Scalar {
  return type === 'number' || type === 'text' || type === 'boolean'
}

/** json-logic-js ignores a third operand of `>` and `>=`, and further ones of `-`, `/`, `%`: refused. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['and', takes('boolean', 'boolean', 1, MANY)],
  ['or', takes('boolean', 'boolean', 1, MANY)],
  ['!', takes('boolean', 'boolean', 1, 1)],
  ['!!', takes('boolean', 'boolean', 1, 1)],
  ['==', equality],
  ['===', equality],
  ['!=', equality],
  ['!==', equality],
  ['<', takes('number', 'boolean', 2, 3)],
  ['<=', takes('number', 'boolean', 2, 3)],
  ['>', takes('number', 'boolean', 2, 2)],
  ['>=', takes('number', 'boolean', 2, 2)],
  ['in', membership],
  ['if', choice],
  ['?:', choice],
  ['+', takes('number', 'number', 1, MANY)],
  ['*', takes('number', 'number', 1, MANY)],
  ['-', takes('number', 'number', 1, 2)],
  ['/', takes('number', 'number', 2, 2)],
  ['%', takes('number', 'number', 2, 2)],
  ['min', takes('number', 'number', 1, MANY)],
  ['max', takes('number', 'number', 1, MANY)],
])

/** Their result may leave the finite numbers. */
export const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])

/** `{ "!": value }` is short for a list of one; the others compare or join, so they need a list. */
export const MAY_STAND_ALONE: ReadonlySet<string> = new Set(['!', '!!', '-', '+', '*', 'min', 'max'])

function takes(wanted: LogicType, result: LogicType, least: number, most: number): Operator {
  return (operands, name) => wrongCount(operands, name, least, most) ?? otherThan(wanted, operands, name) ?? result
}

function equality(operands: readonly LogicType[], name: string): LogicType | Refusal {
  const refusal = wrongCount(operands, name, 2, 2) ?? mixed(operands, `\`${name}\``)
  if (refusal !== undefined) return refusal
  const isSingle = operands.every(isScalar)
  return isSingle ? 'boolean' : badExpression(`\`${name}\` compares single values, not lists`, 'use `in`')
}

function membership(operands: readonly LogicType[], name: string): LogicType | Refusal {
  const refusal = wrongCount(operands, name, 2, 2)
  if (refusal !== undefined) return refusal
  const [needle, within] = operands
  if ((needle === 'text' && within === 'text') || within === `list of ${needle}`) return 'boolean'
  const message = `\`in\` looks for a value in a list of its type, or for a text in a text, not for ${needle} in ${within}`
  const hint = 'write `{ "in": [value, [one, other]] }`, all of one type'
  return { code: 'evaluate/mixed-types', message, hint }
}

function choice(operands: readonly LogicType[], name: string): LogicType | Refusal {
  const { length } = operands
  if (length < 3 || length % 2 === 0) {
    return badExpression(
      `\`${name}\` takes condition and value in pairs and one value for otherwise, not ${length} operands`,
      'write `{ "if": [condition, value, otherwise] }`',
    )
  }
  const conditions = operands.filter((_, i) => i % 2 === 0 && i < length - 1)
  const values = operands.filter((_, i) => i % 2 === 1 || i === length - 1)
  return otherThan('boolean', conditions, name) ?? mixed(values, `\`${name}\``) ?? values[0] ?? 'boolean'
}

function wrongCount(operands: readonly LogicType[], name: string, least: number, most: number): Refusal | undefined {
  if (operands.length >= least && operands.length <= most) return undefined
  const hint =
    operands.length < least
      ? 'add what it is to be applied to'
      : 'split it into several operations, joined by `and` or `or`'
  return badExpression(`\`${name}\` takes ${countText(least, most)} operands, not ${operands.length}`, hint)
}

function countText(least: number, most: number): string {
  if (least === most) return `${least}`
  return most === MANY ? `at least ${least}` : `${least} to ${most}`
}

function otherThan(wanted: LogicType, operands: readonly LogicType[], name: string): Refusal | undefined {
  const other = operands.find((type) => type !== wanted)
  if (other === undefined) return undefined
  const hint = wanted === 'boolean' ? 'compare it first: `{ ">": [value, limit] }`' : TYPE_HINT
  return { code: 'evaluate/mixed-types', message: `\`${name}\` takes ${wanted} operands, not ${other}`, hint }
}

/** Says so where the types are not all one. */
export function mixed(types: readonly LogicType[], what: string): Refusal | undefined {
  const unique = [...new Set(types)]
  if (unique.length <= 1) return undefined
  const message = `${what} needs operands of one type, not ${unique.join(' and ')}`
  return { code: 'evaluate/mixed-types', message, hint: TYPE_HINT }
}

const TYPE_HINT = 'a number stands without quotes, a text within; nothing is converted'

/** A refusal with its reason and the way out. */
export function badExpression(message: string, hint: string): Refusal {
  return { code: 'evaluate/bad-expression', message, hint }
}
