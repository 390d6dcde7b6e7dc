// The body of `add-checkpoint`: the size that the witness is thought to know, the proof from there, and the signed
// checkpoint. Source: https://c2sp.org/tlog-witness
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { HASH_BYTES, type TreeHash } from './tree-hash.ts'

/** Above every note of 100 lines: what a witness reads before it stops. */
export const MAX_REQUEST_BYTES = 131_072
const MAX_HASHES = 63

/** A request, nothing verified. */
export interface WitnessRequest {
  /** The size that the witness is thought to have cosigned last. */
  readonly old: bigint
  /** Empty where `old` is 0 or the checkpoint's own size. */
  readonly proof: readonly TreeHash[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
}

/** The body as `parseWitnessRequest` takes it. */
export function formatWitnessRequest({ old, proof, checkpoint }: WitnessRequest): Uint8Array {
  return Buffer.concat([Buffer.from([`old ${old}`, ...proof.map(encodeBase64), '', ''].join('\n')), checkpoint])
}

/** The parts; null where the body has another form. */
export function parseWitnessRequest(body: Uint8Array): WitnessRequest | null {
  if (body.length > MAX_REQUEST_BYTES) return null
  const split = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf('\n\n')
  if (split < 0) return null
  const [first = '', ...lines] = Buffer.from(body.subarray(0, split)).toString('latin1').split('\n')
  const old = /^old (0|[1-9]\d{0,18})$/.exec(first)?.[1]
  if (old === undefined || lines.length > MAX_HASHES) return null
  const proof = lines.map(decodeBase64)
  if (!proof.every((hash) => hash?.length === HASH_BYTES)) return null
  return { old: BigInt(old), proof: proof.filter((hash) => hash !== null), checkpoint: body.subarray(split + 2) }
}
