// Gathers what decides whether a proposal may be merged, from the base and the branch, and asks the gate.
// Reads; writes nothing.

import type { ModelCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { planRepository } from '../pipeline.ts'
import { readSent } from '../record/forge-state.ts'
import { recordRef } from '../record/two-refs.ts'
import { type Contributor, gateProposal, type ProposalVerdict } from '../remediate/gate.ts'
import { type ChangedFile, gateChanges } from '../remediate/gate-changes.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import type { OpenedProposals } from './open-proposals.ts'

export function gateOf(invocation: Invocation, opened: OpenedProposals, proposal: Proposal): ProposalVerdict {
  const { store, base, tree, governance, signers } = opened
  const { now } = invocation.globals
  const verdict = gateProposal({
    ...{ proposal, governance, signers, now },
    card: cardOf(tree, proposal.model),
    contributors: contributorsOf(store, base.commit, proposal.head),
    conflicts: conflictsOf(store, base.commit, proposal.head),
    planned: plannedOf(opened, now),
  })
  const changes = gateChanges(changedFiles(store, base.commit, proposal.head))
  return { ...verdict, missing: [...verdict.missing, ...changes] }
}

/** The files that differ between where the head forked from the base and the head. Everything where nothing is shared. */
export function changedFiles(store: GitStore, base: ObjectId, head: ObjectId): ChangedFile[] {
  const fork = store.mergeBase(base, head)
  const [before, after] = [fork === null ? null : store.commitTree(fork), store.commitTree(head)]
  return store
    .changedPaths(fork, head)
    .map((path) => ({ path, before: bytesAt(before, path), after: bytesAt(after, path) }))
}

function bytesAt(tree: SourceTree | null, path: string): Uint8Array | null {
  return tree?.has(path) === true ? tree.read(path) : null
}

/** By the folder's name, or by a former id. */
function cardOf(tree: SourceTree, model: string): ModelCard | null {
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const models = listModels(tree)
  const own = models.filter(({ id }) => id === model)
  for (const files of own.length > 0 ? own : models) {
    const { loaded } = loadCard(tree, files, rulebook)
    if (loaded !== null && (files.id === model || loaded.card.formerly?.includes(model) === true)) return loaded.card
  }
  return null
}

/** Authors and committers of the commits that the base does not have. */
function contributorsOf(store: GitStore, base: ObjectId, head: ObjectId): Contributor[] {
  const found: Contributor[] = []
  const seen = new Set([head])
  for (const id of seen) {
    if (store.mergeBase(id, base) === id) continue
    const { author, committer, parents } = store.readCommit(id)
    found.push(author, committer)
    for (const parent of parents) seen.add(parent)
  }
  return found
}

/** Paths that both sides changed since they parted, and not alike. */
function conflictsOf(store: GitStore, base: ObjectId, head: ObjectId): string[] {
  const fork = store.mergeBase(base, head)
  const theirs = new Set(store.changedPaths(fork, head))
  const [ours, other] = [store.commitTree(base), store.commitTree(head)]
  return store.changedPaths(fork, base).filter((path) => {
    if (!theirs.has(path)) return false
    const [a, b] = [bytesAt(ours, path), bytesAt(other, path)]
    return a === null || b === null ? a !== b : Buffer.compare(a, b) !== 0
  })
}

/** What a run at this moment would do; null where the policies cannot be evaluated. */
function plannedOf(opened: OpenedProposals, now: number): readonly PlannedAction[] | null {
  const { store, base, tree, governance, proposals } = opened
  const ref = recordRef(governance, base.ref)
  const commit = ref === null || ref === base.ref ? base.commit : store.resolve(ref)
  const record = commit === base.commit ? tree : commit === null ? null : store.commitTree(commit)
  const planned = planRepository({
    ...{ base: tree, record, now, proposals, sent: readSent(store) },
    language: null,
    keep: 'not-pass',
  })
  return planned.models.length === 0 ? null : planned.plan.actions
}
