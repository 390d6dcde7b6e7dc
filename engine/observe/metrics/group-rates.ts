// The rates of the groups of one protected attribute, and which groups are large enough to have any.
// Selection is over all rows of a group; the other rates are over its labelled rows (METRICS.md, fairness.*).
import { compareText } from '../../base/order.ts'
import { share } from './classification.ts'
import { allRows, type Confusion, selectedRows } from './confusion.ts'
import type { Share } from './intervals.ts'
import type { Measured, NullReason } from './measured.ts'

/** The group of rows whose protected value is missing: reported, never dropped. */
export const MISSING_GROUP = 'missing'

/** All suppressed groups whose names may not be told. */
export const SUPPRESSED_GROUP = 'suppressed'

export interface Group {
  readonly group: string
  readonly counts: Confusion
}

export interface GroupOptions {
  /** Groups with fewer rows are suppressed: only their size is told. */
  readonly minimumGroupSize: number
  /** `exclude` keeps the missing group out of the gaps; its rates are reported all the same. */
  readonly missingGroup: 'report' | 'exclude'
  /** Which groups the gaps are over; default: all, less what `missingGroup` excludes. */
  readonly isCompared?: (group: string) => boolean
}

/** The groups of an attribute by what may be said of them; each list by name in code-point order. */
export interface GroupsByUse {
  readonly reported: readonly Group[]
  readonly compared: readonly Group[]
  readonly suppressed: readonly { readonly group: string; readonly n: number }[]
}

/**
 * Sorted by code point. `reported` are large enough; `compared` those of them that a metric may set against each other.
 */
export function groupsByUse(groups: readonly Group[], options: GroupOptions): GroupsByUse {
  const sorted = [...groups].sort((a, b) => compareText(a.group, b.group))
  const isLarge = ({ counts }: Group) => allRows(counts) >= options.minimumGroupSize
  const isNotExcluded = (group: string) => options.missingGroup === 'report' || group !== MISSING_GROUP
  const { isCompared = isNotExcluded } = options
  const reported = sorted.filter(isLarge)
  return {
    reported,
    compared: reported.filter(({ group }) => isCompared(group)),
    suppressed: sorted.filter((g) => !isLarge(g)).map(({ group, counts }) => ({ group, n: allRows(counts) })),
  }
}

/** The rates of a group, by the last word of the metric's id. */
export type RateName = 'selection_rate' | 'tpr' | 'fpr' | 'fnr' | 'ppv'

export const RATE_NAMES: readonly RateName[] = ['selection_rate', 'tpr', 'fpr', 'fnr', 'ppv']

/** What each rate divides; `whole` may be 0. */
export function rateShare(name: RateName, c: Confusion): Share {
  switch (name) {
    case 'selection_rate':
      return { part: selectedRows(c), whole: allRows(c) }
    case 'tpr':
      return { part: c.tp, whole: c.tp + c.fn }
    case 'fpr':
      return { part: c.fp, whole: c.fp + c.tn }
    case 'fnr':
      return { part: c.fn, whole: c.tp + c.fn }
    case 'ppv':
      return { part: c.tp, whole: c.tp + c.fp }
  }
}

const WITHOUT_DENOMINATOR: Readonly<Record<RateName, NullReason>> = {
  selection_rate: 'empty_group',
  tpr: 'no_positives',
  fpr: 'no_negatives',
  fnr: 'no_positives',
  ppv: 'no_predicted_positives',
}

/** With its Wilson interval; null where nothing divides, which Fairlearn counts as 0. */
export function groupRate(name: RateName, c: Confusion): Measured {
  const { part, whole } = rateShare(name, c)
  return share(part, whole, WITHOUT_DENOMINATOR[name])
}
