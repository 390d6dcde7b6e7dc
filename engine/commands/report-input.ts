// From a planned repository to what reports and the terminal are made from.
import type { Instant } from '../domain/instant.ts'
import type { PlannedRepository } from '../pipeline.ts'
import { openProposalsOf } from '../remediate/read-proposals.ts'
import type { OpenProposals } from '../remediate/plan-remedies.ts'
import type { ReportInput } from '../report/report-input.ts'

export function reportInputOf(planned: PlannedRepository, proposals: OpenProposals, now: Instant): ReportInput {
  return {
    plan: planned.plan,
    previous: planned.previous,
    rulebook: planned.rulebook,
    cards: planned.cards,
    proposals: openProposalsOf(proposals),
    fileChanges: null,
    now,
  }
}
