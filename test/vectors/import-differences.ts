// How an importer's answer differs from what a case expects: every field, in both directions, since what the source does
// not tell must not be invented. Values at relative 1e-9, or at the decimals that the case names.
import type { Imported } from '../../engine/observe/importers/import-source.ts'
import type { ImportedMeasurement, ToolCheck } from '../../engine/observe/importers/imported.ts'

export interface ExpectedMeasurement {
  readonly metric: string
  readonly name?: string
  readonly subject: { readonly kind: string; readonly name?: string; readonly group?: Readonly<Record<string, string>> }
  readonly value: number | null
  readonly reason: string | null
  readonly definition?: string
  readonly decimals?: number
  readonly part?: string
  readonly [field: string]: unknown
}

export interface ExpectedImport {
  readonly tool: string
  readonly toolVersion: string
  readonly shape: string
  readonly source: string
  readonly sha256: Readonly<Record<string, string>>
  readonly outcome: string
  readonly measurements: readonly ExpectedMeasurement[]
  readonly checks?: readonly ToolCheck[]
  readonly ignored: readonly string[]
  readonly dropped: readonly string[]
  readonly note?: string
}

/** What names a measurement; everything else of it is compared. */
const NAMING = ['metric', 'name', 'subject', 'definition', 'window', 'at', 'part', 'labels', 'run'] as const
const COMPARED = [
  'value',
  'reason',
  'n',
  'nReference',
  'worse',
  'threshold',
  'flagged',
  'low',
  'high',
  'lowerThreshold',
  'upperThreshold',
  'standardDeviation',
] as const
const FIELDS: ReadonlySet<string> = new Set([...NAMING, ...COMPARED, 'decimals'])

/** Empty: as expected. `withShape: false` leaves the shape out. */
export function importDifferences(expected: ExpectedImport, got: Imported, { withShape = true } = {}): string[] {
  return [
    ...differs('outcome', expected.outcome, got.outcome, got.message),
    ...(withShape ? differs('shape', expected.shape, got.shape) : []),
    ...differs('sha256', `sha256:${expected.sha256[expected.source]}`, got.digest),
    ...measurementDifferences(expected.measurements, got.measurements),
    ...checkDifferences(expected.checks ?? [], got.checks),
    ...differs('ignored', shown([...expected.ignored].sort()), shown([...got.ignored].sort())),
    ...differs('dropped', shown([...expected.dropped].sort()), shown([...got.dropped].sort())),
  ]
}

function differs(what: string, expected: string, got: string, why: string | null = null): string[] {
  return expected === got ? [] : [`${what}: expected ${expected}, got ${got}${why === null ? '' : ` (${why})`}`]
}

function measurementDifferences(
  expected: readonly ExpectedMeasurement[],
  got: readonly ImportedMeasurement[],
): string[] {
  const left = new Map<string, ImportedMeasurement[]>()
  for (const one of got) left.set(nameOf(one), [...(left.get(nameOf(one)) ?? []), one])
  const found: string[] = []
  for (const one of expected) {
    const odd = Object.keys(one).filter((field) => !FIELDS.has(field))
    if (odd.length > 0) found.push(`${label(one)}: the case has fields that are not known here: ${odd.join(', ')}`)
    const match = left.get(nameOf(one))?.shift()
    if (match === undefined) found.push(`${label(one)}: expected ${shown(one.value ?? one.reason)}, got nothing`)
    else found.push(...fieldDifferences(one, match))
  }
  const more = [...left.values()].flat()
  return [...found, ...more.map((one) => `${label(one)}: expected nothing, got ${shown(one.value ?? one.reason)}`)]
}

function fieldDifferences(expected: ExpectedMeasurement, got: ImportedMeasurement): string[] {
  return COMPARED.flatMap((field) => {
    const [a, b] = [expected[field] ?? null, got[field] ?? null]
    if (isEqual(a, b, expected.decimals)) return []
    return [`${label(expected)}: ${field === 'value' ? '' : `${field}: `}expected ${shown(a)}, got ${shown(b)}`]
  })
}

function isEqual(a: unknown, b: unknown, decimals: number | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b
  if (decimals !== undefined) return Math.abs(a - b) <= 0.5000001 * 10 ** -decimals
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
}

function nameOf(one: ExpectedMeasurement | ImportedMeasurement): string {
  return JSON.stringify(NAMING.map((field) => sorted((one as Readonly<Record<string, unknown>>)[field] ?? null)))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => [key, sorted(one)])
}

function label(one: ExpectedMeasurement | ImportedMeasurement): string {
  const { metric, name, subject, definition, window, at, part } = one as ImportedMeasurement
  const about = subject.kind === 'group' ? shown(subject.group) : subject.kind === 'model' ? 'model' : subject.name
  const more = [window?.key, at, part].filter((word) => word !== undefined)
  return [name ?? metric, about, definition, ...more].map((word) => printable(String(word))).join(' · ')
}

function checkDifferences(expected: readonly ToolCheck[], got: readonly ToolCheck[]): string[] {
  const left = [...got]
  const found: string[] = []
  for (const check of expected) {
    const index = left.findIndex(
      (one) =>
        one.name === check.name &&
        one.status === check.status &&
        (check.subject === undefined || shown(one.subject) === shown(check.subject)),
    )
    if (index === -1) found.push(`check ${shown(check.name)}: expected ${check.status}, got nothing alike`)
    else left.splice(index, 1)
  }
  return [...found, ...left.map((one) => `check ${shown(one.name)}: expected nothing, got ${one.status}`)]
}

/** JSON, with what a terminal would obey escaped. */
function shown(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'nothing')
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
