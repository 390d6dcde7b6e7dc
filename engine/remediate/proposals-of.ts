// The proposals of one deployment, by action. Former ids of the card count: open proposals and their history follow it.
import type { ModelCard } from '../domain/model-card.ts'
import type { Proposal, Remedy } from '../domain/proposal.ts'
import { proposalKey } from './identity.ts'

/** The proposals of one deployment. */
export interface ProposalsOf {
  /** Open, and its head is not on the base yet. */
  open(action: Remedy): Proposal | null
  /** The one that a new opening would continue: open or ended. */
  known(action: Remedy): Proposal | null
  /** All that are open, whether or not on the base, by action. */
  readonly allOpen: readonly Proposal[]
  /** The key of the known one, else that of the card's present id. */
  keyFor(action: Remedy): string
}

/** By the card's id and its former ones, the present id first. */
export function proposalsOf(card: ModelCard, environment: string, proposals: readonly Proposal[]): ProposalsOf {
  const names = [card.id, ...(card.formerly ?? [])]
  const own = names.flatMap((model) =>
    proposals.filter((one) => one.model === model && one.environment === environment),
  )
  const known = (action: Remedy): Proposal | null => {
    const same = own.filter((one) => one.action === action)
    return same.find((one) => one.state === 'open') ?? same[0] ?? null
  }
  return {
    known,
    open: (action) => own.find((one) => one.action === action && isOpen(one)) ?? null,
    allOpen: own.filter((one) => one.state === 'open'),
    keyFor: (action) => known(action)?.key ?? proposalKey(card.id, environment, action),
  }
}

/** One whose head came to the base by another way than the forge's is over, though the forge does not know it yet. */
function isOpen(proposal: Proposal): boolean {
  return proposal.state === 'open' && !proposal.isOnBase
}
