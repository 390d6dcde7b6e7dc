// The values that satisfy a comparison, as one interval: what is always, never or contradictorily demanded follows from it.
import type { Comparison } from '../domain/policy.ts'

/** From `low` to `high`; an open end does not belong to it. */
export interface ValueInterval {
  readonly low: number
  readonly high: number
  readonly isLowOpen: boolean
  readonly isHighOpen: boolean
}

/** The values that satisfy a comparison. */
export function intervalOf(comparison: Comparison): ValueInterval {
  switch (comparison.op) {
    case 'atLeast':
      return interval(comparison.limit, Number.POSITIVE_INFINITY)
    case 'above':
      return { ...interval(comparison.limit, Number.POSITIVE_INFINITY), isLowOpen: true }
    case 'atMost':
      return interval(Number.NEGATIVE_INFINITY, comparison.limit)
    case 'below':
      return { ...interval(Number.NEGATIVE_INFINITY, comparison.limit), isHighOpen: true }
    case 'equals':
      return interval(comparison.limit, comparison.limit)
    case 'between':
      return interval(...comparison.limit)
  }
}

/** A metric's range; `null` is unbounded. */
export function intervalOfRange([low, high]: readonly [number | null, number | null]): ValueInterval {
  return interval(low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY)
}

/** Whether no value lies in it. */
export function isEmpty({ low, high, isLowOpen, isHighOpen }: ValueInterval): boolean {
  return low > high || (low === high && (isLowOpen || isHighOpen))
}

/** The values in both. */
export function intersection(a: ValueInterval, b: ValueInterval): ValueInterval {
  const low = Math.max(a.low, b.low)
  const high = Math.min(a.high, b.high)
  return {
    low,
    high,
    isLowOpen: (a.low === low && a.isLowOpen) || (b.low === low && b.isLowOpen),
    isHighOpen: (a.high === high && a.isHighOpen) || (b.high === high && b.isHighOpen),
  }
}

/** Whether every value of `inner` lies in `outer`. */
export function contains(outer: ValueInterval, inner: ValueInterval): boolean {
  const low = outer.low < inner.low || (outer.low === inner.low && (!outer.isLowOpen || inner.isLowOpen))
  const high = outer.high > inner.high || (outer.high === inner.high && (!outer.isHighOpen || inner.isHighOpen))
  return low && high
}

function interval(low: number, high: number): ValueInterval {
  return { low, high, isLowOpen: false, isHighOpen: false }
}
