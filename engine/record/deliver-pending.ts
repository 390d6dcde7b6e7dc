// Carries out what recorded runs decided and nobody delivered yet: the newest runs, oldest first, back to one that is
// known to be delivered whole, with all before it. With a remote, a trigger is claimed there before it starts.
import { runFolder } from '../domain/recorded-run.ts'
import { type Delivered, deliver, type Outbox } from '../remediate/deliver.ts'
import { DELIVERED, readMark } from '../remediate/delivered-marks.ts'
import { readJson, unreadable } from '../report/read-recorded.ts'
import type { GitRemote, GitStore, RetrainTrigger, SourceTree } from '../world.ts'
import { believedMarks } from './believed-marks.ts'
import { hasLogSent } from './log-has-sent.ts'
import type { OpenedRun } from './open-run.ts'
import { type RunCommit, runCommits } from './recorded-runs.ts'
import { pushState, type RemoteRefs } from './sync-remote.ts'

export type { Delivered } from '../remediate/deliver.ts'

/**
 * What was carried out now; deliveries that were marked before are not in it. `there`: what the remote has then; null
 * where it did not take marks and proposals, because another clone delivered at the same time.
 */
export async function deliverPending(
  opened: OpenedRun,
): Promise<{ readonly delivered: readonly Delivered[]; readonly there: RemoteRefs | null }> {
  const { world, store, governance, refs, forge, remote, there } = opened
  const record = refs.record.commit === null ? null : store.commitTree(refs.record.commit)
  const boxes = pendingBoxes(store, refs.record.commit)
  const claim = claimAtRemote(store, remote, there)
  const ports = {
    git: store,
    forge,
    trigger: (name: string) => {
      const trigger = governance.triggers[name]
      return trigger === undefined ? null : claimed(world.openTrigger(store, trigger), claim, record)
    },
    channel: (name: string) => {
      const channel = name === 'file' ? (governance.channels.file ?? { kind: 'file' }) : governance.channels[name]
      return channel === undefined ? null : world.openChannel(store, channel)
    },
    author: governance.record.author,
    isBelieved: believedMarks(store, record),
  }
  const delivered: Delivered[] = []
  for (const box of boxes) {
    const isEarlierWaiting = delivered.some(({ state }) => state === 'failed')
    delivered.push(...(await deliver(ports, box, { isEarlierWaiting })))
  }
  const after = remote === null ? claim.there() : await pushState(opened, { remote, there: claim.there() })
  return { delivered: delivered.filter(({ state }) => state !== 'already'), there: after }
}

/** What the newest runs decided, back to one that is known to be delivered whole, oldest first. Faults `report/unreadable`. */
export function pendingBoxes(store: GitStore, tip: string | null): Outbox[] {
  if (tip === null) return []
  const tree = store.commitTree(tip)
  const boxes: Outbox[] = []
  for (const commit of runCommits(store, tip)) {
    if (readMark(store, { kind: 'run', key: commit.run, evidence: '', run: commit.run }) !== null) break
    const box = outboxOf(tree, commit)
    if (box !== null) boxes.push(box)
  }
  return boxes.reverse()
}

/** The actions in a run's run.json; null for a run that had nothing new to say. */
function outboxOf(tree: SourceTree, { run, info }: RunCommit): Outbox | null {
  const path = `${runFolder(info.committer.at * 1000, run)}/run.json`
  if (!tree.has(path)) return null
  const { commit, now, actions } = readJson(tree, path) as Partial<Omit<Outbox, 'run'>>
  if (typeof commit === 'string' && typeof now === 'string' && Array.isArray(actions))
    return { run, commit, now, actions }
  throw unreadable(path, 'it is no recorded run')
}

interface Claim {
  /** Whether the remote took our marks: then nobody else begins what they name. */
  take(): Promise<boolean>
  there(): RemoteRefs
}

function claimAtRemote(store: GitStore, remote: GitRemote | null, there: RemoteRefs): Claim {
  let known = there
  return {
    there: () => known,
    take: async () => {
      const to = store.resolve(DELIVERED)
      if (remote === null || to === null) return true
      if (!(await remote.push([{ ref: DELIVERED, expect: known.get(DELIVERED) ?? null, to }]))) return false
      known = new Map([...known, [DELIVERED, to]])
      return true
    },
  }
}

function claimed(trigger: RetrainTrigger, claim: Claim, record: SourceTree | null): RetrainTrigger {
  return {
    send: async (order) => {
      if (hasLogSent(record, order)) return { state: 'not-started', output: 'the log says that it was sent before' }
      if (await claim.take()) return await trigger.send(order)
      return { state: 'not-started', output: 'another clone delivers at the same time' }
    },
  }
}
