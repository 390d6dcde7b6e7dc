// An approval: RFC 8785 JSON of what is approved, signed with the person's own SSH key under a namespace of its own, so
// that no other signature of that key can be taken for one.
import type { KeyObject } from 'node:crypto'
import { canonicalJson } from '../base/canonical-json.ts'
import { sshSign, verifySshSignature } from '../base/sshsig.ts'
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { Approval, SignedApproval } from '../domain/proposal.ts'
import { type AllowedSigners, namesOf, signerOf } from './allowed-signers.ts'
import { isSameName } from './roles.ts'
import { readSignedTexts } from './signed-text.ts'

/** Of the SSH signature: one made for another purpose approves nothing. */
export const APPROVAL_NAMESPACE = 'tutela-approval'
/** Clocks of two machines may differ by this much. Arbitrary. */
export const CLOCK_SLACK_MS = 5 * 60_000

/** The bytes to sign, as text, without a final newline: what `ssh-keygen -Y sign -n tutela-approval` is given. */
export function approvalText({ proposal, head, evidence, by, at }: Approval): string {
  return canonicalJson({ proposal, head, evidence, by, at })
}

/** Signs the RFC 8785 text of an approval (SSHSIG) with an Ed25519 key. */
export function signApproval(approval: Approval, privateKey: KeyObject): SignedApproval {
  return signText(approvalText(approval), privateKey)
}

/** Signs what a person decides, in the namespace of approvals. */
export function signText(text: string, privateKey: KeyObject): SignedApproval {
  return { text, signature: sshSign(privateKey, Buffer.from(text), APPROVAL_NAMESPACE) }
}

/** Why a signature proves nothing. */
export type ApprovalProblem =
  | 'malformed'
  | 'bad-signature'
  | 'unknown-key'
  | 'other-namespace'
  | 'not-valid-then'
  | 'other-name'
  | 'from-the-future'

/** A proven approval, or why it is none; `by` is then what it claims, where that can be read. */
export type CheckedApproval =
  | {
      readonly approval: Approval
      /** Every name that the file has for the key, `by` among them. */
      readonly names: readonly string[]
    }
  | { readonly problem: ApprovalProblem; readonly by: string | null }

/** Whether an allowed signer signed exactly this. The key must be valid at the time stated and at `now`. */
export function checkApproval(signed: SignedApproval, signers: AllowedSigners, now: Instant): CheckedApproval {
  const approval = parseApproval(signed.text)
  if (approval === null) return { problem: 'malformed', by: null }
  const checked = checkSigned(approval, signed, signers, now)
  return typeof checked === 'string'
    ? { problem: checked, by: checked === 'malformed' ? null : approval.by }
    : { approval, names: checked }
}

/** Every name of the key that signed what `said` was read from, or why the signature proves nothing. */
export function checkSigned(
  { by, at: time }: Pick<Approval, 'by' | 'at'>,
  signed: SignedApproval,
  signers: AllowedSigners,
  now: Instant,
): readonly string[] | ApprovalProblem {
  const at = parseInstant(time)
  if (at === null) return 'malformed'
  const publicKey = verifySshSignature(signed.signature, Buffer.from(signed.text), APPROVAL_NAMESPACE)
  if (publicKey === null) return 'bad-signature'
  if (at > now + CLOCK_SLACK_MS) return 'from-the-future'
  const signer = signerOf(signers, { publicKey, namespace: APPROVAL_NAMESPACE, at: [at, Math.max(at, now)] })
  if (typeof signer === 'string') return signer
  if (!signer.principals.some((name) => isSameName(name, by))) return 'other-name'
  return namesOf(signers, publicKey)
}

/** Null for anything but the canonical text of an approval. */
export function parseApproval(text: string): Approval | null {
  return readSignedTexts(text, ['proposal', 'head', 'evidence', 'by', 'at'])
}
