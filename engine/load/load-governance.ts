// policies/governance.yaml: read, completed with defaults, and held against itself (routes name channels, days are days).
import { nearestWord } from '../base/nearest-word.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { isRealDay } from '../domain/instant.ts'
import type { Metric } from '../domain/metric.ts'
import type { SourceTree } from '../world.ts'
import { type GovernanceFile, isTimeZone, withDefaults } from './governance-file.ts'
import { noSuchDay } from './no-such-day.ts'
import { type Document, problemAtKey, problemOf, readDocument } from './read-document.ts'
import { GOVERNANCE_FILE, isDiagnostic, listPolicyFiles, problemOfFile, readTreeFile } from './repository-files.ts'
import { quoted } from './schema-problems.ts'
import { secretsInside } from './secrets-inside.ts'

/** What stands outside the tree: the catalogue, and `--config`. */
export interface LoadGovernanceOptions {
  /** The catalogue: load may not import the stage that owns it. */
  readonly metrics: ReadonlyMap<string, Metric>
  /** Stands for policies/governance.yaml (`--config`). */
  readonly governance?: { readonly file: string; readonly bytes: Uint8Array }
}

/** The settings with what is wrong in their file. */
export interface LoadedGovernance {
  /** With defaults where the file is absent or faulty. */
  readonly governance: Governance
  /** As read, for the digest; null with errors. */
  readonly value: unknown
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Problems are diagnostics; an absent file is one. */
export function loadGovernance(tree: SourceTree, options: LoadGovernanceOptions): LoadedGovernance {
  const source = options.governance ?? governanceOf(tree)
  if (isDiagnostic(source)) {
    return { governance: withDefaults(undefined), value: null, file: GOVERNANCE_FILE, diagnostics: [source] }
  }
  const document = readDocument<GovernanceFile>('governance', source.file, source.bytes)
  const governance = withDefaults(document.sound)
  const diagnostics = [...document.diagnostics, ...checkGovernance(document, governance, options.metrics)]
  return { governance, value: document.value, file: source.file, diagnostics }
}

function governanceOf(tree: SourceTree): { readonly file: string; readonly bytes: Uint8Array } | Diagnostic {
  const { governance } = listPolicyFiles(tree)
  if (governance === null) {
    return problemOfFile(GOVERNANCE_FILE, {
      code: 'load/no-governance',
      message: `there is no \`${GOVERNANCE_FILE}\``,
      hint: tree.dirty.includes(GOVERNANCE_FILE)
        ? 'the commit has it: `git restore policies`, or name the commit with `--ref HEAD`'
        : 'run `tutela init`, or give `--repo` the folder of a governance repository',
    })
  }
  const bytes = readTreeFile(tree, governance)
  return isDiagnostic(bytes) ? bytes : { file: governance.path, bytes }
}

function checkGovernance(
  document: Document<GovernanceFile>,
  governance: Governance,
  metrics: ReadonlyMap<string, Metric>,
): Diagnostic[] {
  const { yaml, sound } = document
  if (sound === undefined) return []
  return [
    ...checkInstitution(document),
    ...secretsInside(document),
    ...checkRoutes(document, governance, metrics),
    ...Object.entries(sound.metrics ?? {}).flatMap(([id, metric]) => {
      const [low, high] = metric?.range ?? []
      if (typeof low !== 'number' || typeof high !== 'number' || low < high) return []
      return [
        problemOf(yaml, ['metrics', id, 'range'], {
          code: 'load/bad-range',
          message: `the range of \`${id}\` is empty`,
          hint: 'the least value comes first, and the greatest is above it; `null` where there is none',
        }),
      ]
    }),
  ]
}

function checkInstitution({ yaml, sound }: Document<GovernanceFile>): Diagnostic[] {
  const { timeZone, holidays } = sound?.institution ?? {}
  const path = ['institution', 'timeZone']
  const zone =
    timeZone === undefined || isTimeZone(timeZone)
      ? []
      : [
          problemOf(yaml, path, {
            code: 'load/unknown-time-zone',
            message: `unknown time zone ${quoted(timeZone)}`,
            hint: timeZoneHint(timeZone),
          }),
        ]
  const days = (holidays ?? []).flatMap((day, index) =>
    day === undefined || isRealDay(day) ? [] : [problemOf(yaml, ['institution', 'holidays', index], noSuchDay(day))],
  )
  return [...zone, ...days]
}

function timeZoneHint(name: string): string {
  const otherwise = 'a name of the IANA time zone database, such as `America/Sao_Paulo`'
  return nearOr(name, Intl.supportedValuesOf('timeZone'), otherwise)
}

function checkRoutes(
  { yaml, sound }: Document<GovernanceFile>,
  governance: Governance,
  metrics: ReadonlyMap<string, Metric>,
): Diagnostic[] {
  const channels = Object.keys(governance.channels)
  return Object.entries(sound?.routes ?? {}).flatMap(([route, targets]) =>
    (targets ?? []).flatMap((target, index) => {
      const channel = typeof target === 'string' ? target : target?.channel
      const metric = typeof target === 'object' ? target.when?.metric : undefined
      const path = ['routes', route, index]
      return [
        ...(channel === undefined || channels.includes(channel)
          ? []
          : [
              problemOf(yaml, typeof target === 'string' ? path : [...path, 'channel'], {
                code: 'load/unknown-channel',
                message: `unknown channel ${quoted(channel)}`,
                hint: nearOrList(channel, channels, 'channels'),
              }),
            ]),
        ...(metric === undefined || metrics.has(metric) || Object.hasOwn(governance.metrics, metric)
          ? []
          : [
              problemAtKey(yaml, [...path, 'when', 'metric'], {
                code: 'load/unknown-metric',
                message: `unknown metric ${quoted(metric)}`,
                hint: nearOr(metric, metrics.keys(), OWN_METRIC),
              }),
            ]),
      ]
    }),
  )
}

/** `did you mean`, or what there is: all of it where that is short enough to read. */
export function nearOrList(word: string, words: readonly string[], what: string): string {
  const others = words.length > MOST_LISTED ? `, and ${words.length - MOST_LISTED} more` : ''
  const list = `${what}: ${words.slice(0, MOST_LISTED).join(', ')}${others}`
  return nearOr(word, words, words.length === 0 ? `no ${what} are configured` : list)
}

/** `did you mean`, or what else to do. */
export function nearOr(word: string, words: Iterable<string>, otherwise: string): string {
  const near = nearestWord(word, words)
  return near === undefined ? otherwise : `did you mean \`${near}\`?`
}

const MOST_LISTED = 12

/** What to do about a metric that the catalogue lacks. */
export const OWN_METRIC = 'a metric of your own is `custom.…`, declared under `metrics` in policies/governance.yaml'
