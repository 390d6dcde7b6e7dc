// How a column of a file becomes one of the kind that the card gives it: the SQL that converts it, and the SQL that finds
// the cells which cannot be converted. Nothing is guessed: a text stays a text, and an epoch is no time.
import { identifier } from '../../base/sql-text.ts'
import type { ColumnKind, SqlColumn } from '../../world-sql.ts'

export interface TypedColumn extends SqlColumn {
  /** Expression for the column as its kind; fails where `isBad` holds. */
  readonly sql: string
  /** True of a cell that is none of its kind; null: there can be none. */
  readonly isBad: string | null
  /** True of a number written with a decimal comma. */
  readonly hasComma: string
}

type Class = 'text' | 'whole' | 'real' | 'truth' | 'time' | 'zoned' | 'nothing' | 'other'

/** `cell`: the column in SQL, quoted; `type`: what DuckDB calls its type. Null where no cell can be of the kind. */
export function typedColumn({ name, kind }: SqlColumn, cell: string, type: string): TypedColumn | null {
  const converted = CONVERT[kind](cell, classOf(type))
  if (converted === null) return null
  const comma = `regexp_full_match(trim(CAST(${cell} AS VARCHAR)), '[-+]?[0-9.]*[0-9],[0-9]+')`
  return { name, kind, ...converted, hasComma: comma }
}

/** The kind of a `class` whose column has these types in the files. */
export function kindOfClass(types: readonly string[]): ColumnKind {
  const classes = types.map(classOf).filter((one) => one !== 'nothing')
  if (classes.length > 0 && classes.every((one) => one === 'truth')) return 'boolean'
  return classes.length > 0 && classes.every((one) => one === 'whole' || one === 'real') ? 'number' : 'category'
}

/** `SELECT` list that gives each column its name and kind. */
export function selectList(columns: readonly TypedColumn[]): string {
  return columns.map(({ sql, name }) => `${sql} AS ${identifier(name)}`).join(', ')
}

type Converted = Pick<TypedColumn, 'sql' | 'isBad'>

const CONVERT: Readonly<Record<ColumnKind, (cell: string, type: Class) => Converted | null>> = {
  number(cell, type) {
    if (type === 'text') return fromText(cell, numberOf)
    if (type === 'time' || type === 'zoned' || type === 'other') return null
    return { sql: `CAST(${cell} AS DOUBLE)`, isBad: null }
  },
  boolean(cell, type) {
    if (type === 'text') return fromText(cell, (text, cast) => `${cast}(${text} AS BOOLEAN)`)
    if (type === 'truth' || type === 'nothing') return { sql: `CAST(${cell} AS BOOLEAN)`, isBad: null }
    if (type !== 'whole' && type !== 'real') return null
    const isBad = `${cell} NOT IN (0, 1)`
    return { sql: `CASE WHEN ${isBad} THEN CAST('no' AS DOUBLE) = 0 ELSE ${cell} = 1 END`, isBad }
  },
  timestamp(cell, type) {
    // Without a zone it is UTC: the session's zone.
    if (type === 'text') return finite(fromText(cell, timeOf))
    if (type === 'zoned') return { sql: `CAST(${cell} AS TIMESTAMP)`, isBad: null }
    return type === 'time' || type === 'nothing' ? { sql: `CAST(${cell} AS TIMESTAMP)`, isBad: null } : null
  },
  category: asText,
  text: asText,
}

/** Whole numbers kept as doubles (a column with gaps in pandas) are written without their `.0`. */
function asText(cell: string, type: Class): Converted | null {
  if (type === 'other') return null
  const text = `CAST(${cell} AS VARCHAR)`
  if (type !== 'real') return { sql: text, isBad: null }
  const isWhole = `isfinite(CAST(${cell} AS DOUBLE)) AND ${cell} = trunc(${cell}) AND abs(${cell}) < 1e15`
  return { sql: `CASE WHEN ${isWhole} THEN CAST(CAST(${cell} AS BIGINT) AS VARCHAR) ELSE ${text} END`, isBad: null }
}

/** DuckDB takes `1_000` for a number. */
function numberOf(text: string, cast: string): string {
  return `${cast}(replace(${text}, '_', '?') AS DOUBLE)`
}

function timeOf(text: string, cast: string): string {
  return `CAST(${cast}(${text} AS TIMESTAMPTZ) AS TIMESTAMP)`
}

/** DuckDB takes `infinity` for a time. */
function finite({ sql, isBad }: Converted): Converted {
  const time = `CASE WHEN isfinite(${sql}) THEN ${sql} WHEN ${sql} IS NULL THEN NULL ELSE CAST('no' AS TIMESTAMP) END`
  return {
    sql: time,
    isBad: `(${isBad}) OR NOT coalesce(isfinite(${sql.replace('CAST(CAST(', 'CAST(TRY_CAST(')}), true)`,
  }
}

/** Blanks around a number do no harm, and a cell of blanks is empty. */
function fromText(cell: string, convert: (text: string, cast: 'CAST' | 'TRY_CAST') => string): Converted {
  const text = `nullif(trim(CAST(${cell} AS VARCHAR)), '')`
  return { sql: convert(text, 'CAST'), isBad: `${text} IS NOT NULL AND ${convert(text, 'TRY_CAST')} IS NULL` }
}

function classOf(type: string): Class {
  if (/^(VARCHAR|JSON|UUID|ENUM\(.*\))$/s.test(type)) return 'text'
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'whole'
  if (/^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(type)) return 'real'
  if (type === 'BOOLEAN') return 'truth'
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'zoned'
  if (/^(DATE|TIMESTAMP(_S|_MS|_NS)?)$/.test(type)) return 'time'
  return type === '"NULL"' ? 'nothing' : 'other'
}
