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

/** Each score is added once, in ascending order. */
export function isotonicFit(): IsotonicFit {
  // Of each pool, in lists side by side: millions of scores become pools of their own for a moment.
  const firsts: number[] = []
  const lasts: number[] = []
  const positivesOf: number[] = []
  const rowsOf: number[] = []
  return {
    add(score, positives, rows) {
      if (rows === 0) return
      let [from, a, n] = [score, positives, rows]
      // Equal neighbours are one step too. Cross-multiplied: whole numbers, so no rounding decides.
      for (let top = rowsOf.length - 1; top >= 0; top--) {
        const [before, size] = [positivesOf[top] ?? 0, rowsOf[top] ?? 0]
        if (before * n < a * size) break
        from = firsts[top] ?? from
        a += before
        n += size
        firsts.pop()
        lasts.pop()
        positivesOf.pop()
        rowsOf.pop()
      }
      firsts.push(from)
      lasts.push(score)
      positivesOf.push(a)
      rowsOf.push(n)
    },
    steps: () =>
      firsts.map((from, i) => ({
        first: from,
        last: lasts[i] ?? from,
        probability: (positivesOf[i] ?? 0) / (rowsOf[i] ?? 1),
      })),
  }
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
