// What `run --format json` prints: the plan and what was done (CLI.md, Run).
import type { Plan } from '../domain/plan.ts'
import type { Delivered } from './deliver-pending.ts'

export interface Done {
  readonly recorded: { readonly commit: string; readonly firstEntry: number; readonly entries: number } | null
  readonly delivered: readonly Delivered[]
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
  readonly anchor: { readonly cid: string; readonly where: readonly string[] } | null
}

/** Why a delivery failed stands on stderr. */
export function mergeRun(plan: Plan, { recorded, delivered, checkpoint, anchor }: Done): object {
  const told = delivered.map(({ key, state, ref }) => ({ key, state, ...(ref !== undefined && { ref }) }))
  return { ...plan, kind: 'Run', recorded, delivered: told, checkpoint, anchor }
}
