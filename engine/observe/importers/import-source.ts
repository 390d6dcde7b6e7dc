// One source through its tool's importer: what was recognised and measured, or why it was refused. Pure and bounded:
// a file above the limit is refused before anything of it is parsed.
import { type Digest, sha256Hex } from '../../base/canonical-json.ts'
import { internalError } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import {
  type Extracted,
  type ImportedMeasurement,
  Refusal,
  type RefusalWhy,
  type Source,
  type Told,
  type ToolCheck,
} from './imported.ts'
import { oneEach } from './one-each.ts'
import { TOOLS } from './tools.ts'

/** 64 MiB: room for a report on some 100,000 columns. */
export const LARGEST_SOURCE = 64 * 1024 * 1024

/** Other tools' importers are tried on a small file alone, for a hint. */
const LARGEST_TRIED = 1024 * 1024

export interface Imported {
  readonly tool: string
  /** The tool's version where the file says it. */
  readonly version: string | null
  /** What the bytes were recognised as; `none` where they were refused. */
  readonly shape: string
  /** `ok` · `no-measurements` · `refused:<why>` · `error:<code of the source>` */
  readonly outcome: 'ok' | 'no-measurements' | `refused:${RefusalWhy}` | `error:${string}`
  /** Of the file's bytes. */
  readonly digest: Digest
  readonly measurements: readonly ImportedMeasurement[]
  readonly checks: readonly ToolCheck[]
  /** Sorted, each once. */
  readonly ignored: readonly string[]
  readonly dropped: readonly string[]
  readonly notes: readonly string[]
  /** Why it was refused, or what the source says of its own error. */
  readonly message: string | null
  readonly hint: string | null
}

export interface ImportOptions {
  readonly told?: Told
  /** Bytes. */
  readonly largest?: number
}

/** `tool` is a key of `TOOLS`. Never throws for what a file holds. */
export function importSource(tool: string, source: Source, options: ImportOptions = {}): Imported {
  const digest: Digest = `sha256:${sha256Hex(source.bytes)}`
  try {
    refuseTooLarge(source, options.largest ?? LARGEST_SOURCE)
    if (source.unreadable !== undefined) throw source.unreadable
    return finished(tool, digest, extractOf(tool, source, options.told ?? {}))
  } catch (error) {
    if (error instanceof Refusal) return refused(tool, digest, error)
    throw error
  }
}

function refuseTooLarge({ bytes }: Source, largest: number): void {
  if (bytes.length <= largest) return
  throw new Refusal('too-large', `the file is too large, the limit is ${largest} bytes`, 'raise it with `--largest`')
}

function extractOf(tool: string, source: Source, told: Told): Extracted {
  const importer = TOOLS.get(tool) ?? internalError(`no tool is called ${tool}`)
  try {
    return importer(source, told)
  } catch (error) {
    if (error instanceof Refusal && error.why === 'unknown-shape') throw withOwner(error, tool, source, told)
    throw error
  }
}

/** Says which tool's file it is, where another tool's importer reads it. */
function withOwner(refusal: Refusal, tool: string, source: Source, told: Told): Refusal {
  if (source.bytes.length > LARGEST_TRIED) return refusal
  const owner = [...TOOLS.keys()].find((other) => other !== tool && isReadBy(other, source, told))
  if (owner === undefined) return refusal
  return new Refusal('unknown-shape', refusal.message, `it looks like a file of \`${owner}\``)
}

function isReadBy(tool: string, source: Source, told: Told): boolean {
  try {
    const extract = TOOLS.get(tool)?.(source, told)
    return extract !== undefined && (extract.measurements.length > 0 || (extract.checks ?? []).length > 0)
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

function finished(tool: string, digest: Digest, extract: Extracted): Imported {
  const measurements = oneEach(extract.measurements)
  const checks = extract.checks ?? []
  const isEmpty = measurements.length === 0 && checks.length === 0
  const outcome =
    extract.error === undefined ? (isEmpty ? 'no-measurements' : 'ok') : (`error:${extract.error.code}` as const)
  return {
    tool,
    version: extract.version ?? null,
    shape: extract.shape,
    outcome,
    digest,
    measurements,
    checks,
    ignored: sortedOnce(extract.ignored ?? []),
    dropped: sortedOnce(extract.dropped ?? []),
    notes: extract.notes ?? [],
    message: extract.error?.message ?? null,
    hint: null,
  }
}

function refused(tool: string, digest: Digest, refusal: Refusal): Imported {
  return {
    tool,
    version: null,
    shape: 'none',
    outcome: `refused:${refusal.why}`,
    digest,
    measurements: [],
    checks: [],
    ignored: [],
    dropped: [],
    notes: [],
    message: refusal.message,
    hint: refusal.hint ?? null,
  }
}

function sortedOnce(list: readonly string[]): string[] {
  return [...new Set(list)].sort(compareText)
}
