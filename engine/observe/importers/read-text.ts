// Bytes to text: UTF-8 alone, with or without a byte-order mark. Says what a file is that is something else.
import { isUtf8 } from 'node:buffer'
import { Refusal } from './imported.ts'

/** Refuses what is empty, no UTF-8, or a page of HTML where `kind` is due. */
export function readText(bytes: Uint8Array, kind: 'json' | 'csv'): string {
  refuseOtherEncodings(bytes)
  if (!isUtf8(bytes)) {
    const at = firstInvalidByte(bytes)
    const shown = bytes[at]?.toString(16).padStart(2, '0')
    throw new Refusal('encoding', `byte ${at} (0x${shown}) is no UTF-8`, 'save the file as UTF-8')
  }
  const text = new TextDecoder().decode(bytes)
  const start = text.search(/\S/)
  if (start === -1)
    throw new Refusal('empty', bytes.length === 0 ? 'the file is empty' : 'the file holds white space alone')
  if (text[start] === '<') {
    const what = `the file looks like HTML (\`${text.slice(start, start + 15).replace(/\s+/g, ' ')}\`)`
    throw new Refusal(
      kind === 'json' ? 'not-json' : 'not-csv',
      what,
      'an error or login page was saved instead of the result',
    )
  }
  return text
}

function refuseOtherEncodings(bytes: Uint8Array): void {
  const [a, b, c, d] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new Refusal('encoding', 'the file begins with the mark of UTF-16 at byte 0', 'save it as UTF-8')
  }
  if (a === 0x50 && b === 0x41 && c === 0x52 && d === 0x31) {
    throw new Refusal('encoding', 'the file is Parquet (`PAR1` at byte 0), no text', 'name it `.parquet`')
  }
  if (a === 0x1f && b === 0x8b) throw new Refusal('encoding', 'the file is compressed (gzip)', 'unpack it first')
  const zero = bytes.subarray(0, 4).indexOf(0)
  if (zero !== -1) throw new Refusal('encoding', `byte ${zero} is NUL: no UTF-8 text`, 'save the file as UTF-8')
}

/** Bisects on prefixes that end at a character; the scan at the end is short. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0
  for (let step = 1 << 16; step >= 1; step = Math.floor(step / 16)) {
    while (good + step <= bytes.length && isUtf8(bytes.subarray(good, good + step))) good += step
  }
  // A sequence that needs several bytes is no prefix of length 1: pass over the whole ones.
  for (let width = 2; width <= 4; width++) {
    if (good + width <= bytes.length && isUtf8(bytes.subarray(good, good + width))) {
      return good + width + firstInvalidByte(bytes.subarray(good + width))
    }
  }
  return good
}
