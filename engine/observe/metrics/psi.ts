// The population stability index of counts per bin: Σ (p − q) · ln(p ÷ q), natural logarithm, shares of all rows,
// a share below ε counts as ε and nothing is renormalised (METRICS.md, drift.psi). Which bins: psi-bins.ts.

import { known, type Measured, unknown } from './measured.ts'
import type { Bin, BinCounts } from './psi-bins.ts'

export const EPSILON = 1e-4

/** Null, `empty_window`, without current rows or without a bin of reference values. `n`: the current rows. */
export function psi(bins: readonly Bin[], reference: BinCounts, current: BinCounts): Measured {
  const [before, now] = [total(reference), total(current)]
  const ownBins = bins.filter(({ kind }) => kind !== 'other' && kind !== 'missing')
  if (ownBins.length === 0 || now === 0) return unknown('empty_window', now)
  const terms = bins.map((_, i) => {
    const p = Math.max((reference[i] ?? 0) / before, EPSILON)
    const q = Math.max((current[i] ?? 0) / now, EPSILON)
    return (p - q) * Math.log(p / q)
  })
  return known(
    terms.reduce((sum, term) => sum + term, 0),
    now,
  )
}

function total(counts: BinCounts): number {
  return counts.reduce((sum, n) => sum + n, 0)
}
