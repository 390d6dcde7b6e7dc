// Makes deltas (delta.ts applies them): what two objects share at both ends is copied, and between the ends whatever
// blocks of the base are found again. Written for files that grow and trees that gain an entry.
// Source: https://git-scm.com/docs/pack-format#_deltified_representation

const BLOCK = 16
const FACTOR = 0x01000193
/** FACTOR to the power of BLOCK: takes the byte that leaves the window out of the rolling hash. */
const LEAVING = powerOf(FACTOR, BLOCK)
/** Blocks of one hash that are looked at: repeated content must not make it slow. */
const MAX_CANDIDATES = 8

/** A delta that makes `target` of `base`; null where it would be longer than `limit` bytes. */
export function makeDelta(base: Buffer, target: Buffer, limit: number): Buffer | null {
  const prefix = commonPrefix(base, target)
  const suffix = commonSuffix(base, target, prefix)
  const out = new DeltaWriter(base.length, target.length, limit)
  out.copy(0, prefix)
  if (!encodeMiddle(out, base, target, prefix, suffix)) return null
  out.copy(base.length - suffix, suffix)
  return out.finish()
}

function encodeMiddle(out: DeltaWriter, base: Buffer, target: Buffer, prefix: number, suffix: number): boolean {
  const end = target.length - suffix
  if (end - prefix < BLOCK || base.length < BLOCK) {
    out.insert(target, prefix, end)
    return out.fits
  }
  const blocks = indexBlocks(base)
  let from = prefix
  let at = prefix
  let hash = hashAt(target, at)
  while (at + BLOCK <= end) {
    const [offset, length] = longestMatch(blocks.get(hash), base, target, at, end)
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

function indexBlocks(base: Buffer): Map<number, number[]> {
  const blocks = new Map<number, number[]>()
  for (let at = 0; at + BLOCK <= base.length; at += BLOCK) {
    const hash = hashAt(base, at)
    const known = blocks.get(hash)
    if (known === undefined) blocks.set(hash, [at])
    else if (known.length < MAX_CANDIDATES) known.push(at)
  }
  return blocks
}

function longestMatch(
  candidates: readonly number[] | undefined,
  base: Buffer,
  target: Buffer,
  at: number,
  end: number,
): [offset: number, length: number] {
  let best: [number, number] = [0, 0]
  for (const offset of candidates ?? []) {
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
