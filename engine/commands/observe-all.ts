// `tutela observe --all`: every deployed model that has new data, several at a time; one that fails stops no other.
import { availableParallelism } from 'node:os'
import { Fault } from '../base/fault.ts'
import { systemFault } from '../base/system-fault.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { formatNumber } from '../domain/figures.ts'
import type { Governance } from '../domain/governance.ts'
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import type { SourceTree } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { knownSources } from './observe-known.ts'
import { type Observed, observeModel } from './observe-model.ts'
import type { DeployedPlace } from './observe-place.ts'
import type { ObserveRequest } from './observe-request.ts'
import { measuredJson, noteLines } from './observe-text.ts'
import { type ObserveScreen, observeScreen } from './observe-words.ts'

export interface AllModels {
  /** All snapshots that there are. */
  readonly tree: SourceTree
  /** Those beside which new ones are written. */
  readonly written: SourceTree
  readonly governance: Governance
  readonly policies: readonly Policy[]
  readonly request: ObserveRequest
  /** By id; null where a card cannot be read. */
  readonly cards: readonly { readonly id: string; readonly card: ModelCard | null }[]
}

type Outcome =
  | Observed
  | { readonly kind: 'no-data' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | undefined }

interface Told {
  readonly id: string
  readonly outcome: Outcome
}

/** Exit 1 where a model failed. */
export async function observeAll(invocation: Invocation, all: AllModels): Promise<CommandResult> {
  const due = all.cards.filter(
    ({ card }) => card === null || (card.data !== undefined && deploymentsOf(card).length > 0),
  )
  if (due.length === 0)
    throw new Fault('observe/no-models', 'no model is deployed and says which data it has', 'see `tutela inventory`')
  const beside = Math.min(availableParallelism(), due.length)
  const isKnown = knownSources(all.tree)
  const told: Told[] = []
  const waiting = [...due]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { id, card } = next
      const outcome = card === null ? unreadable(id) : await tryModel(invocation, { ...all, card, beside, isKnown })
      told.push({ id, outcome })
      tell(invocation, { id, outcome })
    }
  }
  await Promise.all(Array.from({ length: beside }, work))
  return resultOf(
    invocation,
    due.flatMap(({ id }) => told.filter((one) => one.id === id)),
  )
}

async function tryModel(
  invocation: Invocation,
  {
    card,
    written,
    governance,
    policies,
    request,
    beside,
    isKnown,
  }: AllModels & {
    readonly card: ModelCard
    readonly beside: number
    readonly isKnown: ReturnType<typeof knownSources>
  },
): Promise<Outcome> {
  try {
    const { purpose, window } = request
    const known = (place: DeployedPlace, digest: string) =>
      isKnown({ model: card.id, purpose, window, digest, ...place })
    return await observeModel(invocation, {
      card,
      tree: written,
      governance,
      policies,
      request,
      beside,
      isKnown: known,
    })
  } catch (error) {
    const fault = error instanceof Fault ? error : systemFault(error)
    if (fault === null) throw error
    if (fault.code === 'observe/no-file' && isOfCurrent(fault)) return { kind: 'no-data' }
    return { kind: 'failed', code: fault.code, message: fault.message, hint: fault.hint }
  }
}

/** A model without current data has nothing new; one whose reference is gone fails. */
function isOfCurrent({ hint }: Fault): boolean {
  return hint?.startsWith('`--current`') === true
}

function unreadable(id: string): Outcome {
  const message = `the card of \`${id}\` cannot be read`
  return { kind: 'failed', code: 'observe/bad-card', message, hint: 'run `tutela check`' }
}

/** As soon as it is known: a long run shows that it moves. */
function tell(invocation: Invocation, { id, outcome }: Told): void {
  if (outcome.kind === 'measured') for (const line of noteLines(outcome.notes, id)) invocation.note(line)
  if (outcome.kind === 'failed') invocation.note(`error  ${outcome.code}  ${id}: ${outcome.message}`)
}

function resultOf(invocation: Invocation, told: readonly Told[]): CommandResult {
  const isOk = told.every(({ outcome }) => outcome.kind !== 'failed' && !isRefused(outcome))
  const diagnostics = told.flatMap(({ outcome }): readonly Diagnostic[] =>
    outcome.kind === 'measured' ? outcome.written.diagnostics : [],
  )
  return {
    exit: isOk ? 0 : 1,
    diagnostics,
    json: { apiVersion: 'tutela/v1', kind: 'Observe', ok: isOk, models: told.map(entryOf) },
    text: () => {
      const screen = observeScreen(invocation)
      return told.map((one) => lineOf(one, screen)).join('\n')
    },
  }
}

function isRefused(outcome: Outcome): boolean {
  return outcome.kind === 'measured' && outcome.written.kind === 'refused'
}

function entryOf({ id, outcome }: Told): unknown {
  if (outcome.kind === 'measured') return { state: 'measured', ...measuredJson(outcome) }
  const { kind, ...facts } = outcome
  return { state: kind, model: id, ok: kind !== 'failed', ...facts }
}

function lineOf({ id, outcome }: Told, { language, words }: ObserveScreen): string {
  if (outcome.kind === 'no-data') return `${id}: ${words.noData}`
  if (outcome.kind === 'unchanged') return `${id}: ${words.unchanged}`
  if (outcome.kind === 'failed') return `${id}: ${words.failed}: ${outcome.message}`
  const { snapshot, written } = outcome
  if (written.kind === 'refused') return `${id}: ${words.refused}: ${written.diagnostics[0]?.message ?? ''}`
  const where = written.line === null ? written.path : `${written.path}:${written.line}`
  const current = snapshot.rows?.current ?? 0
  const rows = words.rows(current, formatNumber(current, { language }))
  return `${id}: ${words.of(words.measurements(snapshot.measurements.length), rows)} → ${where}`
}
