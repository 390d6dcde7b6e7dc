// What people decided about a remedy that was proposed, as reports and the terminal tell it: roles stand in it, never
// people's names, and the reason is what the person wrote.
import type { Remedy } from './proposal.ts'

/** What no run has told yet, by how far runs have read and not by date: a clock may be set, and clones differ. */
export interface Undisclosed {
  /** Ids of proposals of which a person has decided since. */
  readonly proposals: ReadonlySet<string>
  /** Keys of triggers of which there is a mark since. */
  readonly triggers: ReadonlySet<string>
}

/** Where nothing is compared with what runs have told. */
export const ALL_TOLD: Undisclosed = { proposals: new Set(), triggers: new Set() }

/** The last word on one proposal that was not simply left open. */
export interface Decision {
  readonly proposal: string
  readonly key: string
  /** The card's present id. */
  readonly model: string
  readonly environment: string
  readonly action: Remedy
  readonly how: 'merged' | 'rejected' | 'closed' | 'snoozed'
  /** RFC 3339, UTC. */
  readonly at: string
  /** `team:…`, else `user:…` where the card names the person so; empty where neither is known. */
  readonly by: readonly string[]
  readonly reason: string | null
  /** Of a snooze, or of a refusal that is not for good. */
  readonly until: string | null
  /** Of a retrain that was merged: what became of the request, where it was sent. */
  readonly trigger: { readonly at: string; readonly state: 'sent' | 'failed' | 'unknown' } | null
}
