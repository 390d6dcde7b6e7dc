// The upper tail of the chi-square distribution: the regularised upper incomplete gamma function Q(df/2, x/2), computed
// directly and never as 1 − P where Q is small. Source: Numerical Recipes, 3rd ed., 6.2 (series, and continued fraction by
// Lentz's method); the factor before both by C. Loader, "Fast and accurate computation of binomial probabilities" (2000).

/** P(X > x) for `df` degrees of freedom, a whole number from 1 on. */
export function chi2Tail(x: number, df: number): number {
  if (!(x > 0)) return x <= 0 ? 1 : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return 0
  const [a, half] = [df / 2, x / 2]
  return half < a + 1 ? 1 - lowerSeries(a, half) : upperFraction(a, half)
}

/** P(a, x) for x below a + 1. */
function lowerSeries(a: number, x: number): number {
  let [term, sum] = [1, 1]
  for (let n = 1; term > sum * Number.EPSILON * 0.1; n++) {
    term *= x / (a + n)
    sum += term
  }
  return (factor(a, x) / a) * sum
}

/** Q(a, x) for x from a + 1 on. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let product = d
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    product *= d * c
    if (Math.abs(d * c - 1) <= Number.EPSILON) break
  }
  return factor(a, x) * product
}

/** x^a e^(−x) ÷ Γ(a), without the cancellation of its logarithm: √(a/2π) · exp(−a·φ(x/a) − stirling's rest). */
function factor(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-deviance(a, x) - stirlingRest(a))
}

/** a·(x/a − 1 − ln(x/a)), small and exact near x = a. */
function deviance(a: number, x: number): number {
  const u = (x - a) / a
  if (Math.abs(u) > 0.1) return x - a - a * Math.log(x / a)
  // u − ln(1 + u) by the series of v = u/(2 + u): −ln(1+u) = −2(v + v³/3 + …)
  const v = u / (2 + u)
  let [power, tail] = [v * v * v, 0]
  for (let k = 3; k < 60; k += 2) {
    tail += power / k
    power *= v * v
  }
  return a * (u * v - 2 * tail)
}

/** ln Γ(a) − ((a − ½)·ln a − a + ½·ln 2π): Stirling's series from 15 on, by recurrence below. */
function stirlingRest(a: number): number {
  if (a >= 15) {
    const y = 1 / (a * a)
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - (y * 1) / 1188)))) / a
  }
  // rest(a) = rest(a + 1) + (a + ½)·ln(1 + 1/a) − 1
  return stirlingRest(a + 1) + (a + 0.5) * Math.log1p(1 / a) - 1
}
