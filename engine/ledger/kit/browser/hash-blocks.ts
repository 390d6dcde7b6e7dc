// Every block of a CAR hashed by the browser's own WebCrypto, beside the page's SHA-256 that the verifier uses: one of them
// alone would have to be believed.
import { type CarIndex, type CarSource, indexCar } from '../../ipfs/car-index.ts'
import type { VerifyProblem } from '../../verify-problem.ts'

/** How many blocks were hashed twice, and where the two hashes differ. */
export interface HashedBlocks {
  readonly index: CarIndex
  readonly blocks: number
  readonly problems: readonly VerifyProblem[]
}

/** Told now and then: how much of how much is done. */
export type Progress = (done: number, total: number) => void

/**
 * Hashes the sound blocks; the others are problems of the index already. None where the browser has no WebCrypto: that has no
 * signatures either, so nothing is proven there.
 */
export async function hashBlocks(source: CarSource, progress: Progress): Promise<HashedBlocks> {
  const index = indexCar(source)
  const problems: VerifyProblem[] = []
  let blocks = 0
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined) return { index, blocks, problems }
  for (const [name, { cid, at, length }] of index.blocks) {
    const digest = new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(source.read(at, length))))
    if (!cid.digest.every((byte, i) => byte === digest[i])) {
      problems.push({ code: 'ledger/bad-block', where: name, actual: 'WebCrypto' })
    }
    if (++blocks % 50 === 0) progress(blocks, index.blocks.size)
  }
  return { index, blocks, problems }
}
