// Isotonic regression of a 0/1 label on a score, fitted while scores stream in ascending order: neighbours that would fall
// are pooled at once, so what is kept is the steps and not the rows.
// Source: the pool-adjacent-violators algorithm; steps are joined by straight lines as scikit-learn's IsotonicRegression
// (`out_of_bounds='clip'`) joins them.

/** A step of the fitted curve: the same probability from the first to the last of its scores. */
export interface Step {
  readonly first: number
  readonly last: number
  readonly probability: number
}

export interface IsotonicFit {
  /** Rows of one score, above every score before. */
  add(score: number, positives: number, rows: number): void
  steps(): readonly Step[]
}

interface Pool {
  readonly first: number
  last: number
  positives: number
  rows: number
}

/** Each score is added once, in ascending order. */
export function isotonicFit(): IsotonicFit {
  const pools: Pool[] = []
  return {
    add(score, positives, rows) {
      if (rows === 0) return
      let pool: Pool = { first: score, last: score, positives, rows }
      for (let before = pools.at(-1); before !== undefined && falls(before, pool); before = pools.at(-1)) {
        pools.pop()
        pool = {
          first: before.first,
          last: pool.last,
          positives: before.positives + pool.positives,
          rows: before.rows + pool.rows,
        }
      }
      pools.push(pool)
    },
    steps: () => pools.map(({ first, last, positives, rows }) => ({ first, last, probability: positives / rows })),
  }
}

/** Equal neighbours are one step too. Cross-multiplied: whole numbers, so no rounding decides. */
function falls(before: Pool, after: Pool): boolean {
  return before.positives * after.rows >= after.positives * before.rows
}

/** Reads the curve at scores that come in ascending order. Null without a step. */
export function ascendingCalibrator(steps: readonly Step[]): (score: number) => number | null {
  let at = 0
  return (score) => {
    while (at < steps.length - 1 && score > (steps[at]?.last ?? 0)) {
      if (score < (steps[at + 1]?.first ?? 0)) return between(steps[at], steps[at + 1], score)
      at++
    }
    return steps[at]?.probability ?? null
  }
}

function between(before: Step | undefined, after: Step | undefined, score: number): number | null {
  if (before === undefined || after === undefined) return null
  const slope = (after.probability - before.probability) / (after.first - before.last)
  return slope * (score - before.last) + before.probability
}
