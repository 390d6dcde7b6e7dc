// Which entries belong together: the steps of one proposal, and the verdict that it stands on. The log says it by proposal,
// model and environment; nothing is guessed from texts.
import type { EntryFacts } from './entry-facts.ts'

/** Facts with the model of their proposal, where they name a proposal alone. */
export function withProposalModels(facts: readonly EntryFacts[]): EntryFacts[] {
  const models = new Map<string, Pick<EntryFacts, 'model' | 'environment'>>()
  return facts.map((one) => {
    if (one.proposal === null) return one
    if (one.model !== null) {
      models.set(one.proposal, one)
      return one
    }
    const { model = null, environment = null } = models.get(one.proposal) ?? {}
    return { ...one, model, environment: one.environment ?? environment }
  })
}

/** More are not shown: a proposal with more steps is none. */
const MOST = 50

/**
 * The indexes that belong to one: of a proposal's step all steps and the verdict before the first; of a verdict what was
 * done for that deployment until the next verdict.
 */
export function relatedEntries(facts: readonly EntryFacts[], index: number): number[] {
  const one = facts[index]
  if (one === undefined) return []
  if (one.proposal !== null) return stepsOf(facts, one.proposal)
  return one.kind === 'evaluation' && one.model !== null ? consequencesOf(facts, one) : []
}

function stepsOf(facts: readonly EntryFacts[], proposal: string): number[] {
  const steps = facts.filter((step) => step.proposal === proposal).slice(0, MOST)
  const [first] = steps
  const verdict = first === undefined ? undefined : verdictBefore(facts, first)
  return [...(verdict === undefined ? [] : [verdict]), ...steps].map(({ index }) => index)
}

/** Run entries come before the verdicts of their run, so what a run tells of comes from an earlier one. */
function verdictBefore(
  facts: readonly EntryFacts[],
  { index, model, environment }: EntryFacts,
): EntryFacts | undefined {
  return facts
    .slice(0, index)
    .findLast((one) => one.kind === 'evaluation' && one.model === model && sameOrUnknown(one.environment, environment))
}

function consequencesOf(facts: readonly EntryFacts[], { index, model, environment }: EntryFacts): number[] {
  const found: number[] = []
  for (const one of facts.slice(index + 1)) {
    if (one.model !== model || !sameOrUnknown(one.environment, environment)) continue
    if (one.kind === 'evaluation' || found.length === MOST) break
    found.push(one.index)
  }
  return found
}

function sameOrUnknown(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b
}
