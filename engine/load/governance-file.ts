// policies/governance.yaml as it is written, and the same with every default filled in.
import type {
  Channel,
  Governance,
  Language,
  PinSettings,
  RouteTarget,
  SqlSettings,
  Trigger,
} from '../domain/governance.ts'
import type { Metric, SubjectKind, Worse } from '../domain/metric.ts'
import type { Partially } from './read-document.ts'

/** As written: every part may be absent but the institution's name. */
export interface GovernanceFile {
  readonly institution: {
    readonly name: string
    readonly type?: string
    readonly timeZone?: string
    readonly languages?: readonly Language[]
    readonly holidays?: readonly string[]
  }
  readonly minimumGroupSize?: number
  readonly people?: Readonly<Record<string, readonly string[]>>
  readonly record?: { readonly branch?: string; readonly signingKey?: string; readonly author?: string }
  readonly ledger?: {
    readonly origin?: string
    readonly key?: string
    readonly pin?: { readonly api?: string; readonly authorization?: string; readonly services?: readonly string[] }
    readonly [option: string]: unknown
  }
  readonly forge?: { readonly kind: string; readonly [option: string]: unknown }
  readonly channels?: Readonly<Record<string, Channel>>
  readonly routes?: Readonly<Record<string, readonly (string | RouteTarget)[]>>
  readonly triggers?: Readonly<Record<string, Trigger>>
  readonly sql?: SqlSettings
  readonly metrics?: Readonly<Record<string, MetricFile>>
}

interface MetricFile {
  readonly title: { readonly pt: string; readonly en: string }
  readonly unit: string
  readonly worse: Worse
  readonly subject?: SubjectKind
  readonly range?: readonly [number | null, number | null]
  readonly definition?: string
  readonly source?: string
}

const AUTHOR = { name: 'Tutela', email: 'tutela@localhost' }

/** A policy without `notify` uses this channel, so it is always there. */
const FILE_CHANNEL: Channel = { kind: 'file' }

/** Faulty parts get their defaults too: whoever has errors is told and judges nothing. */
export function withDefaults(sound: Partially<GovernanceFile> | undefined): Governance {
  const file = (sound ?? {}) as Partial<GovernanceFile>
  const institution: Partial<GovernanceFile['institution']> = file.institution ?? {}
  const name = institution.name ?? 'unnamed'
  return {
    institution: {
      name,
      type: institution.type ?? 'other',
      timeZone: isTimeZone(institution.timeZone) ? institution.timeZone : 'America/Sao_Paulo',
      languages: known(institution.languages) ?? ['pt', 'en'],
      holidays: known(institution.holidays) ?? [],
    },
    minimumGroupSize: file.minimumGroupSize ?? 10,
    people: entriesOf(file.people, (names) => known(names) ?? []),
    record: {
      branch: file.record?.branch ?? null,
      signingKey: file.record?.signingKey ?? null,
      author: parseAuthor(file.record?.author),
    },
    ledger: {
      origin: file.ledger?.origin ?? defaultOrigin(name),
      key: file.ledger?.key ?? null,
      ...pinSettings(file.ledger?.pin),
      raw: file.ledger ?? {},
    },
    forge: file.forge ?? { kind: 'local' },
    channels: { file: FILE_CHANNEL, ...entriesOf(file.channels, (channel) => channel) },
    routes: entriesOf(file.routes, (targets) =>
      (known(targets) ?? []).map((target) => (typeof target === 'string' ? { channel: target } : target)),
    ),
    triggers: entriesOf(file.triggers, (trigger) => trigger),
    sql: { ...file.sql, engine: file.sql?.engine ?? 'duckdb' },
    metrics: customMetrics(file.metrics),
  }
}

function pinSettings(pin: Partially<NonNullable<GovernanceFile['ledger']>>['pin']): { pin?: PinSettings } {
  if (pin?.api === undefined) return {}
  const { api, authorization, services } = pin
  return { pin: { api, services: known(services) ?? [], ...(authorization !== undefined && { authorization }) } }
}

/** Whether this machine knows the time zone. */
export function isTimeZone(name: string | undefined): name is string {
  if (name === undefined) return false
  // The default needs no look-up: asking for any zone loads the tables of all, which a start would pay for.
  if (name === 'America/Sao_Paulo') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** `tutela.local/` and the name in lower case, all but `a-z0-9` as `-`. */
function defaultOrigin(name: string): string {
  return `tutela.local/${name.toLowerCase().replace(/[^a-z0-9]/gu, '-')}`
}

function parseAuthor(text: string | undefined): Governance['record']['author'] {
  const match = /^(.*) <([^<>]+)>$/.exec(text ?? '')
  return match?.[1] === undefined || match[2] === undefined ? AUTHOR : { name: match[1].trim(), email: match[2] }
}

function customMetrics(declared: Partial<GovernanceFile>['metrics']): Record<string, Metric> {
  const complete = Object.entries(declared ?? {}).filter(([, metric]) => metric !== undefined)
  return Object.fromEntries(
    complete.map(([id, { title, unit, worse, subject, range, definition, source }]) => [
      id,
      {
        id,
        title,
        family: 'custom' as const,
        subject: subject ?? 'model',
        unit,
        range: range ?? [null, null],
        worse,
        definition: definition ?? id,
        source: source ?? 'governance.yaml',
      },
    ]),
  )
}

function known<T>(list: readonly (T | undefined)[] | undefined): readonly T[] | undefined {
  return list?.filter((item): item is T => item !== undefined)
}

function entriesOf<T, R>(record: Readonly<Record<string, T>> | undefined, map: (value: T) => R): Record<string, R> {
  const entries = Object.entries(record ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value)]))
}
