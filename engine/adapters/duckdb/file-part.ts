// The files of a source that are alike (format, header, delimiter) as one thing to read: where its columns stand and what
// types they have. Which columns are needed is checked here: missing ones, twins, and types that can never fit.
import { Fault } from '../../base/fault.ts'
import { alikeWord, nearestWord } from '../../base/nearest-word.ts'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import { visibleText } from '../../base/visible-text.ts'
import type { ColumnKind, SqlColumn, SqlRow, WantedColumn } from '../../world-sql.ts'
import { readCsvHead } from './csv-head.ts'
import { dataProblem } from './data-problem.ts'
import type { SourceFile } from './source-file.ts'
import { firstLines } from './text-lines.ts'
import { kindOfClass, type TypedColumn, typedColumn } from './typed-column.ts'

/** A file under the name that DuckDB sees. */
export interface LinkedFile extends SourceFile {
  readonly link: string
}

export interface FilePart {
  readonly files: readonly LinkedFile[]
  readonly columns: readonly TypedColumn[]
  /** What stands after FROM. */
  reader(files: readonly LinkedFile[]): string
}

type Query = (sql: string) => Promise<readonly SqlRow[]>

/** In the order of their first files. Faults `observe/missing-column`, `observe/duplicate-column`, `observe/wrong-type`, … */
export async function partsOf(
  files: readonly LinkedFile[],
  wanted: readonly WantedColumn[],
  query: Query,
): Promise<readonly FilePart[]> {
  const groups = await layoutsOf(files, wanted, query)
  const columns = wanted.map(({ name, kind }) => ({ name, kind: kind === 'class' ? kindIn(groups, name) : kind }))
  return groups.map(({ layout, files: own }) => ({
    files: own,
    reader: layout.reader,
    columns: columns.map((column) => columnOf(own[0], column, { ...layout, wanted })),
  }))
}

/** The columns that all files have, in the order of the first. */
export async function commonColumns(files: readonly LinkedFile[], query: Query): Promise<readonly string[]> {
  const [first, ...others] = (await layoutsOf(files, [], query)).map(({ layout }) => new Set(layout.names))
  return [...(first ?? [])].filter((name) => others.every((names) => names.has(name)))
}

interface AlikeFiles {
  readonly layout: Layout
  readonly files: [LinkedFile, ...LinkedFile[]]
}

async function layoutsOf(files: readonly LinkedFile[], wanted: readonly WantedColumn[], query: Query) {
  const groups = new Map<string, AlikeFiles>()
  for (const file of files) {
    const layout = await LAYOUTS[file.format](file, wanted, query)
    const known = groups.get(layout.key)
    if (known === undefined) groups.set(layout.key, { layout, files: [file] })
    else known.files.push(file)
  }
  return [...groups.values()]
}

function kindIn(groups: readonly AlikeFiles[], name: string): ColumnKind {
  return kindOfClass(groups.map(({ layout }) => layout.column(layout.names.indexOf(name)).type))
}

/** How a file is laid out. `names`: as they stand in the file; files with equal keys are read together. */
interface Layout {
  readonly key: string
  readonly names: readonly string[]
  /** Whether a line of data may have been taken for the header. */
  readonly isUnsure: boolean
  /** The n-th column in SQL, and its type. */
  column(index: number): { readonly cell: string; readonly type: string }
  readonly reader: FilePart['reader']
}

const LAYOUTS: Readonly<
  Record<SourceFile['format'], (file: LinkedFile, wanted: readonly WantedColumn[], query: Query) => Promise<Layout>>
> = { parquet: parquetLayout, csv: csvLayout, ndjson: ndjsonLayout }

function columnOf(file: LinkedFile, column: SqlColumn, layout: WantedFrom): TypedColumn {
  const index = layout.names.indexOf(column.name)
  if (index < 0) throw missingColumn(file, column, layout)
  if (layout.names.indexOf(column.name, index + 1) >= 0) {
    const what = `\`${file.name}\` has two columns \`${visibleText(column.name)}\``
    throw new Fault('observe/duplicate-column', what, 'rename one of them')
  }
  const { cell, type } = layout.column(index)
  const typed = typedColumn(column, cell, type)
  if (typed !== null) return typed
  const what = `\`${file.name}\`: the column \`${visibleText(column.name)}\` is of type ${type}, and by the card a ${column.kind}`
  const hint = column.kind === 'timestamp' ? 'write times as timestamps, not as numbers' : 'mend the card or the column'
  throw new Fault('observe/wrong-type', what, hint)
}

type WantedFrom = Layout & { readonly wanted: readonly WantedColumn[] }

function missingColumn(file: LinkedFile, { name }: SqlColumn, { names, isUnsure, wanted }: WantedFrom): Fault {
  const what = `\`${file.name}\` has no column \`${visibleText(name)}\``
  const free = names.filter((one) => !wanted.some((column) => column.name === one))
  const alike = alikeWord(name, free)
  if (isUnsure && alike === undefined) {
    const hint = `none of the card's columns is among the ${names.length} of its first line: is the header missing?`
    return new Fault('observe/missing-column', what, hint)
  }
  const near = alike ?? nearestWord(name, free)
  const listed = names.slice(0, 20).map((one) => `\`${visibleText(one, 60)}\``)
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ''
  const seen = names.length === 0 ? 'it has none' : `it has ${listed.join(', ')}${more}`
  return new Fault('observe/missing-column', what, near === undefined ? seen : `did you mean \`${near}\`? ${seen}`)
}

/** DuckDB renames a column that differs from another by case alone, so columns are found by their place. */
async function parquetLayout(file: LinkedFile, _wanted: readonly WantedColumn[], query: Query): Promise<Layout> {
  const reader = (files: readonly LinkedFile[]) => `read_parquet(${linkList(files)}, binary_as_string = true)`
  const tried = (sql: string) => query(sql).catch((error: unknown) => Promise.reject(badParquet(error, file)))
  const schema = await tried(`SELECT name, num_children FROM parquet_schema(${textLiteral(file.link)})`)
  const described = await tried(`DESCRIBE SELECT * FROM ${reader([file])}`)
  const names = topLevel(schema)
  const own = described.map(([name, type]) => ({ cell: identifier(String(name)), type: String(type) }))
  return {
    key: `parquet ${JSON.stringify([names, own])}`,
    names,
    isUnsure: false,
    column: (index) => own[index] ?? { cell: 'NULL', type: '"NULL"' },
    reader,
  }
}

/** DuckDB has many words for a footer that it does not understand, and few of them name the file. */
function badParquet(error: unknown, { name }: LinkedFile): Fault {
  const problem = error instanceof Fault ? error : dataProblem(error, () => name)
  if (problem.code !== 'observe/sql') return problem
  return new Fault('observe/bad-parquet', `\`${name}\` is no whole Parquet file`, 'write or copy it again')
}

/** Names of the root's children: the tree is written depth first. */
function topLevel(schema: readonly SqlRow[]): string[] {
  const names: string[] = []
  for (let i = 1; i < schema.length; i = after(schema, i)) names.push(String(schema[i]?.[0]))
  return names
}

function after(schema: readonly SqlRow[], index: number): number {
  let next = index + 1
  for (let child = Number(schema[index]?.[1] ?? 0); child > 0; child--) next = after(schema, next)
  return next
}

async function csvLayout(file: LinkedFile, wanted: readonly WantedColumn[]): Promise<Layout> {
  const needed = wanted.map(({ name }) => name)
  const { delimiter, names } = await readCsvHead(file, needed)
  const compression = file.isGzip ? 'gzip' : 'none'
  const columns = names.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ')
  return {
    key: `csv ${JSON.stringify([delimiter, names, compression])}`,
    names,
    isUnsure: !needed.some((name) => names.includes(name)),
    column: (index) => ({ cell: `c${index}`, type: 'VARCHAR' }),
    reader: (files) =>
      `read_csv(${linkList(files)}, auto_detect = false, header = true, columns = {${columns}}, delim = ${textLiteral(delimiter)}, quote = '"', escape = '"', allow_quoted_nulls = false, compression = '${compression}')`,
  }
}

const SAMPLE = 1024 * 1024

/** Every key that a line has is a column; a key that comes late is looked for in the whole file. */
async function ndjsonLayout(file: LinkedFile, wanted: readonly WantedColumn[], query: Query): Promise<Layout> {
  const compression = file.isGzip ? 'gzip' : 'uncompressed'
  const sample = keysOf(await firstLines(file, SAMPLE))
  // Without wanted columns it is the names that are asked for, and those of the sample may not be all.
  const isAll = wanted.length > 0 && wanted.every(({ name }) => sample.has(name))
  const late = isAll ? [] : await keysIn(file, compression, query)
  const names = [...new Set([...sample, ...late])]
  const columns = wanted.map(({ name }) => `${textLiteral(name)}: 'VARCHAR'`).join(', ')
  return {
    key: `ndjson ${compression}`,
    names,
    isUnsure: false,
    column: (index) => ({ cell: identifier(names[index] ?? ''), type: 'VARCHAR' }),
    reader: (files) => `read_ndjson(${linkList(files)}, columns = {${columns}}, compression = '${compression}')`,
  }
}

function keysOf(lines: Buffer): Set<string> {
  const keys = new Set<string>()
  for (const line of lines.toString('utf8').split('\n')) {
    const value = parsed(line)
    if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) keys.add(key)
  }
  return keys
}

/** What is no JSON is told by DuckDB, which reads `NaN` too. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

async function keysIn(file: LinkedFile, compression: string, query: Query): Promise<string[]> {
  const from = `read_ndjson_objects(${textLiteral(file.link)}, compression = '${compression}')`
  const rows = await query(`SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${from} LIMIT 10000`)
  return rows.map(([key]) => String(key))
}

function linkList(files: readonly LinkedFile[]): string {
  return `[${files.map(({ link }) => textLiteral(link)).join(', ')}]`
}
