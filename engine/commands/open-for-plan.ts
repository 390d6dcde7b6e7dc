// Opens the two refs for the verbs that plan: the tree that is judged, the record branch's tree, and open proposals.
import type { Governance } from '../domain/governance.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { PlanRequest } from '../pipeline.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import { NO_PROPOSALS } from '../remediate/plan-remedies.ts'
import { readProposals } from '../remediate/read-proposals.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree, repositoryFolder } from './open-repository.ts'

export interface OpenedForPlan extends Pick<PlanRequest, 'base' | 'record' | 'proposals'> {
  readonly store: GitStore | null
  readonly governance: Governance
}

/** The working tree, or `--ref`; outside Git the folder alone. */
export function openForPlan(invocation: Invocation): OpenedForPlan {
  const base = openTree(invocation)
  const store = invocation.world.repositories.open(repositoryFolder(invocation))
  const { governance } = loadGovernance(base, { metrics: metricsById, ...governanceOverride(invocation) })
  if (store === null) return { base, record: base, proposals: NO_PROPOSALS, store, governance }
  const record = recordTree(store, base, governance, invocation.globals.ref)
  return { base, record, proposals: readProposals(store, governance), store, governance }
}

function recordTree(store: GitStore, base: SourceTree, governance: Governance, ref: string | null): SourceTree | null {
  if (base.commit === null) return base
  const { ref: baseRef } = baseOf(store, ref)
  const name = recordRef(governance, baseRef)
  if (name === null || name === baseRef) return base
  const commit = store.resolve(name)
  return commit === null ? null : store.commitTree(commit)
}
