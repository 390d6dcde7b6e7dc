// Files as one table of the kinds that a card declares. Parquet of the right types is read in place; everything else is
// converted once, to Parquet in the scratch folder: each cell is checked on the way, and later passes are cheap.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import { visibleText } from '../../base/visible-text.ts'
import type { DataSource, SqlTable, WantedColumn } from '../../world-sql.ts'
import { badCellFault } from './bad-cell.ts'
import type { Connection } from './connection.ts'
import { isConversionError } from './data-problem.ts'
import { commonColumns, type FilePart, type LinkedFile, partsOf } from './file-part.ts'
import { findFiles } from './find-files.ts'
import { firstRowIn } from './first-row.ts'
import { lineGauge, requireShortLines } from './long-lines.ts'
import { type Environment, isRemote, listing, openStore } from './object-store.ts'
import { inspectFile, type SourceFile } from './source-file.ts'
import { requireWholeGzip } from './text-lines.ts'
import { selectList } from './typed-column.ts'

export interface OpenContext {
  readonly connection: Connection
  readonly env: Environment
  /** Name of the new view. */
  readonly name: string
  /** By path: a file is hashed once. */
  readonly known: Map<string, SourceFile>
}

export interface OpenedSource {
  readonly table: SqlTable
  readonly files: readonly SourceFile[]
}

/**
 * Makes a view of `context.name` over all the files: only their common columns, in one type each. Faults `observe/…`
 * where a file cannot be read or is not what it says.
 */
export async function openSource(context: OpenContext, source: DataSource): Promise<OpenedSource> {
  const { connection, name } = context
  requireDistinct(source.columns)
  const files = await linkedFiles(context, source)
  const parts = await partsOf(files, source.columns, connection.query)
  const isPlain = parts.every(({ files: [first], columns }) => first?.format === 'parquet' && columns.every(isSafe))
  const from = isPlain ? union(parts) : await convert(connection, name, parts)
  await connection.run(`CREATE VIEW ${identifier(name)} AS ${from}`)
  const columns = (parts[0]?.columns ?? []).map(({ name: column, kind }) => ({ name: column, kind }))
  return {
    table: {
      from: identifier(name),
      columns,
      called: calledOf(files),
      digest: await digestOf(connection, files),
      placeOf: firstRowIn(parts, connection.query),
    },
    files,
  }
}

function calledOf([first, ...others]: readonly SourceFile[]): string {
  const name = `\`${first?.name ?? ''}\``
  return others.length === 0 ? name : `${name} and ${others.length} more`
}

/** The columns that all the files have. */
export async function columnNames(context: OpenContext, source: DataSource): Promise<readonly string[]> {
  return await commonColumns(await linkedFiles(context, source), context.connection.query)
}

async function linkedFiles(
  { connection, env, known }: OpenContext,
  { role, files: asked, relativeTo }: DataSource,
): Promise<readonly LinkedFile[]> {
  const files = findFiles({ role, files: asked, folder: relativeTo }).map((file) => {
    const inspected = known.get(file.path) ?? inspectFile(file)
    known.set(file.path, inspected)
    return inspected
  })
  if (files.some(isRemote)) await openStore(connection, env)
  for (const file of files) await requireReadable(file)
  return files.map((file) => ({ ...file, link: linkOf(file, connection) }))
}

/** What DuckDB would read in part, without a word. */
async function requireReadable(file: SourceFile): Promise<void> {
  if (!file.isGzip) return file.longestLine === null ? undefined : await requireShortLines(file, file.longestLine)
  const gauge = lineGauge()
  await requireWholeGzip(file, gauge.add)
  await requireShortLines(file, gauge.longest())
}

/** SQL does not tell such columns apart. */
function requireDistinct(columns: readonly WantedColumn[]): void {
  const seen = new Map<string, string>()
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      const what = `the columns \`${visibleText(other)}\` and \`${visibleText(name)}\` have the same name in SQL`
      throw new Fault('observe/duplicate-column', what, 'rename one of them, in the data and in the card')
    }
    seen.set(name.toLowerCase(), name)
  }
}

function linkOf(file: SourceFile, connection: Connection): string {
  if (!isRemote(file)) return connection.link(file.path, file.name)
  if (file.format === 'parquet') return file.path
  const hint = 'only Parquet is read from there: copy the file here'
  throw new Fault('observe/unknown-format', `\`${file.name}\` is no Parquet`, hint)
}

function isSafe({ isBad }: FilePart['columns'][number]): boolean {
  return isBad === null
}

function union(parts: readonly FilePart[]): string {
  return parts
    .map(({ columns, reader, files }) => `SELECT ${selectList(columns)} FROM ${reader(files)}`)
    .join(' UNION ALL ')
}

/** In the order of the files, so that the same bytes make the same table. */
async function convert(connection: Connection, name: string, parts: readonly FilePart[]): Promise<string> {
  const path = join(connection.scratch, `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.parquet`)
  try {
    await connection.run(`COPY (${union(parts)}) TO ${textLiteral(path)} (FORMAT parquet)`)
  } catch (error) {
    const fault = isConversionError(error) ? await badCellFault(parts, connection.query) : null
    throw fault ?? error
  }
  return `SELECT * FROM read_parquet(${textLiteral(path)})`
}

/** Of one file its SHA-256; of several, that of the list of theirs. */
async function digestOf(connection: Connection, files: readonly LinkedFile[]): Promise<string> {
  const sums = await Promise.all(
    files.map(async ({ sha256, path }) => sha256 ?? sha256Of(await listing(connection, path))),
  )
  const [only = ''] = sums
  return `sha256:${sums.length === 1 ? only : sha256Of(JSON.stringify(sums))}`
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
