// Any pull request, by its two commits: what only runs write is untouched, no measurement is altered, the head is a
// valid repository, and by the policies of the base it blocks no deployment that was not blocked before.

import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { hasErrors } from '../domain/diagnostic.ts'
import type { Verdict } from '../domain/finding.ts'
import { judgeRepository } from '../judge-repository.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import type { GateProblem } from '../remediate/gate.ts'
import { addedCorrections, type ChangedFile } from '../remediate/gate-changes.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import { changedFiles, changeProblems } from './gate-proposal.ts'

/** The answer for two commits; nothing missing and no error: it may be merged. */
export interface RefsGate {
  readonly missing: readonly GateProblem[]
  /** Of the head. */
  readonly diagnostics: readonly Diagnostic[]
  /** Who answers, on the base, for what is changed: by path. */
  readonly reviewers: readonly {
    readonly path: string
    readonly owners: readonly string[]
    /** The models whose measurements the file's new lines take the place of. */
    readonly corrects?: readonly string[]
  }[]
}

/** What is compared: `head` is to be merged into `base`. */
export interface RefsGateInput {
  readonly store: GitStore
  readonly base: ObjectId
  readonly head: ObjectId
  /** The record branch's tree where it is another one. */
  readonly record: SourceTree | null
  readonly now: number
}

/** Judges both commits by the base's policies, and only where cards or policies changed. */
export function gateRefs(input: RefsGateInput): RefsGate {
  const { store, base, head } = input
  const changed = changedFiles(store, base, head)
  const isJudged = changed.some(({ path }) => path.startsWith('policies/') || path.startsWith('models/'))
  const judged = isJudged ? judgeChange(input) : { missing: [], diagnostics: [] }
  return {
    missing: [...changeProblems(store, base, head), ...judged.missing],
    diagnostics: judged.diagnostics,
    reviewers: reviewersOf(store.commitTree(base), changed),
  }
}

function judgeChange({ store, base, head, record, now }: RefsGateInput): Pick<RefsGate, 'missing' | 'diagnostics'> {
  const [before, after] = [store.commitTree(base), store.commitTree(head)]
  const judge = (tree: SourceTree) =>
    judgeRepository({ tree: withRecordedSnapshots(tree, record), now, language: null, keep: 'not-pass' })
  const { diagnostics } = judge(after)
  if (hasErrors(diagnostics)) return { missing: [], diagnostics }
  const blocked = (tree: SourceTree) =>
    judge(tree)
      .models.flatMap((model) => model.judgements)
      .map(({ verdict }) => verdict)
      .filter(({ blocks }) => blocks)
  const known = new Set(blocked(before).map(placeOf))
  const missing = blocked(withPoliciesOf(before, after))
    .filter((verdict) => !known.has(placeOf(verdict)))
    .map(({ model, environment }) => ({ code: 'blocks', model, environment }) as const)
  return { missing, diagnostics }
}

/** A remedy must not be held back by the very problem that it answers, so versions are not told apart. */
function placeOf({ model, environment }: Verdict): string {
  return `${model}\0${environment}`
}

/** The files of one tree, judged by the policies of another. */
function withPoliciesOf(rules: SourceTree, files: SourceTree): SourceTree {
  const isRule = (path: string) => path.startsWith('policies/')
  return {
    label: files.label,
    commit: files.commit,
    dirty: [],
    has: (path) => (isRule(path) ? rules : files).has(path),
    read: (path) => (isRule(path) ? rules : files).read(path),
    list: (folders) =>
      [
        ...files.list(folders).filter(({ path }) => !isRule(path)),
        ...rules.list(folders).filter(({ path }) => isRule(path)),
      ].sort((a, b) => compareText(a.path, b.path)),
    treeId: (folder) => (folder === 'policies' ? rules : files).treeId(folder),
  }
}

/** Of cards and policies alone; what else is under `policies/` is for all policy owners. */
function reviewersOf(base: SourceTree, changed: readonly ChangedFile[]): RefsGate['reviewers'] {
  const rulebook = loadRulebook(base, { metrics: metricsById })
  const models = new Map(listModels(base).map((files) => [files.id, files]))
  const policyOwners = [...new Set(rulebook.policies.map(({ owner }) => owner))].sort(compareText)
  const cardOf = (model: string) => {
    const files = models.get(model)
    return files === undefined ? undefined : loadCard(base, files, rulebook).loaded?.card
  }
  const corrections = addedCorrections(changed).map(({ path, models: corrects }) => {
    // What was measured decides as much as a policy does: those who own the model and who validates it look at it.
    const cards = corrects.map(cardOf)
    const owners = cards.flatMap((card) => (card === undefined ? [] : [...card.owners, card.validator ?? []].flat()))
    return { path, owners: [...new Set(owners)].sort(compareText), corrects }
  })
  const others = changed.flatMap(({ path }) => {
    const [, model = ''] = /^models\/([^/]+)\//.exec(path) ?? []
    const files = models.get(model)
    if (files !== undefined) return [{ path, owners: cardOf(model)?.owners ?? [] }]
    if (!path.startsWith('policies/')) return []
    const own = rulebook.policies.find(({ place }) => place.file === path)
    return [{ path, owners: own === undefined ? policyOwners : [own.owner] }]
  })
  return [...corrections, ...others]
}
