// Gathers what decides whether a proposal may be merged, from the base and the branch, and asks the gate.
// Reads; writes nothing.

import { canonicalJson } from '../base/canonical-json.ts'
import { sortedBy } from '../base/order.ts'
import { policiesById } from '../domain/finding-figures.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { planRepository } from '../pipeline.ts'
import { bookmarkIn, readSent } from '../record/forge-state.ts'
import { type Contributor, type GateProblem, gateProposal, type ProposalVerdict } from '../remediate/gate.ts'
import {
  type ChangedFile,
  type ChangeProblem,
  gateChanges,
  gateOtherFiles,
  removedCards,
} from '../remediate/gate-changes.ts'
import { isOwnRendering } from '../remediate/own-rendering.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { type OpenedProposals, recordOf } from './open-proposals.ts'

/**
 * What a merge of the proposal still lacks, and which approvals count. Reads base, branch and policies; `now` is
 * never before the base's newest commit.
 */
export function gateOf(invocation: Invocation, opened: OpenedProposals, proposal: Proposal): ProposalVerdict {
  const { store, base, tree, governance, signers } = opened
  const { now } = invocation.globals
  const own = cardOf(tree, proposal.model)
  const verdict = gateProposal({
    ...{ proposal, governance, signers },
    now: Math.max(now, store.readCommit(base.commit).committer.at * 1000),
    card: own?.card ?? null,
    contributors: contributorsOf(store, base.commit, proposal.head),
    conflicts: conflictsOf(store, base.commit, proposal.head),
    hasSeveralMergeBases: hasSeveralMergeBases(store, base.commit, proposal.head),
    planned: plannedOf(opened, now),
  })
  const changes = changeProblems(store, base.commit, proposal.head)
  const others = gateOtherFiles(changedFiles(store, base.commit, proposal.head), own?.folder ?? proposal.model)
  const foreign = own === null ? [] : foreignChange(opened, proposal, own)
  return { ...verdict, missing: [...rewound(opened, proposal), ...foreign, ...verdict.missing, ...changes, ...others] }
}

/** Of a head that is on the base nothing is left to merge, and promotions are not rendered yet. */
function foreignChange({ store, base }: OpenedProposals, proposal: Proposal, { card, file, rulebook }: FoundCard) {
  const { id, head, branch, state, isOnBase, action } = proposal
  if (state !== 'open' || isOnBase || action === 'promote') return []
  const changed = forksOf(store, base.commit, head).map((fork) => filesBetween(store, fork, head))
  if (isOwnRendering({ proposal, card, file, policies: policiesById(rulebook), changed })) return []
  return [{ code: 'not-rendered', proposal: id, branch: branch.replace(/^refs\/heads\//, '') } as const]
}

/**
 * What no approval allows. Asked of every common ancestor, since after criss-cross merges the one that is picked may lack
 * what another has, and a merge would still take it away. What is as on the base's tip cannot change by a merge.
 */
export function changeProblems(store: GitStore, base: ObjectId, head: ObjectId): ChangeProblem[] {
  const differs = new Set(store.changedPaths(base, head))
  const found = new Map<string, ChangeProblem>()
  const removed = new Set<string>()
  for (const fork of forksOf(store, base, head)) {
    const files = filesBetween(store, fork, head).filter(({ path }) => differs.has(path) || path.startsWith('models/'))
    for (const problem of gateChanges(files)) found.set(canonicalJson({ ...problem }), problem)
    for (const model of removedCards(files)) removed.add(model)
  }
  const gone = removed.size === 0 ? [] : [...removed].filter((model) => cardOf(store.commitTree(head), model) === null)
  return [...found.values(), ...gone.map((model) => ({ code: 'model-removed', path: `models/${model}` }) as const)]
}

/**
 * The files that differ between where the head forked from the base and the head; of several forks, those that differ from
 * any and from the base, in order of path.
 */
export function changedFiles(store: GitStore, base: ObjectId, head: ObjectId): ChangedFile[] {
  const [fork = base, ...others] = forksOf(store, base, head)
  if (others.length === 0) return filesBetween(store, fork, head)
  const differs = new Set(store.changedPaths(base, head))
  const files = [fork, ...others].flatMap((from) => filesBetween(store, from, head))
  const byPath = new Map(files.filter(({ path }) => differs.has(path)).map((file) => [file.path, file]))
  return sortedBy([...byPath.values()], ({ path }) => path)
}

/** After criss-cross merges: which of them a merge starts from is Git's to choose, and it may merge them first. */
export function hasSeveralMergeBases(store: GitStore, base: ObjectId, head: ObjectId): boolean {
  return store.mergeBases(base, head).length > 1
}

/** The base itself where nothing is shared: whatever it has and the head has not would be lost. */
function forksOf(store: GitStore, base: ObjectId, head: ObjectId): readonly ObjectId[] {
  const forks = store.mergeBases(base, head)
  return forks.length === 0 ? [base] : forks
}

function filesBetween(store: GitStore, fork: ObjectId, head: ObjectId): ChangedFile[] {
  const [before, after] = [store.commitTree(fork), store.commitTree(head)]
  return store
    .changedPaths(fork, head)
    .map((path) => ({ path, before: bytesAt(before, path), after: bytesAt(after, path) }))
}

/** Empty for links and submodules, and for files outside every folder: what the root holds decides nothing here. */
function bytesAt(tree: SourceTree, path: string): Uint8Array | null {
  if (!tree.has(path)) return null
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const mode = folder === '' ? null : tree.list([folder]).find((file) => file.path === path)?.mode
  return mode === 'file' || mode === 'executable' ? tree.read(path) : new Uint8Array()
}

/** A card on the base, with the rulebook that it was read by. */
export interface FoundCard {
  readonly card: ModelCard
  readonly folder: string
  readonly file: string
  readonly rulebook: Rulebook
}

/** By the folder's name, or by a former id. */
export function cardOf(tree: SourceTree, model: string): FoundCard | null {
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const models = listModels(tree)
  const own = models.filter(({ id }) => id === model)
  for (const files of own.length > 0 ? own : models) {
    const { loaded } = loadCard(tree, files, rulebook)
    if (loaded !== null && (files.id === model || loaded.card.formerly?.includes(model) === true))
      return { card: loaded.card, folder: files.id, file: loaded.file, rulebook }
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

/** A ref that lost recorded words says nothing that may be relied on, however it is signed. */
function rewound(opened: OpenedProposals, { id }: Proposal): GateProblem[] {
  const lost = opened.forge.rewound(bookmarkIn(recordOf(opened))?.forge ?? null).filter((one) => one.id === id)
  return lost.map(({ recorded, missing }) => ({
    code: 'rewound',
    ref: `refs/tutela/proposals/${id}`,
    recorded,
    events: missing.map(({ kind, at }) => `${kind} ${at}`),
  }))
}

/** What a run at this moment would do; null where the policies cannot be evaluated. */
export function plannedOf(opened: OpenedProposals, now: number): readonly PlannedAction[] | null {
  const { store, tree, proposals } = opened
  const record = recordOf(opened)
  const planned = planRepository({
    ...{ base: tree, record, now, proposals, sent: readSent(store, record) },
    language: null,
    keep: 'not-pass',
  })
  return planned.models.length === 0 ? null : planned.plan.actions
}
