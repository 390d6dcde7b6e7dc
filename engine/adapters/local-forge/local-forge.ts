// The embedded forge: proposals as refs of the same repository, no server. Implements the ports `Forge` and
// `MergingForge`; who may approve or merge is decided before (remediate/gate.ts), never here.
import { Fault } from '../../base/fault.ts'
import type { Proposal, ProposalEvent } from '../../domain/proposal.ts'
import type { ForgeBookmark, GitStore, MergingForge, ObjectId, ProposalDraft, SharedAt } from '../../world.ts'
import { newsOf, rewoundChains } from './chain-news.ts'
import { mergeProposal } from './merge-proposal.ts'
import { requireFree, settleBranch, tipOf } from './proposal-branch.ts'
import {
  advance,
  type ChainOf,
  chainTips,
  PROPOSALS,
  readAt,
  readBody,
  readChain,
  readProposal,
  readProposals,
} from './proposal-chain.ts'
import type { ProposalState, ReadProposal } from './proposal-state.ts'
import {
  closedState,
  countedState,
  frozenState,
  hasStepped,
  openedState,
  refreshedState,
  spokenState,
} from './proposal-steps.ts'
import { fetchProposals, pushProposals, unpushedProposals } from './share-proposals.ts'

/** `author` stands in the commits of the chain; people stand in its events. */
export function localForge(git: GitStore, author: ChainOf['author']): MergingForge {
  const chain: ChainOf = { git, author }
  return {
    kind: 'local',
    list: async (base) => readProposals(git).map((one) => proposalOf(git, one, base)),
    body: async (id) => readBody(git, require(git, id)),
    history: async (id) =>
      readChain(git, require(git, id))
        .map(({ event }) => event)
        .reverse(),
    open: async (draft) => open(chain, draft),
    refresh: async (draft) => refresh(chain, draft),
    keepCount: async (id, count) => {
      advance(chain, id, (known) => {
        if (known?.state.state !== 'open' || hasStepped(known.state, count.run, 'counted')) return null
        return { state: countedState(known.state, count) }
      })
    },
    close: async (id, end) => close(chain, id, end),
    say: async (id, word) => {
      const said = advance(chain, id, (known) => {
        const open = requireOpen(known, id)
        const { approval } = word
        if (approval !== undefined && open.approvals.some((one) => one.text === approval.text)) return null
        const state = spokenState(open.state, word, tipOf(git, open.state).head)
        return { state, ...(approval === undefined ? {} : { approvals: [...open.approvals, approval] }) }
      })
      if (said !== null) settleBranch(git, said.state)
    },
    eventsSince: async (bookmark, there) => eventsSince(git, bookmark, there),
    rewound: (bookmark) => (bookmark === null ? [] : rewoundChains(git, bookmark)),
    merge: (id, options) => mergeProposal(chain, id, options),
    fetch: (remote, also) => fetchProposals(chain, remote, also),
    unpushed: (there) => unpushedProposals(git, there),
    push: (shared) => pushProposals(git, shared),
  }
}

function open(chain: ChainOf, draft: ProposalDraft): string {
  const { git } = chain
  const id = draft.key.slice(0, 10)
  const there = readProposal(git, id)
  if (there?.state.state === 'open' && !hasStepped(there.state, draft.run, 'opened')) return refresh(chain, draft)
  if (there === null || !hasStepped(there.state, draft.run, 'opened')) {
    requireFree(git, draft.branch, there?.state.heads ?? [])
    const head = render(git, draft)
    advance(chain, id, (known) => {
      // Another run opened it meanwhile: its proposal stands.
      if (known?.state.state === 'open' || (known !== null && hasStepped(known.state, draft.run, 'opened'))) return null
      return { state: openedState(known?.state ?? null, draft, head), body: draft.body, approvals: [] }
    })
  }
  settleBranch(git, require(git, id).state)
  return id
}

function refresh(chain: ChainOf, draft: ProposalDraft): string {
  const { git } = chain
  const id = draft.key.slice(0, 10)
  const done = advance(chain, id, (known) => {
    if (known?.state.state !== 'open' || hasStepped(known.state, draft.run, 'refreshed')) return null
    const { head, isForeign } = tipOf(git, known.state)
    return isForeign && !known.state.isFrozen ? { state: frozenState(known.state, head, draft.at) } : null
  })
  if (done?.state.state !== 'open') return id
  const head = done.state.isFrozen || draft.commit === null ? null : render(git, draft)
  const refreshed = advance(chain, id, (known) => {
    if (known?.state.state !== 'open' || hasStepped(known.state, draft.run, 'refreshed')) return null
    return { state: refreshedState(known.state, draft, head), body: draft.body }
  })
  if (refreshed !== null) settleBranch(git, refreshed.state)
  return id
}

function close(
  chain: ChainOf,
  id: string,
  end: { readonly reason: string; readonly at: string; readonly run: string },
): void {
  const closed = advance(chain, id, (known) => {
    if (known?.state.state !== 'open' || hasStepped(known.state, end.run, 'closed')) return null
    return { state: closedState(known.state, { ...end, head: tipOf(chain.git, known.state).head }) }
  })
  if (closed !== null) settleBranch(chain.git, closed.state)
}

function render(git: GitStore, { base, commit }: ProposalDraft): ObjectId {
  if (commit === null) throw new Error('internal error: a proposal is opened without a change')
  const { changes, message, author } = commit
  return git.writeCommit({ base, parents: [base], changes, message, author, committer: author })
}

function eventsSince(git: GitStore, bookmark: ForgeBookmark | null, there?: SharedAt['there']) {
  const events: { proposal: Proposal; event: ProposalEvent }[] = []
  const next: Record<string, string> = {}
  for (const { id, commit } of chainTips(git)) {
    const until = bookmark !== null && Object.hasOwn(bookmark, id) ? (bookmark[id] ?? null) : null
    const tip = there === undefined ? commit : (there.get(PROPOSALS + id) ?? null)
    const news = newsOf(git, id, { tip, until })
    if (news.until !== null) next[id] = news.until
    if (tip === null || news.events.length === 0) continue
    const proposal = proposalOf(git, readAt(git, id, tip), null)
    for (const event of news.events) events.push({ proposal, event })
  }
  return { events, bookmark: next }
}

function proposalOf(git: GitStore, { state, approvals }: ReadProposal, base: ObjectId | null): Proposal {
  const { head, isForeign } = tipOf(git, state)
  const { apiVersion: _, kind: __, sequence: ___, heads: ____, steps: _____, event: ______, ...facts } = state
  return {
    ...facts,
    head,
    isFrozen: state.isFrozen || isForeign,
    isOnBase: base !== null && state.state === 'open' && isWithin(git, head, base),
    approvals,
  }
}

/** By the merge base, which is found near the tips; a shallow clone that cannot tell says no. */
function isWithin(git: GitStore, head: ObjectId, base: ObjectId): boolean {
  try {
    return git.mergeBase(head, base) === head
  } catch (error) {
    if (error instanceof Fault && error.code === 'git/shallow') return false
    throw error
  }
}

function require(git: GitStore, id: string): ReadProposal {
  const read = readProposal(git, id)
  if (read !== null) return read
  throw new Fault('forge/unknown-proposal', `no proposal is called \`${id}\``, '`tutela pr list` shows them')
}

function requireOpen(read: ReadProposal | null, id: string): ReadProposal & { readonly state: ProposalState } {
  if (read === null)
    throw new Fault('forge/unknown-proposal', `no proposal is called \`${id}\``, '`tutela pr list` shows them')
  if (read.state.state === 'open') return read
  throw new Fault(
    'forge/ended',
    `the proposal \`${id}\` is ${read.state.state} since ${read.state.end?.at ?? 'long ago'}`,
  )
}
