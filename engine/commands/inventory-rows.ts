// The inventory as data: one row a model, from its card and what judging it found on that day.

import type { Finding, Outcome, Verdict } from '../domain/finding.ts'
import { isWaived } from '../domain/finding-figures.ts'
import { isRealDay, localDay } from '../domain/instant.ts'
import { type Deployment, deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { JudgedModel } from '../judge-repository.ts'

/** One model on one day. */
export interface InventoryRow {
  readonly id: string
  /** Absent where the card cannot be read. */
  readonly title?: string
  readonly stage?: ModelCard['stage']
  readonly risk?: ModelCard['risk']
  readonly owners?: readonly string[]
  readonly validator?: string
  readonly versions?: readonly string[]
  readonly deployments: readonly Deployment[]
  readonly review?: {
    readonly last: string
    readonly everyDays: number
    readonly next: string
    readonly overdue: boolean
  }
  readonly verdicts: readonly Pick<Verdict, 'environment' | 'version' | 'outcome' | 'cause' | 'blocks' | 'demand'>[]
  /** Findings that are no pass; a waived failure is counted apart, not among `fail`. */
  readonly open: Readonly<Record<Exclude<Outcome, 'pass'> | 'waived', number>>
}

/** `today`: the local day of the inventory. */
export function inventoryRow({ id, loaded, judgements }: JudgedModel, today: string): InventoryRow {
  const card = loaded?.card
  return {
    id,
    ...(card !== undefined && cardFields(card, today)),
    deployments: card === undefined ? [] : deploymentsOf(card),
    verdicts: judgements.map(({ verdict: { environment, version, outcome, cause, blocks, demand } }) => ({
      environment,
      version,
      outcome,
      ...(cause !== undefined && { cause }),
      blocks,
      demand,
    })),
    open: openFindings(judgements.flatMap((judgement) => judgement.findings)),
  }
}

function cardFields(card: ModelCard, today: string) {
  const review = reviewOf(card, today)
  return {
    title: card.title,
    stage: card.stage,
    risk: card.risk,
    owners: card.owners,
    ...(card.validator !== undefined && { validator: card.validator }),
    versions: (card.versions ?? []).map(({ version }) => version),
    ...(review !== undefined && { review }),
  }
}

/** `next` is the last day on which the review is still in time. */
function reviewOf({ review }: ModelCard, today: string): InventoryRow['review'] {
  if (review === undefined || !isRealDay(review.last)) return undefined
  const next = daysAfter(review.last, review.everyDays)
  return { ...review, next, overdue: next < today }
}

function daysAfter(day: string, days: number): string {
  return localDay(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000, 'UTC')
}

function openFindings(findings: readonly Finding[]): InventoryRow['open'] {
  const open = { fail: 0, error: 0, warn: 0, skip: 0, waived: 0 }
  for (const finding of findings) {
    if (isWaived(finding)) open.waived++
    else if (finding.outcome !== 'pass') open[finding.outcome]++
  }
  return open
}
