// MurmurHash3 (x64, 128 bits, seed 0), of which UnixFS takes the first half: it spreads names over shards and protects
// nothing. Source: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp

const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

/** 8 bytes, big-endian. */
export function murmur3(bytes: Uint8Array): Uint8Array {
  let h1 = 0n
  let h2 = 0n
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % 16)
  for (let at = 0; at < whole; at += 16) {
    h1 = times5(rotate(h1 ^ mixed(view.getBigUint64(at, true), C1, 31n, C2), 27n) + h2, 0x52dce729n)
    h2 = times5(rotate(h2 ^ mixed(view.getBigUint64(at + 8, true), C2, 33n, C1), 31n) + h1, 0x38495ab5n)
  }
  const tail = new DataView(new ArrayBuffer(16))
  for (let at = whole; at < bytes.length; at++) tail.setUint8(at - whole, bytes[at] ?? 0)
  h2 ^= mixed(tail.getBigUint64(8, true), C2, 33n, C1)
  h1 ^= mixed(tail.getBigUint64(0, true), C1, 31n, C2)
  const length = BigInt(bytes.length)
  h1 = wrap((h1 ^ length) + (h2 ^ length))
  h2 = wrap((h2 ^ length) + h1)
  h1 = finished(h1)
  h2 = finished(h2)
  const hash = new Uint8Array(8)
  new DataView(hash.buffer).setBigUint64(0, wrap(h1 + h2))
  return hash
}

function mixed(word: bigint, first: bigint, turn: bigint, second: bigint): bigint {
  return wrap(rotate(wrap(word * first), turn) * second)
}

function times5(value: bigint, added: bigint): bigint {
  return wrap(wrap(value) * 5n + added)
}

function finished(value: bigint): bigint {
  let k = value
  k = wrap((k ^ (k >> 33n)) * 0xff51afd7ed558ccdn)
  k = wrap((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return k ^ (k >> 33n)
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap((value << by) | (value >> (64n - by)))
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}
