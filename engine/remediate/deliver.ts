// Carries out the actions of a recorded run, one by one, in their order. Each step looks before it acts, and what is done
// is marked under `refs/tutela/delivered`, so that a run that was killed is finished by the next one, exactly once.
//
// What that means for each kind, honestly:
//  - proposals: exactly once; the forge itself knows what was done.
//  - triggers: at most once. A mark is written before the command starts; after a crash between the two nobody can know
//    whether it ran, so it is not started again and stands as `unknown`. The request's id lets the receiver tell.
//  - notices: at least once; exactly once where the receiver can tell a repetition (`NoticeChannel.repeats`).
import { Fault } from '../base/fault.ts'
import { systemFault } from '../base/system-fault.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Forge, GitStore, NoticeChannel, RetrainTrigger } from '../world.ts'
import { deliverNotice } from './deliver-notice.ts'
import { deliverProposal } from './deliver-proposal.ts'
import { deliverTrigger } from './deliver-trigger.ts'
import { type Mark, type MarksAuthor, putMarks, readMark } from './delivered-marks.ts'

/** The outside of a delivery. The two look-ups give null for a name that governance.yaml does not have. */
export interface DeliveryPorts {
  readonly git: GitStore
  readonly forge: Forge
  readonly trigger: (name: string) => RetrainTrigger | null
  readonly channel: (name: string) => NoticeChannel | null
  /** Of the commits that are made: the run's author. */
  readonly author: MarksAuthor
  /** Whether a run of ours can have made a mark of a trigger; left out: any. Others do not count, and are written over. */
  readonly isBelieved?: (mark: Mark) => boolean
}

/** What is needed of run.json. */
export interface Outbox {
  readonly run: string
  /** The judged commit. */
  readonly commit: string
  /** RFC 3339. */
  readonly now: string
  readonly actions: readonly PlannedAction[]
}

/** `done` now, `already` before, `failed` (the next run tries again), `unknown` (begun, never again). */
export interface Delivered {
  readonly kind: PlannedAction['kind']
  readonly key: string
  readonly state: 'done' | 'already' | 'failed' | 'unknown'
  readonly ref?: string
  /** Why it failed. */
  readonly message?: string
}

/** What one kind of delivery gives: its outcome, and the mark to write. */
export interface DeliveryStep {
  readonly delivered: Delivered
  /** Null: nothing to be marked (failed, or marked by the step itself). */
  readonly mark: Mark | null
  /** Whether doing it again would change nothing, so that its mark may wait for others. */
  readonly isRepeatable: boolean
}

/**
 * In the order of the actions; gated ones and those of other stages are left out. Faults of single deliveries are kept.
 * `isEarlierWaiting`: something of an earlier run failed, so this one is not marked as whole: looking back stops there.
 */
export async function deliver(
  ports: DeliveryPorts,
  outbox: Outbox,
  { isEarlierWaiting = false }: { readonly isEarlierWaiting?: boolean } = {},
): Promise<Delivered[]> {
  const actions = outbox.actions.filter(({ kind, gated }) => gated === undefined && DELIVERABLE.includes(kind))
  const all = { kind: 'run', key: outbox.run, evidence: '', run: outbox.run }
  if (actions.length === 0 || readMark(ports.git, all) !== null) {
    return actions.map(({ kind, key }) => ({ kind, key, state: 'already' }))
  }
  const waiting: Mark[] = []
  const delivered: Delivered[] = []
  for (const action of actions) {
    // Nothing may be left to be told again before something is done that cannot be undone.
    if (action.kind === 'trigger') flush(ports, waiting)
    const step = await deliverOne(ports, outbox, action)
    delivered.push(step.delivered)
    if (step.mark !== null) waiting.push(step.mark)
    if (waiting.length >= BATCH || (step.mark !== null && !step.isRepeatable)) flush(ports, waiting)
  }
  const isWhole = !isEarlierWaiting && delivered.every(({ state }) => state !== 'failed')
  if (isWhole) waiting.push({ ...all, state: 'done', at: outbox.now })
  flush(ports, waiting)
  return delivered
}

const DELIVERABLE: readonly PlannedAction['kind'][] = [
  'close-proposal',
  'update-proposal',
  'open-proposal',
  'trigger',
  'notify',
]

/** Marks written together where repeating is harmless. Arbitrary. */
const BATCH = 100

async function deliverOne(ports: DeliveryPorts, outbox: Outbox, action: PlannedAction): Promise<DeliveryStep> {
  const { kind, key } = action
  const known = readMark(ports.git, { kind, key, evidence: action.evidence ?? '', run: outbox.run })
  const isForged = known !== null && kind === 'trigger' && ports.isBelieved?.(known) === false
  if (known !== null && !isForged && known.state !== 'started' && known.state !== 'not-started') {
    const state = known.state === 'failed' ? 'unknown' : 'already'
    return {
      delivered: { kind, key, state, ...(known.ref !== undefined && { ref: known.ref }) },
      mark: null,
      isRepeatable: true,
    }
  }
  try {
    if (kind === 'trigger') return await deliverTrigger(ports, outbox, action, { known, isForged })
    if (kind === 'notify') return await deliverNotice(ports, outbox, action)
    return await deliverProposal(ports, outbox, action)
  } catch (error) {
    const fault = error instanceof Fault ? error : systemFault(error)
    if (fault === null) throw error
    return { delivered: { kind, key, state: 'failed', message: fault.message }, mark: null, isRepeatable: true }
  }
}

/** A mark that stands already was written by a run at the same time: that is as good. */
function flush({ git, author }: DeliveryPorts, waiting: Mark[]): void {
  const marks = waiting.splice(0).map((mark) => ({ mark, expect: null }))
  if (putMarks(git, author, marks)) return
  for (const one of marks) putMarks(git, author, [one])
}
