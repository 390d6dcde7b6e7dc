// The exact p-value of the two-sample Kolmogorov–Smirnov statistic, by lattice paths: a path of n steps right and m up, each
// equally likely, leaves the band |i/n − j/m| < D with this probability. Only probabilities are added and averaged, nothing is
// subtracted, so it is right down to 1e-300. Source: J. L. Hodges, Arkiv för Matematik 3 (1958) 469–486, as SciPy's ks_2samp.

/**
 * P(D ≥ gap ÷ (n·m)) under one distribution without ties. `gap` = max |i·m − j·n|, a whole number: D is compared as the
 * fraction that it is. Time grows with the area of the band, at most n·m.
 */
export function exactKsP(gap: number, n: number, m: number): number {
  if (gap <= 0) return 1
  const share = new Float64Array(n + m + 1)
  for (let i = 1; i <= n + m; i++) share[i] = 1 / i
  // Whether a path to (i, j) has left the band: 1 outside; inside the mean of the two ways to come, by their paths.
  const row = new Float64Array(m + 1).fill(1)
  for (let i = 0; i <= n; i++) {
    const first = Math.max(0, Math.floor((i * m - gap) / n) + 1)
    const last = Math.min(m, Math.ceil((i * m + gap) / n) - 1)
    if (first > 0) row[first - 1] = 1
    for (let j = first; j <= last; j++) {
      const fromBelow = j === 0 ? 0 : j * (row[j - 1] ?? 0)
      row[j] = (i * (row[j] ?? 0) + fromBelow) * (share[i + j] ?? 0)
    }
  }
  return Math.min(1, row[m] ?? 1)
}
