// SHAP values of a window and of the reference: matrices with a row a case and a column a feature, beside the data or in tables
// of a cluster. The columns that bear the name of a feature of the card are read, and no other.

import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Instant } from '../domain/instant.ts'
import type { DataSource, FileEngine, SqlTable, WantedColumn } from '../world-sql.ts'
import type { CardData } from './measured-columns.ts'
import type { Attribution } from './metrics/explain-measurements.ts'
import { summariseAttributions } from './summarise/explain.ts'
import { windowOfData } from './window-of-data.ts'

/** Without files there is none. */
export interface AttributionFiles {
  readonly attributions: readonly string[]
  readonly referenceAttributions: readonly string[]
  readonly folder: string
}

export interface OpenedAttributions {
  readonly current: SqlTable
  readonly reference: SqlTable | null
  /** Whether the matrix of the window has the card's timestamp column: then it is cut to the window. */
  readonly isTimed: boolean
  readonly digests: { readonly attributions?: string; readonly referenceAttributions?: string }
  readonly notes: readonly string[]
}

/** Null where none are given. Faults `observe/missing-column`, `observe/wrong-type`, … */
export async function openAttributions(
  engine: FileEngine,
  { data, files }: { readonly data: CardData; readonly files: AttributionFiles },
): Promise<OpenedAttributions | null> {
  if (files.attributions.length === 0) return null
  const source = (role: string, names: readonly string[]): DataSource => ({
    role,
    files: names,
    columns: [],
    relativeTo: files.folder,
  })
  const [now, before] = [
    source('attributions', files.attributions),
    source('reference-attributions', files.referenceAttributions),
  ]
  const current = await openMatrix(engine, now, data)
  const reference = before.files.length === 0 ? null : await openMatrix(engine, before, data)
  return {
    current: current.table,
    reference: reference?.table ?? null,
    isTimed: current.isTimed,
    digests: {
      ...(current.table.digest === null ? {} : { attributions: current.table.digest }),
      ...(reference === null || reference.table.digest === null
        ? {}
        : { referenceAttributions: reference.table.digest }),
    },
    notes: [...current.notes, ...(reference === null ? [] : unlikeNotes(current.table, reference.table))],
  }
}

interface Matrix {
  readonly table: SqlTable
  readonly isTimed: boolean
  readonly notes: readonly string[]
}

async function openMatrix(engine: FileEngine, source: DataSource, data: CardData): Promise<Matrix> {
  const names = await engine.columnNames(source)
  // A cluster folds names to lower case.
  const has = (name: string) =>
    names.includes(name) || (engine.dialect === 'trino' && names.includes(name.toLowerCase()))
  const features = data.features
    .filter(({ name }) => has(name))
    .map(({ name }): WantedColumn => ({ name, kind: 'number' }))
  if (features.length === 0) throw noFeature(source, names, data)
  const { timestamp } = data
  const isTimed = timestamp !== undefined && has(timestamp) && !features.some(({ name }) => name === timestamp)
  const columns = isTimed ? [...features, { name: timestamp, kind: 'timestamp' as const }] : features
  const table = await engine.open({ ...source, columns })
  const read = new Set(columns.map(({ name }) => name.toLowerCase()))
  const others = names.filter((name) => !read.has(name.toLowerCase()))
  return { table, isTimed, notes: others.length === 0 ? [] : [leftOut(source, others)] }
}

/** A one-hot column is no feature of the card: its attribution is told to be missing, not added to another. */
function leftOut({ role }: DataSource, others: readonly string[]): string {
  const shown = others.slice(0, 5).map((name) => `\`${visibleText(name)}\``)
  const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : ''
  return `columns of \`--${role}\` that are no features of the card are left out: ${shown.join(', ')}${more}`
}

function noFeature({ role, files }: DataSource, names: readonly string[], { features }: CardData): Fault {
  const wanted = features.slice(0, 5).map(({ name }) => `\`${visibleText(name)}\``)
  const seen = names.slice(0, 10).map((name) => `\`${visibleText(name)}\``)
  return new Fault(
    'observe/missing-column',
    `\`--${role}\` has no column of a feature of the card (${files.length === 1 ? 'one file' : `${files.length} files`} with ${seen.join(', ')})`,
    wanted.length === 0
      ? "list the features in the card's `data`"
      : `a SHAP matrix has a column a feature, such as ${wanted.join(', ')}`,
  )
}

/** A feature that a side lacks counts as 0 there: told, since it may have another name. */
function unlikeNotes(current: SqlTable, reference: SqlTable): readonly string[] {
  const lacks = (one: SqlTable, other: SqlTable) =>
    one.columns
      .filter(({ name, kind }) => kind === 'number' && !other.columns.some((column) => column.name === name))
      .map(({ name }) => `\`${visibleText(name)}\``)
  const [gone, added] = [lacks(reference, current), lacks(current, reference)]
  return [
    ...(gone.length === 0 ? [] : [`\`--attributions\` lacks ${gone.join(', ')}: 0 is taken for them`]),
    ...(added.length === 0 ? [] : [`\`--reference-attributions\` lacks ${added.join(', ')}: 0 is taken for them`]),
  ]
}

export interface AttributionsOfWindow {
  readonly rows: number
  readonly live: readonly Attribution[]
  readonly baseline?: readonly Attribution[]
  readonly notes: readonly string[]
}

/** The means of both sides; rows whose time lies outside the window are left out, and told. */
export async function attributionsOfWindow(
  engine: FileEngine,
  opened: OpenedAttributions,
  {
    data,
    from,
    to,
    now,
  }: { readonly data: CardData; readonly from: Instant; readonly to: Instant; readonly now: Instant },
): Promise<AttributionsOfWindow> {
  const { isTimed, reference } = opened
  const timestamp = isTimed ? (data.timestamp ?? null) : null
  const { table, left } = await windowOfData(engine, opened.current, { timestamp, asked: { from, to }, now })
  const live = await summariseAttributions(engine, table)
  const baseline = reference === null ? null : await summariseAttributions(engine, reference)
  const outside = left.outside + left.untimed
  return {
    rows: live.rows,
    live: live.attributions,
    ...(baseline === null ? {} : { baseline: baseline.attributions }),
    notes: [
      ...opened.notes,
      ...(outside === 0 ? [] : [`${outside} rows of \`--attributions\` are not of the window: left out`]),
    ],
  }
}
