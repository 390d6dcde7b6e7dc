// The edges of bins of equal width as NumPy makes them, in its order of rounding (numpy.histogram_bin_edges): Sturges' and
// Doane's number of bins. Source: numpy/lib/_histograms_impl.py; H. A. Sturges, JASA 21 (1926); D. P. Doane, The American Statistician 30 (1976).

export interface Spread {
  readonly n: number
  readonly low: number
  readonly high: number
}

/** Null where NumPy refuses: the range is too narrow, or too wide, for edges that differ. */
export function sturgesEdges({ n, low, high }: Spread): readonly number[] | null {
  return edgesOf(low, high, (high - low) / (Math.log2(n) + 1))
}

/** `skewness`: the mean of ((x − mean) ÷ σ)³; null where σ is 0, which makes one bin. */
export function doaneEdges({ n, low, high }: Spread, skewness: number | null): readonly number[] | null {
  if (n <= 2 || skewness === null) return edgesOf(low, high, 0)
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  return edgesOf(low, high, (high - low) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / error)))
}

function edgesOf(low: number, high: number, width: number): readonly number[] | null {
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high]
  const bins = width > 0 ? Math.ceil((high - low) / width) : 1
  const step = (last - first) / bins
  if (!Number.isFinite(step) || !(step > 0) || bins > 100_000) return null
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? last : i * step + first))
  return edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)) ? edges : null
}
