// How what the engine says differs from what a case of shared/vectors/metrics expects: value within its tolerance, the
// reason of a null, and every detail. An expectation that nothing answers is a failure.

export interface Expectation {
  readonly metric: string
  readonly variant: string | null
  readonly subject: string | null
  readonly parameters: Readonly<Record<string, unknown>>
  readonly value: number | null
  readonly reason?: string
  readonly tolerance: { readonly relative: number; readonly absolute: number }
  readonly details?: Readonly<Record<string, unknown>>
}

/** One answer of the engine. `details`: those of the expectation that it can tell, under the same names. */
export interface Got {
  readonly metric: string
  readonly variant: string | null
  readonly subject: string | null
  /** Compared where several expectations differ by their parameters alone. */
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly value: number | null
  readonly reason?: string | undefined
  readonly details?: Readonly<Record<string, unknown>>
}

const DETAIL_TOLERANCE = { relative: 1e-9, absolute: 1e-12 }
/** These depend on the order in which ties are sorted (README of the vectors). */
const LOOSE: ReadonlySet<string> = new Set(['samplingError', 'low', 'high'])
const LOOSE_TOLERANCE = { relative: 1e-3, absolute: 1e-3 }
/** What the tool did, not what the engine says. */
const ABOUT_THE_TOOL: ReadonlySet<string> = new Set(['agreesWithTool'])

export function metricDifferences(expected: readonly Expectation[], got: readonly Got[]): string[] {
  const answers = new Map<string, Got[]>()
  for (const one of got) answers.set(key(one), [...(answers.get(key(one)) ?? []), one])
  return expected.flatMap((one) => {
    const candidates = answers.get(key(one)) ?? []
    const same = candidates.filter((other) => isSame(one.parameters, other.parameters))
    const fitting = same.length > 0 ? same : candidates.filter((other) => other.parameters === undefined)
    // Two attributes may have a group of one name, and a Theil index names no attribute: one that agrees is the one meant.
    const found = fitting.map((answer) => [...valueDifference(one, answer), ...detailDifferences(one, answer)])
    return (
      found.find((differences) => differences.length === 0) ??
      found[0] ?? [`${label(one)}: expected ${shown(one.value ?? one.reason)}, got nothing`]
    )
  })
}

function valueDifference(expected: Expectation, got: Got): string[] {
  if (expected.value === null || got.value === null) {
    if (expected.value === got.value && expected.reason === got.reason) return []
    return [
      `${label(expected)}: expected ${shown(expected.value ?? expected.reason)}, got ${shown(got.value ?? got.reason)}`,
    ]
  }
  if (isNear(expected.value, got.value, expected.tolerance)) return []
  return [`${label(expected)}: expected ${expected.value}, got ${got.value}`]
}

function detailDifferences(expected: Expectation, got: Got): string[] {
  return Object.entries(expected.details ?? {}).flatMap(([name, value]) => {
    if (ABOUT_THE_TOOL.has(name)) return []
    const answer = got.details?.[name]
    if (isAlike(value, answer, LOOSE.has(name) ? LOOSE_TOLERANCE : DETAIL_TOLERANCE)) return []
    return [`${label(expected)}: ${name}: expected ${shown(value)}, got ${shown(answer)}`]
  })
}

function isNear(a: number, b: number, { relative, absolute }: { relative: number; absolute: number }): boolean {
  return a === b || Math.abs(a - b) <= Math.max(absolute, relative * Math.abs(a))
}

function isAlike(a: unknown, b: unknown, tolerance: { relative: number; absolute: number }): boolean {
  if (typeof a === 'number' && typeof b === 'number') return isNear(a, b, tolerance)
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => isAlike(one, b[i], tolerance))
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
    return left.length === right.size && left.every(([name, one]) => isAlike(one, right.get(name), tolerance))
  }
  return a === b
}

function isSame(a: unknown, b: unknown): boolean {
  return b !== undefined && isAlike(a, b, { relative: 0, absolute: 0 })
}

function key({ metric, variant, subject }: Pick<Got, 'metric' | 'variant' | 'subject'>): string {
  return JSON.stringify([metric, variant, subject])
}

function label({ metric, variant, subject, parameters }: Expectation): string {
  const more = Object.keys(parameters).length === 0 ? '' : ` ${JSON.stringify(parameters)}`
  return printable(`${[metric, variant, subject].filter((word) => word !== null).join(' · ')}${more}`)
}

/** JSON, with what a terminal would obey escaped. */
function shown(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'nothing')
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
