// Expected calibration error: Σ (rows of the bin ÷ rows) · |mean score − mean label|, bins right-closed, the first holds 0 too.
// Bins and their scheme are part of the definition. Source: as scikit-learn's calibration_curve cuts them.
import { known, type Measured, unknown } from './measured.ts'
import { lerp } from './quantiles.ts'
import { classCounts, type ScoreTable } from './score-table.ts'

export type CalibrationScheme = 'equal_width' | 'equal_count'

/** A share of 0 to 1; scores must lie there. Null without labelled rows (`empty_window`). */
export function calibrationError(table: ScoreTable, options: { bins: number; scheme: CalibrationScheme }): Measured {
  const { positives, negatives } = classCounts(table)
  const rows = positives + negatives
  if (rows === 0) return unknown('empty_window', 0)
  const inner = options.scheme === 'equal_width' ? binEdges(options.bins) : countEdges(table, rows, options.bins)
  let error = 0
  let start = 0
  for (const edge of [...inner, Number.POSITIVE_INFINITY]) {
    let [scores, labels] = [0, 0]
    for (let line = table[start]; line !== undefined && line.score <= edge; line = table[++start]) {
      scores += line.score * (line.positives + line.negatives)
      labels += line.positives
    }
    error += Math.abs(scores - labels) / rows
  }
  return known(error, rows)
}

/** The edges between bins of equal width, as `numpy.linspace(0, 1, bins + 1)` rounds them. */
export function binEdges(bins: number): number[] {
  return Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins))
}

/** Where an edge between bins of equal count lies: between two ordered rows, counted from 0, at `fraction` of the way. */
export interface QuantilePosition {
  readonly below: number
  readonly above: number
  readonly fraction: number
}

/** Of `rows` ordered scores (at least one), by `numpy.percentile`'s own arithmetic. */
export function quantilePositions(bins: number, rows: number): QuantilePosition[] {
  return binEdges(bins).map((share) => {
    const position = ((share * 100) / 100) * (rows - 1)
    const below = Math.floor(position)
    return { below, above: Math.min(below + 1, rows - 1), fraction: position - below }
  })
}

/** `scores`: those of the rows below and above each position in turn. */
export function quantileEdges(positions: readonly QuantilePosition[], scores: readonly number[]): number[] {
  return positions.map(({ fraction }, i) =>
    lerp(scores[2 * i] ?? Number.NaN, scores[2 * i + 1] ?? Number.NaN, fraction),
  )
}

function countEdges(table: ScoreTable, rows: number, bins: number): number[] {
  const positions = quantilePositions(bins, rows)
  return quantileEdges(
    positions,
    positions.flatMap(({ below, above }) => [scoreAt(table, below), scoreAt(table, above)]),
  )
}

function scoreAt(table: ScoreTable, index: number): number {
  let seen = 0
  for (const line of table) {
    seen += line.positives + line.negatives
    if (index < seen) return line.score
  }
  return Number.NaN
}
