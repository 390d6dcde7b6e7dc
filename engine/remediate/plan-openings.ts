// The remedies that a deployment still needs → proposals to open, with what holds them back, and to bring up to date.
import type { LoadedCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { IgnoreRecord, Proposal } from '../domain/proposal.ts'
import type { AllowedSigners } from './allowed-signers.ts'
import { type Demandable, type DemandedRemedy, STRENGTH } from './demanded-remedies.ts'
import { updateAction } from './proposal-action.ts'
import { type Gate, personsGate } from './proposal-gates.ts'
import type { ProposalsOf } from './proposals-of.ts'
import { isSignedRejection } from './rejection.ts'
import type { RemedyContext } from './remedy-input.ts'

/** A proposal to open, before the limit of open ones is known; its text is not written yet. */
export interface Opening {
  readonly remedy: DemandedRemedy
  readonly loaded: LoadedCard
  /** The one that it continues. */
  readonly known: Proposal | null
  readonly gated: Gate | null
}

/** What becomes of the remedies that are pending. */
export interface OpeningPlan {
  readonly openings: readonly Opening[]
  readonly updates: readonly PlannedAction[]
  /** The actions whose proposal is open, or will be. */
  readonly standing: ReadonlySet<Demandable>
}

/** One deployment's remedies that are not in effect yet. */
export interface Pending {
  /** Strongest first; none of them is in effect. */
  readonly pending: readonly DemandedRemedy[]
  readonly proposals: ProposalsOf
  readonly loaded: LoadedCard
}

/** Opens what has no open proposal, held back where a person or a stronger remedy says so; refreshes the others. */
export function planOpenings({ pending, proposals, loaded }: Pending, context: RemedyContext): OpeningPlan {
  const openings: Opening[] = []
  const updates: PlannedAction[] = []
  const standing = new Set<Demandable>()
  for (const remedy of pending) {
    const known = proposals.known(remedy.action)
    const open = proposals.open(remedy.action)
    const gated = open === null ? gateOf(remedy, { known, loaded }, standing, context) : null
    if (open === null) openings.push({ remedy, loaded, known, gated })
    else updates.push(...updateAction(remedy, open, loaded, context))
    if (gated === null) standing.add(remedy.action)
  }
  return { openings, updates, standing }
}

/** A stronger remedy outranks only while it stands: one that a person refused does not leave the problem without any. */
function gateOf(
  remedy: DemandedRemedy,
  { known, loaded: { card } }: { readonly known: Proposal | null; readonly loaded: LoadedCard },
  standing: ReadonlySet<Demandable>,
  { now, rulebook: { governance }, signers = NOBODY }: RemedyContext,
): Gate | null {
  const isSigned = (record: IgnoreRecord) =>
    known !== null && isSignedRejection(record, known, { card, governance, signers, now })
  const word = personsGate(remedy, known, { now, isSigned })
  if (word !== null) return word
  const isOutranked = STRENGTH.slice(0, STRENGTH.indexOf(remedy.action)).some((stronger) => standing.has(stronger))
  return isOutranked ? { by: 'outranked', until: null } : null
}

const NOBODY: AllowedSigners = { signers: [], skipped: [] }
