// The guard in front of json-logic-js: operators allow-listed, every variable resolved and typed, work bounded.
// What it accepts means the same under json-logic-js as it says; what could surprise (truthiness of `[]` or "0",
// mixed comparisons, operands that are ignored) is refused with a reason.
import { nearestWord } from '../base/nearest-word.ts'
import { FINITE } from './json-logic.ts'
import {
  ARITHMETIC,
  badExpression,
  isScalar,
  type LogicType,
  MAY_STAND_ALONE,
  mixed,
  OPERATORS,
  type Refusal,
} from './logic-operators.ts'

/** Says what type a variable has, or why there is none of that name. */
export type ResolveVariable = (name: string) => LogicType | Refusal

/** An expression that json-logic-js may be given. */
export interface Guarded {
  readonly type: LogicType
  /** For json-logic-js: variables are `v0`, `v1`, … in the order of `variables`, arithmetic is checked to be finite. */
  readonly expression: unknown
  readonly variables: readonly string[]
}

/** Arbitrary, and far above what a rule that people can review needs. */
const MOST_NODES = 500
const MOST_DEPTH = 24
const MOST_TEXT = 1000

const TOO_LARGE = badExpression(
  `the expression is too large: at most ${MOST_NODES} values and operations, ${MOST_DEPTH} deep`,
  'split it into several rules',
)

/** Keys and list positions from the root of an expression. */
export type LogicPath = readonly (string | number)[]

/** A refusal with where it stands: an operator by its key, a variable by the name that it has. */
export interface PlacedRefusal extends Refusal {
  readonly path: LogicPath
}

/** The guarded form of an expression, or all that is wrong with it. */
export function guardExpression(
  expression: unknown,
  resolve: ResolveVariable,
): Guarded | { readonly refusals: readonly PlacedRefusal[] } {
  const work: Work = { resolve, refusals: [], variables: [], nodes: 0, path: [], isTooLarge: false }
  const typed = check(expression, 1, work)
  if (work.refusals.length > 0 || typed === null) return { refusals: work.refusals }
  return { type: typed.type, expression: typed.expression, variables: work.variables }
}

interface Work {
  readonly resolve: ResolveVariable
  readonly refusals: PlacedRefusal[]
  readonly variables: string[]
  nodes: number
  /** Of the node that is being checked. */
  readonly path: (string | number)[]
  isTooLarge: boolean
}

interface Typed {
  readonly type: LogicType
  readonly expression: unknown
}

/** `null` where something in it was refused. */
function check(node: unknown, depth: number, work: Work): Typed | null {
  work.nodes++
  if (work.nodes > MOST_NODES || depth > MOST_DEPTH) return refuse(work, TOO_LARGE)
  if (Array.isArray(node)) return checkList(node, depth, work)
  switch (typeof node) {
    case 'number':
      if (!Number.isFinite(node))
        return refuse(work, badExpression('a number must be finite', 'write the limit out, in digits'))
      return { type: 'number', expression: node }
    case 'boolean':
      return { type: 'boolean', expression: node }
    case 'string':
      if (node.length > MOST_TEXT)
        return refuse(
          work,
          badExpression(`a text is longer than ${MOST_TEXT} characters`, 'compare with an id or a code'),
        )
      return { type: 'text', expression: node }
    default:
      return checkObject(node, depth, work)
  }
}

function checkObject(node: unknown, depth: number, work: Work): Typed | null {
  if (typeof node !== 'object' || node === null) {
    const hint = 'missing data needs no test here: `onMissing` decides on it'
    return refuse(work, badExpression(`\`${String(node)}\` is no value that can be compared`, hint))
  }
  const names = Object.keys(node)
  const [name] = names
  if (name !== undefined && names.length === 1) {
    work.path.push(name)
    const typed = checkOperation(name, (node as Record<string, unknown>)[name], depth, work)
    work.path.pop()
    return typed
  }
  const got = names.length === 0 ? 'none' : names.map((n) => `\`${n}\``).join(', ')
  return refuse(work, badExpression('an operation is an object of one key', `got ${got}`))
}

function checkList(list: readonly unknown[], depth: number, work: Work): Typed | null {
  const elements = checkAll(list, depth, work)
  if (elements === null) return null
  const types = elements.map((e) => e.type)
  const [type] = types
  if (type === undefined)
    return refuse(work, badExpression('an empty list holds nothing to compare with', 'list the values'))
  if (!isScalar(type))
    return refuse(
      work,
      badExpression('a list holds numbers, texts or booleans, not lists', 'write the values in one list'),
    )
  const refusal = mixed(types, 'a list')
  if (refusal !== undefined) return refuse(work, refusal)
  return { type: `list of ${type}`, expression: elements.map((e) => e.expression) }
}

function checkOperation(name: string, operand: unknown, depth: number, work: Work): Typed | null {
  if (name === 'var') return checkVariable(operand, work)
  const operator = OPERATORS.get(name)
  if (operator === undefined) return refuse(work, unknownOperator(name))
  if (!Array.isArray(operand) && !MAY_STAND_ALONE.has(name)) {
    return refuse(work, badExpression(`\`${name}\` takes a list of operands`, `write \`{ "${name}": [one, other] }\``))
  }
  const operands = Array.isArray(operand) ? checkAll(operand, depth, work) : checkOne(operand, depth, work)
  if (operands === null) return null
  const type = operator(
    operands.map((o) => o.type),
    name,
  )
  if (typeof type === 'object') return refuse(work, type)
  const expression = { [name]: operands.map((o) => o.expression) }
  return { type, expression: ARITHMETIC.has(name) ? { [FINITE]: [expression] } : expression }
}

function unknownOperator(name: string): Refusal {
  const words = [...OPERATORS.keys(), 'var']
  const near = nearestWord(name, words)
  const hint = near === undefined ? `operators: ${words.join(', ')}` : `did you mean \`${near}\`?`
  return { code: 'evaluate/unknown-operator', message: `unknown operator \`${name}\``, hint }
}

function checkVariable(operand: unknown, work: Work): Typed | null {
  const name = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand
  if (typeof name !== 'string') {
    const hint = 'a default would hide missing data: `onMissing` decides on it'
    return refuse(work, badExpression('`var` takes one name, written out', hint))
  }
  const type = work.resolve(name)
  if (typeof type === 'object') return refuse(work, type)
  const known = work.variables.indexOf(name)
  const index = known === -1 ? work.variables.push(name) - 1 : known
  return { type, expression: { var: `v${index}` } }
}

function checkAll(list: readonly unknown[], depth: number, work: Work): readonly Typed[] | null {
  const typed: Typed[] = []
  for (const [index, element] of list.entries()) {
    work.path.push(index)
    const one = check(element, depth + 1, work)
    work.path.pop()
    if (one !== null) typed.push(one)
    if (work.nodes > MOST_NODES) return null
  }
  return typed.length === list.length ? typed : null
}

function checkOne(operand: unknown, depth: number, work: Work): readonly Typed[] | null {
  const typed = check(operand, depth + 1, work)
  return typed === null ? null : [typed]
}

function refuse(work: Work, refusal: Refusal): null {
  if (refusal !== TOO_LARGE || !work.isTooLarge) work.refusals.push({ ...refusal, path: [...work.path] })
  if (refusal === TOO_LARGE) work.isTooLarge = true
  return null
}
