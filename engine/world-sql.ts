// The ports on SQL engines: what `observe` measures data through. DuckDB reads files, Trino the tables of a cluster;
// the same summary SQL runs on both (observe/summarise/dialect.ts has what differs).
import type { Feature } from './domain/model-card.ts'

export type ColumnKind = Feature['type']

export interface SqlColumn {
  readonly name: string
  readonly kind: ColumnKind
}

/**
 * A relation of an engine. In SQL its columns have one type a kind: number → DOUBLE, category and text → VARCHAR,
 * boolean → BOOLEAN, timestamp → TIMESTAMP in UTC; an empty cell is NULL, a number may be infinite or NaN.
 */
export interface SqlTable {
  /** What stands after FROM, already quoted. */
  readonly from: string
  readonly columns: readonly SqlColumn[]
  /** What people call it, in backticks, for faults: its file or files, or its name on the cluster. */
  readonly called?: string
  /** `sha256:…` over what was read: the key of anything kept about it; null where the engine cannot tell. */
  readonly digest: string | null
  /** Where the first row stands whose `column` meets the condition, as people look for it: `` `file.csv`, line 3 ``. Absent or null: it cannot be told. */
  readonly placeOf?: (column: string, condition: string) => Promise<string | null>
}

/** Counts and sums are numbers, lists are arrays, a struct is an object; times are asked for as text or milliseconds. */
export type SqlCell = string | number | boolean | null | readonly SqlCell[] | { readonly [field: string]: SqlCell }

export type SqlRow = readonly SqlCell[]

export interface SqlEngine {
  readonly dialect: 'duckdb' | 'trino'
  /** A small answer, whole. Faults `observe/sql`. */
  query(sql: string): Promise<readonly SqlRow[]>
  /** Rows in the order of the SQL, a batch at a time: nothing holds them all. Faults `observe/sql`. */
  stream(sql: string): AsyncIterable<readonly SqlRow[]>
  /** As `stream`, of a SELECT of doubles alone: a batch is a list for each column, NULL as NaN. Faults `observe/sql`. */
  numbers(sql: string): AsyncIterable<readonly Float64Array[]>
  close(): void
}

/** `class`: what a model says or is told; numbers stay numbers and truth stays boolean, all else is a category. */
export interface WantedColumn {
  readonly name: string
  readonly kind: ColumnKind | 'class'
}

/** What to read as one table. */
export interface DataSource {
  /** The name that faults use: `current`, `reference`, `labels`. */
  readonly role: string
  /** Absolute paths, globs or `s3://` addresses of one format. */
  readonly files: readonly string[]
  /** The columns that are needed, with the kinds that the card gives them; others stay unread. */
  readonly columns: readonly WantedColumn[]
  /** A folder: faults name files relative to it. */
  readonly relativeTo?: string
}

/** An engine that reads files. */
export interface FileEngine extends SqlEngine {
  /** Faults `observe/missing-column`, `observe/wrong-type`, `observe/unreadable` and others, with file and column. */
  open(source: DataSource): Promise<SqlTable>
  /** Every column that all the files have, in the order of the first; `columns` says nothing here. */
  columnNames(source: DataSource): Promise<readonly string[]>
  /** The answer of a SELECT as a table of its own, out of memory, until `close`. Its digest is null. */
  keep(role: string, select: string, columns: readonly SqlColumn[]): Promise<SqlTable>
  /** Faults `observe/changed` where a file is no longer what it was when it was opened. */
  requireUnchanged(): void
}

/** Where a Trino cluster is, with its secrets read. */
export interface ClusterAddress {
  readonly url: string
  readonly catalog: string
  readonly schema: string
  readonly user: string
  /** At most one of the two. */
  readonly password: string | null
  readonly token: string | null
}

/** `beside`: how many engines work at the same time, this one included: each takes its part of the machine. */
export type EngineRequest =
  | { readonly engine: 'duckdb'; readonly beside: number }
  | { readonly engine: 'trino'; readonly cluster: ClusterAddress }

/** A server of metrics over time, by Prometheus' HTTP API. */
export interface MetricsServer {
  /** The bytes of a reply to `/api/v1/query_range`, an error of the query included. Faults `observe/…`, `http/…`. */
  queryRange(parameters: Readonly<Record<string, string>>): Promise<Uint8Array>
}
