// The door to json-logic-js: nothing else in the program touches it, and only expressions that logic-guard.ts accepted
// and rewrote come here.
import { createRequire } from 'node:module'

interface JsonLogic {
  apply(logic: unknown, data: unknown): unknown
  add_operation(name: string, operation: (...args: unknown[]) => unknown): void
}

const jsonLogic = createRequire(import.meta.url)('json-logic-js') as JsonLogic

/** Thrown inside an evaluation when arithmetic leaves the finite numbers; never leaves this file. */
class NotFinite extends Error {}

/** The guard wraps arithmetic in this word, so that a division by zero is seen, yet only where it is carried out. */
export const FINITE = 'finite'

jsonLogic.add_operation(FINITE, (value) => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NotFinite()
  return value === 0 ? 0 : value // json-logic-js gives -0 for { "-": 0 }
})

/** The value of a guarded expression over flat data, or that its arithmetic was not finite. */
export function applyLogic(
  expression: unknown,
  data: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | 'not-finite' {
  try {
    return { value: jsonLogic.apply(expression, data) }
  } catch (error) {
    if (error instanceof NotFinite) return 'not-finite'
    throw error
  }
}
