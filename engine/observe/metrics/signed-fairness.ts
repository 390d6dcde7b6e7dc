// Signed differences, unprivileged − privileged, of predictions on labelled rows: the definitions of AIF360's ClassificationMetric.
// All groups that the card does not call privileged are pooled. Source: aif360.metrics.ClassificationMetric.
import { type Confusion, labelledRows, mergeConfusions } from './confusion.ts'
import type { Group } from './group-rates.ts'
import { known, type Measured, unknown } from './measured.ts'

export type SignedName =
  | 'statistical_parity_difference'
  | 'disparate_impact'
  | 'average_odds_difference'
  | 'average_abs_odds_difference'
  | 'equal_opportunity_difference_signed'

export const SIGNED_NAMES: readonly SignedName[] = [
  'statistical_parity_difference',
  'disparate_impact',
  'average_odds_difference',
  'average_abs_odds_difference',
  'equal_opportunity_difference_signed',
]

/** Null when one side is empty, or when a rate that the metric needs has no denominator. */
export function signedFairness(name: SignedName, groups: readonly Group[], privileged: readonly string[]): Measured {
  const others = mergeConfusions(groups.filter((g) => !privileged.includes(g.group)).map((g) => g.counts))
  const chosen = mergeConfusions(groups.filter((g) => privileged.includes(g.group)).map((g) => g.counts))
  const n = labelledRows(others) + labelledRows(chosen)
  if (labelledRows(others) === 0 || labelledRows(chosen) === 0) return unknown('fewer_than_two_groups', n)
  const value = VALUES[name](others, chosen)
  return Number.isFinite(value) ? known(value, n) : unknown('zero_denominator', n)
}

/** `average_odds_difference` can cancel to 0 although both groups are treated unlike; the absolute one cannot. */
const VALUES: Readonly<Record<SignedName, (u: Confusion, p: Confusion) => number>> = {
  statistical_parity_difference: (u, p) => selection(u) - selection(p),
  disparate_impact: (u, p) => selection(u) / selection(p),
  average_odds_difference: (u, p) => (fpr(u) - fpr(p) + (tpr(u) - tpr(p))) / 2,
  average_abs_odds_difference: (u, p) => (Math.abs(fpr(u) - fpr(p)) + Math.abs(tpr(u) - tpr(p))) / 2,
  equal_opportunity_difference_signed: (u, p) => tpr(u) - tpr(p),
}

/**
 * Generalised entropy (α = 1) of the benefits bᵢ = 1 + ŷᵢ − yᵢ over all labelled rows: 2 for a false positive, 1 when right,
 * 0 for a false negative.
 */
export function theilIndex(c: Confusion): Measured {
  const n = labelledRows(c)
  if (n === 0) return unknown('empty_window', 0)
  const mean = (2 * c.fp + c.tp + c.tn) / n
  if (mean === 0) return unknown('zero_mean_benefit', n)
  const term = (benefit: number) => (benefit / mean) * Math.log(benefit / mean)
  return known((c.fp * term(2) + (c.tp + c.tn) * term(1)) / n, n)
}

function selection(c: Confusion): number {
  return (c.tp + c.fp) / labelledRows(c)
}

function tpr(c: Confusion): number {
  return c.tp / (c.tp + c.fn)
}

function fpr(c: Confusion): number {
  return c.fp / (c.fp + c.tn)
}
