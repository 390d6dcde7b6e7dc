// Labels counted by score: the summary from which AUC, log loss, Brier score and calibration are exact.
// Mergeable; in ascending order of score. With many distinct scores the caller may bin them, and must say so in the definition.

/** Labelled rows that have this very score. */
export interface ScoreCount {
  readonly score: number
  readonly positives: number
  readonly negatives: number
}

/** Ascending, each score once. */
export type ScoreTable = readonly ScoreCount[]

export interface ClassCounts {
  readonly positives: number
  readonly negatives: number
}

/** Puts lines of `group by score, label` in order and adds up those of one score. −0 is 0. */
export function scoreTable(lines: Iterable<ScoreCount>): ScoreTable {
  const byScore = new Map<number, { score: number; positives: number; negatives: number }>()
  for (const line of lines) {
    const score = line.score + 0
    const sum = byScore.get(score) ?? { score, positives: 0, negatives: 0 }
    sum.positives += line.positives
    sum.negatives += line.negatives
    byScore.set(score, sum)
  }
  return [...byScore.values()].sort((a, b) => a.score - b.score)
}

/** Labelled rows of each class. */
export function classCounts(table: ScoreTable): ClassCounts {
  let positives = 0
  let negatives = 0
  for (const line of table) {
    positives += line.positives
    negatives += line.negatives
  }
  return { positives, negatives }
}
