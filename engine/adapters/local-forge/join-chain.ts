// Brings a proposal's chain up to the one of a remote. Where both have gone on, the remote's stands, because others saw
// it, and what people said here is said again after it, word for word. Steps of the engine are not: a run takes them anew.
import { Fault } from '../../base/fault.ts'
import { approvalDigest, type ProposalEvent, type SignedApproval } from '../../domain/proposal.ts'
import type { GitStore, ObjectId, PersonsWord } from '../../world.ts'
import { settleBranch } from './proposal-branch.ts'
import { type ChainOf, PROPOSALS, readAt, writeStep } from './proposal-chain.ts'
import type { ProposalState, ReadProposal } from './proposal-state.ts'
import { mergedState, spokenState } from './proposal-steps.ts'

/** Arbitrary: each attempt lost means that another process of this clone spoke. */
const MOST_ATTEMPTS = 20

/**
 * `theirs`: the tip at the remote, whose objects are here. What was said here and can be said no more, because the
 * proposal ended or its facts are others by now. Faults `forge/unreadable`, `forge/busy`.
 */
export function joinChain(chain: ChainOf, id: string, theirs: ObjectId): readonly ProposalEvent[] {
  const { git } = chain
  const ref = PROPOSALS + id
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const ours = git.resolve(ref)
    if (ours === theirs) return []
    const { tip, lost } = joined(chain, id, ours, theirs)
    if (tip === ours) return []
    if (!git.updateRef({ ref, expect: ours, to: tip })) continue
    settleBranch(git, readAt(git, id, tip).state)
    return lost
  }
  throw new Fault('forge/busy', `the proposal \`${id}\` is being changed by others all the time`, 'try again')
}

interface Joined {
  readonly tip: ObjectId
  readonly lost: readonly ProposalEvent[]
}

function joined(chain: ChainOf, id: string, ours: ObjectId | null, theirs: ObjectId): Joined {
  const { git } = chain
  const there = readAt(git, id, theirs)
  if (ours === null) return { tip: theirs, lost: [] }
  const mine = commitsOf(git, readAt(git, id, ours))
  if (mine.includes(theirs)) return { tip: ours, lost: [] }
  const known = new Set(commitsOf(git, there))
  const steps = mine.filter((commit) => !known.has(commit)).reverse()
  return saidAgain(
    chain,
    there,
    steps.map((commit) => readAt(git, id, commit)),
  )
}

/** Newest first: a step's first parent is the step before. */
function commitsOf(git: GitStore, { commit, state }: ReadProposal): ObjectId[] {
  return git.firstParents(commit, state.sequence).map(({ id }) => id)
}

/** `steps`: oldest first. */
function saidAgain(chain: ChainOf, there: ReadProposal, steps: readonly ReadProposal[]): Joined {
  const lost: ProposalEvent[] = []
  let at = there
  for (const { state, approvals } of steps) {
    const { event } = state
    if (event.kind === 'merged' && event.by !== null && at.state.state === 'open') {
      // The base has it: a remote that was put back makes no open proposal of it.
      const { by, head, commit = head } = event
      const next = { ...mergedState(at.state, { at: event.at, by, head, commit }), event }
      at = { state: next, approvals: at.approvals, commit: writeStep(chain, at, { state: next }) }
      continue
    }
    const word = wordOf(event, approvals, state)
    if (word === null || at.approvals.some(({ text }) => text === word.approval?.text)) continue
    if (!canBeSaid(at, event)) {
      lost.push(event)
      continue
    }
    const next = {
      // The event stays what it was: on which head and evidence somebody said it does not change by being said again.
      state: { ...spokenState(at.state, word, at.state.head), event },
      approvals: word.approval === undefined ? at.approvals : [...at.approvals, word.approval],
    }
    at = { ...next, commit: writeStep(chain, at, next) }
  }
  return { tip: at.commit, lost }
}

/** Silence is asked for certain facts alone. */
function canBeSaid({ state }: ReadProposal, { kind, evidence }: ProposalEvent): boolean {
  const isBound = kind === 'rejected' || kind === 'closed'
  return state.state === 'open' && (!isBound || state.evidence === evidence)
}

/** Null for a step of the engine. */
function wordOf(
  { kind, by, at, text, until, approval, evidence }: ProposalEvent,
  approvals: readonly SignedApproval[],
  { ignored }: Pick<ProposalState, 'ignored'>,
): PersonsWord | null {
  if (by === null || kind === 'opened' || kind === 'refreshed' || kind === 'frozen' || kind === 'merged') return null
  const signed = approvals.find((one) => approvalDigest(one) === approval)
  const rejection = kind === 'rejected' ? ignored.find((one) => one.evidence === evidence)?.signed : undefined
  return {
    ...{ kind, by, at },
    ...(text !== undefined && { text }),
    ...(until !== undefined && { until }),
    ...(signed !== undefined && { approval: signed }),
    ...(rejection !== undefined && { rejection }),
  }
}
