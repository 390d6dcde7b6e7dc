// Days that pass while nobody does what is demanded. Each is told once: in a report, and in a notice to each channel.
import type { Instant } from './instant.ts'
import type { Action } from './policy.ts'

/** The deadline, or the day from which another remedy is demanded. */
export type DemandStep = 'overdue' | 'escalated'

/** A day that passed while a demand was not answered. */
export interface PassedDay {
  readonly model: string
  readonly environment: string
  readonly version: string | null
  readonly step: DemandStep
  /** What the policies demand, and what is to be done now. */
  readonly asked: Exclude<Action, 'none'>
  readonly effective: Exclude<Action, 'none'>
  /** The last local day in time, `yyyy-mm-dd`. */
  readonly day: string
  /** From when it counts: what tells one deadline from the next of the same demand. */
  readonly since: Instant
}
