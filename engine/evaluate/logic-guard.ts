// The guard in front of json-logic-js: operators allow-listed, every variable resolved and typed, work bounded.
// What it accepts means the same under json-logic-js as it says; what could surprise (truthiness of `[]` or "0",
// mixed comparisons, arguments that are ignored) is refused with a reason.
import { nearestWord } from '../base/nearest-word.ts'
import { FINITE } from './json-logic.ts'

type Scalar = 'number' | 'text' | 'boolean'

/** The type of an expression; a list holds values of one type. */
export type LogicType = Scalar | `list of ${Scalar}`

export interface Refusal {
  readonly code:
    | 'evaluate/unknown-operator'
    | 'evaluate/unknown-variable'
    | 'evaluate/mixed-types'
    | 'evaluate/bad-expression'
  readonly message: string
  readonly hint?: string
}

/** Says what type a variable has, or why there is none of that name. */
export type ResolveVariable = (name: string) => LogicType | Refusal

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

/** All that is wrong with an expression, or its guarded form. */
export function guardExpression(
  expression: unknown,
  resolve: ResolveVariable,
): Guarded | { readonly refusals: readonly Refusal[] } {
  const guard = new Guard(resolve)
  const typed = guard.check(expression, 1)
  if (guard.refusals.length > 0 || typed === null) return { refusals: guard.refusals }
  return { type: typed.type, expression: typed.expression, variables: guard.variables }
}

interface Typed {
  readonly type: LogicType
  readonly expression: unknown
}

class Guard {
  readonly refusals: Refusal[] = []
  readonly variables: string[] = []
  private readonly resolve: ResolveVariable
  private nodes = 0

  constructor(resolve: ResolveVariable) {
    this.resolve = resolve
  }

  /** `null` where something in it was refused. */
  check(node: unknown, depth: number): Typed | null {
    this.nodes++
    if (this.nodes > MOST_NODES || depth > MOST_DEPTH) return this.tooLarge()
    if (typeof node === 'number')
      return Number.isFinite(node) ? { type: 'number', expression: node } : this.bad('a number must be finite')
    if (typeof node === 'boolean') return { type: 'boolean', expression: node }
    if (typeof node === 'string') return this.checkText(node)
    if (Array.isArray(node)) return this.checkList(node, depth)
    if (node === null || typeof node !== 'object') {
      return this.bad(
        `\`${String(node)}\` is no value that can be compared`,
        'missing data needs no test here: `onMissing` decides on it',
      )
    }
    const names = Object.keys(node)
    const name = names[0]
    if (name === undefined || names.length > 1) {
      return this.bad(
        'an operation is an object of one key',
        `got ${names.length === 0 ? 'none' : names.map((n) => `\`${n}\``).join(', ')}`,
      )
    }
    return this.checkOperation(name, (node as Record<string, unknown>)[name], depth)
  }

  private checkText(text: string): Typed | null {
    if (text.length > MOST_TEXT) return this.bad(`a text is longer than ${MOST_TEXT} characters`)
    return { type: 'text', expression: text }
  }

  private checkList(list: readonly unknown[], depth: number): Typed | null {
    const elements = this.checkAll(list, depth)
    if (elements === null) return null
    const type = elements[0]?.type
    if (type === undefined) return this.bad('an empty list holds nothing to compare with')
    if (!isScalar(type)) return this.bad('a list holds numbers, texts or booleans, not lists')
    if (!this.alike(elements, 'a list')) return null
    return { type: `list of ${type}`, expression: elements.map((e) => e.expression) }
  }

  private checkOperation(name: string, operand: unknown, depth: number): Typed | null {
    if (name === 'var') return this.checkVariable(operand)
    const operator = OPERATORS.get(name)
    if (operator === undefined) {
      const near = nearestWord(name, [...OPERATORS.keys(), 'var'])
      const hint =
        near === undefined ? `operators: var, ${[...OPERATORS.keys()].join(', ')}` : `did you mean \`${near}\`?`
      return this.refuse({ code: 'evaluate/unknown-operator', message: `unknown operator \`${name}\``, hint })
    }
    if (!Array.isArray(operand) && !MAY_STAND_ALONE.has(name)) return this.bad(`\`${name}\` takes a list of operands`)
    const list = Array.isArray(operand) ? operand : [operand]
    const args = this.checkAll(list, depth)
    if (args === null) return null
    const type = operator(args, name, this)
    if (type === null) return null
    const expression = { [name]: args.map((a) => a.expression) }
    return { type, expression: ARITHMETIC.has(name) ? { [FINITE]: [expression] } : expression }
  }

  private checkVariable(operand: unknown): Typed | null {
    const name = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand
    if (typeof name !== 'string') {
      return this.bad(
        '`var` takes one name, written out',
        'a default would hide missing data: `onMissing` decides on it',
      )
    }
    const type = this.resolve(name)
    if (typeof type === 'object') return this.refuse(type)
    const known = this.variables.indexOf(name)
    const index = known === -1 ? this.variables.push(name) - 1 : known
    return { type, expression: { var: `v${index}` } }
  }

  private checkAll(list: readonly unknown[], depth: number): readonly Typed[] | null {
    const typed: Typed[] = []
    for (const element of list) {
      const one = this.check(element, depth + 1)
      if (one !== null) typed.push(one)
      if (this.nodes > MOST_NODES) return null
    }
    return typed.length === list.length ? typed : null
  }

  /** Whether all have one type; says so where they have not. */
  alike(args: readonly Typed[], what: string): boolean {
    const types = [...new Set(args.map((a) => a.type))]
    if (types.length <= 1) return true
    this.refuse({
      code: 'evaluate/mixed-types',
      message: `${what} needs operands of one type, not ${types.join(' and ')}`,
    })
    return false
  }

  only(args: readonly Typed[], wanted: LogicType, name: string): boolean {
    const other = args.find((a) => a.type !== wanted)
    if (other === undefined) return true
    this.refuse({ code: 'evaluate/mixed-types', message: `\`${name}\` takes ${wanted} operands, not ${other.type}` })
    return false
  }

  count(args: readonly Typed[], name: string, least: number, most: number): boolean {
    if (args.length >= least && args.length <= most) return true
    const wanted =
      least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`
    this.bad(`\`${name}\` takes ${wanted} operands, not ${args.length}`)
    return false
  }

  bad(message: string, hint?: string): null {
    return this.refuse({ code: 'evaluate/bad-expression', message, ...(hint !== undefined && { hint }) })
  }

  private tooLarge(): null {
    const said = this.refusals.some((r) => r.message.startsWith('the expression is too large'))
    if (said) return null
    return this.bad(
      `the expression is too large: at most ${MOST_NODES} values and operations, ${MOST_DEPTH} deep`,
      'split it into several rules',
    )
  }

  private refuse(refusal: Refusal): null {
    this.refusals.push(refusal)
    return null
  }
}

function isScalar(type: LogicType): type is Scalar {
  return type === 'number' || type === 'text' || type === 'boolean'
}

/** The type of the result; `null` after a refusal. */
type Operator = (args: readonly Typed[], name: string, guard: Guard) => LogicType | null

const ARITHMETIC = new Set(['+', '-', '*', '/', '%'])
/** `{ "!": value }` is short for a list of one; other operators compare or join, so they need a list. */
const MAY_STAND_ALONE = new Set(['!', '!!', '-', '+', '*', 'min', 'max'])
const MANY = Number.POSITIVE_INFINITY

function takes(wanted: LogicType, result: LogicType, least: number, most: number): Operator {
  return (args, name, guard) => (guard.count(args, name, least, most) && guard.only(args, wanted, name) ? result : null)
}

const equality: Operator = (args, name, guard) => {
  if (!guard.count(args, name, 2, 2) || !guard.alike(args, `\`${name}\``)) return null
  const type = args[0]?.type ?? 'text'
  if (isScalar(type)) return 'boolean'
  return guard.bad(`\`${name}\` compares single values, not lists`, 'use `in`')
}

const membership: Operator = (args, name, guard) => {
  if (!guard.count(args, name, 2, 2)) return null
  const [needle, within] = [args[0]?.type, args[1]?.type]
  if (needle === 'text' && within === 'text') return 'boolean'
  if (within === `list of ${needle}`) return 'boolean'
  return guard.bad(
    `\`in\` looks for a value in a list of its type, or for a text in a text, not for ${needle} in ${within}`,
  )
}

const choice: Operator = (args, name, guard) => {
  if (args.length < 3 || args.length % 2 === 0) {
    return guard.bad(
      `\`${name}\` takes condition and value in pairs and one value for otherwise, not ${args.length} operands`,
    )
  }
  const conditions = args.filter((_, i) => i % 2 === 0 && i < args.length - 1)
  const values = args.filter((_, i) => i % 2 === 1 || i === args.length - 1)
  if (!guard.only(conditions, 'boolean', name) || !guard.alike(values, `\`${name}\``)) return null
  return values[0]?.type ?? null
}

/** The allow-list. json-logic-js ignores a third operand of `>` and `>=`, and further ones of `-`, `/`, `%`: refused. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
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
