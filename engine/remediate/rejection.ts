// A signed rejection: what ends a proposal that a mandatory policy demands. Signed by who may approve it, for these facts
// alone, and with an end: for good there are waivers and changed policies. Pure.
import { canonicalJson } from '../base/canonical-json.ts'
import type { Governance } from '../domain/governance.ts'
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { IgnoreRecord, Proposal, Rejection, SignedApproval } from '../domain/proposal.ts'
import type { AllowedSigners } from './allowed-signers.ts'
import { type ApprovalProblem, checkSigned } from './approval.ts'
import { isEngine, type NotCounted } from './gate.ts'
import { isOneOf } from './roles.ts'
import { readSignedTexts } from './signed-text.ts'

/** The bytes to sign, as text, without a final newline. */
export function rejectionText({ proposal, evidence, by, at, until, reason }: Rejection): string {
  return canonicalJson({ proposal, evidence, by, at, until, reason })
}

/** Null for anything but the canonical text of a rejection. */
export function parseRejection(text: string): Rejection | null {
  return readSignedTexts(text, ['proposal', 'evidence', 'by', 'at', 'until', 'reason'])
}

/** By what a rejection is judged: who owns the model, who is who, and whose key is whose, all of the base. */
export interface RejectionContext {
  readonly card: Pick<ModelCard, 'owners' | 'validator'>
  readonly governance: Pick<Governance, 'people' | 'record'>
  readonly signers: AllowedSigners
  readonly now: Instant
}

/** Why a signed rejection does not count; null where it does. */
export function rejectionProblem(
  signed: SignedApproval,
  { card, governance, signers, now }: RejectionContext,
): NotCounted | ApprovalProblem | null {
  const rejection = parseRejection(signed.text)
  if (rejection === null) return 'malformed'
  const names = checkSigned(rejection, signed, signers, now)
  if (typeof names === 'string') return names
  if (isEngine(names, governance)) return 'is-engine'
  if (!isOneOf(rejection.by, card.owners, governance)) return 'not-owner'
  const validator = card.validator === undefined ? [] : [card.validator]
  return names.some((name) => isOneOf(name, validator, governance)) ? 'is-validator' : null
}

/** Whether a record of silence is what was signed for it. */
export function isSignedRejection(
  { signed, evidence, at, until }: IgnoreRecord,
  { id }: Pick<Proposal, 'id'>,
  context: RejectionContext,
): boolean {
  if (signed === undefined || rejectionProblem(signed, context) !== null) return false
  const said = parseRejection(signed.text)
  return (
    said?.proposal === id &&
    said.evidence === evidence &&
    said.at === at &&
    said.until === until &&
    parseInstant(said.until) !== null
  )
}
