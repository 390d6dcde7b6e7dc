// No alert was ignored: each decision that failed is answered by a notice that was sent, a proposal that stood open, or
// waivers. Findings that were answered once are not asked for again while they last.
import { type AuditedEntry, type AuditPart, type RunGroup, textIn } from './audit-groups.ts'
import type { AuditProblem } from './audit-problem.ts'
import type { EvaluationBody, RecordedFinding } from './entry-bodies.ts'

interface Alert {
  readonly index: number
  readonly text: string
}

/** What somebody was told, or asked to decide, of one model in one environment. */
export interface Answer {
  readonly model: string
  readonly environment: string
}

/** `pending`: what was sent or opened since the last run, and is told by the next one. */
export class AlertAudit implements AuditPart {
  private readonly pending: readonly Answer[]
  private readonly report: (problem: AuditProblem) => void
  /** By model and environment. */
  private readonly unanswered = new Map<string, Alert[]>()
  private readonly open = new Map<string, Set<string>>()
  private readonly proposals = new Map<string, string>()
  private readonly last = new Map<string, ReadonlySet<string>>()

  constructor(pending: readonly Answer[], report: (problem: AuditProblem) => void) {
    this.pending = pending
    this.report = report
  }

  see({ entries }: RunGroup): void {
    // What happened since the run before stands first, and so never answers this run's own decisions.
    for (const entry of entries) {
      if (entry.body === null) continue
      if (entry.kind === 'evaluation') this.seeDecision(entry.index, entry.body as unknown as EvaluationBody)
      else this.seeAnswer(entry)
    }
  }

  finish(): void {
    for (const answer of this.pending) this.unanswered.delete(placeOf(answer))
    const left = [...this.unanswered.values()].flat().sort((a, b) => a.index - b.index)
    for (const { index, text } of left) {
      this.report({ code: 'audit/alert-ignored', where: `entry ${index}`, actual: text })
    }
  }

  private seeDecision(index: number, { verdict, findings }: EvaluationBody): void {
    if (typeof verdict !== 'object' || verdict === null) return
    const place = placeOf(verdict)
    const alerts = alertsIn(verdict, findings)
    const deployment = `${place}\0${verdict.version ?? ''}`
    const before = this.last.get(deployment)
    this.last.set(deployment, alerts)
    if (alerts.size === 0 || (before !== undefined && [...alerts].every((alert) => before.has(alert)))) return
    if ((this.open.get(place)?.size ?? 0) > 0) return
    const text = `${verdict.model} ${verdict.version ?? ''} in ${verdict.environment}: ${verdict.outcome}`
    this.unanswered.set(place, [...(this.unanswered.get(place) ?? []), { index, text }])
  }

  private seeAnswer({ kind, body }: AuditedEntry): void {
    if (body === null) return
    const proposal = textIn(body, 'proposal')
    if (kind === 'proposal-closed' || kind === 'proposal-merged') {
      this.open.get(this.proposals.get(proposal) ?? '')?.delete(proposal)
      return
    }
    if (kind !== 'proposal-opened' && !(kind === 'notice-sent' && body.state === 'sent')) return
    const place = placeOf({ model: textIn(body, 'model'), environment: textIn(body, 'environment') })
    this.unanswered.delete(place)
    if (kind === 'notice-sent') return
    this.proposals.set(proposal, place)
    this.open.set(place, (this.open.get(place) ?? new Set()).add(proposal))
  }
}

function placeOf({ model, environment }: Answer): string {
  return `${model}\0${environment}`
}

/** The failures that nothing excuses, as `[id, outcome]`; of a list that was too long to record, the digest stands for all. */
function alertsIn(verdict: EvaluationBody['verdict'], findings: EvaluationBody['findings']): ReadonlySet<string> {
  if (verdict.outcome !== 'fail' && verdict.outcome !== 'error') return new Set()
  if (!Array.isArray(findings)) return new Set([String(findings)])
  const open = (findings as readonly RecordedFinding[]).filter(
    ({ outcome, waiver }) => (outcome === 'fail' || outcome === 'error') && waiver === undefined,
  )
  return new Set(open.map(({ id, outcome }) => `${id} ${outcome}`))
}
