// Opens the two refs for the verbs that plan: the tree that is judged, the record branch's tree, and open proposals.
import type { Governance } from '../domain/governance.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { PlanRequest } from '../pipeline.ts'
import { readSent } from '../record/forge-state.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree, repositoryFolder } from './open-repository.ts'

export interface OpenedTrees extends Pick<PlanRequest, 'base' | 'record'> {
  readonly store: GitStore | null
  readonly settings: Governance
}

export type OpenedForPlan = OpenedTrees & Pick<PlanRequest, 'proposals' | 'sent'>

/** The trees alone, for verbs that only read: no forge is asked. The working tree, or `--ref`; outside Git the folder. */
export function openTrees(invocation: Invocation): OpenedTrees {
  const { world, globals } = invocation
  const base = openTree(invocation)
  const store = world.repositories.open(repositoryFolder(invocation))
  const { governance: settings } = loadGovernance(base, { metrics: metricsById, ...governanceOverride(invocation) })
  const record = store === null ? base : recordTree(store, base, settings, globals.ref)
  return { base, record, store, settings }
}

/** The trees, and what the forge knows of proposals. */
export async function openForPlan(invocation: Invocation): Promise<OpenedForPlan> {
  const opened = openTrees(invocation)
  const { base, store, settings } = opened
  if (store === null || base.commit === null) return { ...opened, proposals: [], sent: new Set() }
  const proposals = await invocation.world.openForge(store, settings).list(base.commit)
  return { ...opened, proposals, sent: readSent(store) }
}

function recordTree(store: GitStore, base: SourceTree, governance: Governance, ref: string | null): SourceTree | null {
  if (base.commit === null) return base
  const { ref: baseRef } = baseOf(store, ref)
  const name = recordRef(governance, baseRef)
  if (name === null || name === baseRef) return base
  const commit = store.resolve(name)
  return commit === null ? null : store.commitTree(commit)
}
