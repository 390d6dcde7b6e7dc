// The directory of a log: one CID however it was made, and only what changed is made, and sent, again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carPieces } from '../../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { heldIn } from '../../../engine/ledger/ipfs/dag-difference.ts'
import { changedPaths } from '../../../engine/ledger/ipfs/log-paths.ts'
import { verifyCar } from '../../../engine/ledger/ipfs/verify-car.ts'
import { append, type MemoryLog, sampleEntries, TRUST } from '../memory-log.ts'
import { addLog, type Blocks, bytesOf, readerOf, sourceOf } from './log-blocks.ts'

const SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000]

test('a log that grows has at each size the CID that it has when made anew, and its CAR proves it', () => {
  const log: MemoryLog = new Map()
  const store: Blocks = new Map()
  let from: { cid: Cid; size: number; block: ReturnType<typeof readerOf> } | undefined
  for (const size of SIZES) {
    append(log, sampleEntries(from?.size ?? 0, size))
    const fresh: Blocks = new Map()
    const grown = addLog(log, size, fresh, from)
    const whole: Blocks = new Map()
    assert.deepEqual(addLog(log, size, whole), grown, `at ${size}`)
    for (const [cid, bytes] of fresh) store.set(cid, bytes)
    assert.ok([...fresh.keys()].every((cid) => whole.has(cid)))
    if (size < 1000 || size === SIZES.at(-1)) {
      const car = Buffer.concat([...carPieces(grown.cid, readerOf(store))])
      const { problems, entries, cid } = verifyCar(sourceOf(car), TRUST, { cid: grown.cid })
      assert.deepEqual({ problems, entries, cid }, { problems: [], entries: size, cid: cidText(grown.cid) })
    }
    from = { cid: grown.cid, size, block: readerOf(store) }
  }
})

test('files on disk that the checkpoint does not need are not in the directory', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 5))
  const before = cidText(addLog(log, 5, new Map()).cid)
  log.set('tile/0/000.p/4', new Uint8Array(128))
  log.set('policy', Buffer.from('log x'))
  assert.equal(cidText(addLog(log, 5, new Map()).cid), before)
})

test('a snapshot whose directories are not at hand, or damaged, counts as none', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  const blocks: Blocks = new Map()
  const before = addLog(log, 300, blocks)
  append(log, sampleEntries(300, 310))
  const right = cidText(addLog(log, 310, new Map()).cid)
  const damaged = new Map([...blocks].map(([cid, bytes]) => [cid, Buffer.concat([bytes, Buffer.of(0)])] as const))
  for (const block of [() => null, readerOf(damaged), readerOf(new Map([...blocks].slice(-1)))]) {
    assert.equal(cidText(addLog(log, 310, new Map(), { cid: before.cid, size: 300, block }).cid), right)
  }
})

test('between two snapshots a node is sent the new tiles and the directories above them alone', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 70_000))
  const blocks: Blocks = new Map()
  const before = addLog(log, 70_000, blocks)
  for (const [from, to] of [
    [70_000, 70_001],
    [70_001, 70_100],
    [70_100, 71_024],
  ] as const) {
    append(log, sampleEntries(from, to))
    const fresh: Blocks = new Map()
    const after = addLog(log, to, fresh, { cid: before.cid, size: 70_000, block: readerOf(blocks) })
    for (const [cid, bytes] of fresh) blocks.set(cid, bytes)
    const without = heldIn(before.cid, after.cid, readerOf(blocks))
    const sent = Buffer.concat([...carPieces(after.cid, readerOf(blocks), { without })])
    const all = Buffer.concat([...carPieces(after.cid, readerOf(blocks))])
    // Whoever has the first snapshot and what was sent has the second.
    const count = changedPaths(70_000, to).added.length
    assert.ok(fresh.size <= count + 12, `${fresh.size} blocks for ${count} files`)
    assert.ok(sent.length < all.length / 20 && sent.length < bytesOf(fresh) + 2000, `${sent.length} of ${all.length}`)
  }
})
