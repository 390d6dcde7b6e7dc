// The tables of `special/`: pure functions against published or high-precision numbers.

import { adjustPValues } from '../../engine/evaluate/p-values.ts'
import { chi2Tail } from '../../engine/observe/metrics/chi2-tail.ts'
import { benjaminiYekutieli, bonferroni, holm } from '../../engine/observe/metrics/corrections.ts'
import { logRatio, newcombe, wilson } from '../../engine/observe/metrics/intervals.ts'
import { exactKsP } from '../../engine/observe/metrics/ks-exact.ts'
import { kolmogorovTail } from '../../engine/observe/metrics/ks-limit.ts'
import { asymptoticKsP, effectiveSize } from '../../engine/observe/metrics/ks-one-sample.ts'
import { moments, sampleDeviation } from '../../engine/observe/metrics/moments.ts'
import { normalQuantile } from '../../engine/observe/metrics/normal-quantile.ts'
import { normalTail, twoSidedNormalTail } from '../../engine/observe/metrics/normal-tail.ts'
import { publishedValue } from './metrics-published.ts'

type Row = readonly (number | string | null)[]

interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

interface Tolerance {
  readonly relative: number
  readonly absolute: number
}

/** One number of a table: what it is, what it must be, what it is here. */
interface Claim {
  readonly what: string
  readonly expected: number | boolean | null
  readonly got: number | boolean | null
  readonly tolerance?: Tolerance
}

type Claims = (table: never) => readonly Claim[]

const TABLES: Readonly<Record<string, Claims>> = {
  chi2: (table: Table) =>
    eachRow(table, ({ x, df, p, decimal }) => [
      { what: `chi2 ${x}, ${df}`, expected: p, got: chi2Tail(x, df) },
      { what: `chi2 ${x}, ${df} decimal`, expected: decimal, got: chi2Tail(x, df) },
    ]),
  corrections,
  intervals,
  'kolmogorov-limit': (table: Table) =>
    eachRow(table, ({ z, decimal }) => [{ what: `Q(${z})`, expected: decimal, got: kolmogorovTail(z) }]),
  'ks-asymptotic': (table: Table) =>
    eachRow(table, ({ n, m, d, effective, p }) => [
      { what: `effective ${n}, ${m}`, expected: effective, got: effectiveSize(n, m) },
      { what: `kstwo ${d} of ${n}, ${m}`, expected: p, got: asymptoticKsP(d, n, m) },
    ]),
  'ks-exact': (table: Table) =>
    eachRow(table, ({ n, m, d, p, decimal }) => {
      const got = exactKsP(Math.round(d * n * m), n, m)
      const claim = { what: `exact ${d} of ${n}, ${m}`, expected: p, got }
      return Number.isNaN(decimal) ? [claim] : [claim, { ...claim, what: `${claim.what} decimal`, expected: decimal }]
    }),
  nist,
  'normal-quantile': (table: Table) =>
    eachRow(table, ({ p, z }) => [{ what: `quantile ${p}`, expected: z, got: normalQuantile(p) }]),
  normal: (table: Table) =>
    eachRow(table, ({ z, p, decimal, twoSided }) => [
      { what: `tail ${z}`, expected: p, got: normalTail(z) },
      { what: `tail ${z} decimal`, expected: decimal, got: normalTail(z) },
      ...(Number.isNaN(twoSided) ? [] : [{ what: `two-sided ${z}`, expected: twoSided, got: twoSidedNormalTail(z) }]),
    ]),
  published,
}

/** The differences of one table; a string: why it is skipped. */
export async function specialTable(name: string, table: unknown): Promise<readonly string[] | string> {
  const claims = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined
  if (claims === undefined) return `no function for \`${name}\``
  const { tolerance } = table as { readonly tolerance: Tolerance }
  const made = claims(table as never)
  if (made.length === 0) return ['the table has no row']
  return made
    .filter((claim) => !isMet(claim, claim.tolerance ?? tolerance))
    .map(({ what, expected, got }) => `${what}: expected ${expected}, got ${got}`)
}

function isMet({ expected, got }: Claim, { relative, absolute }: Tolerance): boolean {
  if (typeof expected !== 'number' || typeof got !== 'number') return expected === got
  return Math.abs(got - expected) <= Math.max(absolute, relative * Math.abs(expected))
}

/** Cells by the name of their column; what is null or no number is NaN. */
function eachRow({ columns, rows }: Table, claim: (cells: Record<Cell, number>) => readonly Claim[]): readonly Claim[] {
  return rows.flatMap((row) => {
    const cells = Object.fromEntries(columns.map((name, i) => [name, row[i] === null ? Number.NaN : Number(row[i])]))
    return claim(cells as Record<Cell, number>)
  })
}

type Cell = 'x' | 'df' | 'p' | 'z' | 'n' | 'm' | 'd' | 'effective' | 'decimal' | 'twoSided'

function intervals(table: {
  readonly wilson: Table
  readonly newcombe: Table
  readonly logRatio: Table
}): readonly Claim[] {
  const pair = (what: string, got: readonly [number, number] | null, low: unknown, high: unknown): Claim[] => [
    { what: `${what} low`, expected: low as number | null, got: got?.[0] ?? null },
    { what: `${what} high`, expected: high as number | null, got: got?.[1] ?? null },
  ]
  const cells = (row: Row) => row.map(Number) as [number, number, number, number, number]
  return [
    ...table.wilson.rows.flatMap((row) => {
      const [part, whole, level] = cells(row)
      return pair(`wilson ${part}/${whole}`, wilson({ part, whole }, level), row[3], row[4])
    }),
    ...table.newcombe.rows.flatMap((row) => {
      const [x1, n1, x2, n2, level] = cells(row)
      const got = newcombe({ part: x1, whole: n1 }, { part: x2, whole: n2 }, level)
      return pair(`newcombe ${x1}/${n1} ${x2}/${n2}`, got, row[6], row[7])
    }),
    ...table.logRatio.rows.flatMap((row) => {
      const [x1, n1, x2, n2, level] = cells(row)
      const got = logRatio({ part: x1, whole: n1 }, { part: x2, whole: n2 }, level)
      return pair(`log ratio ${x1}/${n1} ${x2}/${n2}`, got, row[6], row[7])
    }),
  ]
}

const CORRECTIONS = {
  benjamini_hochberg: adjustPValues,
  benjamini_yekutieli: benjaminiYekutieli,
  holm,
  bonferroni,
} as const

type ByCorrection<T> = Readonly<Record<keyof typeof CORRECTIONS, readonly T[]>>

function corrections({
  rows,
}: {
  rows: readonly { p: number[]; adjusted: ByCorrection<number>; rejectedAt05: ByCorrection<boolean> }[]
}): readonly Claim[] {
  return rows.flatMap(({ p, adjusted, rejectedAt05 }, at) =>
    (Object.keys(CORRECTIONS) as (keyof typeof CORRECTIONS)[]).flatMap((name) => {
      const got = CORRECTIONS[name](p)
      return p.flatMap((_, i): Claim[] => [
        { what: `${name} row ${at}, p ${i}`, expected: adjusted[name][i] ?? null, got: got[i] ?? null },
        {
          what: `${name} row ${at}, rejected ${i}`,
          expected: rejectedAt05[name][i] ?? null,
          got: (got[i] ?? 1) <= 0.05,
        },
      ])
    }),
  )
}

interface NistSet {
  readonly name: string
  readonly values?: readonly number[]
  readonly rule?: { readonly first: number; readonly then: readonly number[]; readonly n: number }
  readonly mean: number
  readonly sd: number
}

function nist({ sets }: { readonly sets: readonly NistSet[] }): readonly Claim[] {
  return sets.flatMap(({ name, values, rule, mean, sd }): Claim[] => {
    const repeated = rule && [
      rule.first,
      ...Array.from({ length: rule.n - 1 }, (_, i) => rule.then[i % rule.then.length] ?? 0),
    ]
    const got = moments(values ?? repeated ?? [])
    return [
      { what: `${name} mean`, expected: mean, got: got.mean },
      { what: `${name} sd`, expected: sd, got: sampleDeviation(got) },
    ]
  })
}

function published({ rows }: { readonly rows: readonly Parameters<typeof publishedValue>[0][] }): readonly Claim[] {
  return rows.flatMap((row): Claim[] => {
    const { value, p } = publishedValue(row)
    const claim = { what: `${row.metric} from ${row.from}`, expected: row.value, got: value }
    return row.p === undefined ? [claim] : [claim, { what: `${claim.what}, p`, expected: row.p, got: p ?? null }]
  })
}
