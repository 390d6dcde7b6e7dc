// A proposal's life as a chain of commits under `refs/tutela/proposals/<id>`, one an event: `proposal.json`, `body.md`,
// `approvals/<n>.json` and `.sig`. Each new head of its branch is a second parent, so nothing that was ever approved is
// collected as garbage. The chain moves by compare-and-swap alone.
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { SignedApproval } from '../../domain/proposal.ts'
import type { GitStore, ObjectId, PersonAt, SourceTree } from '../../world.ts'
import { notProposal, type ProposalState, parseState, type ReadProposal, stateText } from './proposal-state.ts'

/** A proposal's ref is this and its id. */
export const PROPOSALS = 'refs/tutela/proposals/'

/** What one event changes. `approvals`: those that stand after it, where they change. */
export interface ChainStep {
  readonly state: ProposalState
  readonly body?: string
  readonly approvals?: readonly SignedApproval[]
}

/** The repository of the chains, and who stands in their commits. */
export interface ChainOf {
  readonly git: GitStore
  readonly author: { readonly name: string; readonly email: string }
}

/** As of now; null where there is none of that id. Faults `forge/unreadable`. */
export function readProposal(git: GitStore, id: string): ReadProposal | null {
  const commit = ID.test(id) ? git.resolve(PROPOSALS + id) : null
  return commit === null ? null : readAt(git, id, commit)
}

/** By id. */
export function readProposals(git: GitStore): ReadProposal[] {
  return chainTips(git).map(({ id, commit }) => readAt(git, id, commit))
}

/** By id. Refs of other names are nobody's proposal, and are passed over. */
export function chainTips(git: GitStore): { readonly id: string; readonly commit: ObjectId }[] {
  const refs = git.listRefs(PROPOSALS).map(({ ref, id }) => ({ id: ref.slice(PROPOSALS.length), commit: id }))
  return refs.filter(({ id }) => ID.test(id)).sort((a, b) => compareText(a.id, b.id))
}

const ID = /^[0-9a-f]{10}$/

/** Markdown; empty where the chain has none. */
export function readBody(git: GitStore, { commit }: ReadProposal): string {
  return textOf(git.commitTree(commit), 'body.md') ?? ''
}

/** Newest first, back to the first one. */
export function readChain(git: GitStore, { commit, state }: ReadProposal): ProposalState[] {
  return git.firstParents(commit, state.sequence).map(({ id }) => readAt(git, state.id, id).state)
}

/** Adds what `step` makes of the present state; null leaves it as it is. The proposal as it is then. */
export function advance(
  chain: ChainOf,
  id: string,
  step: (known: ReadProposal | null) => ChainStep | null,
): ReadProposal | null {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const known = readProposal(chain.git, id)
    const next = step(known)
    if (next === null) return known
    const commit = writeStep(chain, known, next)
    const moved = chain.git.updateRef({ ref: PROPOSALS + id, expect: known?.commit ?? null, to: commit })
    if (moved) return { commit, state: next.state, approvals: next.approvals ?? known?.approvals ?? [] }
  }
  throw new Fault('forge/busy', `the proposal \`${id}\` is being changed by others all the time`, 'try again')
}

/** Arbitrary: each attempt lost means that another writer won. */
const MOST_ATTEMPTS = 20

/** Writes the commit of a step on top of `known`; nothing refers to it yet. */
export function writeStep({ git, author }: ChainOf, known: ReadProposal | null, step: ChainStep): ObjectId {
  const { state, body, approvals } = step
  const person: PersonAt = { ...author, at: Math.floor(Date.parse(state.event.at) / 1000) }
  const changes = new Map<string, Uint8Array | null>([['proposal.json', bytes(stateText(state))]])
  if (body !== undefined) changes.set('body.md', bytes(body))
  if (approvals !== undefined)
    for (const [path, text] of approvalFiles(known?.approvals ?? [], approvals)) changes.set(path, text)
  const isNewHead = known?.state.head !== state.head
  return git.writeCommit({
    base: known?.commit ?? null,
    parents: [...(known === null ? [] : [known.commit]), ...(isNewHead ? [state.head] : [])],
    changes,
    message: `proposal ${state.id}: ${state.event.kind}\n`,
    author: person,
    committer: person,
  })
}

function approvalFiles(
  before: readonly SignedApproval[],
  after: readonly SignedApproval[],
): Map<string, Uint8Array | null> {
  const files = new Map<string, Uint8Array | null>()
  for (let n = 1; n <= Math.max(before.length, after.length); n++) {
    const one = after[n - 1]
    files.set(`approvals/${n}.json`, one === undefined ? null : bytes(one.text))
    files.set(`approvals/${n}.sig`, one === undefined ? null : bytes(one.signature))
  }
  return files
}

/** A chain as of one of its commits. Faults `forge/unreadable`. */
export function readAt(git: GitStore, id: string, commit: ObjectId): ReadProposal {
  const tree = treeOf(git, id, commit)
  const state = parseState(textOf(tree, 'proposal.json') ?? '', id)
  const approvals: SignedApproval[] = []
  for (let n = 1; tree.has(`approvals/${n}.json`); n++) {
    const [text, signature] = [textOf(tree, `approvals/${n}.json`), textOf(tree, `approvals/${n}.sig`)]
    if (text !== null && signature !== null) approvals.push({ text, signature })
  }
  return { commit, state, approvals }
}

/** Whoever wrote another kind of object there is told which ref it is. */
function treeOf(git: GitStore, id: string, commit: ObjectId): SourceTree {
  try {
    return git.commitTree(commit)
  } catch (error) {
    throw error instanceof Fault ? notProposal(id) : error
  }
}

function textOf(tree: SourceTree, path: string): string | null {
  return tree.has(path) ? Buffer.from(tree.read(path)).toString('utf8') : null
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
