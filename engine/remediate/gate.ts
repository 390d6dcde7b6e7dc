// May this proposal be merged? Everything that decides is read from the base: owners, people, keys. Pure; what is
// missing is returned, each with what its sentence needs (gate-words.*.ts).
import type { Governance } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { AllowedSigners } from './allowed-signers.ts'
import { type ApprovalProblem, checkApproval } from './approval.ts'
import type { ChangeProblem } from './gate-changes.ts'
import { proposalBranch, proposalKey } from './identity.ts'
import type { CarriedRemedy } from './remedy-in-card.ts'
import { isAlikeName, isOneOf, isSameName, unknownTeams } from './roles.ts'

/** Who made a commit, as Git names them. */
export interface Contributor {
  readonly name: string
  readonly email: string
}

/** All that decides whether a proposal may be merged. */
export interface ProposalGate {
  readonly proposal: Proposal
  /** The card on the base; null where it is not there or cannot be read. */
  readonly card: ModelCard | null
  readonly governance: Governance
  readonly signers: AllowedSigners
  /** Never before the base's newest commit: a key that has ended since then is not revived by an earlier `--now`. */
  readonly now: Instant
  /** Authors and committers of the branch's commits, the engine's own included. */
  readonly contributors: readonly Contributor[]
  /** Paths on which base and head conflict. */
  readonly conflicts: readonly string[]
  /** After criss-cross merges Git merges the bases first, so what it makes is not what is judged here. */
  readonly hasSeveralMergeBases?: boolean
  /** What the next run would do with the proposals; null where that cannot be told, which is missing too. */
  readonly planned: readonly PlannedAction[] | null
}

/** Why an approval does not count. */
export type NotCounted =
  | ApprovalProblem
  | 'other-head'
  | 'other-evidence'
  | 'other-proposal'
  | 'not-owner'
  | 'is-validator'
  | 'is-author'
  | 'is-engine'

/** One approval with its standing; `by` and `at` are null where its text cannot be read. */
export interface CountedApproval {
  readonly by: string | null
  readonly at: string | null
  /** Null: it counts. */
  readonly problem: NotCounted | null
}

/** What a merge lacks. */
export type GateProblem =
  | { readonly code: 'not-open'; readonly state: string }
  | { readonly code: 'forged' }
  | { readonly code: 'not-rendered'; readonly proposal: string; readonly branch: string }
  | { readonly code: 'rewound'; readonly ref: string; readonly recorded: string; readonly events: readonly string[] }
  | { readonly code: 'no-card'; readonly model: string }
  | { readonly code: 'no-owner'; readonly model: string }
  | { readonly code: 'unknown-team'; readonly team: string }
  | { readonly code: 'owner-is-validator'; readonly role: string }
  | { readonly code: 'no-approval'; readonly owners: readonly string[] }
  | { readonly code: 'conflict'; readonly paths: readonly string[] }
  | { readonly code: 'facts-changed'; readonly reason: string }
  | { readonly code: 'facts-unknown' }
  | { readonly code: 'no-candidate' }
  | { readonly code: 'blocks'; readonly model: string; readonly environment: string }
  | { readonly code: 'merge-conflict'; readonly paths: readonly string[] }
  | { readonly code: 'several-merge-bases' }
  | { readonly code: 'not-judged'; readonly problems: readonly string[] }
  | { readonly code: 'base-invalid'; readonly problems: readonly string[] }
  | { readonly code: 'model-taken'; readonly path: string; readonly model: string }
  | {
      readonly code: 'words-not-here'
      /** The proposal's branch, or what a change carries out in another way. */
      readonly what: { readonly branch: string } | { readonly action: CarriedRemedy['action']; readonly model: string }
      readonly command: string
    }
  | ChangeProblem

/** Nothing missing: it may be merged. `approvals` are in the proposal's order. */
export interface ProposalVerdict {
  readonly missing: readonly GateProblem[]
  readonly approvals: readonly CountedApproval[]
}

/** May be merged where nothing is missing. */
export function gateProposal(gate: ProposalGate): ProposalVerdict {
  const { proposal, card, governance, conflicts } = gate
  const approvals = proposal.approvals.map((signed) => countApproval(signed, gate))
  const owners = card?.owners ?? []
  const isApproved = approvals.some(({ problem }) => problem === null)
  const missing: GateProblem[] = [
    ...(proposal.state === 'open' ? [] : [{ code: 'not-open', state: proposal.state } as const]),
    ...(isOfItsKey(proposal) ? [] : [{ code: 'forged' } as const]),
    ...(card === null ? [{ code: 'no-card', model: proposal.model } as const] : []),
    ...(card !== null && owners.length === 0 ? [{ code: 'no-owner', model: card.id } as const] : []),
    ...unknownTeams(owners, governance).map((team) => ({ code: 'unknown-team', team }) as const),
    ...ownersThatValidate(card),
    ...(isApproved || owners.length === 0 ? [] : [{ code: 'no-approval', owners } as const]),
    ...(conflicts.length === 0 ? [] : [{ code: 'conflict', paths: conflicts } as const]),
    ...(gate.hasSeveralMergeBases === true ? [{ code: 'several-merge-bases' } as const] : []),
    ...staleness(gate),
    // Promotions are gated by their candidate's verdict, which nothing makes yet.
    ...(proposal.action === 'promote' ? [{ code: 'no-candidate' } as const] : []),
  ]
  return { missing, approvals }
}

/** Anybody may write the ref that says what a proposal is about; key and branch follow from it. */
function isOfItsKey({ key, model, environment, action, branch }: Proposal): boolean {
  return key === proposalKey(model, environment, action) && branch === proposalBranch(key, model, action)
}

/** CMN 4.557: validation is independent of those who own the model. */
function ownersThatValidate(card: ModelCard | null): GateProblem[] {
  const validator = card?.validator
  if (card === null || validator === undefined) return []
  return card.owners.some((owner) => isSameName(owner, validator))
    ? [{ code: 'owner-is-validator', role: validator }]
    : []
}

function countApproval(signed: Proposal['approvals'][number], gate: ProposalGate): CountedApproval {
  const { proposal, card, governance, signers, now, contributors } = gate
  const checked = checkApproval(signed, signers, now)
  if ('problem' in checked) return { by: checked.by, at: null, problem: checked.problem }
  const { by, at, ...approved } = checked.approval
  const counted = (problem: NotCounted | null): CountedApproval => ({ by, at, problem })
  if (approved.proposal !== proposal.id) return counted('other-proposal')
  if (approved.head !== proposal.head) return counted('other-head')
  if (approved.evidence !== proposal.evidence) return counted('other-evidence')
  // A key with several names is one hand, whichever name it signs by.
  const { names } = checked
  if (isEngine(names, governance)) return counted('is-engine')
  if (contributors.some((one) => names.some((name) => isPerson(name, one)))) return counted('is-author')
  if (!isOneOf(by, card?.owners ?? [], governance)) return counted('not-owner')
  const validator = card?.validator === undefined ? [] : [card.validator]
  return counted(names.some((name) => isOneOf(name, validator, governance)) ? 'is-validator' : null)
}

/** Whether a person with these names is the engine's author. */
export function isEngine(names: readonly string[], { record }: Pick<Governance, 'record'>): boolean {
  return names.some((name) => isPerson(name, record.author))
}

/** Careful on the safe side: a name, an address or what stands before its `@`. */
function isPerson(principal: string, { name, email }: Contributor): boolean {
  return [name, email, email.split('@')[0] ?? ''].some((one) => one !== '' && isAlikeName(one, principal))
}

function staleness({ planned, proposal }: ProposalGate): GateProblem[] {
  if (planned === null) return [{ code: 'facts-unknown' }]
  const own = planned.find((action) => action.key === proposal.key && action.gated === undefined)
  if (own?.kind === 'close-proposal' && !proposal.isOnBase) return [{ code: 'facts-changed', reason: own.reason }]
  if (own?.kind === 'update-proposal' && own.evidence !== proposal.evidence)
    return [{ code: 'facts-changed', reason: own.reason }]
  return []
}
