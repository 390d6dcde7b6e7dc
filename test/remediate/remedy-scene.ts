// Policies, proposals and judgements that the tests of the reconciler begin from, and its plan in short words.
import { deploymentKey } from '../../engine/domain/by-deployment.ts'
import type { PlannedAction } from '../../engine/domain/plan.ts'
import { requestId } from '../../engine/remediate/identity.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import { bodyDigest, type ProposalDetail } from '../../engine/remediate/proposal-action.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'
import { at, card, finding, input, judgement, policy, proposal } from './small-world.ts'

/** What the planner is given, besides the small world's own, and what it plans, as `told` says it. */
export interface RemedyCase {
  readonly name: string
  readonly input: Partial<RemedyInput>
  readonly actions: readonly string[]
}

export const FAIRNESS = policy('fairness', { action: 'rollback' })
export const HELD = policy('held', { action: 'hold' })
export const RULES = policy('rules', { action: 'none' })
export const judgedVersions = new Map([
  [deploymentKey({ model: 'credit', environment: 'production', version: '3.1.10' }), 'fail' as const],
  [deploymentKey({ model: 'credit', environment: 'production', version: '3.1.4' }), 'warn' as const],
])

/** `open-proposal retrain`, `close-proposal retrain: resolved`, `open-proposal retrain (limit)`. */
export function told(actions: readonly PlannedAction[]): string[] {
  return actions.map(({ kind, remedy, gated, detail }) => {
    const end = kind === 'close-proposal' ? `: ${detail?.end}` : ''
    return `${kind} ${remedy}${end}${gated === undefined ? '' : ` (${gated.by}${gated.until === null ? '' : ` until ${gated.until}`})`}`
  })
}

export function detailOf(actions: readonly PlannedAction[]): ProposalDetail {
  return actions[0]?.detail as unknown as ProposalDetail
}

/** The open proposal exactly as the plan would leave it. */
export function upToDate(changed: Parameters<typeof proposal>[0] = {}) {
  return proposal({ body: bodyDigest(detailOf(planRemedies(input())).body), ...changed })
}

export const closedByPerson = (days: number, evidence: string, until: string | null = null) =>
  upToDate({
    state: 'closed',
    end: { at: at(days), by: 'person', reason: 'rejected' },
    ignored: [{ evidence, at: at(days), until }],
  })
export const EVIDENCE = proposal().evidence
export const request = {
  id: requestId(proposal().key, EVIDENCE),
  reason: 'drift/limit',
  evidence: EVIDENCE,
  window: null,
}
export const requested = card({ retrain: { trigger: 'local', request } })
export const clear = (days: number) => {
  const window = { start: at(days - 1), end: at(days) }
  return judgement([finding('drift', { outcome: 'pass', value: 0.1, margin: 0.1, window })])
}
export const cleanAt = (days: number) => ({ violation: ['drift', 'limit', 'income'] as const, end: at(days) })
