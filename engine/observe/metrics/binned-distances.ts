// The two-sample KS statistic and Wasserstein distance from fine bins of both windows. Where F − G keeps its sign inside a
// bin, its area is exact from the bin's count and sum; the KS statistic is exact where no bin can hide a larger gap. Bins
// that leave a doubt are named, with the rows below them, to be read again; without that, the doubt is the error bound.

/** One side's bins: ascending, not overlapping, with the same `k` on both sides; `sum` is Σ (value − centre) ÷ scale. */
export interface SideBins {
  readonly k: readonly number[]
  readonly n: readonly number[]
  readonly sum: readonly (number | null)[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

export interface BinUnits {
  readonly centre: number
  readonly scale: number
}

/** A bin that counts and sums do not settle. */
export interface UnsureBin {
  readonly k: number
  /** Rows of each side below the bin. */
  readonly below: { readonly reference: number; readonly current: number }
  /** Rows of both sides in it. */
  readonly rows: number
  /** From its least value to its largest. */
  readonly width: number
  /** The largest KS gap that it may hide, as a numerator over n · m. */
  readonly gap: number
  /** Area that it may have, at most; null where its area is settled. */
  readonly area: number | null
}

export interface BinnedDistances {
  /** Rows of each side. */
  readonly n: number
  readonly m: number
  /** max |F − G| over the ends of bins, times n · m: a whole number. */
  readonly gap: number
  /** ∫ |F − G| without the bins whose area is unsure. */
  readonly area: number
  /** Bins that may have a larger gap or have no sure area, ascending. */
  readonly unsure: readonly UnsureBin[]
}

/**
 * `gap` is max |F − G| times n · m, `area` the Wasserstein distance in the column's unit. Neither side may be empty.
 */
export function binnedDistances(reference: SideBins, current: SideBins, units: BinUnits): BinnedDistances {
  const [n, m] = [total(reference.n), total(current.n)]
  let [a, b, gap, area] = [0, 0, 0, 0]
  let end: number | null = null
  const open: UnsureBin[] = []
  for (const bin of jointBins(reference, current)) {
    const before = a * m - b * n
    if (end !== null) area += (Math.abs(before) / n / m) * (bin.low - end)
    if (bin.low < bin.high) {
      const inside = insideBin(bin, before, { n, m, units })
      area += inside.area ?? 0
      open.push({
        k: bin.k,
        below: { reference: a, current: b },
        rows: bin.r.n + bin.c.n,
        width: bin.high - bin.low,
        gap: inside.gap,
        area: inside.area === null ? inside.atMost : null,
      })
    }
    a += bin.r.n
    b += bin.c.n
    gap = Math.max(gap, Math.abs(a * m - b * n))
    end = bin.high
  }
  return { n, m, gap, area, unsure: open.filter((bin) => bin.gap > gap || bin.area !== null) }
}

interface Part {
  readonly n: number
  readonly sum: number | null
}

interface JointBin {
  readonly k: number
  readonly low: number
  readonly high: number
  readonly r: Part
  readonly c: Part
}

function insideBin(
  { low, high, r, c }: JointBin,
  before: number,
  { n, m, units }: { n: number; m: number; units: BinUnits },
): { area: number | null; atMost: number; gap: number } {
  const [up, down] = [before + r.n * m, before - c.n * n]
  const gap = Math.max(up, -down)
  const changesSign = down < 0 && up > 0
  const width = high - low
  const [d, p, q] = [before / n / m, r.n / n, c.n / m]
  const atMost = width * Math.min(p + q, Math.abs(d) + Math.max(p, q))
  if (changesSign || r.sum === null || c.sum === null) return { area: null, atMost, gap }
  const top = (high - units.centre) / units.scale
  const signed = d * width + ((r.n * top - r.sum) / n - (c.n * top - c.sum) / m) * units.scale
  return { area: Math.abs(signed), atMost, gap }
}

const NOTHING: Part = { n: 0, sum: 0 }

/** The bins of both sides, merged by `k`. */
function* jointBins(reference: SideBins, current: SideBins): Generator<JointBin> {
  let [i, j] = [0, 0]
  while (i < reference.k.length || j < current.k.length) {
    const k = Math.min(reference.k[i] ?? Number.POSITIVE_INFINITY, current.k[j] ?? Number.POSITIVE_INFINITY)
    const [inR, inC] = [reference.k[i] === k, current.k[j] === k]
    const lows = [inR ? reference.low[i] : undefined, inC ? current.low[j] : undefined]
    const highs = [inR ? reference.high[i] : undefined, inC ? current.high[j] : undefined]
    yield {
      k,
      low: Math.min(...lows.filter((x) => x !== undefined)),
      high: Math.max(...highs.filter((x) => x !== undefined)),
      r: inR ? partOf(reference, i) : NOTHING,
      c: inC ? partOf(current, j) : NOTHING,
    }
    if (inR) i++
    if (inC) j++
  }
}

function partOf(side: SideBins, at: number): Part {
  return { n: side.n[at] ?? 0, sum: side.sum[at] ?? null }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0)
}
