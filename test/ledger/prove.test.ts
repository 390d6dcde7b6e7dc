import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rootOfLog } from '../../engine/ledger/log-root.ts'
import { provesConsistency, provesInclusion } from '../../engine/ledger/merkle-proof.ts'
import { proveConsistency, proveInclusion } from '../../engine/ledger/prove.ts'
import { EMPTY_ROOT, leafHash, nodeHash, type TreeHash } from '../../engine/ledger/tree-hash.ts'
import { append, type MemoryLog, sampleEntries, sampleEntry } from './memory-log.ts'

/** The definition of RFC 6962, 2.1, word by word. */
function definedRoot(leaves: readonly TreeHash[]): TreeHash {
  const [only] = leaves
  if (only === undefined) return EMPTY_ROOT
  if (leaves.length === 1) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)))
}

const SIZE = 70_000
const log: MemoryLog = new Map()
append(log, sampleEntries(0, SIZE))
const read = (path: string): Uint8Array | null => log.get(path) ?? null
const leaves = sampleEntries(0, SIZE).map(leafHash)

const sizes = fc.oneof(
  fc.constantFrom(1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, SIZE),
  fc.integer({ min: 1, max: SIZE }),
)

test('the root at any size is the one that RFC 6962 defines', () => {
  assert.deepEqual(rootOfLog(read, 0, SIZE), EMPTY_ROOT)
  const property = fc.property(fc.oneof(fc.integer({ min: 1, max: 600 }), sizes), (size) => {
    assert.deepEqual(Buffer.from(rootOfLog(read, size, SIZE) ?? []), Buffer.from(definedRoot(leaves.slice(0, size))))
  })
  fc.assert(property, { numRuns: 30 })
})

test('inclusion proofs made here are proven by the walk, for the right entry, place, size and root only', () => {
  const property = fc.property(sizes, fc.nat(), fc.nat(), (size, n, other) => {
    const index = n % size
    // A proof at an older size needs the partial tiles of that size, which a log that grew has as prefixes.
    const small: MemoryLog = new Map()
    const proof = size === SIZE ? proveInclusion(read, index, SIZE) : proveInclusion(atSize(small, size), index, size)
    const root = rootOfLog(read, size, SIZE)
    assert.ok(proof && root)
    const claim = { index: BigInt(index), size: BigInt(size), leaf: leafHash(sampleEntry(index)), root, proof }
    assert.equal(provesInclusion(claim), true)
    assert.equal(provesInclusion({ ...claim, leaf: leafHash(sampleEntry(SIZE)) }), false)
    assert.equal(provesInclusion({ ...claim, index: claim.index ^ 1n }), false)
    if (proof.length > 0) {
      const at = other % proof.length
      const flipped = proof.map((hash, i) =>
        i === at
          ? Buffer.from(hash)
              .fill(0, 0, 1)
              .fill(hash[0] === 0 ? 1 : 0, 0, 1)
          : hash,
      )
      assert.equal(provesInclusion({ ...claim, proof: flipped }), false)
      assert.equal(provesInclusion({ ...claim, proof: proof.slice(0, -1) }), false)
    }
    assert.equal(provesInclusion({ ...claim, proof: [...proof, root] }), false)
  })
  fc.assert(property, { numRuns: 150 })
})

/** Reads a log as it stood at a smaller size: partial tiles are prefixes of the ones there. */
function atSize(cache: MemoryLog, size: number): (path: string) => Uint8Array | null {
  return (path) => {
    const known = cache.get(path)
    if (known !== undefined) return known
    const [, full = path, width] = /^(.*)\.p\/(\d+)$/.exec(path) ?? []
    const whole = read(full) ?? [...log].find(([name]) => name.startsWith(`${full}.p/`))?.[1] ?? null
    const bytes = whole === null || width === undefined ? whole : whole.subarray(0, Number(width) * 32)
    if (bytes !== null) cache.set(path, bytes)
    return size > 0 ? bytes : null
  }
}

test('consistency proofs made here are proven by the walk, for the right sizes and roots only', () => {
  const property = fc.property(sizes, sizes, (a, b) => {
    const [first, second] = a <= b ? [a, b] : [b, a]
    const proof = proveConsistency(atSize(new Map(), second), first, second)
    const firstRoot = rootOfLog(read, first, SIZE)
    const secondRoot = rootOfLog(read, second, SIZE)
    assert.ok(proof && firstRoot && secondRoot)
    const claim = { first: BigInt(first), second: BigInt(second), firstRoot, secondRoot, proof }
    assert.equal(provesConsistency(claim), true)
    const wrong = leafHash(Buffer.of(0))
    assert.equal(provesConsistency({ ...claim, firstRoot: wrong }), false)
    assert.equal(provesConsistency({ ...claim, secondRoot: wrong }), false)
    assert.equal(provesConsistency({ ...claim, proof: [...proof, wrong] }), false)
  })
  fc.assert(property, { numRuns: 150 })
})

test('nothing is proven beyond the log, or without its tiles', () => {
  assert.equal(proveInclusion(read, SIZE, SIZE), null)
  assert.equal(proveInclusion(read, -1, SIZE), null)
  assert.equal(proveConsistency(read, 0, SIZE), null)
  assert.equal(proveConsistency(read, 2, 1), null)
  assert.equal(
    proveInclusion(() => null, 5, SIZE),
    null,
  )
})

test('a log of 70,000 entries has the tiles that the specification counts', () => {
  const names = [...log.keys()]
  const count = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length
  assert.equal(count(/^tile\/0\/\d{3}$/), 273)
  assert.equal(count(/^tile\/entries\/\d{3}$/), 273)
  assert.deepEqual(names.filter((name) => name.includes('.p/')).sort(), [
    'tile/0/273.p/112',
    'tile/1/001.p/17',
    'tile/2/000.p/1',
    'tile/entries/273.p/112',
  ])
  assert.equal(count(/^tile\/1\/\d{3}$/), 1)
  assert.equal(names.length, 273 * 2 + 4 + 1 + 1)
})
