// Any pull request, by its two commits: what only runs write is untouched, no measurement is altered, what a merge makes is
// a valid repository, and by the policies of the base it blocks no deployment that was not blocked before.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { GateProblem } from '../remediate/gate.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import { type ChangeToJudge, type JudgedChange, judgeChange } from './gate-judge.ts'
import { mergedTree } from './gate-merge.ts'
import { changedFiles, changeProblems, hasSeveralMergeBases } from './gate-proposal.ts'
import { type Reviewed, reviewersOf } from './gate-reviewers.ts'
import { linkTargets } from './gate-rules.ts'
import { takenModels } from './gate-successors.ts'

/** The answer for two commits; nothing missing and no error: it may be merged. */
export interface RefsGate {
  readonly missing: readonly GateProblem[]
  /** Of what the merge makes. */
  readonly diagnostics: readonly Diagnostic[]
  /** Who answers, on the base, for what is changed: by path. */
  readonly reviewers: readonly Reviewed[]
  /** What the merge makes. */
  readonly merged: SourceTree
  /** By the base's policies. */
  readonly judged: Pick<JudgedChange, 'before' | 'after'>
}

/** What is compared: `head` is to be merged into `base`. */
export interface RefsGateInput extends Pick<ChangeToJudge, 'record' | 'now' | 'remedied'> {
  readonly store: GitStore
  readonly base: ObjectId
  readonly head: ObjectId
}

/** Judges base and merge by the base's policies, and only where cards, measurements or policies change. */
export function gateRefs({ store, base, head, ...request }: RefsGateInput): RefsGate {
  const changed = changedFiles(store, base, head)
  const before = store.commitTree(base)
  const { tree: merged, conflicts } = mergedTree(store, base, head)
  const linked = new Set([before, merged].flatMap((tree) => [...linkTargets(tree).keys()]))
  const touchesModels = changed.some(({ path }) => path.startsWith('models/'))
  const isJudged = touchesModels || changed.some(({ path }) => path.startsWith('policies/') || linked.has(path))
  const judged = isJudged ? judgeChange({ ...request, base: before, merged, touchesModels }) : UNJUDGED
  return {
    missing: [
      ...(conflicts.length === 0 ? [] : [{ code: 'merge-conflict', paths: conflicts } as const]),
      ...(hasSeveralMergeBases(store, base, head) ? [{ code: 'several-merge-bases' } as const] : []),
      ...changeProblems(store, base, head),
      ...(judged.before === null || judged.after === null ? [] : takenModels(judged.before, judged.after)),
      ...judged.missing,
    ],
    diagnostics: judged.diagnostics,
    reviewers: reviewersOf({ base: before, merged, changed, judged }),
    merged,
    judged,
  }
}

const UNJUDGED: JudgedChange = { missing: [], diagnostics: [], before: null, after: null }
