// Reads the public metric vectors (../shared/vectors/metrics) as they describe themselves: typed columns, expected records.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from '../../../engine/observe/metrics/measured.ts'
import type { Expectation } from '../../vectors/metric-differences.ts'

const ROOT = join(import.meta.dirname, '../../../../shared/vectors/metrics')

/** A reason for `skip` where the vectors are not on this machine, else false. */
export const NO_VECTORS = existsSync(ROOT)
  ? false
  : 'the public vectors (../shared/vectors/metrics) are not on this machine'

export type ExpectedRecord = Expectation

/** A cell: null where empty; numbers by the column's type, all else text. */
export type Cell = number | string | null
export type Row = Readonly<Record<string, Cell>>

export interface VectorCase {
  readonly name: string
  readonly expected: readonly ExpectedRecord[]
  readonly columns: Readonly<Record<string, string>>
  readonly expectations: Readonly<Record<string, { min?: number | null; max?: number | null; categories?: string[] }>>
  rows(file?: string): readonly Row[]
}

export function vectorCases(family: string): readonly VectorCase[] {
  return readdirSync(join(ROOT, family))
    .sort()
    .map((name) => readCase(family, name))
}

export function readSpecial(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, 'special', name), 'utf8'))
}

/** Right when |got − value| ≤ max(absolute, relative · |value|); interval and reason must agree too. */
export function assertMeasured(got: Measured, expected: ExpectedRecord, where: string): void {
  if (expected.value === null) {
    assert.equal(got.value, null, `${where}: ${got.value} instead of null`)
    assert.equal(got.value === null && got.reason, expected.reason, where)
    return
  }
  assert.ok(got.value !== null, `${where}: null (${got.value === null && got.reason}) instead of ${expected.value}`)
  const { relative, absolute } = expected.tolerance
  assertClose(got.value, expected.value, { relative, absolute }, where)
  const interval = expected.details?.interval95 as readonly [number, number] | null | undefined
  if (interval === undefined) return
  assert.equal(got.interval === undefined, interval === null, `${where}: interval ${got.interval}`)
  for (const end of [0, 1] as const) {
    if (interval !== null)
      assertClose(got.interval?.[end] ?? Number.NaN, interval[end], {}, `${where} interval[${end}]`)
  }
}

export function assertClose(
  got: number,
  expected: number,
  { relative = 1e-9, absolute = 1e-12 }: { readonly relative?: number; readonly absolute?: number },
  where: string,
): void {
  assert.ok(
    Math.abs(got - expected) <= Math.max(absolute, relative * Math.abs(expected)),
    `${where}: ${got} instead of ${expected}`,
  )
}

function readCase(family: string, name: string): VectorCase {
  const folder = join(ROOT, family, name)
  const described = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  return {
    name: `${family}/${name}`,
    expected: described.expected,
    columns: described.columns,
    expectations: described.expectations ?? {},
    rows: (file = 'data.csv') => readRows(readFileSync(join(folder, file), 'utf8'), described.columns),
  }
}

function readRows(text: string, types: Readonly<Record<string, string>>): readonly Row[] {
  const [header, ...lines] = parseCsv(text)
  assert.ok(header, 'a header')
  return lines.map((fields) =>
    Object.fromEntries(header.map((column, i) => [column, readCell(fields[i] ?? '', types[column] ?? 'category')])),
  )
}

function readCell(field: string, type: string): Cell {
  if (field === '') return null
  // The Python that made the vectors names the bins of booleans so.
  if (type === 'boolean') return field === 'true' ? 'True' : 'False'
  if (type !== 'number') return field
  if (field === 'inf') return Number.POSITIVE_INFINITY
  return field === '-inf' ? Number.NEGATIVE_INFINITY : Number(field)
}

/** Quoted fields with doubled quotes; a final newline is no line. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let fields: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n\r]*))(,|\r?\n|$)/g)) {
    if (end === '' && fields.length === 0 && quoted === undefined && plain === '') break
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    lines.push(fields)
    fields = []
    if (end === '') break
  }
  return lines
}
