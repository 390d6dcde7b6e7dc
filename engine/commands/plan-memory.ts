// What `plan` remembers from one run to the next: models, settings, and the text of a whole plan. All only ever spare work.
import { FileIds, keyOf } from '../cache/file-ids.ts'
import type { KeptPlan } from '../cache/kept-plan.ts'
import { type KeptValue, keepValue, recallValue } from '../cache/kept-value.ts'
import { type ModelMemory, openModelMemory } from '../cache/model-memory.ts'
import type { Governance } from '../domain/governance.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import { BareObject } from '../load/bare-object.ts'
import type { PlannedRepository } from '../pipeline.ts'
import { runId } from '../record/run-id.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import type { SourceTree } from '../world.ts'
import type { CommandResult, ExitCode, Invocation } from './command.ts'
import { type OpenedForPlan, type OpenedTrees, openBase, withForge, withRecord } from './opened-trees.ts'
import { batched, type PlanFrame, planHead } from './plan-json.ts'

export interface PlanMemory {
  readonly models: ModelMemory
  /** Null: the text of the whole plan cannot be kept. */
  readonly key: string | null
}

/** As `openForPlan`, by settings that are remembered where governance.yaml is the same. */
export async function openRemembering(invocation: Invocation): Promise<OpenedForPlan> {
  const opened = openBase(invocation)
  const place = settingsPlace(invocation, opened)
  const known = place === null ? undefined : recallValue(place)
  if (known !== undefined) return withForge(invocation, withRecord(invocation, opened, known as Governance))
  // The reader of YAML is loaded only where something is to be read.
  const { openForPlan } = await import('./open-for-plan.ts')
  const read = await openForPlan(invocation)
  if (place !== null) keepValue(place, read.settings)
  return read
}

/** Null where there is no such file, or `--config` stands for it. */
function settingsPlace(
  { world, globals }: Invocation,
  { base, store }: Pick<OpenedTrees, 'base' | 'store'>,
): KeptValue | null {
  if (store === null || world.caches === undefined || globals.config !== null) return null
  const files = base.list(['policies']).filter(({ path }) => path === 'policies/governance.yaml')
  const ids = new FileIds(base).of(files)
  if (ids === null || ids.length === 0) return null
  return { folder: world.caches.open(store.gitDir), name: 'settings', key: keyOf(ids), bare: BareObject }
}

/** Null where there is nothing to remember in: outside Git, or where `--config` stands for a file of the repository. */
export function openPlanMemory(
  { world, globals }: Invocation,
  opened: OpenedForPlan,
  keep: 'all' | 'not-pass',
): PlanMemory | null {
  const { store, base, record, proposals, sent, untold } = opened
  if (store === null || world.caches === undefined || globals.config !== null) return null
  const folder = world.caches.open(store.gitDir)
  const tree = record === null || record === base ? base : withRecordedSnapshots(base, record)
  const variant = [globals.lang ?? 'own', keep, 'refuse']
  const models = openModelMemory({ tree, now: globals.now, folder, variant })
  if (models === null) return null
  const recorded = recordedRuns(record)
  return {
    models,
    key:
      recorded === undefined
        ? null
        : models.planKey([recorded, proposals, [...sent].sort(), [...(untold?.proposals ?? [])].sort()]),
  }
}

/** The plan as it was printed before, with the commit, time and run of today; null where anything else is different. */
export function recallPlan(
  { models, key }: PlanMemory,
  { globals }: Invocation,
  { base, record }: OpenedForPlan,
): CommandResult | null {
  const run = runId(base, record, globals.now)
  const kept = key === null ? null : models.recallPlan(key, run)
  if (kept === null) return null
  const { commit, dirty } = base
  const head = planHead({ commit, dirty, now: formatInstant(globals.now), run })
  return { exit: kept.exit as ExitCode, json: { pieces: batched([head, ...kept.pieces]) }, text: () => '' }
}

/** The text to keep with the models, and for how long it holds. */
export function keptPlan(
  key: string,
  planned: PlannedRepository,
  { before, after, marks }: PlanFrame,
  opened: OpenedForPlan,
): KeptPlan {
  const from = Date.parse(planned.plan.now)
  return {
    key,
    from,
    until: marks === null ? from : holdsUntil(planned, opened, from),
    exit: planned.exit,
    before,
    after,
    marks: marks ?? [],
  }
}

/**
 * Proposals and triggers wait for days to pass, as do demands that escalate: then a plan holds for this second. Otherwise
 * also until the next deadline.
 */
function holdsUntil(
  { previous, rulebook, compiled, judgements, nextStep }: PlannedRepository,
  { proposals, sent }: OpenedForPlan,
  now: Instant,
): Instant {
  const escalates = rulebook.policies.some(({ remediate }) => remediate.escalateTo !== undefined)
  if (proposals.length > 0 || sent.size > 0 || (previous !== null && escalates)) return now
  // Of a waiver that excuses nothing it is told while it holds.
  const waivers = [...compiled.waivers.values()].flat().flatMap(({ from, until }) => [from - 1000, until - 1000])
  const ends = [
    ...judgements.map((judgement) => judgement.holdsUntil),
    ...waivers.filter((last) => last >= now),
    nextStep - 1000,
  ]
  return ends.reduce((first, end) => Math.min(first, end), Number.POSITIVE_INFINITY)
}

/** Identifies all that earlier runs recorded; undefined where files of it differ from the commit. */
function recordedRuns(record: SourceTree | null): string | null | undefined {
  if (record === null) return null
  return record.dirty.some((path) => path.startsWith('reports/')) ? undefined : record.treeId('reports')
}
