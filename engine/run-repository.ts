// One run: plan → record (one commit, by compare-and-swap) → deliver. What an earlier run left undone is finished first.
// The ref update is the commit point; before it there are only objects, so a run that is killed is simply done again.
import { join } from 'node:path'
import { Fault } from './base/fault.ts'
import { takeRunLock } from './base/run-lock.ts'
import type { Language } from './domain/governance.ts'
import { formatInstant, type Instant } from './domain/instant.ts'
import type { Proposal } from './domain/proposal.ts'
import type { WitnessReply } from './ledger/ask-witness.ts'
import { isStopped, type PlannedRepository, planRepository } from './pipeline.ts'
import { anchorLog } from './record/anchor-log.ts'
import { requireMarksKept, strangeMarks } from './record/believed-marks.ts'
import { cosignHead } from './record/cosigned-head.ts'
import { type Delivered, deliverPending } from './record/deliver-pending.ts'
import { markErasures } from './record/erasures.ts'
import { bookmarkIn, readForge } from './record/forge-state.ts'
import { areSettingsBroken, moveRecord, type OpenedRun, openRun } from './record/open-run.ts'
import { ANCHOR_KEY, type Anchored } from './record/pinned-places.ts'
import { commitOfRun, lastRunTime } from './record/recorded-runs.ts'
import { logReader } from './record/run-commit.ts'
import { pushState } from './record/sync-remote.ts'
import { baseOf } from './record/two-refs.ts'
import type { Mark } from './remediate/delivered-marks.ts'
import type { FetchedProposals, GitStore, ObjectId, SourceTree, World } from './world.ts'
import { messagesOf, writeRun } from './write-run.ts'

export interface RunRequest {
  readonly world: World
  readonly store: GitStore
  /** `--ref`; null: what is checked out. */
  readonly ref: string | null
  readonly now: Instant
  /** In which the findings of the outcome speak; null: the first of governance.yaml, as run.json is. */
  readonly language: Language | null
  readonly deliver: boolean
  /** How long to wait for another run on this machine, in milliseconds. */
  readonly waitMs?: number
}

export interface RunOutcome {
  readonly planned: PlannedRepository
  /** Before the deliveries of this run. */
  readonly proposals: readonly Proposal[]
  /** The commit of this run, or of the same run when it was recorded before; null where nothing could be recorded. */
  readonly recorded: { readonly commit: ObjectId; readonly firstEntry: number; readonly entries: number } | null
  readonly wasRecorded: boolean
  /** The time of the last recorded run, where the clock is behind it: the run is recorded, and demands keep their dates. */
  readonly aheadOfClock: Instant | null
  readonly delivered: readonly Delivered[]
  /** What people said here and can be said no more, as the fetch found out. */
  readonly lost: FetchedProposals['lost']
  /** Marks since the last run that no recorded run planned, so that they do not count. */
  readonly strange: readonly Mark[]
  /** Where the log is pinned; null: nowhere. */
  readonly anchor: Anchored['anchor']
  /** What the witnesses of the log did: those that were asked. */
  readonly cosigned: readonly WitnessReply[]
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
}

/** Arbitrary: more other runs than this in the time of one is not a race but a storm. */
const MOST_ATTEMPTS = 10
const WAIT_MS = 120_000

/** Not `reports`: nothing is judged by it, and it gains a folder a run, so that looking would take longer with each. */
const JUDGED_FOLDERS = ['ledger', 'models', 'policies'] as const

/**
 * Does one run under the repository's lock, again and again while others move the record branch. Faults `lock/held`,
 * `record/…`, `git/…`, `ledger/…`; what is wrong in the files is in the plan.
 */
export async function runRepository(request: RunRequest): Promise<RunOutcome> {
  const { store, now } = request
  const lock = takeRunLock({
    path: join(store.gitDir, 'tutela', 'lock'),
    command: 'tutela run',
    since: formatInstant(now),
    claims: join(store.gitDir, 'tutela', 'locks'),
    waitMs: request.waitMs ?? WAIT_MS,
  })
  try {
    const lost: RunOutcome['lost'][number][] = []
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const outcome = await runOnce(request, (words) => lost.push(...words))
      if (outcome !== 'moved') return { ...outcome, lost }
    }
  } finally {
    lock.release()
  }
  throw new Fault('record/contended', 'the record branch moved again and again while this run was written', 'run again')
}

async function runOnce(
  request: RunRequest,
  lose: (words: RunOutcome['lost']) => void,
): Promise<Omit<RunOutcome, 'lost'> | 'moved'> {
  const { store, now } = request
  if (areSettingsBroken(request)) return stoppedBySettings(request)
  const opened = await openRun(request)
  lose(opened.lost)
  const { refs } = opened
  const held = refs.record.commit === null ? null : store.commitTree(refs.record.commit)
  const bookmark = bookmarkIn(held)
  requireMarksKept(store, held, bookmark)
  const strange = strangeMarks(store, held, bookmark)
  if (request.deliver) markErasures(store, opened.governance)
  const earlier = request.deliver ? await deliverPending(opened) : { delivered: [], there: opened.there }
  // Marks that the remote lacks must not be recorded: others could not tell what was told of them.
  if (earlier.there === null) return 'moved'
  const base = store.commitTree(refs.base.commit)
  const record = refs.isOne ? base : refs.record.commit === null ? null : store.commitTree(refs.record.commit)
  const shared = opened.remote === null ? null : earlier.there
  const forge = await readForge(opened, shared, refs.base.commit, record)
  const planned = planRepository({ base, record, now, language: null, keep: 'not-pass', ...forge })
  const dirty = store.workTree === null ? [] : store.dirtyIn(JUDGED_FOLDERS)
  const last = lastRunTime(store, refs.record.commit)
  const outcome = {
    planned: spoken(planned, { base, record }, request, dirty),
    proposals: forge.proposals,
    recorded: null,
    wasRecorded: false,
    aheadOfClock: last !== null && last > now ? last : null,
    delivered: earlier.delivered,
    strange,
    anchor: null,
    cosigned: [],
    checkpoint: null,
  }
  const same = commitOfRun(store, refs.record.commit, planned.plan.run)
  if (same !== null) {
    const published = await publish({ ...opened, there: earlier.there }, request)
    const delivered = [...outcome.delivered, ...published.delivered]
    return { ...outcome, ...same, ...published, wasRecorded: true, aheadOfClock: null, delivered }
  }
  if (isStopped(planned)) return outcome
  const written = await writeRun(opened, planned, { base, record, forge })
  if (!(await moveRecord(opened, written.commit))) return 'moved'
  store.foldPacks()
  const { commit, recorded, checkpoint } = written
  const after = { ...opened, there: earlier.there, refs: { ...refs, record: { ...refs.record, commit } } }
  const later = request.deliver ? await deliverPending(after) : { delivered: [], there: null }
  const published = await publish({ ...after, there: later.there ?? after.there }, request)
  const delivered = [...earlier.delivered, ...later.delivered, ...published.delivered]
  return { ...outcome, recorded, checkpoint, ...published, delivered }
}

/** Pins the log and has it cosigned, once it is recorded. */
async function publish(
  opened: OpenedRun,
  { deliver }: Pick<RunRequest, 'deliver'>,
): Promise<Pick<RunOutcome, 'anchor' | 'cosigned' | 'delivered'>> {
  if (!deliver) return { anchor: null, cosigned: [], delivered: [] }
  const { anchor, failed, isMarked } = await anchorLog(opened)
  const cosigned = await askWitnesses(opened)
  // Refused, because another clone was faster: the next run pushes it, or does it again.
  if (opened.remote !== null && (isMarked || cosigned.length > 0)) {
    await pushState(opened, { remote: opened.remote, there: opened.there })
  }
  return { anchor, cosigned, delivered: failed.filter(({ waiting }) => !waiting).map(notPinned) }
}

function notPinned({ where, message }: Anchored['failed'][number]): Delivered {
  return { kind: 'anchor', key: ANCHOR_KEY, state: 'failed', message: `${where}: ${message}` }
}

/** Only a checkpoint that is public goes to witnesses: they would hold a dropped one against the log for ever. */
async function askWitnesses({ world, store, governance, now, refs }: OpenedRun): Promise<WitnessReply[]> {
  const { commit } = refs.record
  if (world.witnesses === undefined || commit === null) return []
  const { post } = world.witnesses
  const read = logReader(store.commitTree(commit))
  return await cosignHead({ store, governance, now, post, read })
}

/** Nothing is fetched, delivered or recorded; the plan has the problems. */
function stoppedBySettings({ store, ref, now, language }: RunRequest): Omit<RunOutcome, 'lost'> {
  const base = store.commitTree(baseOf(store, ref).commit)
  const planned = planRepository({
    base,
    record: base,
    now,
    language,
    keep: 'not-pass',
    proposals: [],
    sent: new Set(),
  })
  return {
    planned,
    proposals: [],
    recorded: null,
    wasRecorded: false,
    aheadOfClock: null,
    delivered: [],
    strange: [],
    anchor: null,
    cosigned: [],
    checkpoint: null,
  }
}

/** The plan as it is told: in the language that was asked for, with what the working tree has besides. */
function spoken(
  planned: PlannedRepository,
  trees: { readonly base: SourceTree; readonly record: SourceTree | null },
  { language, now }: RunRequest,
  dirty: readonly string[],
): PlannedRepository {
  if (language === null || language === planned.language) return { ...planned, plan: { ...planned.plan, dirty } }
  const messageOf = messagesOf(planned, trees, now)
  const findings = planned.plan.findings.map((finding) => ({ ...finding, message: messageOf(finding, language) }))
  return { ...planned, language, plan: { ...planned.plan, dirty, findings } }
}
