// The strings and numbers of the SSH wire format (RFC 4251, section 5), as keys and signatures use them.
// Source: https://www.rfc-editor.org/rfc/rfc4251#section-5

/** A string: its length in 4 bytes, then its bytes. */
export function wireString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([wireNumber(bytes.length), bytes])
}

/** A `uint32`, big-endian (RFC 4251, 5). */
export function wireNumber(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Reads from the front. What does not fit is `null`, and so is everything after it. */
export class WireReader {
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  number(): number | null {
    const bytes = this.take(4)
    return bytes === null ? null : bytes.readUInt32BE()
  }

  string(): Buffer | null {
    const length = this.number()
    return length === null ? null : this.take(length)
  }

  text(): string | null {
    return this.string()?.toString('utf8') ?? null
  }

  take(length: number): Buffer | null {
    if (this.at + length > this.bytes.length) {
      this.at = Number.POSITIVE_INFINITY
      return null
    }
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  rest(): Buffer {
    return this.bytes.subarray(Math.min(this.at, this.bytes.length))
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length
  }
}
