// `ledger/anchors.ndjson`: under which CID the log stood at each size, a line a run. The CID is computed when the run is
// recorded; that and where it was pinned is an `anchor` entry of a later run.
import { encodeBase64 } from '../../base/base64.ts'
import { canonicalJson } from '../../base/canonical-json.ts'
import { rootOfLog } from '../log-root.ts'
import type { ReadLogFile } from '../plan-append.ts'
import type { ReadBlock } from './car-write.ts'
import { cidText, parseCid } from './cid.ts'
import { type LogSnapshot, logDag } from './log-dag.ts'

/** A checkpoint and the CID of the directory that it heads. */
export interface Anchor {
  readonly cid: string
  readonly size: number
  /** Base64, as in the checkpoint. */
  readonly root: string
}

/** Path in the log's folder. */
export const ANCHORS = 'anchors.ndjson'

/**
 * As many as the file keeps: a run writes it anew, and without an end it would grow a repository by the square of its
 * runs. Older ones stand in `anchor` entries and in the history of the file.
 */
const KEPT = 256

/** The lines that are well formed, oldest first. */
export function readAnchors(bytes: Uint8Array | null): Anchor[] {
  const lines = bytes === null ? [] : Buffer.from(bytes).toString('utf8').split('\n')
  return lines.flatMap((line) => parseAnchor(line) ?? [])
}

function parseAnchor(line: string): Anchor | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { cid, size, root } = value as Partial<Record<keyof Anchor, unknown>>
  if (typeof cid !== 'string' || typeof root !== 'string' || parseCid(cid) === null) return null
  return Number.isSafeInteger(size) && Number(size) >= 0 ? { cid, size: Number(size), root } : null
}

/** The file with one more anchor. */
export function writeAnchors(anchors: readonly Anchor[], next: Anchor): Uint8Array {
  const kept = [...anchors.filter(({ size }) => size < next.size), next].slice(-KEPT)
  return new TextEncoder().encode(kept.map((anchor) => `${canonicalJson(anchor)}\n`).join(''))
}

/** A log, the anchors of its earlier sizes, and the blocks that may be at hand. */
export interface NamedLog {
  readonly read: ReadLogFile
  readonly size: number
  readonly anchors: readonly Anchor[]
  readonly block: ReadBlock
}

/** The anchor of a log at its size, from the newest snapshot that is at hand. Faults `ledger/unreadable`. */
export function anchorOf(log: NamedLog & { readonly root: Uint8Array }): Anchor {
  const from = newestSnapshot(log)
  const { cid } = logDag({ ...log, ...(from !== null && { from }) })
  return { cid: cidText(cid), size: log.size, root: encodeBase64(log.root) }
}

/** How far back a snapshot is looked for. Arbitrary. */
const MOST_LOOKED_AT = 16

/** The newest earlier snapshot whose root is at hand and which this log continues; null for none. */
export function newestSnapshot({ read, size, anchors, block }: NamedLog): LogSnapshot | null {
  for (const anchor of anchors.slice(-MOST_LOOKED_AT).reverse()) {
    const cid = parseCid(anchor.cid)
    if (cid === null || anchor.size > size || block(cid) === null) continue
    const root = rootOfLog(read, anchor.size, size)
    if (root !== null && encodeBase64(root) === anchor.root) return { cid, size: anchor.size, block }
  }
  return null
}
