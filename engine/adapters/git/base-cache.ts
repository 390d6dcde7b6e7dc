// The last objects of packs that deltas were applied to, within a budget of bytes: neighbours in a pack share bases.
import type { GitObject } from './object-id.ts'

const BUDGET_BYTES = 8 << 20
const LARGEST_BYTES = 1 << 20

/** Objects that deltas were applied to, kept up to a number of bytes; the oldest go first. */
export class BaseCache {
  readonly #objects = new Map<string, GitObject>()
  #bytes = 0

  get(pack: string, offset: number): GitObject | undefined {
    return this.#objects.get(`${offset} ${pack}`)
  }

  /** Drops the oldest above the budget. */
  add(pack: string, offset: number, object: GitObject): void {
    if (object.content.length > LARGEST_BYTES) return
    const key = `${offset} ${pack}`
    if (this.#objects.has(key)) return
    this.#objects.set(key, { kind: object.kind, content: ownMemory(object.content) })
    this.#bytes += object.content.length
    for (const [old, { content }] of this.#objects) {
      if (this.#bytes <= BUDGET_BYTES) return
      this.#objects.delete(old)
      this.#bytes -= content.length
    }
  }
}

/** Small buffers are cut from pieces of 64 KiB that many share: a few hundred bytes would keep each piece for as long as here. */
function ownMemory(content: Buffer): Buffer {
  if (content.buffer.byteLength <= 2 * content.length) return content
  const own = Buffer.allocUnsafeSlow(content.length)
  content.copy(own)
  return own
}
