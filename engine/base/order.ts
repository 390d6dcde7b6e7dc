// Ordering that is the same in every locale: text compares by code point (EVALUATION.md).

/** -1, 0 or 1 by Unicode code points, which differs from `<` (UTF-16 units) above the BMP. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  // The orders differ only where both have a unit from the surrogates up.
  if (!HIGH.test(a) || !HIGH.test(b)) return a < b ? -1 : 1
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) < rank(y) ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}

const HIGH = /[\ud800-\uffff]/

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Compares by the first key that differs; `null` stands first. */
export function compareBy<T>(...keys: ((value: T) => string | null)[]): (a: T, b: T) => number {
  return (a, b) => {
    // By index: an iterator makes an object a step, and sorting takes many.
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]
      const order = key === undefined ? 0 : compareNullable(key(a), key(b))
      if (order !== 0) return order
    }
    return 0
  }
}

/** The values in the order of `compareBy`; each key is asked for once a value, so it may be costly. */
export function sortedBy<T>(values: readonly T[], ...keys: ((value: T) => string | null)[]): T[] {
  const keyed = values.map((value) => ({ value, keys: keys.map((key) => key(value)) }))
  const inOrder = compareBy<(typeof keyed)[number]>(
    ...keys.map((_, i) => (one: (typeof keyed)[number]) => one.keys[i] ?? null),
  )
  return keyed.sort(inOrder).map(({ value }) => value)
}

function compareNullable(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return compareText(a, b)
}
