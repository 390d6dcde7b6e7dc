// The exact upper tail of the one-sided KS statistic of one sample, a sum of positive terms: each is the probability that
// the sample first leaves the band at its v-th value, and is computed as a binomial one without cancellation.
// Sources: N. V. Smirnov (1944), Z. W. Birnbaum, F. H. Tingey (1951); C. Loader, "Fast and accurate computation of binomial probabilities" (2000).

/** Above so many terms they are summed at even steps: the terms are smooth and vanish at both ends, so the sum is as exact. */
const MOST_TERMS = 4000

/** P(D⁺ ≥ d) for n values, d in (0, 1). */
export function smirnovTail(d: number, n: number): number {
  const last = Math.floor(n * (1 - d))
  const step = Math.ceil(n / MOST_TERMS)
  let sum = 0
  for (let v = 0; v <= last; v += step) sum += term(v, d, n)
  return step * sum
}

/** d ÷ p · C(n, v) · pᵛ · (1 − p)ⁿ⁻ᵛ with p = d + v/n. */
function term(v: number, d: number, n: number): number {
  const p = d + v / n
  const q = 1 - p
  if (q <= 0) return v === n && q === 0 ? d / p : 0
  if (v === 0) return Math.exp(n * Math.log1p(-d))
  const log = stirlingRest(n) - stirlingRest(v) - stirlingRest(n - v) - deviance(v, n * d) - deviance(n - v, -n * d)
  return (d / p) * Math.sqrt(n / (2 * Math.PI * v * (n - v))) * Math.exp(log)
}

/** x·ln(x ÷ (x + δ)) + δ: what the mean x + δ loses to the best mean x. */
function deviance(x: number, delta: number): number {
  const u = delta / x
  if (Math.abs(u) > 0.1) return delta - x * Math.log1p(u)
  const v = u / (2 + u)
  let [power, tail] = [v * v * v, 0]
  for (let k = 3; k < 40; k += 2) {
    tail += power / k
    power *= v * v
  }
  return x * (u * v - 2 * tail)
}

/** ln n! less Stirling's (n + ½)·ln n − n + ½·ln 2π. */
function stirlingRest(n: number): number {
  return n < SMALL.length ? (SMALL[n] ?? 0) : stirlingSeries(n)
}

const SMALL = smallRests()

function smallRests(): readonly number[] {
  const rests: number[] = []
  // From 32 down by rest(n − 1) = rest(n) + (n − ½)·ln(n ÷ (n − 1)) − 1.
  let rest = stirlingSeries(32)
  for (let n = 32; n >= 1; n--) {
    rests[n] = rest
    rest += n > 1 ? (n - 0.5) * Math.log(n / (n - 1)) - 1 : 0
  }
  rests[0] = 0
  return rests
}

function stirlingSeries(n: number): number {
  const y = 1 / (n * n)
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / n
}
