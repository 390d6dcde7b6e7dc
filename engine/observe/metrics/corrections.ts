// Corrections of p-values for how many they are: adjusted values, to be compared with the level itself (rejected where ≤).
// Rules are judged by Benjamini–Hochberg (evaluate/p-values.ts). Sources: Y. Benjamini, D. Yekutieli (2001); S. Holm (1979); C. E. Bonferroni (1936).

/** Adjusted p-values in the order given. */
export type Correction = (p: readonly number[]) => readonly number[]

/** Controls the false discovery rate under any dependence. */
export const benjaminiYekutieli: Correction = (p) =>
  stepUp(
    p,
    p.reduce((sum, _, i) => sum + 1 / (i + 1), 0),
  )

/** Controls the chance of any false rejection, never weaker than Bonferroni. */
export const holm: Correction = (p) => {
  let highest = 0
  return inOrder(p, (value, rank) => {
    highest = Math.max(highest, value * (p.length - rank))
    return Math.min(1, highest)
  })
}

export const bonferroni: Correction = (p) => p.map((value) => Math.min(1, value * p.length))

function stepUp(p: readonly number[], factor: number): readonly number[] {
  let lowest = 1
  const byRank = [...p].sort((a, b) => a - b)
  const adjusted = byRank
    .map((value, rank) => ({ value, rank }))
    .reverse()
    .map(({ value, rank }) => {
      lowest = Math.min(lowest, (value * factor * p.length) / (rank + 1))
      return lowest
    })
    .reverse()
  return inOrder(p, (_, rank) => adjusted[rank] ?? 1)
}

/** `of` is asked in ascending order of the values, and its answers are put back in the order given. */
function inOrder(p: readonly number[], of: (value: number, rank: number) => number): readonly number[] {
  const answers: number[] = []
  const order = p.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value || a.at - b.at)
  for (const [rank, { value, at }] of order.entries()) answers[at] = of(value, rank)
  return answers
}
