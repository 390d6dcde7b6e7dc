// What a metric function answers: a finite number with its sample and interval, or null with the reason. Never NaN, never an infinity.

/** Why there is no value (docs/metrics.md lists them; the words of a measurement's `reason`). */
export const NULL_REASONS = [
  'empty_window',
  'empty_reference',
  'empty_group',
  'one_class',
  'no_positives',
  'no_negatives',
  'no_predicted_positives',
  'constant_target',
  'zero_target',
  'zero_denominator',
  'zero_mean_benefit',
  'fewer_than_two_groups',
  'one_category',
  'too_few_rows',
  'undefined',
  'no_timestamp',
  'no_order',
  'no_label',
  'not_probabilities',
  'zero_attribution',
  'one_feature',
  'no_adverse_decisions',
  'non_finite',
  'partial_result',
] as const

export type NullReason = (typeof NULL_REASONS)[number]

export type Interval = readonly [low: number, high: number]

export interface KnownValue {
  readonly value: number
  /** Rows that the value is over. */
  readonly n: number
  readonly interval?: Interval
}

export interface UnknownValue {
  readonly value: null
  readonly reason: NullReason
  readonly n: number
}

export type Measured = KnownValue | UnknownValue

/** A value that is not finite becomes null, `non_finite`: the last guard before a snapshot. */
export function known(value: number, n: number, interval?: Interval | null): Measured {
  if (!Number.isFinite(value)) return unknown('non_finite', n)
  return interval ? { value, n, interval } : { value, n }
}

/** `n`: the rows that there were, often 0. */
export function unknown(reason: NullReason, n: number): UnknownValue {
  return { value: null, reason, n }
}
