// Columns of numbers compared: what the bins of both sides settle, one more look at the bins that they do not, and the
// counts of every definition from both.
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { type BinnedDistances, binnedDistances, type UnsureBin } from '../metrics/binned-distances.ts'
import { type PairOfCounts, pairCounts } from '../metrics/category-pairs.ts'
import { type CountedSide, countAt, countedSide, histogram, unsureBinAt } from '../metrics/edge-counts.ts'
import { sturgesEdges } from '../metrics/histogram-edges.ts'
import { type Bin, binsOfReference, countByEdges, edgesOfBins } from '../metrics/psi-bins.ts'
import type { ColumnDistances, NumberSummary } from './drift-column.ts'
import type { NumberSide } from './drift-kept.ts'
import { type RereadAnswer, readAgain } from './drift-reread.ts'
import type { Progress } from './drift-scan.ts'
import { type VariantEdges, variantCounts, variantEdges } from './drift-variants.ts'

/** Rows a side up to which KS and Wasserstein are exact without being asked to. */
export const EXACT_UP_TO = 1_000_000
/** Above: KS, and Wasserstein ÷ σ, are off by no more. */
export const ERROR_BOUND = 0.001
/** Columns are read again together up to so many rows in all, which bounds the memory of the query. */
const ROWS_AT_ONCE = 300_000

interface Request {
  readonly reference: SqlTable
  readonly current: SqlTable
  readonly exact: boolean
  readonly exactUpTo?: number
  readonly variants?: boolean
}

interface Plan {
  readonly before: NumberSide
  readonly now: NumberSide
  readonly sides: readonly [CountedSide, CountedSide]
  readonly bins: readonly Bin[]
  /** Sturges' edges of both windows, where they are used. */
  readonly edges: readonly number[] | null
  readonly variants: VariantEdges | null
  readonly binned: BinnedDistances | null
  readonly unsure: readonly UnsureBin[]
  readonly isExact: boolean
}

/** By name. */
export async function compareNumbers(
  engine: SqlEngine,
  request: Request,
  reference: readonly NumberSide[],
  current: readonly NumberSide[],
  progress: Progress,
): Promise<ReadonlyMap<string, NumberSummary>> {
  const more = request.variants ? await variantEdges(engine, request, reference, current) : []
  const plans = reference.flatMap((before, i) => {
    const now = current[i]
    return now === undefined ? [] : [planOf(before, now, request, more[i] ?? null)]
  })
  const summaries: NumberSummary[] = []
  for (const batch of batchesOf(plans)) {
    const answers = await readAgain(engine, request, batch.map(askAgain))
    for (const [i, plan] of batch.entries()) {
      const answer = answers[i]
      if (answer) summaries.push(summaryOf(plan, answer))
    }
    progress(batch.length)
  }
  return new Map(summaries.map((summary) => [summary.name, summary]))
}

function batchesOf(plans: readonly Plan[]): Plan[][] {
  const batches: Plan[][] = []
  let room = 0
  for (const plan of plans) {
    const rows = plan.unsure.reduce((sum, bin) => sum + bin.rows, 0)
    if (rows > room || batches.length === 0) {
      batches.push([])
      room = ROWS_AT_ONCE
    }
    batches.at(-1)?.push(plan)
    room -= rows
  }
  return batches
}

function planOf(
  before: NumberSide,
  now: NumberSide,
  { exact, exactUpTo = EXACT_UP_TO }: Request,
  variants: VariantEdges | null,
): Plan {
  const binned = before.finite > 0 && now.finite > 0 ? binnedDistances(before.bins, now.bins, before.place) : null
  const isExact = exact || Math.max(before.finite, now.finite) <= exactUpTo
  return {
    before,
    now,
    sides: [countedSide(before.bins), countedSide(now.bins)],
    bins: binsOfReference(before.values, before.deciles),
    edges: binned === null || before.values !== null ? null : pooledSturges(before, now),
    variants,
    binned,
    unsure: binned === null || isExact ? (binned?.unsure ?? []) : worstOf(binned, before.deviation ?? 0),
    isExact,
  }
}

function pooledSturges(before: NumberSide, now: NumberSide): readonly number[] | null {
  return sturgesEdges({
    n: before.finite + now.finite,
    low: Math.min(before.bins.low[0] ?? 0, now.bins.low[0] ?? 0),
    high: Math.max(before.bins.high.at(-1) ?? 0, now.bins.high.at(-1) ?? 0),
  })
}

/** The fewest bins to read again so that both errors are within the bound. */
function worstOf({ unsure, gap, n, m }: BinnedDistances, deviation: number): readonly UnsureBin[] {
  const gapLimit = gap + ERROR_BOUND * n * m
  const byArea = unsure.filter(({ area }) => area !== null).sort((a, b) => (a.area ?? 0) - (b.area ?? 0) || a.k - b.k)
  const areaLimit = 2 * ERROR_BOUND * Math.max(deviation, 0.001)
  let open = 0
  const settled = new Set(
    byArea.filter(({ area }) => {
      open += area ?? 0
      return open <= areaLimit
    }),
  )
  return unsure.filter((bin) => bin.gap > gapLimit || (bin.area !== null && !settled.has(bin)))
}

function askAgain(plan: Plan) {
  const { before, now, sides, unsure } = plan
  const values = before.values === null ? [] : before.values.map(({ value }) => value)
  const edges = new Set(
    [...edgesOfBins(plan.bins), ...values, ...(plan.edges ?? []), ...(plan.variants?.all ?? [])].map(
      (edge) => edge + 0,
    ),
  )
  return {
    name: before.name,
    place: before.place,
    n: before.finite,
    m: now.finite,
    bins: unsure,
    edges: [...edges].flatMap((edge) => {
      const k = unsureBinAt(sides[0], edge) ?? unsureBinAt(sides[1], edge)
      return k === null ? [] : [{ k, edge }]
    }),
  }
}

function summaryOf(plan: Plan, answer: RereadAnswer): NumberSummary {
  const { before, now, sides, bins } = plan
  const counters = [
    (edge: number) => countAt(sides[0], edge, answer.reference),
    (edge: number) => countAt(sides[1], edge, answer.current),
  ] as const
  const pairs = pairsOf(plan, answer)
  return {
    kind: 'number',
    name: before.name,
    totals: { reference: totalsOf(before), current: totalsOf(now) },
    bins,
    counts: { reference: countByEdges(bins, before, counters[0]), current: countByEdges(bins, now, counters[1]) },
    distances: distancesOf(plan, answer),
    deviation: before.deviation,
    distinct: before.values && now.values ? distinctOf(before, now) : null,
    pairs,
    variants: plan.variants && variantCounts(plan.variants, pairs, sides, [answer.reference, answer.current]),
  }
}

function pairsOf({ before, now, sides, edges }: Plan, answer: RereadAnswer): readonly PairOfCounts[] | null {
  if (before.values !== null && now.values !== null) return pairCounts(before.values, now.values)
  if (before.values !== null) {
    const known = before.values.map(({ value, n }) => ({
      reference: n,
      current: countAt(sides[1], value, answer.current).at,
      values: 1,
    }))
    // Distances that are sums over values take all that are unseen as one.
    const unseen = now.finite - known.reduce((sum, pair) => sum + pair.current, 0)
    return [...known, { reference: 0, current: unseen, values: 1 }]
  }
  if (edges === null) return null
  const after = histogram(sides[1], edges, answer.current)
  return histogram(sides[0], edges, answer.reference).map((n, i) => ({
    reference: n,
    current: after[i] ?? 0,
    values: 1,
  }))
}

function distancesOf({ binned, unsure, isExact }: Plan, answer: RereadAnswer): ColumnDistances | null {
  if (binned === null) return null
  let { gap, area } = binned
  const read = new Set(unsure)
  for (const bin of unsure) {
    const found = answer.bins.get(bin.k) ?? { gap: 0, area: 0 }
    gap = Math.max(gap, found.gap)
    if (bin.area !== null) area += found.area
  }
  for (const bin of binned.unsure) if (!read.has(bin)) area += (bin.area ?? 0) / 2
  return { n: binned.n, m: binned.m, gap, area, isExact }
}

function distinctOf(before: NumberSide, now: NumberSide): number {
  return new Set([...(before.values ?? []), ...(now.values ?? [])].map(({ value }) => value)).size
}

function totalsOf({ missing, infinite, finite }: NumberSide) {
  return { missing, infinite, finite }
}
