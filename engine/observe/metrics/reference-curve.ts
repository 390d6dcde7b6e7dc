// What the labelled reference says for estimates, taken in while its scores stream in ascending order: the isotonic curve, the
// AUC, and how the ranks of the rarer class spread.
import { type IsotonicFit, isotonicFit, type Step } from './isotonic.ts'

/** Labelled rows of one score. */
export interface ScoredRows {
  readonly score: number
  readonly positives: number
  readonly negatives: number
}

export interface ReferenceFit {
  readonly rows: number
  readonly steps: readonly Step[]
  /** NaN without rows of both classes. */
  readonly auc: number
  readonly hasProbabilities: boolean
  /** Of the share of the other class below a row of the rarer one; and the share of the rarer class. */
  readonly ranks: { readonly deviation: number; readonly share: number }
}

export interface ReferenceCurve {
  /** In ascending order of score, each score once. */
  add(rows: ScoredRows): void
  end(): ReferenceFit
}

/** Scores must come in ascending order, each once. */
export function referenceCurve(): ReferenceCurve {
  const fit: IsotonicFit = isotonicFit()
  const [positives, negatives] = [rankMoments(), rankMoments()]
  let hasProbabilities = true
  return {
    add({ score, positives: a, negatives: b }) {
      hasProbabilities &&= score >= 0 && score <= 1
      fit.add(score, a, a + b)
      const [above, below] = [positives.rows(), negatives.rows()]
      positives.add(a, below, b)
      negatives.add(b, above, a)
    },
    end() {
      const [m, n] = [positives.rows(), negatives.rows()]
      // NannyML turns the labels round where most are positive.
      const [moments, others] = m / (m + n) > 0.5 ? [negatives, m] : [positives, n]
      return {
        rows: m + n,
        steps: fit.steps(),
        auc: positives.mean() / n,
        hasProbabilities,
        ranks: { deviation: finite(moments.deviation() / others), share: finite(moments.rows() / (m + n)) },
      }
    },
  }
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

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
