// Whether scores gain by calibration, and the curve that calibrates them: fitted while the reference streams in ascending
// order of score, and tried on rows that were left out.
// As NannyML's `needs_calibration`: the calibration error of ten trials, each on a tenth of the rows, with the curve and
// without. NannyML draws the tenths at random from the order of the file; here every tenth row of a class, in order of
// score, is one, so that the same rows give the same answer in any order.
import { ascendingCalibrator, type IsotonicFit, isotonicFit, type Step } from './isotonic.ts'

/** Labelled rows of one score. */
export interface ScoredRows {
  readonly score: number
  readonly positives: number
  readonly negatives: number
}

export interface ReferenceCurve {
  /** In ascending order of score, each score once. */
  add(rows: ScoredRows): void
  end(): ReferenceFit
}

export interface ReferenceFit {
  readonly rows: number
  readonly steps: readonly Step[]
  /** A curve a trial, each without that trial's tenth; none where there is nothing to calibrate. */
  readonly trials: readonly (readonly Step[])[]
  readonly auc: number
  readonly ranks: { readonly deviation: number; readonly share: number }
}

const TRIALS = 10
const BINS = 10
/** NannyML leaves scores alone that rank nearly without error. */
const RANKS_PERFECTLY = 0.999

export function referenceCurve(): ReferenceCurve {
  const whole = isotonicFit()
  const trials = Array.from({ length: TRIALS }, isotonicFit)
  const positives = rankMoments()
  const negatives = rankMoments()
  return {
    add(rows) {
      whole.add(rows.score, rows.positives, rows.positives + rows.negatives)
      trials.forEach((fit, trial) => {
        addOthers(fit, rows, tenthOf(trial, rows, positives.rows(), negatives.rows()))
      })
      const [a, b] = [positives.rows(), negatives.rows()]
      positives.add(rows.positives, b, rows.negatives)
      negatives.add(rows.negatives, a, rows.positives)
    },
    end() {
      const [m, n] = [positives.rows(), negatives.rows()]
      const auc = positives.mean() / n
      const isTried = m > 0 && n > 0 && auc <= RANKS_PERFECTLY && m + n >= 4
      // NannyML looks at the rarer class: past one half, labels are turned round.
      const rarer = m / (m + n) > 0.5 ? { moments: negatives, others: m } : { moments: positives, others: n }
      return {
        rows: m + n,
        steps: whole.steps(),
        trials: isTried ? trials.map((fit) => fit.steps()) : [],
        auc,
        ranks: {
          deviation: rarer.moments.deviation() / rarer.others,
          share: rarer.moments.rows() / (m + n),
        },
      }
    },
  }
}

/** Takes the reference a second time; whether the scores are further from the labels than the calibrated ones. */
export function calibrationTrial({ rows, trials }: ReferenceFit): { add(of: ScoredRows): void; gains(): boolean } {
  const calibrators = trials.map(ascendingCalibrator)
  const bins = rows <= 2 * BINS ? Math.floor(rows / 2) : BINS
  const width = Math.floor(rows / bins)
  const sums = Array.from({ length: bins }, () => ({ labels: 0, scores: 0, calibrated: 0 }))
  let [seen, a, b] = [0, 0, 0]
  return {
    add(of) {
      const size = of.positives + of.negatives
      const calibrated = calibrators.reduce((sum, calibrate, trial) => {
        const tenth = tenthOf(trial, of, a, b)
        const n = tenth.positives + tenth.negatives
        return sum + n * (n === 0 ? 0 : (calibrate(of.score) ?? 0))
      }, 0)
      for (const { bin, part } of binsOf(seen, size, width, bins)) {
        const sum = sums[bin]
        if (sum === undefined) continue
        sum.labels += part * of.positives
        sum.scores += part * size * of.score
        sum.calibrated += part * calibrated
      }
      ;[seen, a, b] = [seen + size, a + of.positives, b + of.negatives]
    },
    gains() {
      const error = (of: 'scores' | 'calibrated') => sums.reduce((sum, bin) => sum + Math.abs(bin[of] - bin.labels), 0)
      return trials.length > 0 && error('scores') > error('calibrated')
    },
  }
}

/** The rows of a score that a trial leaves out: of each class, those whose number ends in the trial's digit. */
function tenthOf(trial: number, rows: ScoredRows, a: number, b: number): { positives: number; negatives: number } {
  return { positives: everyTenth(trial, a, rows.positives), negatives: everyTenth(trial, b, rows.negatives) }
}

function everyTenth(trial: number, before: number, rows: number): number {
  const upTo = (n: number) => Math.floor((n + TRIALS - 1 - trial) / TRIALS)
  return upTo(before + rows) - upTo(before)
}

function addOthers(fit: IsotonicFit, rows: ScoredRows, left: { positives: number; negatives: number }): void {
  const positives = rows.positives - left.positives
  fit.add(rows.score, positives, positives + rows.negatives - left.negatives)
}

/** The bins of equal count that rows of one score fall into, and which part of them: the last bin takes what is over. */
function binsOf(seen: number, size: number, width: number, bins: number): { bin: number; part: number }[] {
  const found: { bin: number; part: number }[] = []
  for (let start = seen; start < seen + size; ) {
    const bin = Math.min(bins - 1, Math.floor(start / width))
    const end = bin === bins - 1 ? seen + size : Math.min(seen + size, (bin + 1) * width)
    found.push({ bin, part: (end - start) / size })
    start = end
  }
  return found
}

/** Mean and deviation of how many rows of the other class lie below a row; among ties each number is as likely. */
function rankMoments() {
  let [rows, sum, squares] = [0, 0, 0]
  return {
    add(count: number, below: number, tied: number) {
      const middle = below + tied / 2
      rows += count
      sum += count * middle
      squares += count * (middle * middle + (tied * (tied + 2)) / 12)
    },
    rows: () => rows,
    mean: () => sum / rows,
    deviation: () => Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)),
  }
}
