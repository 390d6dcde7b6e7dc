// What an embedded store keeps of a log that grew in many small runs: enough to name, send and prove the newest snapshots.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Anchor } from '../../../engine/ledger/ipfs/anchors.ts'
import { carPieces } from '../../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { blocksOfNewest, isMostlyOld } from '../../../engine/ledger/ipfs/kept-blocks.ts'
import { append, type MemoryLog, sampleEntries } from '../memory-log.ts'
import { addLog, type Blocks, bytesOf, readerOf } from './log-blocks.ts'

const RUNS = 60
const log: MemoryLog = new Map()
const blocks: Blocks = new Map()
const anchors: Anchor[] = []
const roots: Cid[] = []
for (let run = 1; run <= RUNS; run++) {
  append(log, sampleEntries((run - 1) * 5, run * 5))
  const { cid } = addLog(log, run * 5, blocks)
  anchors.push({ cid: cidText(cid), size: run * 5, root: '' })
  roots.push(cid)
}

test('each of the newest 32 snapshots is whole in what is kept, and older ones are not', () => {
  const kept = blocksOfNewest(anchors, readerOf(blocks))
  const left: Blocks = new Map([...blocks].filter(([cid]) => kept.has(cid)))
  for (const root of roots.slice(-32)) assert.ok([...carPieces(root, readerOf(left))].length > 3)
  for (const root of roots.slice(0, -32)) assert.throws(() => [...carPieces(root, readerOf(left))])
  assert.ok(bytesOf(left) < bytesOf(blocks))
})

test('snapshots whose blocks have gone are passed over', () => {
  const newest = new Map([...blocks].filter(([cid]) => cid === anchors.at(-1)?.cid))
  assert.ok(blocksOfNewest(anchors, readerOf(newest)).has(anchors.at(-1)?.cid ?? ''))
})

test('a store is mostly old when it holds twice the newest snapshot and 16 MiB more', () => {
  const newest = roots.at(-1)
  assert.ok(newest !== undefined)
  const whole: Blocks = new Map()
  addLog(log, RUNS * 5, whole)
  // What the root's links count: all but its own block.
  const live = bytesOf(whole) - (whole.get(cidText(newest))?.length ?? 0)
  const limit = 2 * live + 16 * 2 ** 20
  assert.equal(isMostlyOld(limit, newest, readerOf(blocks)), false)
  assert.equal(isMostlyOld(limit + 1, newest, readerOf(blocks)), true)
  assert.equal(
    isMostlyOld(2 ** 40, newest, () => null),
    false,
  )
})
