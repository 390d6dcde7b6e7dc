// The text of a checkpoint: origin, size and root of the log at one moment. Signing it is note.ts.
// Source: https://c2sp.org/tlog-checkpoint
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { HASH_BYTES, type TreeHash } from './tree-hash.ts'

/** The head of a log: how many entries it has, and the root over them. */
export interface Checkpoint {
  readonly origin: string
  /** Below 2^63. */
  readonly size: bigint
  readonly root: TreeHash
  /** Lines after the root. Tutela writes none, and reads other logs that have some. */
  readonly extensions: readonly string[]
}

/** Origin, size and root, each on its line. */
export function formatCheckpoint({ origin, size, root }: Omit<Checkpoint, 'extensions'>): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`
}

/** The checkpoint in a note's text; `null` for a size with a sign or leading zero, a root that is not 32 bytes, an empty line. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n')
  if (origin === '' || extensions.includes('') || !/^(0|[1-9]\d{0,18})$/.test(size)) return null
  const hash = decodeBase64(root)
  if (hash === null || hash.length !== HASH_BYTES || BigInt(size) >= 2n ** 63n) return null
  return { origin, size: BigInt(size), root: hash, extensions }
}
