// The reference evaluator's own reading of guarded free-form rules: no json-logic-js, types taken as checked.

/** Every variable named, in any branch, each once. */
export function variablesOf(node: unknown): string[] {
  if (Array.isArray(node)) return [...new Set(node.flatMap(variablesOf))]
  if (typeof node !== 'object' || node === null) return []
  return [
    ...new Set(
      Object.entries(node).flatMap(([name, operand]) =>
        name === 'var' ? [[operand].flat()[0] as string] : variablesOf(operand),
      ),
    ),
  ]
}

class NotFinite extends Error {}

export function valueOfLogic(node: unknown, variables: ReadonlyMap<string, unknown>): unknown {
  try {
    return evaluated(node, variables)
  } catch (error) {
    if (error instanceof NotFinite) return 'not-finite'
    throw error
  }
}

function evaluated(node: unknown, variables: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map((n) => evaluated(n, variables))
  if (typeof node !== 'object' || node === null) return node
  const [name = '', operand] = Object.entries(node)[0] ?? []
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand]
  const value = (i: number) => evaluated(operands[i], variables)
  const number = (i: number) => value(i) as number
  const numbers = () => operands.map((_, i) => number(i))
  const ordered = (holds: (a: number, b: number) => boolean) =>
    numbers().every((n, i, all) => i === 0 || holds(all[i - 1] ?? 0, n))
  switch (name) {
    case 'var':
      return variables.get(operands[0] as string)
    case 'and':
      return operands.every((_, i) => value(i) === true)
    case 'or':
      return operands.some((_, i) => value(i) === true)
    case '!':
      return value(0) === false
    case '!!':
      return value(0) === true
    case '==':
    case '===':
      return value(0) === value(1)
    case '!=':
    case '!==':
      return value(0) !== value(1)
    case '<':
      return ordered((a, b) => a < b)
    case '<=':
      return ordered((a, b) => a <= b)
    case '>':
      return ordered((a, b) => a > b)
    case '>=':
      return ordered((a, b) => a >= b)
    case 'in':
      return isWithin(value(0), value(1))
    case 'if':
    case '?:': {
      const taken = operands.findIndex((_, i) => i % 2 === 0 && i + 1 < operands.length && value(i) === true)
      return value(taken === -1 ? operands.length - 1 : taken + 1)
    }
    case '+':
      return finite(numbers().reduce((a, b) => a + b, 0))
    case '*':
      return finite(numbers().reduce((a, b) => a * b))
    case '-':
      return finite(operands.length === 1 ? -number(0) : number(0) - number(1))
    case '/':
      return finite(number(0) / number(1))
    case '%':
      return finite(number(0) % number(1))
    case 'min':
      return Math.min(...numbers())
    case 'max':
      return Math.max(...numbers())
    default:
      throw new Error(`no such operation: ${name}`)
  }
}

function isWithin(needle: unknown, within: unknown): boolean {
  if (Array.isArray(within)) return within.some((element) => element === needle)
  return typeof within === 'string' && within !== '' && within.includes(String(needle))
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new NotFinite()
  return value
}
