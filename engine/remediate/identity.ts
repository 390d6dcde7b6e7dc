// The names of a remedy (REMEDIATION.md, Identity): its key lasts while the problem does, its evidence changes with
// the facts that are approved, and its branch, id and request are derived from them.
import { hashOf } from '../base/canonical-json.ts'
import { compareBy, compareText } from '../base/order.ts'
import type { Policy } from '../domain/policy.ts'
import type { Remedy, Violation } from '../domain/proposal.ts'

/** 64 hex digits: one proposal a deployment and action, whichever policies demand it. */
export function proposalKey(model: string, environment: string, action: Remedy): string {
  return hashOf([model, environment, action])
}

/** The facts that an approval is for: what changes any of them voids it. */
export interface EvidenceFacts {
  readonly violations: readonly Violation[]
  /** All that are known; only those violated count. A violated policy that is not among them is a bug of the caller. */
  readonly policies: ReadonlyMap<string, Pick<Policy, 'digest'>>
  readonly version: string
  readonly target: string | null
  /** Digest of a candidate's snapshot (promote). */
  readonly candidate: string | null
}

/** 64 hex digits. The order in which violations come does not matter. */
export function evidenceOf({ violations, policies, version, target, candidate }: EvidenceFacts): string {
  const digests = [...new Set(violations.map(([id]) => policies.get(id)?.digest ?? ''))].sort()
  return hashOf([digests, sortedViolations(violations), version, target, candidate])
}

/** By policy, rule and subject, in code point order. */
export function sortedViolations(violations: readonly Violation[]): Violation[] {
  return [...violations].sort(inOrder)
}

const bySubject = compareBy<Violation>((violation) => violation[2])

function inOrder(a: Violation, b: Violation): number {
  return compareText(a[0], b[0]) || compareText(a[1], b[1]) || bySubject(a, b)
}

/** `refs/heads/tutela/retrain/credit-default-0123456789`. Ids of models are `[a-z0-9-]`; anything else becomes `-`. */
export function proposalBranch(key: string, model: string, action: Remedy): string {
  const name = model
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 100)
  return `refs/heads/tutela/${action}/${name}-${key.slice(0, 10)}`
}

/** The id of a retrain request: 16 hex digits. */
export function requestId(key: string, evidence: string): string {
  return hashOf([key, evidence]).slice(0, 16)
}

/** How a trigger that was sent is named in sets. */
export function sentName(key: string, evidence: string): string {
  return `${key} ${evidence}`
}
