// Whether the card on the base already says what a remedy would make it say.
import type { Deployment, ModelCard } from '../domain/model-card.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { DemandedRemedy } from './demanded-remedies.ts'
import { requestId } from './identity.ts'

/**
 * A rollback never is: once its version is deployed, another version is judged. A retrain also is when it was merged
 * for these facts before and another environment's request has taken its place in the card since.
 */
export function isInEffect(
  remedy: DemandedRemedy,
  card: ModelCard,
  deployment: Deployment,
  known: Proposal | null,
): boolean {
  if (remedy.action === 'hold') return deployment.hold === true
  if (remedy.action === 'rollback') return false
  const wasMerged = known?.merged.some((one) => one.evidence === remedy.evidence) === true
  return wasMerged || card.retrain?.request?.id === requestId(remedy.key, remedy.evidence)
}
