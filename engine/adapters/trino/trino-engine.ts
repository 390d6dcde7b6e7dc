// Trino as an engine: the same summaries over tables that a cluster sees; only summaries travel. What `trino-client` loses
// is caught here: whole numbers beyond 2^53 are refused (the SQL asks for them as doubles), NaN and decimals come as text.
import { Fault } from '../../base/fault.ts'
import { identifier } from '../../base/sql-text.ts'
import type {
  ColumnKind,
  DataSource,
  FileEngine,
  SqlCell,
  SqlColumn,
  SqlRow,
  SqlTable,
  WantedColumn,
} from '../../world-sql.ts'
import { partsOfName } from './table-name.ts'
import { trinoCell } from './trino-cell.ts'

export interface TrinoAddress {
  /** `https://…`, or `http://` where nothing else is offered. */
  readonly url: string
  readonly catalog: string
  readonly schema: string
  readonly user: string
  /** At most one of the two. */
  readonly password: string | null
  readonly token: string | null
}

/** One answer of the server: it polls about once a second, so silence means that it is gone. */
const ANSWER_DEADLINE_MS = 60_000

/** Nothing is sent before the first statement. Faults `config/bad-url`. */
export async function openTrinoEngine(address: TrinoAddress): Promise<FileEngine> {
  requireWebAddress(address.url)
  // Loaded when it is asked for: most repositories have no cluster.
  const { BasicAuth, Trino } = await import('trino-client')
  const client = Trino.create({
    server: address.url,
    source: 'tutela',
    catalog: address.catalog,
    schema: address.schema,
    auth: new BasicAuth(address.user, address.password ?? undefined),
    session: { time_zone_id: 'UTC' },
    ...(address.token === null ? {} : { extraHeaders: { Authorization: `Bearer ${address.token}` } }),
  })

  async function* stream(sql: string): AsyncIterable<readonly SqlRow[]> {
    const pages = await answered(() => client.query(sql), address.url)
    let types: readonly string[] = []
    for (;;) {
      const { done, value: page } = await answered(() => pages.next(), address.url)
      if (done) return
      if (page.error) throw sqlFault(page.error)
      types = page.columns?.map(({ type }: { type: string }) => type) ?? types
      if (page.data)
        yield page.data.map((row: readonly unknown[]) => row.map((cell, i) => trinoCell(cell, types[i] ?? '')))
    }
  }

  async function* numbers(sql: string): AsyncIterable<readonly Float64Array[]> {
    for await (const rows of stream(sql)) yield columnsOf(rows)
  }

  async function query(sql: string): Promise<readonly SqlRow[]> {
    const rows: SqlRow[] = []
    for await (const batch of stream(sql)) rows.push(...batch)
    return rows
  }

  return {
    dialect: 'trino',
    query,
    stream,
    numbers,
    open: (source) => openTable(query, source),
    columnNames: async (source) => [...(await typesIn(query, source)).types.keys()],
    // Read again by each statement: a connector may be unable to make tables.
    keep: async (role, select, columns) => ({ from: `(${select}) AS ${identifier(role)}`, columns, digest: null }),
    requireUnchanged() {},
    close() {},
  }
}

function columnsOf(rows: readonly SqlRow[]): Float64Array[] {
  return Array.from(rows[0] ?? [], (_, column) =>
    Float64Array.from(rows, (row) => (typeof row[column] === 'number' ? row[column] : Number.NaN)),
  )
}

type Query = (sql: string) => Promise<readonly SqlRow[]>

/** A table of the cluster as the port wants it: a subquery that casts, since connectors may lack views. */
async function openTable(query: Query, source: DataSource): Promise<SqlTable> {
  const { name, table, types } = await typesIn(query, source)
  const columns = source.columns.map((column) => ({ ...column, kind: kindOf(column, typeOf(column, types, name)) }))
  const casts = columns.map((column) => `${cast(column, typeOf(column, types, name))} AS ${identifier(column.name)}`)
  return {
    from: `(SELECT ${casts.join(', ')} FROM ${table}) AS ${identifier(source.role)}`,
    columns,
    called: `\`${name}\``,
    digest: null,
  }
}

async function typesIn(query: Query, source: DataSource) {
  const [name, ...more] = source.files
  if (name === undefined || more.length > 0) {
    throw new Fault(
      'observe/unreadable',
      `\`${source.role}\` must be one table of the cluster`,
      'make a view that joins several',
    )
  }
  const table = partsOfName(name).map(identifier).join('.')
  const types = new Map<string, string>()
  for (const [column, type] of await query(`DESCRIBE ${table}`)) types.set(text(column), text(type))
  return { name, table, types }
}

function kindOf({ kind }: WantedColumn, type: string): ColumnKind {
  if (kind !== 'class') return kind
  if (type === 'boolean') return 'boolean'
  return /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(type) ? 'number' : 'category'
}

/** Trino folds column names to lower case: a card's name is found in any case. */
function typeOf({ name }: WantedColumn, types: ReadonlyMap<string, string>, table: string): string {
  const type = types.get(name) ?? types.get(name.toLowerCase())
  if (type !== undefined) return type
  const seen = [...types.keys()].sort().slice(0, 20).join(', ')
  throw new Fault('observe/missing-column', `\`${table}\` has no column \`${name}\``, `it has ${seen}`)
}

function cast({ name, kind }: SqlColumn, type: string): string {
  const column = identifier(name)
  if (kind === 'number') return `CAST(${column} AS DOUBLE)`
  if (kind === 'boolean') return `CAST(${column} AS BOOLEAN)`
  if (kind !== 'timestamp') return asText(column, type)
  if (type.includes('with time zone')) return `CAST(${column} AT TIME ZONE 'UTC' AS TIMESTAMP(6))`
  return `CAST(${column} AS TIMESTAMP(6))`
}

/** As DuckDB tells it: whole numbers without a fraction, others in their shortest form; a cluster would write `1.0E0`. */
function asText(column: string, type: string): string {
  if (!/^(real|double|decimal)/.test(type)) return `CAST(${column} AS VARCHAR)`
  const value = `CAST(${column} AS DOUBLE)`
  const isWhole = `is_finite(${value}) AND ${value} = truncate(${value}) AND abs(${value}) < 1e15`
  return `CASE WHEN ${isWhole} THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE json_format(CAST(${value} AS JSON)) END`
}

function text(cell: SqlCell | undefined): string {
  return typeof cell === 'string' ? cell : ''
}

function requireWebAddress(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'https:' || protocol === 'http:') return
  throw new Fault(
    'config/bad-url',
    'the `url` of the Trino cluster is no `http://` or `https://` address',
    'see `sql` in policies/governance.yaml',
  )
}

async function answered<T>(act: () => Promise<T>, url: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within a minute')), ANSWER_DEADLINE_MS)
  })
  try {
    return await Promise.race([act(), silence])
  } catch (error) {
    if (error instanceof Fault) throw error
    throw unreachable(error, url)
  } finally {
    clearTimeout(timer)
  }
}

/** The library's errors hold the whole request, the secret too: only the reason is told. */
function unreachable(error: unknown, url: string): Fault {
  const status = (error as { response?: { status?: number } }).response?.status
  const { host } = new URL(url)
  if (status === 401 || status === 403) {
    return new Fault(
      'observe/refused',
      `Trino at \`${host}\` refuses the user (HTTP ${status})`,
      'see `sql.user`, `sql.password` and `sql.token`',
    )
  }
  const reason = status === undefined ? (error instanceof Error ? error.message : 'unknown') : `HTTP ${status}`
  return new Fault(
    'observe/unreachable',
    `Trino at \`${host}\` does not answer: ${reason}`,
    'is it running, and `sql.url` right?',
  )
}

function sqlFault(error: { readonly message: string; readonly errorName: string }): Fault {
  const line = error.message.split('\n')[0] ?? ''
  if (error.errorName === 'TABLE_NOT_FOUND') {
    return new Fault('observe/unreadable', line, 'name it as `table`, `schema.table` or `catalog.schema.table`')
  }
  // A failed cast quotes the cell, and rows may be about people.
  if (error.errorName === 'INVALID_CAST_ARGUMENT') {
    return new Fault(
      'observe/wrong-type',
      'a column holds values that are not of the kind its card says',
      'compare `data.features` with the table',
    )
  }
  return new Fault('observe/sql', `Trino refuses the statement (${error.errorName}): ${line}`)
}
