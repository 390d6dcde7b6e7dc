// What `pr` and `gate` work on: the base, what it says of people and owners, and the proposals of its forge.
import { Fault } from '../base/fault.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { compareText } from '../base/order.ts'
import type { Governance, Language } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { believedProposals } from '../record/claimed-merges.ts'
import { recordTip } from '../record/record-tip.ts'
import { baseOf, recordRef, type TwoRefs } from '../record/two-refs.ts'
import { ALLOWED_SIGNERS, type AllowedSigners, parseAllowedSigners } from '../remediate/allowed-signers.ts'
import type { GitStore, MergingForge, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { openStore } from './open-repository.ts'

/** The base and what it says of proposals; nothing is fetched. */
export interface OpenedProposals {
  readonly store: GitStore
  readonly base: TwoRefs['base']
  /** The base's files. */
  readonly tree: SourceTree
  readonly governance: Governance
  readonly signers: AllowedSigners
  readonly forge: MergingForge
  /** By id. */
  readonly proposals: readonly Proposal[]
  readonly language: Language
}

/** `ref` null: what is checked out. */
export async function openProposals(invocation: Invocation, ref: string | null): Promise<OpenedProposals> {
  const { world, globals } = invocation
  const store = openStore(invocation)
  const base = baseOf(store, ref)
  const tree = store.commitTree(base.commit)
  const { governance } = loadGovernance(tree, { metrics: metricsById })
  const forge = world.openForge(store, governance)
  const { timeZone, languages } = governance.institution
  const text = tree.has(ALLOWED_SIGNERS) ? Buffer.from(tree.read(ALLOWED_SIGNERS)).toString('utf8') : ''
  return {
    ...{ store, base, tree, governance, forge },
    signers: parseAllowedSigners(text, timeZone),
    proposals: believedProposals(store, base.commit, { kind: forge.kind, proposals: await forge.list(base.commit) }),
    language: globals.lang ?? languages[0] ?? 'pt',
  }
}

/** The tree that runs record in; null before the first one. */
export function recordOf({ store, base, tree, governance }: OpenedProposals): SourceTree | null {
  const ref = recordRef(governance, base.ref)
  const commit = ref === null || ref === base.ref ? base.commit : recordTip(store, ref)
  if (commit === null) return null
  return commit === base.commit ? tree : store.commitTree(commit)
}

const byOpening = (a: Proposal, b: Proposal) => compareText(a.openedAt, b.openedAt) || compareText(a.id, b.id)

/** By its id, the beginning of one, or the model it is about where that has one open proposal. */
export function findProposal(proposals: readonly Proposal[], name: string): Proposal {
  const exact = proposals.filter(({ id }) => id === name)
  const begun = name.length < 4 ? [] : proposals.filter(({ id }) => id.startsWith(name))
  const ofModel = proposals.filter(({ model, state }) => model === name && state === 'open')
  const found = [exact, begun, ofModel].find((list) => list.length > 0) ?? []
  const [one, other] = found
  if (one !== undefined && other === undefined) return one
  if (one !== undefined) {
    const ids = found.map(({ id, action }) => `\`${id}\` (${action})`).join(', ')
    throw new Fault('forge/ambiguous', `\`${name}\` may be ${ids}`, 'give the whole id')
  }
  const last = proposals
    .filter(({ model }) => model === name)
    .sort(byOpening)
    .at(-1)
  if (last !== undefined) {
    const told = `no proposal of \`${name}\` is open; the last, \`${last.id}\`, is ${last.state}`
    throw new Fault('forge/unknown-proposal', told, `\`tutela pr show ${last.id}\` shows it`)
  }
  const nearest = nearestWord(
    name,
    proposals.map(({ id }) => id),
  )
  const hint = nearest === undefined ? '`tutela pr list` shows them' : `did you mean \`${nearest}\`?`
  throw new Fault('forge/unknown-proposal', `no proposal is called \`${name}\``, hint)
}
