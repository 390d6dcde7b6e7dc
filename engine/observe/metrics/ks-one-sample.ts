// The two-sided Kolmogorov–Smirnov law of one sample of finite size (SciPy's kstwo), which ks_2samp uses for large samples.
// Which method where, as SciPy: R. Simard, P. L'Ecuyer, Journal of Statistical Software 39:11 (2011), with the upper tail as
// twice the one-sided one from n·d² = 2.2 on (4 up to n = 140), so that small p-values are computed directly.
import { durbinCdf } from './ks-durbin.ts'
import { pelzGoodCdf } from './ks-pelz-good.ts'
import { smirnovTail } from './ks-smirnov.ts'

/** P(D ≥ d) for n values: `kstwo.sf(d, n)`. Null for no values. */
export function oneSampleKsTail(d: number, n: number): number | null {
  if (n < 1) return null
  const t = n * d
  if (d >= 1) return 0
  if (t <= 0.5) return 1
  if (t <= 1) return 1 - Math.exp(logFactorialShare(n) + n * Math.log(2 * t - 1))
  if (t >= n - 1) return 2 * (1 - d) ** n
  const square = t * d
  if (d >= 0.5 || square > (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * smirnovTail(d, n))
  return Math.min(1, Math.max(0, 1 - cdf(d, n)))
}

function cdf(d: number, n: number): number {
  const isSmall = n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4)
  return isSmall ? durbinCdf(d, n) : pelzGoodCdf(d, n)
}

/** ln(n! ÷ nⁿ). */
function logFactorialShare(n: number): number {
  let sum = 0
  for (let i = 1; i <= n; i++) sum += Math.log(i / n)
  return sum
}

/** The p-value that ks_2samp gives to large samples: the law at n·m ÷ (n + m), rounded half to even. Null: `too_few_rows`. */
export function asymptoticKsP(d: number, n: number, m: number): number | null {
  return oneSampleKsTail(d, effectiveSize(n, m))
}

/** n · m ÷ (n + m), rounded half to even, as SciPy does. */
export function effectiveSize(n: number, m: number): number {
  const exact = n * (m / (n + m))
  const floor = Math.floor(exact)
  if (exact - floor !== 0.5) return Math.round(exact)
  return floor % 2 === 0 ? floor : floor + 1
}
