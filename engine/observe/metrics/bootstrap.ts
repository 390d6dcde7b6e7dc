// Intervals where no formula is at hand: labelled rows drawn again from their own counts, a thousand times from a fixed seed,
// and the middle 95% of what the metric then says. The same counts give the same interval.
// Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), the percentile interval.
import type { Confusion } from './confusion.ts'
import { LEVEL } from './intervals.ts'
import type { Interval, Measured } from './measured.ts'
import { mersenneTwister, type Twister } from './mersenne-twister.ts'
import { normalQuantile } from './normal-quantile.ts'
import { lerp } from './quantiles.ts'

const RESAMPLES = 1000
const SEED = 42
/** Below this many expected hits a draw walks the distribution; above, the normal curve is near enough. */
const FEW = 30

/** `measure` is given a way to draw each group's counts again; null where a draw in twenty has no value. */
export function bootstrapInterval(measure: (redraw: (counts: Confusion) => Confusion) => Measured): Interval | null {
  const twister = mersenneTwister(SEED)
  const values: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    const { value } = measure((counts) => redrawn(counts, twister))
    if (value !== null) values.push(value)
  }
  if (values.length < 0.95 * RESAMPLES) return null
  values.sort((a, b) => a - b)
  return [quantile(values, (1 - LEVEL) / 2), quantile(values, (1 + LEVEL) / 2)]
}

/** As many labelled rows, each cell as likely as it was; rows without a label stay. */
function redrawn(counts: Confusion, twister: Twister): Confusion {
  const cells = ['tp', 'fp', 'fn', 'tn'] as const
  const drawn = { ...counts }
  let rows = cells.reduce((sum, cell) => sum + counts[cell], 0)
  let left = rows
  for (const cell of cells) {
    drawn[cell] = rows === 0 ? 0 : binomial(left, counts[cell] / rows, twister)
    rows -= counts[cell]
    left -= drawn[cell]
  }
  return drawn
}

/** Hits among `n` tries of chance `p`. */
function binomial(n: number, p: number, twister: Twister): number {
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(n, 1 - p, twister)
  const u = uniform(twister)
  if (n * p >= FEW) {
    const hits = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normalQuantile(u))
    return Math.min(n, Math.max(0, hits))
  }
  let hits = 0
  let chance = Math.exp(n * Math.log1p(-p))
  for (let sum = chance; sum < u && hits < n; sum += chance) {
    chance *= ((n - hits) / (hits + 1)) * (p / (1 - p))
    hits++
  }
  return hits
}

/** Strictly between 0 and 1. */
function uniform(twister: Twister): number {
  return (twister.upTo(0xffffffff) + 0.5) / 2 ** 32
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? Number.NaN
  return lerp(low, sorted[below + 1] ?? low, position - below)
}
