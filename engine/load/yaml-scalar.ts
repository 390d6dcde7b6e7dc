// What a plain (unquoted) YAML scalar means: YAML 1.2's core schema, less every number that two readers take differently.

/** An own type, so that a refusal is never mistaken for a text. */
export interface ScalarRefusal {
  readonly refused: string
  readonly hint: string
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/
const NOT_FINITE = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/
/** Hexadecimal and octal, and a zero before other digits, which YAML 1.1 reads as octal. */
const OTHER_BASE = /^(0x[\da-fA-F]+|0o[0-7]+)$/
const LEADING_ZERO = /^[-+]?0\d/

/** null, boolean, number or the text itself; a refusal says why. Source: https://yaml.org/spec/1.2.2/#103-core-schema */
export function plainScalar(text: string): string | number | boolean | null | ScalarRefusal {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (!mayBeNumber(text.charCodeAt(0))) return text
  if (NUMBER.test(text)) return plainNumber(text)
  if (NOT_FINITE.test(text))
    return { refused: 'is not a finite number', hint: 'leave the field out, or quote it if it is a text' }
  if (OTHER_BASE.test(text)) return ambiguous()
  return text
}

/** Whether a quoted text would be a number without its quotes. */
export function looksLikeNumber(text: string): boolean {
  return NUMBER.test(text)
}

function plainNumber(text: string): number | ScalarRefusal {
  if (LEADING_ZERO.test(text)) return ambiguous()
  const number = Number(text)
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number
  return { refused: 'is beyond 2^53, where numbers are no longer exact', hint: 'quote it if it is a text' }
}

function ambiguous(): ScalarRefusal {
  return {
    refused: 'is another number to another reader',
    hint: 'quote it if it is a text, or write it without leading zero or prefix',
  }
}

/** Digits, sign, point. */
function mayBeNumber(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || unit === 45 || unit === 43 || unit === 46
}
