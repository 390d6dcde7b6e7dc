// The branch of a local proposal. What stands in the chain is the truth, and the branch is made to follow it; only a
// commit of a person, which the chain does not know, stays untouched.
import { Fault } from '../../base/fault.ts'
import type { GitStore, ObjectId } from '../../world.ts'
import type { ProposalState } from './proposal-state.ts'

/** Where a proposal's branch stands. */
export interface Tip {
  /** What would be merged. */
  readonly head: ObjectId
  /** A person's commit that the chain does not know yet. */
  readonly isForeign: boolean
}

/** A branch that is not there (a crash, or somebody's deletion) stands for the recorded head. */
export function tipOf(git: GitStore, { branch, head, heads, state }: ProposalState): Tip {
  const tip = state === 'open' ? git.resolve(branch) : null
  if (tip === null || heads.includes(tip)) return { head, isForeign: false }
  return { head: tip, isForeign: true }
}

/** Moves, makes or removes the branch until it is as the chain says. Repeating it changes nothing. */
export function settleBranch(git: GitStore, proposal: ProposalState): void {
  const { branch, head, heads, state } = proposal
  const tip = git.resolve(branch)
  const to = state === 'open' ? head : null
  if (tip === to || (tip !== null && !heads.includes(tip))) return
  // Lost to another writer: that one settles it, or the next step does.
  git.updateRef({ ref: branch, expect: tip, to })
}

/** Faults `forge/branch-taken` where somebody has a branch of that name that no proposal of ours knows. */
export function requireFree(git: GitStore, branch: string, heads: readonly ObjectId[]): void {
  const tip = git.resolve(branch)
  if (tip === null || heads.includes(tip)) return
  throw new Fault(
    'forge/branch-taken',
    `\`${branch}\` exists, with commits that no proposal knows`,
    'rename or delete that branch, then run again',
  )
}
