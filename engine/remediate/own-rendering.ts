// Whether a proposal's branch changes what the engine proposes, and nothing else. Names in commits prove nothing, so it is
// the content that is compared: what differs is somebody's own change, and no remedy of the engine. Pure.
import type { ModelCard } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import type { Proposal } from '../domain/proposal.ts'
import { patchCard } from './card-patch.ts'
import { championOf } from './demanded-remedies.ts'
import type { ChangedFile } from './gate-changes.ts'
import { evidenceOf } from './identity.ts'
import { editOf, requestOf } from './proposal-action.ts'

/** What a branch is compared with. */
export interface Rendering {
  readonly proposal: Proposal
  /** The base's card and its file. */
  readonly card: ModelCard
  readonly file: string
  readonly policies: ReadonlyMap<string, Pick<Policy, 'digest'>>
  /** What the head changes, seen from each common ancestor with the base. */
  readonly changed: readonly (readonly ChangedFile[])[]
}

/**
 * From every ancestor one file is changed, the card, as the remedy's edit changes it. What the ref says of violations and
 * target is believed only where the evidence is made from it.
 */
export function isOwnRendering({ proposal, card, file, policies, changed }: Rendering): boolean {
  const deployment = championOf(card, proposal.environment)
  if (deployment === null || proposal.action === 'promote') return false
  const { violations, target, evidence } = proposal
  const { version } = deployment
  if (evidence !== evidenceOf({ violations, policies, version, target, candidate: null })) return false
  return changed.length > 0 && changed.every((files) => files.length === 1 && isEdited(files[0], file, proposal))
}

function isEdited(changed: ChangedFile | undefined, file: string, proposal: Proposal): boolean {
  if (changed?.path !== file || changed.before === null || changed.after === null) return false
  const request = proposal.action === 'retrain' ? requestOf(proposal, proposal.window) : null
  const wanted = patched(Buffer.from(changed.before).toString('utf8'), editOf(proposal, request))
  return wanted !== null && Buffer.from(changed.after).equals(Buffer.from(wanted))
}

/** Null where the card at the ancestor has no such deployment: a ref written by hand may name any. */
function patched(...args: Parameters<typeof patchCard>): string | null {
  try {
    return patchCard(...args)
  } catch {
    return null
  }
}
