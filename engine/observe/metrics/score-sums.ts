// What scores say of the labelled rows, from sums that an engine made: AUC with DeLong's interval, Brier score, log loss,
// calibration error. The same definitions as over a score table (auc.ts, scoring-rules.ts, calibration.ts).
// Sources: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988); Sun and Xu, IEEE Signal Processing Letters 21 (2014).
import type { CalibrationScheme } from './calibration.ts'
import { LEVEL } from './intervals.ts'
import { type Interval, known, type Measured, unknown } from './measured.ts'
import { twoSidedZ } from './normal-quantile.ts'

/**
 * Over the groups of one score with `a` positives and `b` negatives: `beaten` is twice the negatives below plus b, and
 * `losing` twice the positives below plus a. Whole numbers as decimal text, since their squares pass 2^53.
 */
export interface RankSums {
  readonly positives: number
  readonly negatives: number
  /** Σ a·beaten: twice the pairs that a positive wins, plus the ties. */
  readonly halfWins: string
  /** Σ a·beaten². */
  readonly squaredBeaten: string
  /** Σ b·losing². */
  readonly squaredLosing: string
}

export interface ProbabilitySums {
  readonly n: number
  readonly squaredErrors: number
  readonly logLosses: number
}

export interface CalibrationSums {
  readonly bins: number
  readonly scheme: CalibrationScheme
  /** Of the bins that hold a row. */
  readonly sums: readonly { readonly n: number; readonly positives: number; readonly scores: number }[]
}

export interface ScoreSums {
  readonly ranks: RankSums
  /** Null where a score lies outside [0, 1]: it is no probability then. */
  readonly probabilities: ProbabilitySums | null
  readonly calibrations: readonly CalibrationSums[]
}

/** P(score of a positive > score of a negative) + ½ P(equal). Null without rows, or when a class is absent. */
export function aucOfRanks(ranks: RankSums, level: number = LEVEL): Measured {
  const { positives, negatives, halfWins } = ranks
  const n = positives + negatives
  if (n === 0) return unknown('empty_window', 0)
  if (positives === 0 || negatives === 0) return unknown('one_class', n)
  const value = Number(halfWins) / (2 * positives * negatives)
  return known(value, n, delongInterval(ranks, value, level))
}

/** DeLong's standard error; null with fewer than two rows of a class. */
export function aucStandardError({ positives, negatives, ...sums }: RankSums): number | null {
  if (positives < 2 || negatives < 2) return null
  const [m, n, wins] = [BigInt(positives), BigInt(negatives), BigInt(sums.halfWins)]
  // Differences of whole numbers: a variance of 0 is 0, and nothing cancels. A negative loses what the others win.
  const losses = 2n * m * n - wins
  const ofPositives = Number(m * BigInt(sums.squaredBeaten) - wins * wins) / Number(4n * m * n * n * (m - 1n))
  const ofNegatives = Number(n * BigInt(sums.squaredLosing) - losses * losses) / Number(4n * n * m * m * (n - 1n))
  return Math.sqrt(ofPositives / positives + ofNegatives / negatives)
}

/** Mean of (score − label)². */
export function brierOf(sums: ScoreSums): Measured {
  return meanOf(sums, ({ squaredErrors }) => squaredErrors)
}

/** Mean of −ln(probability given to the label), scores clipped to [2⁻⁵², 1 − 2⁻⁵²]. */
export function logLossOf(sums: ScoreSums): Measured {
  return meanOf(sums, ({ logLosses }) => logLosses)
}

/** Σ (rows of the bin ÷ rows) · |mean score − mean label|. */
export function calibrationErrorOf(sums: ScoreSums, { sums: bins }: Pick<CalibrationSums, 'sums'>): Measured {
  return meanOf(sums, () => bins.reduce((error, bin) => error + Math.abs(bin.scores - bin.positives), 0))
}

function meanOf({ probabilities, ranks }: ScoreSums, sum: (of: ProbabilitySums) => number): Measured {
  if (probabilities === null) return unknown('not_probabilities', ranks.positives + ranks.negatives)
  if (probabilities.n === 0) return unknown('empty_window', 0)
  return known(sum(probabilities) / probabilities.n, probabilities.n)
}

/** Normal, clipped to [0, 1]. */
function delongInterval(ranks: RankSums, value: number, level: number): Interval | null {
  const error = aucStandardError(ranks)
  if (error === null) return null
  const half = twoSidedZ(level) * error
  return [Math.max(0, value - half), Math.min(1, value + half)]
}
