// policies/governance.yaml after defaults, and everything under policies/ that one run is judged by.
import type { Digest } from '../base/canonical-json.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Metric } from './metric.ts'
import type { Enforcement, Framework, Policy, Waiver } from './policy.ts'

/** The languages of messages and reports. Ids, codes and JSON fields are English in both. */
export type Language = 'pt' | 'en'

/**
 * One channel of a route; with `when`, only for findings of that metric beyond that value. Further options go to the
 * channel as they are.
 */
export interface RouteTarget {
  readonly channel: string
  readonly when?: { readonly metric: string; readonly above?: number; readonly below?: number }
  readonly [option: string]: unknown
}

/** Where notices go. What else its kind needs stands beside, secrets as `env:NAME` or `file:PATH`. */
export interface Channel {
  readonly kind: string
  readonly [option: string]: unknown
}

/** Which engine measures, and where a cluster is; secrets as `env:NAME` or `file:PATH`. */
export interface SqlSettings {
  readonly engine: 'duckdb' | 'trino'
  readonly url?: string
  readonly catalog?: string
  readonly schema?: string
  readonly user?: string
  readonly token?: string
  readonly password?: string
}

/** What starts a training: `command` runs `argv` without a shell; what other kinds need stands beside. */
export interface Trigger {
  readonly kind: string
  readonly argv?: readonly string[]
  readonly [option: string]: unknown
}

/** An IPFS node by its RPC; the secret as `env:NAME`. */
export interface PinSettings {
  readonly api: string
  /** The `authorization` header. */
  readonly authorization?: string
  /** Names of pinning services that the node was given. */
  readonly services: readonly string[]
}

/** The settings of one institution, every default filled in (RESOURCES.md, policies/governance.yaml). */
export interface Governance {
  readonly institution: {
    readonly name: string
    readonly type: string
    readonly timeZone: string
    readonly languages: readonly Language[]
    readonly holidays: readonly string[]
  }
  readonly minimumGroupSize: number
  /** `team:x` → bare names. */
  readonly people: Readonly<Record<string, readonly string[]>>
  readonly record: {
    readonly branch: string | null
    readonly signingKey: string | null
    readonly author: { readonly name: string; readonly email: string }
  }
  readonly ledger: {
    readonly origin: string
    readonly key: string | null
    /** The node that pins the log; absent: it is kept here alone. */
    readonly pin?: PinSettings
    readonly raw: Readonly<Record<string, unknown>>
  }
  readonly forge: { readonly kind: string; readonly [option: string]: unknown }
  readonly channels: Readonly<Record<string, Channel>>
  readonly routes: Readonly<Record<string, readonly RouteTarget[]>>
  readonly triggers: Readonly<Record<string, Trigger>>
  /** Absent: DuckDB. */
  readonly sql?: SqlSettings
  readonly metrics: Readonly<Record<string, Metric>>
}

/** Everything under policies/, checked. `policies` are sorted by id. */
export interface Rulebook {
  readonly governance: Governance
  readonly policies: readonly Policy[]
  readonly waivers: readonly Waiver[]
  readonly frameworks: readonly Framework[]
  /** environment → policy id → enforcement. */
  readonly enforcement: ReadonlyMap<string, ReadonlyMap<string, Enforcement>>
  readonly diagnostics: readonly Diagnostic[]
  /** Of all policies, waivers, enforcement and governance together: what a kept verdict depends on. */
  readonly digest: Digest
}
