// The two-sample Kolmogorov–Smirnov statistic and its p-value, from max |F − G| times n · m, a whole number.
// Source: SciPy, ks_2samp with method `auto`: exact up to 10,000 rows of the larger side, above by the finite one-sample law.
import { exactKsP } from './ks-exact.ts'
import { asymptoticKsP } from './ks-one-sample.ts'
import { known, type Measured, unknown } from './measured.ts'

/** Rows of the larger side up to which the p-value is exact. */
export const EXACT_P_UP_TO = 10_000

export interface KsGap {
  /** max |i·m − j·n|. */
  readonly gap: number
  readonly n: number
  readonly m: number
}

/** 0 to 1; its sample is the current window's. Neither side may be empty. */
export function ksStatistic({ gap, n, m }: KsGap): Measured {
  return known(gap / n / m, m)
}

/** Two-sided. Exact up to 10,000 rows of the larger side, asymptotic above. */
export function ksP({ gap, n, m }: KsGap): Measured {
  if (Math.max(n, m) > EXACT_P_UP_TO) return ksAsymptoticP({ gap, n, m })
  return known(exactKsP(gap, n, m), m)
}

/** By the one-sample law at any size; null, `too_few_rows`, where n·m ÷ (n + m) rounds to 0. */
export function ksAsymptoticP({ gap, n, m }: KsGap): Measured {
  const p = asymptoticKsP(gap / n / m, n, m)
  return p === null ? unknown('too_few_rows', m) : known(p, m)
}
