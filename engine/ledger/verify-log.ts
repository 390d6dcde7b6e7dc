// The verifier of a whole log: signature, every byte of every file, root, and whether it continues an older checkpoint.
// Needs no repository, no network and nothing that wrote the log. The algorithm for strangers is docs/ledger.md.
import { encodeBase64 } from '../base/base64.ts'
import type { Checkpoint } from './checkpoint.ts'
import { layOut } from './log-layout.ts'
import { rootOfLog } from './log-root.ts'
import type { ReadLogFile } from './plan-append.ts'
import { equalBytes } from './tree-hash.ts'
import type { Trust } from './trust-policy.ts'
import { type SeenSignature, verifyCheckpoint } from './verify-checkpoint.ts'
import type { VerifyProblem } from './verify-problem.ts'
import { verifyTiles } from './verify-tiles.ts'

/** The files of a log by their paths in its folder. Files beside `checkpoint` and `tile/` are ignored. */
export interface LogFiles {
  list(): Iterable<string>
  readonly read: ReadLogFile
}

/** CLI.md. `origin`, `size` and `root` are null where no checkpoint can be read. */
export interface Verify {
  readonly ok: boolean
  readonly origin: string | null
  readonly size: number | null
  /** Base64, as in the checkpoint. */
  readonly root: string | null
  readonly signatures: readonly SeenSignature[]
  /** Entries whose bytes were read and hashed. */
  readonly entries: number
  /** True where the entries are not Tutela's: their bytes are proven, their form is not judged. */
  readonly opaque?: true
  readonly problems: readonly VerifyProblem[]
}

/** How many problems are listed before the rest is only counted. */
const LISTED = 100

/**
 * Verifies a log against whom one trusts; with `since`, the bytes of an older signed checkpoint, also that history was
 * only appended since. Problems are sorted by the order of checking and complete up to 100.
 */
export function verifyLog(files: LogFiles, trust: Trust, options: { readonly since?: Uint8Array } = {}): Verify {
  const problems: VerifyProblem[] = []
  const bytes = files.read('checkpoint')
  const head = bytes === null ? null : verifyCheckpoint(bytes, trust, 'checkpoint')
  if (head === null) problems.push({ code: 'ledger/no-checkpoint', where: 'checkpoint' })
  problems.push(...(head?.problems ?? []))
  const checkpoint = head?.checkpoint ?? null
  if (checkpoint === null) return answer(null, [], 0, problems)
  if (checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER)) {
    problems.push({ code: 'ledger/too-large', where: 'checkpoint', actual: String(checkpoint.size) })
    return answer(checkpoint, head?.signatures ?? [], 0, problems)
  }
  const layout = layOut(files.list(), Number(checkpoint.size))
  problems.push(...layout.problems)
  const { entries, opaque } = verifyTiles(files.read, layout, (found) => problems.push(found))
  problems.push(...checkRoot(files.read, checkpoint))
  if (options.since !== undefined) problems.push(...checkSince(files.read, checkpoint, options.since, trust))
  return { ...answer(checkpoint, head?.signatures ?? [], entries, problems), ...(opaque ? { opaque: true } : {}) }
}

function answer(
  checkpoint: Checkpoint | null,
  signatures: readonly SeenSignature[],
  entries: number,
  found: readonly VerifyProblem[],
): Verify {
  const problems = found.slice(0, LISTED)
  if (found.length > LISTED) {
    problems.push({ code: 'ledger/more-problems', where: 'tile', actual: String(found.length - LISTED) })
  }
  const isReal = checkpoint !== null && checkpoint.size <= BigInt(Number.MAX_SAFE_INTEGER)
  return {
    ok: found.length === 0,
    origin: checkpoint?.origin ?? null,
    size: isReal ? Number(checkpoint.size) : null,
    root: checkpoint === null ? null : encodeBase64(checkpoint.root),
    signatures,
    entries,
    problems,
  }
}

function checkRoot(read: ReadLogFile, { size, root }: Checkpoint): VerifyProblem[] {
  const actual = rootOfLog(read, Number(size), Number(size))
  // A missing tile is a problem already.
  if (actual === null || equalBytes(actual, root)) return []
  return [{ code: 'ledger/root', where: 'checkpoint', expected: encodeBase64(root), actual: encodeBase64(actual) }]
}

function checkSince(read: ReadLogFile, now: Checkpoint, since: Uint8Array, trust: Trust): VerifyProblem[] {
  const where = 'older checkpoint'
  // Whoever kept it may have kept it before any witness saw it.
  const { checkpoint: before, problems } = verifyCheckpoint(since, { ...trust, quorum: { kind: 'none' } }, where)
  if (before === null || problems.length > 0) return [...problems]
  if (before.origin !== now.origin) {
    return [{ code: 'ledger/other-origin', where, expected: now.origin, actual: before.origin }]
  }
  if (before.size > now.size) {
    return [
      { code: 'ledger/rolled-back', where, expected: `at least ${before.size} entries`, actual: `${now.size} entries` },
    ]
  }
  const root = rootOfLog(read, Number(before.size), Number(now.size))
  if (root !== null && equalBytes(root, before.root)) return []
  const actual = root === null ? {} : { actual: encodeBase64(root) }
  return [{ code: 'ledger/rewritten', where, expected: encodeBase64(before.root), ...actual }]
}
