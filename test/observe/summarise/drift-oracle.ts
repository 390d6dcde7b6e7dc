// The definitions of drift in plain loops over rows, for tests alone: slow, short and apart from the engine.
import type { Row, Value } from './values-table.ts'

export function finite(list: readonly Row[]): number[] {
  return list.map(({ x }) => x).filter((x): x is number => typeof x === 'number' && Number.isFinite(x))
}

export function counted(list: readonly Row[]) {
  const values = [
    ...Map.groupBy(
      finite(list).map((x) => x + 0),
      (x) => x,
    ),
  ].map(([value, same]) => ({ value, n: same.length }))
  return {
    values: values.sort((a, b) => a.value - b.value),
    infinite: list.filter(({ x }) => x === Infinity || x === -Infinity).length,
    missing: list.filter(({ x }) => typeof x !== 'number' || Number.isNaN(x)).length,
  }
}

/** F(x) − G(x) at every value of either. */
function gaps(before: readonly number[], now: readonly number[]): { at: number; gap: number }[] {
  const values = [...new Set([...before, ...now])].sort((a, b) => a - b)
  const share = (list: readonly number[], at: number) => list.filter((x) => x <= at).length / list.length
  return values.map((at) => ({ at, gap: Math.abs(share(before, at) - share(now, at)) }))
}

export function naiveKs(before: readonly number[], now: readonly number[]): number | null {
  return before.length === 0 || now.length === 0 ? null : Math.max(...gaps(before, now).map(({ gap }) => gap))
}

export function naiveWasserstein(before: readonly number[], now: readonly number[]): number | null {
  if (before.length === 0 || now.length === 0) return null
  const all = gaps(before, now)
  const area = all.reduce((sum, { at, gap }, i) => sum + gap * ((all[i + 1]?.at ?? at) - at), 0)
  const mean = before.reduce((sum, x) => sum + x / before.length, 0)
  const deviation = Math.sqrt(before.reduce((sum, x) => sum + (x - mean) ** 2 / before.length, 0))
  return area / Math.max(deviation, 0.001)
}

function shares(list: readonly Row[]): Map<Value, number> {
  const texts = list.map(({ c }) => c ?? null).filter((c) => c !== null)
  return new Map([...Map.groupBy(texts, (c) => c)].map(([c, same]) => [c, same.length / texts.length]))
}

function overBoth(before: readonly Row[], now: readonly Row[], term: (p: number, q: number) => number): number | null {
  const [p, q] = [shares(before), shares(now)]
  if (p.size === 0 || q.size === 0) return null
  return [...new Set([...p.keys(), ...q.keys()])].reduce<number>(
    (sum, c) => sum + term(p.get(c) ?? 0, q.get(c) ?? 0),
    0,
  )
}

export function naiveTotalVariation(before: readonly Row[], now: readonly Row[]): number | null {
  return overBoth(before, now, (p, q) => Math.abs(p - q) / 2)
}

export function naiveJensenShannon(before: readonly Row[], now: readonly Row[]): number | null {
  const half = (p: number, m: number) => (p === 0 ? 0 : (p * Math.log(p / m)) / 2)
  const sum = overBoth(before, now, (p, q) => half(p, (p + q) / 2) + half(q, (p + q) / 2))
  return sum === null ? null : Math.sqrt(Math.max(0, sum))
}
