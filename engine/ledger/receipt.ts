// A receipt: the portable proof that an entry is in the log, with the signed checkpoint that it is proven by.
// Source: https://c2sp.org/tlog-proof
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { provesInclusion } from './merkle-proof.ts'
import { HASH_BYTES, leafHash, type TreeHash } from './tree-hash.ts'
import type { Trust } from './trust-policy.ts'
import { verifyCheckpoint } from './verify-checkpoint.ts'
import type { Verify } from './verify-log.ts'
import type { VerifyProblem } from './verify-problem.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves has paths of 63 hashes. */
const MAX_HASHES = 63
const MAX_RECEIPT_BYTES = 1_100_000

/** The parts of a `.tlog-proof` file. */
export interface Receipt {
  readonly index: bigint
  /** Leaf's sibling first. */
  readonly proof: readonly TreeHash[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
  /** Data that the log does not vouch for. */
  readonly extra?: Uint8Array
}

/** Whether a file says of itself that it is a receipt. */
export function isReceipt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, HEADER.length)).toString('latin1') === HEADER
}

/** The bytes of a receipt, as `parseReceipt` takes them. */
export function formatReceipt({ index, proof, checkpoint, extra }: Receipt): Uint8Array {
  const lines = [HEADER]
  if (extra !== undefined) lines.push(`extra ${encodeBase64(extra)}`)
  lines.push(`index ${index}`, ...proof.map(encodeBase64), '', '')
  return Buffer.concat([Buffer.from(lines.join('\n')), checkpoint])
}

/** The parts of a receipt, nothing verified; `null` when it is malformed. */
export function parseReceipt(bytes: Uint8Array): Receipt | null {
  if (bytes.length > MAX_RECEIPT_BYTES) return null
  const split = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\n\n')
  if (split < 0) return null
  const [header, ...lines] = Buffer.from(bytes.subarray(0, split)).toString('latin1').split('\n')
  const extra = lines[0]?.startsWith('extra ') ? decodeBase64(lines.shift()?.slice('extra '.length) ?? '') : undefined
  const index = /^index (0|[1-9]\d{0,18})$/.exec(lines.shift() ?? '')?.[1]
  if (header !== HEADER || extra === null || index === undefined || lines.length > MAX_HASHES) return null
  const proof: TreeHash[] = []
  for (const line of lines) {
    const hash = decodeBase64(line)
    if (hash?.length !== HASH_BYTES) return null
    proof.push(hash)
  }
  const checkpoint = bytes.subarray(split + 2)
  return { index: BigInt(index), proof, checkpoint, ...(extra === undefined ? {} : { extra }) }
}

/** Verifies that the receipt proves the entry under whom one trusts. `entries` of the answer is 1 where it does. */
export function verifyReceipt(bytes: Uint8Array, entry: Uint8Array, trust: Trust): Verify {
  const receipt = parseReceipt(bytes)
  if (receipt === null) return answer(null, [{ code: 'ledger/bad-receipt', where: 'receipt' }])
  const head = verifyCheckpoint(receipt.checkpoint, trust, 'checkpoint')
  const problems: VerifyProblem[] = [...head.problems]
  if (head.checkpoint !== null) {
    const { size, root } = head.checkpoint
    const claim = { index: receipt.index, size, leaf: leafHash(entry), root, proof: receipt.proof }
    if (!provesInclusion(claim)) problems.push({ code: 'ledger/not-included', where: `entry ${receipt.index}` })
  }
  return answer(head, problems)
}

function answer(head: ReturnType<typeof verifyCheckpoint> | null, problems: readonly VerifyProblem[]): Verify {
  const checkpoint = head?.checkpoint ?? null
  const size = checkpoint === null || checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(checkpoint.size)
  return {
    ok: problems.length === 0,
    origin: checkpoint?.origin ?? null,
    size,
    root: checkpoint === null ? null : encodeBase64(checkpoint.root),
    signatures: head?.signatures ?? [],
    entries: problems.length === 0 ? 1 : 0,
    problems,
  }
}
