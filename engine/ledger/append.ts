// The writer of a log in a folder (a stand-alone log, a witness, the bench). A run writes its log as part of its commit
// instead. Order: lock, new tiles and bundles, read back, then the signed checkpoint: its rename is the commit point.
// Every checkpoint that was ever signed stays under `checkpoints/`, so that a fork can be proven.
import { existsSync, linkSync, readdirSync, renameSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createAllFlushed, replaceAfter } from '../base/durable-batch.ts'
import { errorCode, makeFolder, removeQuietly, writeDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { type RunLock, takeRunLock } from '../base/run-lock.ts'
import { formatCheckpoint } from './checkpoint.ts'
import type { Allocate } from './entry-bundle.ts'
import { layOut } from './log-layout.ts'
import { rootOfLog } from './log-root.ts'
import { signNote } from './note.ts'
import type { Signer, VerifierKey } from './note-key.ts'
import { type AppendPlan, planAppend } from './plan-append.ts'
import { readLogFile, readLogFolder } from './read-folder.ts'
import { parseTilePath, TILE_WIDTH, tilePath } from './tile-path.ts'
import { EMPTY_ROOT, equalBytes, type TreeHash } from './tree-hash.ts'
import type { LogFiles } from './verify-log.ts'

/** A log that is open for appending; nobody else can write it until `close`. */
export interface LogWriter {
  /** Paths that no signed checkpoint covers (a crash left them), now under `unsigned/`. */
  readonly setAside: readonly string[]
  /** Appends durably: when this is fulfilled, the checkpoint that covers the entries is on disk. One at a time. */
  append(entries: readonly Uint8Array[]): Promise<Appended>
  /** Gives the lock up. */
  close(): void
}

/** Where the entries stand, and the log that holds them. */
export interface Appended {
  readonly firstIndex: number
  readonly size: number
  readonly root: TreeHash
  /** The signed note. */
  readonly checkpoint: Uint8Array
}

/** Which folder, who signs, and what others are told of the lock. */
export interface LogWriterOptions {
  readonly folder: string
  readonly signers: readonly Signer[]
  /** Keys besides the signers' that may have signed the last checkpoint. */
  readonly trusted?: readonly VerifierKey[]
  readonly origin: string
  /** Now, RFC 3339: what the lock tells others. */
  readonly since: string
  /** How long to wait for another writer, in milliseconds. */
  readonly waitMs?: number
}

/**
 * Opens a log for writing, beginning it where the folder has none: takes the lock (fails closed), sets aside what no
 * checkpoint covers, and checks the right edge. Faults `lock/held`, `ledger/does-not-extend`, `ledger/unreadable`.
 */
export function openLogWriter(options: LogWriterOptions): LogWriter {
  const { folder, origin, waitMs } = options
  makeFolder(join(folder, KEPT))
  const lock = takeRunLock({
    path: join(folder, '.lock'),
    command: `the writer of ${origin}`,
    since: options.since,
    ...(waitMs === undefined ? {} : { waitMs }),
  })
  try {
    return writerUnder(lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The folder of earlier checkpoints, by their size. */
const KEPT = 'checkpoints'

function writerUnder(lock: RunLock, options: LogWriterOptions): LogWriter {
  const { folder, signers, origin } = options
  const files = readLogFolder(folder)
  const request = {
    read: files.read,
    signers,
    origin,
    ...(options.trusted === undefined ? {} : { trusted: options.trusted }),
  }
  const { size } = planAppend({ ...request, entries: [] })
  // The empty log is signed before its first tile, so that tiles without a checkpoint are always a log that lost its head.
  if (files.read('checkpoint') === null) {
    if ([...files.list()].length > 0) throw lostHead(folder)
    writeDurably(
      join(folder, 'checkpoint'),
      signNote(formatCheckpoint({ origin, size: 0n, root: EMPTY_ROOT }), signers),
    )
  }
  for (const name of readdirSync(folder)) if (/^\.checkpoint\..*\.tmp$/.test(name)) removeQuietly(join(folder, name))
  const setAside = setAsideUnsigned(folder, files, size)
  const allocate = reusedMemory()
  let isBroken = false
  return {
    setAside,
    async append(entries) {
      if (isBroken) throw new Error('internal error: an append failed or is under way: open the log again')
      isBroken = true
      const plan = planAppend({ ...request, entries, allocate: allocate() })
      await carryOut(folder, files, plan)
      isBroken = false
      const { firstIndex, root, checkpoint } = plan
      return { firstIndex, size: plan.size, root, checkpoint }
    },
    close: () => lock.release(),
  }
}

/** Arbitrary: the bundles of 4,096 entries as runs write them, and as much again. */
const MOST_REUSED = 4 * 1024 * 1024

/**
 * The bundles of one append after the other in the same memory. They live while the disk is waited for, so a collector
 * takes them for lasting, and lets tens of megabytes of them pile up. Each call begins at the front.
 */
function reusedMemory(): () => Allocate {
  let memory = Buffer.alloc(0)
  let wanted = 0
  return () => {
    if (wanted > memory.length) memory = Buffer.alloc(Math.min(wanted, MOST_REUSED))
    wanted = 0
    return (bytes) => {
      const at = wanted
      wanted += bytes
      return wanted > memory.length ? Buffer.alloc(bytes) : memory.subarray(at, wanted)
    }
  }
}

async function carryOut(folder: string, files: LogFiles, plan: AppendPlan): Promise<void> {
  const before = plan.firstIndex === 0 ? EMPTY_ROOT : rootOfLog(files.read, plan.firstIndex, plan.firstIndex)
  const written = await writeNew(folder, plan)
  const readBack = rootOfLog(files.read, plan.size, plan.size)
  const continued = rootOfLog(files.read, plan.firstIndex, plan.size)
  if (readBack === null || continued === null || before === null) throw changedUnderneath('a tile cannot be read back')
  if (!equalBytes(readBack, plan.root))
    throw changedUnderneath('the tiles read back do not have the root that was planned')
  if (!equalBytes(continued, before)) throw changedUnderneath('the tiles read back do not continue the last checkpoint')
  keepCheckpoint(folder, plan.firstIndex)
  await replaceAfter([...written, join(folder, KEPT)], join(folder, 'checkpoint'), plan.checkpoint)
  for (const path of plan.remove) removeReplaced(folder, path, plan)
}

/** The folders whose names are not on the disk yet. */
async function writeNew(folder: string, { files }: AppendPlan): Promise<readonly string[]> {
  const byPath = new Map([...files].map(([path, bytes]) => [join(folder, path), bytes]))
  byPath.delete(join(folder, 'checkpoint'))
  const { present, folders } = await createAllFlushed(byPath)
  for (const path of present) {
    const bytes = readLogFile(path)
    if (bytes === null || !equalBytes(bytes, byPath.get(path) ?? bytes))
      throw changedUnderneath(`\`${path}\` stands there with other bytes`)
  }
  return folders
}

/** The checkpoint that is about to be replaced gets a second name. One of that size may stand there, signed again. */
function keepCheckpoint(folder: string, size: number): void {
  try {
    linkSync(join(folder, 'checkpoint'), join(folder, KEPT, String(size)))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Partial files stay for as long as no full one takes their place: clients of older checkpoints may still ask for them. */
function removeReplaced(folder: string, path: string, plan: AppendPlan): void {
  const tile = parseTilePath(path)
  const full = tile === null ? path : tilePath({ ...tile, width: TILE_WIDTH })
  if (tile === null || !plan.files.has(full)) return
  const partials = join(folder, `${full}.p`)
  if (!existsSync(partials)) return
  for (const name of readdirSync(partials)) removeQuietly(join(partials, name))
}

/** Moves files that the checkpoint does not cover out of `tile/`: never deleted, since a checkpoint may have been put back by hand. */
function setAsideUnsigned(folder: string, files: LogFiles, size: number): string[] {
  const moved: string[] = []
  for (const { code, where } of layOut(files.list(), size).problems) {
    if (code !== 'ledger/stray-file') continue
    if (/\/\.[^/]+\.tmp$/.test(where)) {
      unlinkSync(join(folder, where))
      continue
    }
    const target = join(folder, 'unsigned', where)
    makeFolder(dirname(target))
    renameSync(join(folder, where), target)
    moved.push(where)
  }
  return moved
}

function lostHead(folder: string): Fault {
  return new Fault(
    'ledger/does-not-extend',
    `\`${folder}\` has tiles and no checkpoint, so nothing is signed`,
    'put its `checkpoint` back, or begin the log in an empty folder',
  )
}

function changedUnderneath(what: string): Fault {
  return new Fault(
    'ledger/does-not-extend',
    `${what}, so nothing is signed`,
    'does another program write to this folder?',
  )
}
