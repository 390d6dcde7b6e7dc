// What `plan` remembers from one run to the next: models, and the text of a whole plan. Both only ever spare work.
import type { KeptPlan } from '../cache/kept-models.ts'
import { type ModelMemory, openModelMemory } from '../cache/model-memory.ts'
import { formatInstant } from '../domain/instant.ts'
import type { PlannedRepository } from '../pipeline.ts'
import { runId } from '../record/run-id.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import type { SourceTree } from '../world.ts'
import type { CommandResult, ExitCode, Invocation } from './command.ts'
import type { OpenedForPlan } from './open-for-plan.ts'
import { type PlanFrame, planHead } from './plan-json.ts'

export interface PlanMemory {
  readonly models: ModelMemory
  /** Null: the text of the whole plan cannot be kept. */
  readonly key: string | null
}

/** Null where there is nothing to remember in: outside Git, or where `--config` stands for a file of the repository. */
export function openPlanMemory(
  { world, globals }: Invocation,
  opened: OpenedForPlan,
  keep: 'all' | 'not-pass',
): PlanMemory | null {
  const { store, base, record, proposals, sent } = opened
  if (store === null || world.caches === undefined || globals.config !== null) return null
  const folder = world.caches.open(store.gitDir)
  const tree = record === null || record === base ? base : withRecordedSnapshots(base, record)
  const variant = [globals.lang ?? 'own', keep, 'refuse']
  const models = openModelMemory({ tree, now: globals.now, folder, variant })
  if (models === null) return null
  const recorded = recordedRuns(record)
  return { models, key: recorded === undefined ? null : models.planKey([recorded, proposals, [...sent].sort()]) }
}

/** The plan as it was printed before, with the commit, time and run of today; null where anything else is different. */
export function recallPlan(
  { models, key }: PlanMemory,
  { globals }: Invocation,
  { base, record }: OpenedForPlan,
): CommandResult | null {
  const kept = key === null ? null : models.recallPlan(key)
  if (kept === null) return null
  const { commit, dirty } = base
  const head = planHead({ commit, dirty, now: formatInstant(globals.now), run: runId(base, record, globals.now) })
  return { exit: kept.exit as ExitCode, json: { pieces: [head, kept.text] }, text: () => '' }
}

/** The text to keep with the models, and for how long it holds. */
export function keptPlan(
  key: string,
  planned: PlannedRepository,
  frame: PlanFrame,
  { proposals, sent }: OpenedForPlan,
): KeptPlan {
  const { plan, exit, previous, rulebook, judgements } = planned
  const from = Date.parse(plan.now)
  // Notices name the run, proposals and earlier runs wait for days to pass, waivers begin: then it holds for this second.
  const isTimeless =
    previous === null &&
    proposals.length === 0 &&
    sent.size === 0 &&
    rulebook.waivers.length === 0 &&
    plan.actions.every((action) => action.kind !== 'notify')
  const until = isTimeless ? Math.min(...judgements.map(({ holdsUntil }) => holdsUntil)) : from
  return { key, from, until, exit, ...frame }
}

/** Identifies all that earlier runs recorded; undefined where files of it differ from the commit. */
function recordedRuns(record: SourceTree | null): string | null | undefined {
  if (record === null) return null
  return record.dirty.some((path) => path.startsWith('reports/')) ? undefined : record.treeId('reports')
}
