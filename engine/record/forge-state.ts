// What the forge and the marks of deliveries say before a run: proposals, triggers that were begun, and what happened
// since the last run, as entries of the log.
import type { Governance } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { LedgerEvent } from '../ledger/run-entries.ts'
import { triggerMarks } from '../remediate/delivered-marks.ts'
import { sentName } from '../remediate/identity.ts'
import type { GitStore, ObjectId, World } from '../world.ts'

export interface ForgeState {
  readonly proposals: readonly Proposal[]
  readonly sent: ReadonlySet<string>
  readonly events: readonly LedgerEvent[]
}

export async function readForge(
  world: World,
  store: GitStore,
  governance: Governance,
  base: ObjectId,
): Promise<ForgeState> {
  const proposals = await world.openForge(store, governance).list(base)
  return { proposals, sent: readSent(store), events: [] }
}

/** `sentName` of each trigger that was begun, by the marks under `refs/tutela/delivered`. */
export function readSent(store: GitStore): ReadonlySet<string> {
  return new Set(triggerMarks(store).map(({ key, evidence }) => sentName(key, evidence)))
}
