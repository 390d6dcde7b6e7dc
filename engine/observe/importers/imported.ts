// What an importer reads and what it gives: the words shared by all tools. Nothing here knows a tool.
import type { Table } from '../../domain/table.ts'

/** A tool's output, as bytes. `table`: its rows, where the file is Parquet and was read outside. */
export interface Source {
  /** The file's name: `.csv`, `.parquet` and `.pq` say what to expect, everything else is JSON. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly table?: Table
  /** Why a Parquet file has no table. */
  readonly unreadable?: Refusal
}

/** What some tools leave out of their files, told by whoever imports (the card, or an option). */
export interface Told {
  /** The protected attribute that AIF360, or Fairlearn's JSON by columns, leaves unnamed. */
  readonly attribute?: string
  /** The label's column, which deepchecks leaves unnamed. */
  readonly label?: string
  /** Names of numbered features, in order (alibi-detect, SHAP without `feature_names`). */
  readonly features?: readonly string[]
  /** What a Prometheus query stands for, and how it was asked. */
  readonly metric?: string
  readonly query?: string
  readonly path?: string
}

export type Subject =
  | { readonly kind: 'model' }
  | { readonly kind: 'feature'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'group'; readonly group: Readonly<Record<string, string>> }

export const MODEL: Subject = { kind: 'model' }
export const feature = (name: string): Subject => ({ kind: 'feature', name })

export type NullReason =
  | 'not-a-number'
  | 'positive-infinity'
  | 'negative-infinity'
  | 'null-in-source'
  | 'source-error'
  | 'not-in-source'

/** A chunk of NannyML: dates as written, null without a timestamp column. */
export interface SourceWindow {
  readonly key: string
  readonly start: string | null
  readonly end: string | null
}

/** One number of the source. An absent field is what the source does not tell: nothing is invented. */
export interface ImportedMeasurement {
  /** A catalogue id, or `custom`, and then `name` says which. */
  readonly metric: string
  readonly name?: string
  readonly subject: Subject
  /** Shares are 0 to 1. */
  readonly value: number | null
  readonly reason: NullReason | null
  readonly n?: number
  readonly nReference?: number
  /** Which way is worse; null: no direction. */
  readonly worse: 'low' | 'high' | null
  readonly threshold?: number
  /** The tool's own verdict. `false` beside a null value is its claim, not a pass. */
  readonly flagged?: boolean
  /** `tool:variant`, never one of our own. */
  readonly definition: string
  readonly window?: SourceWindow
  /** As the source counts time: seconds (Prometheus), milliseconds (MLflow). */
  readonly at?: number
  readonly part?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly run?: string
  readonly low?: number
  readonly high?: number
  readonly lowerThreshold?: number
  readonly upperThreshold?: number
  readonly standardDeviation?: number
}

/** A verdict of the tool itself. */
export interface ToolCheck {
  readonly name: string
  readonly subject?: Subject
  readonly status: 'pass' | 'fail' | 'warn' | 'error' | 'skip'
}

/** What one importer makes of a source that it recognised. */
export interface Extracted {
  readonly shape: string
  /** Written in the file by the tool; null where it does not say. */
  readonly version?: string | null
  readonly measurements: readonly ImportedMeasurement[]
  readonly checks?: readonly ToolCheck[]
  /** Parts without a measurement. */
  readonly ignored?: readonly string[]
  /** Keys with raw row values, paths or tracebacks, which are never kept. */
  readonly dropped?: readonly string[]
  /** The source says that it failed: its code, and its message for people. */
  readonly error?: { readonly code: string; readonly message: string }
  /** What a person should know besides, such as a server's warnings. */
  readonly notes?: readonly string[]
}

/** Why a source was refused; the message names what was seen and what was expected. */
export type RefusalWhy =
  | 'empty'
  | 'too-large'
  | 'encoding'
  | 'not-json'
  | 'not-csv'
  | 'syntax'
  | 'depth'
  | 'duplicate-key'
  | 'duplicate-column'
  | 'row-width'
  | 'unknown-shape'
  | 'type'
  | 'range'
  | 'conflict'
  | 'not-told'

/** Thrown by importers alone, and caught in import-source.ts, where it becomes an outcome. */
export class Refusal extends Error {
  readonly why: RefusalWhy
  readonly hint: string | undefined

  constructor(why: RefusalWhy, message: string, hint?: string) {
    super(message)
    this.why = why
    this.hint = hint
  }
}

/** A value as measured: what is not finite is null with its reason. */
export function figure(
  value: number | null | undefined,
  absent: NullReason = 'null-in-source',
): { readonly value: number | null; readonly reason: NullReason | null } {
  if (value === null || value === undefined) return { value: null, reason: absent }
  if (Number.isNaN(value)) return { value: null, reason: 'not-a-number' }
  if (Number.isFinite(value)) return { value, reason: null }
  return { value: null, reason: value > 0 ? 'positive-infinity' : 'negative-infinity' }
}

/** The fields whose value is there. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined | null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: Exclude<T[K], undefined | null>
  }
}
