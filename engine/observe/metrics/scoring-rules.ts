// Brier score and log loss of scores that are probabilities, from the score table. Source: scikit-learn's definitions.
import { known, type Measured, unknown } from './measured.ts'
import { classCounts, type ScoreCount, type ScoreTable } from './score-table.ts'

/** scikit-learn's clip: the machine epsilon of doubles. */
const CLIP = 2 ** -52

/** Mean of (score − label)². */
export function brier(table: ScoreTable): Measured {
  return meanOf(table, ({ score, positives, negatives }) => positives * (1 - score) ** 2 + negatives * score ** 2)
}

/** Mean of −ln(probability given to the label), scores clipped to [2⁻⁵², 1 − 2⁻⁵²]. */
export function logLoss(table: ScoreTable): Measured {
  return meanOf(table, ({ score, positives, negatives }) => {
    const p = Math.min(Math.max(score, CLIP), 1 - CLIP)
    return -positives * Math.log(p) - negatives * Math.log1p(-p)
  })
}

function meanOf(table: ScoreTable, loss: (line: ScoreCount) => number): Measured {
  const { positives, negatives } = classCounts(table)
  const n = positives + negatives
  if (n === 0) return unknown('empty_window', 0)
  return known(table.reduce((sum, line) => sum + loss(line), 0) / n, n)
}
