// What `pr` and `gate` share: the forge, the base with its owners and keys, and the gate's answer on one proposal.
import { readFileSync } from 'node:fs'
import { Fault } from '../base/fault.ts'
import type { Governance, Language, Rulebook } from '../domain/governance.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import { openRulebook } from '../judge-repository.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { planRepository } from '../pipeline.ts'
import { readSent } from '../record/forge-state.ts'
import { baseOf, recordRef, type TwoRefs } from '../record/two-refs.ts'
import { ALLOWED_SIGNERS, type AllowedSigners, NO_SIGNERS, parseAllowedSigners } from '../remediate/allowed-signers.ts'
import { type Contributor, gateProposal, type ProposalVerdict } from '../remediate/gate.ts'
import type { GitStore, MergingForge, ObjectId, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { openStore } from './open-repository.ts'

export interface ProposalDesk {
  readonly store: GitStore
  readonly base: TwoRefs['base']
  readonly tree: SourceTree
  readonly rulebook: Rulebook
  readonly governance: Governance
  readonly signers: AllowedSigners
  readonly language: Language
  readonly forge: MergingForge
}

/** Everything that decides is read from the base: what is checked out, or `--ref`. */
export function openDesk(invocation: Invocation): ProposalDesk {
  const { world, globals } = invocation
  const store = openStore(invocation)
  const base = baseOf(store, globals.ref)
  const tree = store.commitTree(base.commit)
  const { rulebook, language } = openRulebook({ tree, language: globals.lang })
  const { governance } = rulebook
  const signers = tree.has(ALLOWED_SIGNERS)
    ? parseAllowedSigners(Buffer.from(tree.read(ALLOWED_SIGNERS)).toString('utf8'), governance.institution.timeZone)
    : NO_SIGNERS
  return { store, base, tree, rulebook, governance, signers, language, forge: world.openForge(store, governance) }
}

/** By id or its beginning. Faults where there is none, or more than one. */
export async function findProposal({ forge, base }: ProposalDesk, id: string): Promise<Proposal> {
  const all = await forge.list(base.commit)
  const found = all.filter((one) => one.id === id || (id.length >= 4 && one.id.startsWith(id)))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (found.length > 1)
    throw new Fault('forge/ambiguous', `\`${id}\` is the beginning of ${found.map((one) => one.id).join(', ')}`)
  throw new Fault('forge/unknown-proposal', `no proposal is called \`${id}\``, '`tutela pr list` shows them')
}

export function cardOnBase({ tree, rulebook }: ProposalDesk, model: string): ModelCard | null {
  const files = listModels(tree).find(({ id }) => id === model)
  return files === undefined ? null : (loadCard(tree, files, rulebook).loaded?.card ?? null)
}

/** The gate's answer as of `now`. */
export async function judgeProposal(desk: ProposalDesk, proposal: Proposal, now: number): Promise<ProposalVerdict> {
  const { governance, signers } = desk
  return gateProposal({
    proposal,
    card: cardOnBase(desk, proposal.model),
    governance,
    signers,
    now,
    contributors: contributorsOf(desk, proposal.head),
    conflicts: proposal.state === 'open' ? conflictsOf(desk, proposal.head) : [],
    planned: proposal.state === 'open' ? await plannedActions(desk, now) : null,
  })
}

/** Authors and committers of the branch's commits, back to the base. */
function contributorsOf({ store, base }: ProposalDesk, head: ObjectId): Contributor[] {
  const people: Contributor[] = []
  for (const info of store.firstParents(head, MOST_COMMITS)) {
    if (store.isAncestor(info.id, base.commit)) break
    people.push(info.author, info.committer)
  }
  return people.map(({ name, email }) => ({ name, email }))
}

/** Arbitrary: a proposal is one commit, and what people add is few. */
const MOST_COMMITS = 1000

/** Paths that both sides changed, to different bytes. */
export function conflictsOf({ store, base }: Pick<ProposalDesk, 'store' | 'base'>, head: ObjectId): string[] {
  const fork = store.mergeBase(base.commit, head)
  if (fork === null) return ['(no common history)']
  const ours = new Set(store.changedPaths(fork, base.commit))
  const [here, there] = [store.commitTree(base.commit), store.commitTree(head)]
  const bytes = (tree: SourceTree, path: string) =>
    tree.has(path) ? Buffer.from(tree.read(path)).toString('base64') : null
  return store.changedPaths(fork, head).filter((path) => ours.has(path) && bytes(here, path) !== bytes(there, path))
}

/** What the next run would do with the proposals; null where the files of the base cannot be judged. */
async function plannedActions(
  { store, base, tree, governance, forge }: ProposalDesk,
  now: number,
): Promise<readonly PlannedAction[] | null> {
  const name = recordRef(governance, base.ref)
  const tip = name === null || name === base.ref ? null : store.resolve(name)
  const record = name === null || name === base.ref ? tree : tip === null ? null : store.commitTree(tip)
  const proposals = await forge.list(base.commit)
  const planned = planRepository({
    base: tree,
    record,
    now,
    language: null,
    keep: 'not-pass',
    proposals,
    sent: readSent(store),
  })
  return planned.models.length === 0 ? null : planned.plan.actions
}

/** A file that the user names, as text; a fault where it cannot be read. */
export function readUserFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('cli/unreadable-file', `\`${path}\` cannot be read`, 'check the path and its permissions', {
      cause,
    })
  }
}
