// The facts of one run, small, for tests of what it writes.
import type { Digest } from '../../engine/base/canonical-json.ts'
import type { Finding, Judgement, Verdict } from '../../engine/domain/finding.ts'
import type { Policy, Waiver } from '../../engine/domain/policy.ts'
import { NOTHING_RECORDED, type RunInput } from '../../engine/ledger/run-entries.ts'

export const d = (n: number): Digest => `sha256:${String(n).padStart(64, '0')}`
const PLACE = { file: 'policies/p.yaml', line: 1, column: 1 }

export function finding(n: number, over: Partial<Finding> = {}): Finding {
  return {
    id: n.toString(16).padStart(16, '0'),
    policy: 'fairness',
    rule: 'gap',
    model: 'credit',
    version: '1.0',
    environment: 'production',
    subject: { attribute: 'sex', group: 'F' },
    outcome: 'fail',
    value: 0.25,
    limit: 0.1,
    severity: 'high',
    enforcement: 'mandatory',
    controls: [],
    message: 'texts stay in the report',
    ...PLACE,
    window: null,
    evidence: d(5),
    ...over,
  }
}

export function judgement(
  model: string,
  findings: readonly Finding[],
  snapshots: readonly Digest[] = [d(5)],
): Judgement {
  const counts = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 }
  for (const { outcome } of findings) counts[outcome]++
  const ids = findings.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id)
  const verdict: Verdict = {
    model,
    version: '1.0',
    environment: 'production',
    outcome: counts.fail > 0 ? 'fail' : 'pass',
    blocks: counts.fail > 0,
    demand: 'none',
    counts,
    snapshots,
    findings: ids,
  }
  return { verdict, findings, holdsUntil: Number.POSITIVE_INFINITY }
}

export function policy(id: string, digest: Digest): Policy {
  return { id, digest } as Policy
}

export function waiver(id: string, over: Partial<Waiver> = {}): Waiver {
  return {
    id,
    policy: 'fairness',
    rule: 'gap',
    model: 'credit',
    reason: 'a free text of a person',
    requestedBy: 'user:ana',
    approvedBy: 'team:risk-committee',
    issued: '2026-11-01',
    expires: '2026-11-30',
    place: PLACE,
    ...over,
  }
}

export const INPUT: RunInput = Object.freeze({
  now: '2026-11-22T06:00:00Z',
  today: '2026-11-22',
  run: '00112233445566aa',
  commit: 'c'.repeat(40),
  engine: '0.1.0',
  digest: d(1),
  judgements: [judgement('zeta', [finding(1), finding(2, { outcome: 'pass' })]), judgement('alpha', [])],
  trees: { policies: 'a'.repeat(40), models: null },
  rulebook: { digest: d(2), policies: [policy('fairness', d(3))], waivers: [] },
  cards: new Map([
    ['zeta', d(7)],
    ['alpha', d(8)],
  ]),
  events: [],
  last: NOTHING_RECORDED,
})
