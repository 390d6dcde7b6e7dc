// Stands in for Node's `Buffer` in the page, with what the verifier's code uses of it and nothing else. Injected by
// build-page.ts wherever that code says `Buffer`; a test runs the same calls on both.

type Encoding = 'utf8' | 'hex' | 'base64' | 'latin1'

/** Bytes with the few methods of Node's that the ledger's code calls. */
export class PageBuffer extends Uint8Array {
  /** A copy of bytes or text; a view of an `ArrayBuffer`. Base64 and hex that are none give no bytes. */
  static override from(value: unknown, how?: unknown, length?: unknown): PageBuffer {
    if (typeof value === 'string') return wrap(bytesOf(value, (how ?? 'utf8') as Encoding))
    if (value instanceof ArrayBuffer) return new PageBuffer(value, (how ?? 0) as number, length as number | undefined)
    return new PageBuffer(value as ArrayLike<number>)
  }

  /** `size` bytes of one value. */
  static alloc(size: number, value = 0): PageBuffer {
    return new PageBuffer(size).fill(value)
  }

  /** Zeroed all the same. */
  static allocUnsafe(size: number): PageBuffer {
    return new PageBuffer(size)
  }

  /** One after the other. */
  static concat(list: readonly Uint8Array[]): PageBuffer {
    const all = new PageBuffer(list.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const bytes of list) {
      all.set(bytes, at)
      at += bytes.length
    }
    return all
  }

  /** -1, 0 or 1: byte by byte, then by length. */
  static compare(a: Uint8Array, b: Uint8Array): number {
    const shorter = Math.min(a.length, b.length)
    for (let i = 0; i < shorter; i++) {
      const difference = (a[i] ?? 0) - (b[i] ?? 0)
      if (difference !== 0) return Math.sign(difference)
    }
    return Math.sign(a.length - b.length)
  }

  /** The text of these bytes. */
  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const bytes = this.subarray(start, end)
    if (encoding === 'utf8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return encoding === 'latin1' ? latin1(bytes) : base64(bytes)
  }

  /** Where a byte, or ASCII text, stands first; -1 for nowhere. */
  override indexOf(what: number | string): number {
    if (typeof what === 'number') return super.indexOf(what)
    return latin1(this).indexOf(what)
  }

  /** Puts some of its bytes into another. */
  copy(target: Uint8Array, at: number, start: number, end: number): void {
    target.set(this.subarray(start, end), at)
  }

  /** Eight bytes as one number. */
  readBigUInt64BE(at = 0): bigint {
    return new DataView(this.buffer, this.byteOffset, this.byteLength).getBigUint64(at)
  }

  /** The offset behind the two bytes written. */
  writeUInt16BE(value: number, at = 0): number {
    new DataView(this.buffer, this.byteOffset, this.byteLength).setUint16(at, value)
    return at + 2
  }
}

function wrap(bytes: Uint8Array<ArrayBuffer>): PageBuffer {
  return new PageBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function bytesOf(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === 'utf8') return new TextEncoder().encode(text)
  if (encoding === 'latin1') return Uint8Array.from(text, (unit) => unit.charCodeAt(0))
  if (encoding === 'hex') return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16))
  try {
    return fromBase64(text)
  } catch {
    return new Uint8Array(0)
  }
}

interface NewerBytes {
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
}

/** Browsers from 2025 on do it themselves, many times faster. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64: native } = Uint8Array as unknown as NewerBytes
  if (native !== undefined) return native.call(Uint8Array, text)
  const units = atob(text)
  const bytes = new Uint8Array(units.length)
  for (let i = 0; i < units.length; i++) bytes[i] = units.charCodeAt(i)
  return bytes
}

function base64(bytes: Uint8Array): string {
  const { toBase64: native } = Uint8Array.prototype as unknown as { readonly toBase64?: () => string }
  return native === undefined ? btoa(latin1(bytes)) : native.call(bytes)
}

/** Few enough at once for one call. */
const PIECE = 8192

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return text
}

export { PageBuffer as Buffer }
