// Base64 (RFC 4648, section 4) read strictly: canonical padding, no spare bits, no white space, no URL alphabet.
// Node's own decoder forgives all of these, so two texts would stand for one value.

/** The bytes; `null` for anything but the one canonical text of them. The empty text is zero bytes. */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null
}

/** The canonical text with padding, as `decodeBase64` takes it. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
