// The two refs for the verbs that plan, given the settings: the tree that is judged, the record branch's tree, and what the
// forge knows. Reads no policy, so that a plan which is remembered costs no reader of YAML.
import type { Governance } from '../domain/governance.ts'
import type { PlanRequest } from '../pipeline.ts'
import { believedProposals, tellingBelieved } from '../record/claimed-merges.ts'
import { readSent, untoldSince } from '../record/forge-state.ts'
import { recordTip } from '../record/record-tip.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { openTree, repositoryFolder } from './open-repository.ts'

/** What a verb reads: the tree that is judged, and where runs commit. */
export interface OpenedTrees extends Pick<PlanRequest, 'base' | 'record'> {
  readonly store: GitStore | null
  readonly settings: Governance
}

/** The same with what the forge knows, for verbs that plan. */
export type OpenedForPlan = OpenedTrees & Pick<PlanRequest, 'proposals' | 'sent' | 'untold'>

/** The tree that is judged and the repository around it; null outside Git. */
export function openBase(invocation: Invocation): Pick<OpenedTrees, 'base' | 'store'> {
  const store = invocation.world.repositories.open(repositoryFolder(invocation))
  const isWorkingTree = store !== null && invocation.globals.ref === null
  return { base: isWorkingTree ? store.workingTree() : openTree(invocation), store }
}

/** Adds the record branch's tree, which only the settings name; null before its first commit. */
export function withRecord(
  { globals }: Invocation,
  { base, store }: Pick<OpenedTrees, 'base' | 'store'>,
  settings: Governance,
): OpenedTrees {
  const record = store === null ? base : recordTree(store, base, settings, globals.ref)
  return { base, record, store, settings }
}

/** Adds the proposals and what was sent. Outside Git, and without commits, there are none. Faults as the forge does. */
export async function withForge({ world }: Invocation, opened: OpenedTrees): Promise<OpenedForPlan> {
  const { base, record, store, settings: governance } = opened
  if (store === null || base.commit === null) return { ...opened, proposals: [], sent: new Set() }
  const forge = world.openForge(store, governance)
  const listed = await forge.list(base.commit)
  const proposals = believedProposals(store, base.commit, { kind: forge.kind, proposals: listed })
  return {
    ...opened,
    proposals,
    sent: readSent(store, record),
    untold: await untoldSince({ store, governance, forge: tellingBelieved(forge, proposals) }, record),
  }
}

function recordTree(store: GitStore, base: SourceTree, governance: Governance, ref: string | null): SourceTree | null {
  if (base.commit === null) return base
  const { ref: baseRef } = baseOf(store, ref)
  const name = recordRef(governance, baseRef)
  if (name === null || name === baseRef) return base
  const commit = recordTip(store, name)
  return commit === null ? null : store.commitTree(commit)
}
