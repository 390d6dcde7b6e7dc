// Which proposal a head is: the one whose tip it is, whose branch it is on, or whose remedy it carries out by another way.
// Where that one is not here, nobody can say that it was approved, and it does not pass.
import type { ModelCard } from '../domain/model-card.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { GateProblem } from '../remediate/gate.ts'
import { isFor, remediesIn } from '../remediate/remedy-in-card.ts'
import type { GitStore, ObjectId } from '../world.ts'
import type { JudgedChange } from './gate-judge.ts'
import type { OpenedProposals } from './open-proposals.ts'

/** The proposals to gate with this head, and those whose words are not here. */
export interface HeadAsProposal {
  readonly proposals: readonly Proposal[]
  readonly missing: readonly GateProblem[]
}

/**
 * `asked`: the head as it was named. `rollbacksDue`: whether the engine asks for a rollback of a deployment; else an older
 * version is one like any other.
 */
export function proposalsOfHead(
  opened: OpenedProposals,
  head: { readonly asked: string; readonly commit: ObjectId },
  judged: Pick<JudgedChange, 'before' | 'after'>,
  rollbacksDue: () => (names: readonly string[], environment: string) => boolean,
): HeadAsProposal {
  const { proposals, store } = opened
  const named = proposalBranches(store, head)
  const onBranch = named.flatMap((branch) => proposals.filter((one) => one.branch === `refs/heads/${branch}`))
  const unknown = named.filter((branch) => !proposals.some((one) => one.branch === `refs/heads/${branch}`))
  if (named.length > 0)
    return { proposals: withHead(onBranch, head.commit), missing: unknown.map((branch) => unsaid({ branch })) }
  const found = new Map<string, Proposal>()
  const missing: GateProblem[] = []
  for (const { before, after } of changedCards(judged)) {
    const names = [after.id, ...(after.formerly ?? [])]
    for (const remedy of remediesIn(before, after)) {
      const known = proposals.find((one) => one.state === 'open' && isFor(one, remedy, names))
      if (known !== undefined) found.set(known.id, known)
      else if (remedy.action !== 'rollback' || rollbacksDue()(names, remedy.environment ?? ''))
        missing.push(unsaid({ action: remedy.action, model: after.id }))
    }
  }
  return { proposals: withHead([...found.values()], head.commit), missing }
}

/** What is on its branch, or carries it out, is approved as it is now. */
function withHead(proposals: readonly Proposal[], head: ObjectId): Proposal[] {
  return proposals.map((one) => (one.head === head ? one : { ...one, head, isFrozen: true }))
}

function unsaid(what: Extract<GateProblem, { code: 'words-not-here' }>['what']): GateProblem {
  return { code: 'words-not-here', what, command: "git fetch origin 'refs/tutela/*:refs/tutela/*'" }
}

const BRANCH = /^(?:refs\/)?(?:heads\/|remotes\/[^/]+\/)?(tutela\/(?:retrain|rollback|hold|promote)\/.+)$/

/** Names of branches of proposals that the head has, here or at a remote. */
function proposalBranches(
  store: GitStore,
  { asked, commit }: { readonly asked: string; readonly commit: ObjectId },
): string[] {
  const refs = [...store.listRefs('refs/heads/'), ...store.listRefs('refs/remotes/')].filter(({ id }) => id === commit)
  const names = [asked.replace(/^origin\//, ''), ...refs.map(({ ref }) => ref)]
  return [...new Set(names.flatMap((name) => BRANCH.exec(name)?.[1] ?? []))].sort()
}

/** Cards of the base that the change has otherwise, under whatever id. */
function changedCards({ before, after }: Pick<JudgedChange, 'before' | 'after'>): {
  readonly before: ModelCard
  readonly after: ModelCard
}[] {
  const base = new Map((before?.models ?? []).map(({ id, loaded }) => [id, loaded]))
  return (after?.models ?? []).flatMap(({ id, loaded }) => {
    const former = loaded?.card.formerly ?? []
    const was = [id, ...former].map((name) => base.get(name)).find((one) => one !== undefined && one !== null)
    if (loaded === null || was === null || was === undefined || was.digest === loaded.digest) return []
    return [{ before: was.card, after: loaded.card }]
  })
}
