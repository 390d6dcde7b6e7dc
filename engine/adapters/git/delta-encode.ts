// Makes deltas (delta.ts applies them): what two objects share at both ends is copied, and between the ends whatever
// blocks of the base are found again. Written for files that grow and trees that gain an entry.
// Source: https://git-scm.com/docs/pack-format#_deltified_representation

const BLOCK = 16
const FACTOR = 0x01000193
/** FACTOR to the power of BLOCK: takes the byte that leaves the window out of the rolling hash. */
const LEAVING = powerOf(FACTOR, BLOCK)
/** Blocks of one hash that are looked at: repeated content must not make it slow. */
const MAX_CANDIDATES = 8

/** A base with its blocks indexed when they are first asked for: neighbours in a pack share one. */
export class DeltaBase {
  readonly content: Buffer
  #blocks: BlockIndex | null = null

  constructor(content: Buffer) {
    this.content = content
  }

  blocks(): BlockIndex {
    this.#blocks ??= indexBlocks(this.content)
    return this.#blocks
  }
}

/** A delta that makes `target` of `base`; null where it would be longer than `limit` bytes. */
export function makeDelta(base: Buffer | DeltaBase, target: Buffer, limit: number): Buffer | null {
  const from = base instanceof DeltaBase ? base : new DeltaBase(base)
  const { content } = from
  const prefix = commonPrefix(content, target)
  const suffix = commonSuffix(content, target, prefix)
  const out = new DeltaWriter(content.length, target.length, limit)
  out.copy(0, prefix)
  if (!encodeMiddle(out, from, target, prefix, suffix)) return null
  out.copy(content.length - suffix, suffix)
  return out.finish()
}

function encodeMiddle(out: DeltaWriter, base: DeltaBase, target: Buffer, prefix: number, suffix: number): boolean {
  const end = target.length - suffix
  if (end - prefix < BLOCK || base.content.length < BLOCK) {
    out.insert(target, prefix, end)
    return out.fits
  }
  const blocks = base.blocks()
  let from = prefix
  let at = prefix
  let hash = hashAt(target, at)
  while (at + BLOCK <= end) {
    const first = blocks.first[slotOf(hash, blocks.mask)] ?? 0
    const [offset, length] = first === 0 ? NO_MATCH : longestMatch(blocks, first, base.content, target, at, end)
    if (length >= BLOCK) {
      out.insert(target, from, at)
      out.copy(offset, length)
      if (!out.fits) return false
      at += length
      from = at
      if (at + BLOCK <= end) hash = hashAt(target, at)
      continue
    }
    hash = (Math.imul(hash, FACTOR) + (target[at + BLOCK] ?? 0) - Math.imul(target[at] ?? 0, LEAVING)) | 0
    at++
    if (at - from > out.left) return false
  }
  out.insert(target, from, end)
  return out.fits
}

/** Chains of blocks by hash: numbers of blocks plus one, 0 where a chain ends. */
interface BlockIndex {
  readonly mask: number
  readonly first: Int32Array
  readonly next: Int32Array
}

/** From the end, so that a chain begins with the first block of its hash. */
function indexBlocks(base: Buffer): BlockIndex {
  const count = Math.floor(base.length / BLOCK)
  const mask = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2))) - 1
  const first = new Int32Array(mask + 1)
  const next = new Int32Array(count + 1)
  for (let block = count - 1; block >= 0; block--) {
    const slot = slotOf(hashAt(base, block * BLOCK), mask)
    next[block + 1] = first[slot] ?? 0
    first[slot] = block + 1
  }
  return { mask, first, next }
}

function slotOf(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask
}

type Match = readonly [offset: number, length: number]

const NO_MATCH: Match = [0, 0]

function longestMatch(
  { next }: BlockIndex,
  first: number,
  base: Buffer,
  target: Buffer,
  at: number,
  end: number,
): Match {
  let best = NO_MATCH
  for (let block = first, seen = 0; block !== 0 && seen < MAX_CANDIDATES; block = next[block] ?? 0, seen++) {
    const offset = (block - 1) * BLOCK
    const most = Math.min(base.length - offset, end - at)
    let length = 0
    while (length < most && base[offset + length] === target[at + length]) length++
    if (length > best[1]) best = [offset, length]
  }
  return best
}

function hashAt(bytes: Buffer, at: number): number {
  let hash = 0
  for (let i = 0; i < BLOCK; i++) hash = (Math.imul(hash, FACTOR) + (bytes[at + i] ?? 0)) | 0
  return hash
}

function powerOf(factor: number, exponent: number): number {
  let power = 1
  for (let i = 0; i < exponent; i++) power = Math.imul(power, factor)
  return power
}

const CHUNK = 4096

function commonPrefix(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at + CHUNK <= most && a.compare(b, at, at + CHUNK, at, at + CHUNK) === 0) at += CHUNK
  while (at < most && a[at] === b[at]) at++
  return at
}

function commonSuffix(a: Buffer, b: Buffer, prefix: number): number {
  const most = Math.min(a.length, b.length) - prefix
  let length = 0
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++
  return length
}

const MAX_INSERT = 127
/** Sizes of copies take two bytes here; three are allowed, but old readers know two. */
const MAX_COPY = 0x10000

class DeltaWriter {
  readonly #pieces: Buffer[] = []
  readonly #limit: number
  #length = 0

  constructor(baseSize: number, targetSize: number, limit: number) {
    this.#limit = limit
    this.#push(sizeBytes(baseSize))
    this.#push(sizeBytes(targetSize))
  }

  get left(): number {
    return this.#limit - this.#length
  }

  get fits(): boolean {
    return this.left >= 0
  }

  insert(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += MAX_INSERT) {
      const length = Math.min(MAX_INSERT, to - at)
      this.#push(Buffer.from([length]))
      this.#push(bytes.subarray(at, at + length))
    }
  }

  copy(offset: number, length: number): void {
    for (let done = 0; done < length; done += MAX_COPY) this.#copyOnce(offset + done, Math.min(MAX_COPY, length - done))
  }

  finish(): Buffer | null {
    return this.fits ? Buffer.concat(this.#pieces) : null
  }

  #copyOnce(offset: number, length: number): void {
    const bytes = [0x80]
    for (let i = 0; i < 4; i++) {
      const byte = Math.floor(offset / 256 ** i) & 255
      if (byte !== 0) bytes.push(byte)
      if (byte !== 0) bytes[0] = (bytes[0] ?? 0) | (1 << i)
    }
    for (let i = 0; i < 2 && length !== MAX_COPY; i++) {
      const byte = (length >> (8 * i)) & 255
      if (byte !== 0) bytes.push(byte)
      if (byte !== 0) bytes[0] = (bytes[0] ?? 0) | (16 << i)
    }
    this.#push(Buffer.from(bytes))
  }

  #push(bytes: Buffer): void {
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }
}

function sizeBytes(size: number): Buffer {
  const bytes: number[] = []
  let rest = size
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  bytes.push(rest)
  return Buffer.from(bytes)
}
