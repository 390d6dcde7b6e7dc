// A cell of Trino's JSON answer as the port tells it.
import { Fault } from '../../base/fault.ts'
import type { SqlCell } from '../../world-sql.ts'

const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/** `type` is Trino's name of it. Faults `observe/sql` for a whole number that JSON has rounded. */
export function trinoCell(value: unknown, type: string): SqlCell {
  if (value === null || value === undefined) return null
  if (type === 'double' || type === 'real') return typeof value === 'string' ? special(value) : Number(value)
  if (type === 'bigint') return whole(Number(value))
  if (type.startsWith('decimal')) return Number(value)
  if (type.startsWith('array(') && Array.isArray(value)) {
    return value.map((one) => trinoCell(one, type.slice('array('.length, -1)))
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new Fault('observe/sql', `Trino answers with a \`${type}\`, which no summary asks for`)
}

function special(text: string): number {
  return Object.hasOwn(SPECIAL, text) ? (SPECIAL[text] ?? Number.NaN) : Number(text)
}

function whole(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new Fault('observe/sql', 'Trino answers with a whole number beyond 2^53, which its client rounds')
}
