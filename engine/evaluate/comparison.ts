// The comparison words as closures: limits of a value, and limits of a change against an earlier value.
// Doubles are compared as they are, never rounded.
import type { Change, Comparison } from '../domain/policy.ts'

/** A comparison as closures: limits are included as the operator says, and nothing is rounded. */
export interface Limit {
  /** Whether a value is on the good side. */
  readonly holds: (value: number) => boolean
  /** Whether any point of a closed interval is on the good side. */
  readonly reaches: (low: number, high: number) => boolean
  /** How far a value lies on the good side of the nearest limit; negative on the bad side. */
  readonly margin: (value: number) => number
}

/** `atLeast`, `atMost`, `between` and `equals` include their limits; `below` and `above` do not. */
export function compileComparison(comparison: Comparison): Limit {
  if (comparison.op === 'between') return between(...comparison.limit)
  const { op, limit } = comparison
  switch (op) {
    case 'atLeast':
      return { holds: (v) => v >= limit, reaches: (_, high) => high >= limit, margin: (v) => v - limit }
    case 'above':
      return { holds: (v) => v > limit, reaches: (_, high) => high > limit, margin: (v) => v - limit }
    case 'atMost':
      return { holds: (v) => v <= limit, reaches: (low) => low <= limit, margin: (v) => limit - v }
    case 'below':
      return { holds: (v) => v < limit, reaches: (low) => low < limit, margin: (v) => limit - v }
    case 'equals':
      return {
        holds: (v) => v === limit,
        reaches: (low, high) => low <= limit && limit <= high,
        margin: (v) => (v === limit ? 0 : -Math.abs(v - limit)),
      }
  }
}

function between(low: number, high: number): Limit {
  return {
    holds: (v) => v >= low && v <= high,
    reaches: (from, to) => from <= high && to >= low,
    margin: (v) => Math.min(v - low, high - v),
  }
}

/** The limit that `warnAt` puts in the place of the rule's own; `null` where the word has no single limit to move. */
export function compileWarnAt(comparison: Comparison, warnAt: number | undefined): Limit | null {
  if (warnAt === undefined || comparison.op === 'between' || comparison.op === 'equals') return null
  return compileComparison({ op: comparison.op, limit: warnAt })
}

/**
 * A change as a limit of the value now, given the value before.
 * `5%` fails when (before − now) / before > 0.05, `0.05` when before − now > 0.05; `rises` is the mirror.
 * `null`: a percentage of a `before` that is not above 0.
 */
export function limitOfChange(change: Change, before: number): Limit | null {
  if (change.relative && !(before > 0)) return null
  const { amount, relative } = change
  const drops = change.direction === 'drops'
  const lost = (now: number) => (drops ? before - now : now - before)
  const holds = relative ? (now: number) => !(lost(now) / before > amount) : (now: number) => !(lost(now) > amount)
  const allowed = relative ? amount * before : amount
  return {
    holds,
    reaches: (low, high) => holds(drops ? high : low),
    margin: (now) => allowed - lost(now),
  }
}

/** How the value moved, with its sign: a share of `before` for a relative change, else in the metric's unit. */
export function signedChange(change: Change, before: number, now: number): number {
  return change.relative ? (now - before) / before : now - before
}
