// `tutela gate`: may this be merged. Policies, owners and keys are read from the base, never from the proposal.
// Exit 0: nothing is missing; 2: something is, said in words.
import { Fault } from '../base/fault.ts'
import type { Language } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import { judgeRepository } from '../judge-repository.ts'
import type { CountedApproval, GateProblem } from '../remediate/gate.ts'
import { type ChangedFile, gateChanges } from '../remediate/gate-changes.ts'
import { approvalText, gateWords, problemText } from '../remediate/gate-text.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { commitAt } from './open-repository.ts'
import { findProposal, judgeProposal, openDesk, type ProposalDesk } from './proposal-desk.ts'

export const command: Command = {
  name: 'gate',
  summary: 'may this be merged: owners, evidence, head; exit 2 when not',
  description:
    'With --proposal: whether an owner of the base approved exactly this head and evidence. With --base and --head, as a required check of any pull request: only runs change ledger/ and reports/ (ledger/policy excepted), no snapshot line is altered or removed, and no deployment would newly be blocked by the policies of the base.',
  examples: ['tutela gate --proposal 4e199dc0f3', 'tutela gate --base origin/main --head HEAD --format json'],
  options: [
    { flags: '--proposal <id>', help: 'a proposal (default: the only open one)' },
    { flags: '--base <ref>', help: 'what would be merged into' },
    { flags: '--head <ref>', help: 'what would be merged' },
  ],
  run: gate,
}

async function gate(invocation: Invocation): Promise<CommandResult> {
  const { base, head, proposal } = invocation.options
  if (typeof base === 'string' && typeof head === 'string' && proposal === undefined)
    return await gateRefs(invocation, base, head)
  if (base === undefined && head === undefined) return await gateOne(invocation, proposal)
  throw new Fault(
    'cli/bad-usage',
    '`gate` takes `--proposal`, or `--base` together with `--head`',
    'see `tutela gate --help`',
  )
}

async function gateOne(invocation: Invocation, id: unknown): Promise<CommandResult> {
  const desk = openDesk(invocation)
  const proposal = typeof id === 'string' ? await findProposal(desk, id) : await onlyOpen(desk)
  const { missing, approvals } = await judgeProposal(desk, proposal, invocation.globals.now)
  return answer({
    desk,
    missing,
    approvals,
    subject: { proposal: proposal.id, head: proposal.head, evidence: proposal.evidence },
  })
}

async function onlyOpen({ forge, base }: ProposalDesk): Promise<Proposal> {
  const open = (await forge.list(base.commit)).filter(({ state }) => state === 'open')
  const [only] = open
  if (only !== undefined && open.length === 1) return only
  const what = open.length === 0 ? 'no proposal is open' : `${open.length} proposals are open`
  throw new Fault(
    'cli/bad-usage',
    what,
    open.length === 0 ? 'name refs with `--base` and `--head`' : 'name one with `--proposal`',
  )
}

async function gateRefs(invocation: Invocation, baseName: string, headName: string): Promise<CommandResult> {
  const desk = openDesk({ ...invocation, globals: { ...invocation.globals, ref: baseName } })
  const { store, forge } = desk
  const base = commitAt(store, baseName)
  const head = commitAt(store, headName)
  const fork = store.mergeBase(base, head)
  if (fork === null) {
    throw new Fault(
      'git/no-merge-base',
      `\`${baseName}\` and \`${headName}\` have no common commit here`,
      'fetch the whole history (`fetch-depth: 0`)',
    )
  }
  const own = (await forge.list(base)).find((one) => one.state === 'open' && one.head === head)
  const verdict =
    own === undefined ? { missing: [], approvals: [] } : await judgeProposal(desk, own, invocation.globals.now)
  const missing = [
    ...gateChanges(changedFiles(store, fork, head)),
    ...newlyBlocked(desk, head, invocation.globals.now),
    ...verdict.missing,
  ]
  const subject = { base, head, ...(own !== undefined && { proposal: own.id, evidence: own.evidence }) }
  return answer({ desk, missing, approvals: verdict.approvals, subject })
}

function changedFiles(store: GitStore, fork: ObjectId, head: ObjectId): ChangedFile[] {
  const [before, after] = [store.commitTree(fork), store.commitTree(head)]
  const read = (tree: SourceTree, path: string) => (tree.has(path) ? tree.read(path) : null)
  return store.changedPaths(fork, head).map((path) => ({ path, before: read(before, path), after: read(after, path) }))
}

/** Deployments that the head's models would have blocked, by the policies of the base, and that are not blocked now. */
function newlyBlocked({ store, tree }: ProposalDesk, head: ObjectId, now: number): GateProblem[] {
  const request = { now, language: null, keep: 'not-pass', windowsAfterNow: 'leave-out' } as const
  const verdictsOf = (judged: SourceTree) =>
    judgeRepository({ ...request, tree: judged }).models.flatMap(({ judgements }) =>
      judgements.map(({ verdict }) => verdict),
    )
  const known = new Set(
    verdictsOf(tree)
      .filter(({ blocks }) => blocks)
      .map(({ model, environment }) => `${model} ${environment}`),
  )
  return verdictsOf(withPoliciesOf(store.commitTree(head), tree))
    .filter(({ blocks, model, environment }) => blocks && !known.has(`${model} ${environment}`))
    .map(({ model, environment }) => ({ code: 'blocks', model, environment }))
}

/** The models of one tree under the policies of another. */
function withPoliciesOf(models: SourceTree, base: SourceTree): SourceTree {
  const sideOf = (path: string) => (path === 'policies' || path.startsWith('policies/') ? base : models)
  return {
    ...models,
    has: (path) => sideOf(path).has(path),
    read: (path) => sideOf(path).read(path),
    treeId: (folder) => sideOf(folder).treeId(folder),
    list: (folders) => folders.toSorted().flatMap((folder) => sideOf(folder).list([folder])),
  }
}

interface Answer {
  readonly desk: ProposalDesk
  readonly missing: readonly GateProblem[]
  readonly approvals: readonly CountedApproval[]
  readonly subject: Readonly<Record<string, string>>
}

function answer({ desk: { language }, missing, approvals, subject }: Answer): CommandResult {
  const ok = missing.length === 0
  return {
    exit: ok ? 0 : 2,
    json: {
      apiVersion: 'tutela/v1',
      kind: 'Gate',
      ok,
      ...subject,
      missing: missing.map((problem) => ({ ...problem, message: problemText(problem, language) })),
      approvals: approvals.map((one) => ({ ...one, counts: one.problem === null })),
    },
    text: () => gateText(missing, approvals, language),
  }
}

/** The answer, what is missing, and every approval with why it counts or not. */
export function gateText(
  missing: readonly GateProblem[],
  approvals: readonly CountedApproval[],
  language: Language,
): string {
  const words = gateWords(language)
  return [
    missing.length === 0 ? `✓ ${words.may}` : `✗ ${words.mayNot}`,
    ...missing.map((problem) => `  - ${problemText(problem, language)}`),
    ...approvals.map((one) => `  ${one.by ?? '?'} (${one.at ?? '?'}): ${approvalText(one, language) ?? words.counts}`),
  ].join('\n')
}
