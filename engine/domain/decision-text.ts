// A decision in words, for reports and the terminal, which each escape names and reasons in their own way.
import type { Decision } from './decision.ts'
import { formatDay } from './figures.ts'
import type { Language } from './governance.ts'
import { localDay, parseInstant } from './instant.ts'
import { vocabularyOf } from './vocabulary.ts'

/** How a decision is told. */
export interface DecisionSink {
  readonly language: Language
  readonly timeZone: string
  /** This run sends the retrain request. */
  readonly isRequestedNow: boolean
  /** A role, escaped. */
  readonly role: (name: string) => string
  /** What a person wrote, escaped. */
  readonly reason: (text: string) => string
}

/** `rejected on 2026-11-22 by team:model-risk: not now`; of a merged retrain also where its request stands. */
export function decisionText(decision: Decision, sink: DecisionSink): string {
  const { how, action, by, reason, until } = decision
  const words = vocabularyOf(sink.language).decision
  const who = by.length === 0 ? '' : words.by(by.map(sink.role).join(', '))
  const day = dayText(decision.at, sink)
  const ends = until === null ? '' : dayText(until, sink, 1)
  const said =
    how === 'snoozed'
      ? words.snoozed(ends, day)
      : `${words[how](day)}${until === null ? '' : ` (${words.silentUntil(ends)})`}`
  const why = reason === null || reason.trim() === '' ? '' : `: ${sink.reason(reason)}`
  const next = how !== 'merged' ? '' : action === 'retrain' ? `; ${requestText(decision, sink)}` : ''
  return said + who + why + next
}

function requestText({ trigger }: Decision, sink: DecisionSink): string {
  const words = vocabularyOf(sink.language).decision
  if (sink.isRequestedNow) return words.requestedNow
  if (trigger === null) return words.waiting
  const day = dayText(trigger.at, sink)
  if (trigger.state === 'failed') return words.requestFailed(day)
  return trigger.state === 'sent' ? words.requested(day) : words.requestUnknown(day)
}

/** `before`: an end is the first moment after its last day. */
function dayText(text: string, { language, timeZone }: DecisionSink, before = 0): string {
  const at = parseInstant(text)
  return at === null ? '—' : formatDay(localDay(at - before, timeZone), language)
}
