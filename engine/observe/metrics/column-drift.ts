// The native PSI of one column, from the counts of its values in both windows.
import type { Measured } from './measured.ts'
import { psi } from './psi.ts'
import {
  type CategoryCounts,
  categoryBins,
  countCategories,
  countNumbers,
  type NumberCounts,
  numberBins,
} from './psi-bins.ts'

export function numberPsi(reference: NumberCounts, current: NumberCounts): Measured {
  const bins = numberBins(reference)
  return psi(bins, countNumbers(bins, reference), countNumbers(bins, current))
}

export function categoryPsi(reference: CategoryCounts, current: CategoryCounts): Measured {
  const bins = categoryBins(reference)
  return psi(bins, countCategories(bins, reference), countCategories(bins, current))
}
