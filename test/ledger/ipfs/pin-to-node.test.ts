// Pinning at a node: what is sent, and what is sent again where the node lost or never had it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../engine/base/fault.ts'
import { type Cid, cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { pinAtService, pinToNode } from '../../../engine/ledger/ipfs/pin-to-node.ts'
import { append, type MemoryLog, sampleEntries } from '../memory-log.ts'
import { memoryNode } from './healthy-node.ts'
import { addLog, type Blocks, readerOf } from './log-blocks.ts'

const log: MemoryLog = new Map()
const blocks: Blocks = new Map()
const snapshots: Cid[] = []
for (const [from, to] of [
  [0, 1000],
  [1000, 1003],
  [1003, 1300],
] as const) {
  append(log, sampleEntries(from, to))
  snapshots.push(addLog(log, to, blocks).cid)
}
const [first, second, third] = snapshots as [Cid, Cid, Cid]
const read = readerOf(blocks)

test('after a snapshot that the node still pins, only the difference is sent, and the node has it all', async () => {
  const node = memoryNode()
  const whole = await pinToNode(node, { root: first, read })
  const more = await pinToNode(node, { root: second, read, before: [first] })
  const again = await pinToNode(node, { root: second, read, before: [second, first] })
  const far = await pinToNode(node, { root: third, read, before: [second, first] })
  assert.ok(more.bytes < whole.bytes / 4 && far.bytes < whole.bytes, `${whole.bytes}, ${more.bytes}, ${far.bytes}`)
  assert.deepEqual(again, { blocks: 0, bytes: 0 })
  const car = memoryNode()
  await pinToNode(car, { root: third, read })
  for (const [cid, bytes] of car.blocks) assert.deepEqual(node.blocks.get(cid), bytes)
})

test('a node that no longer pins the snapshot is sent everything', async () => {
  const node = memoryNode()
  const whole = await pinToNode(node, { root: first, read })
  node.pins.clear()
  const again = await pinToNode(node, { root: first, read, before: [first] })
  assert.deepEqual(again, whole)
})

test('a node that lost blocks of what it says it pins is sent everything', async () => {
  const healthy = memoryNode()
  const node = memoryNode({
    isPinned: healthy.isPinned,
    block: healthy.block,
    importCar: async (pieces) => {
      const parts = [...pieces]
      const [root] = await healthy.importCar(parts)
      const pinError = parts.length < 12 ? 'merkledag: not found' : ''
      return root === undefined ? [] : [{ ...root, pinError }]
    },
  })
  await pinToNode(node, { root: first, read })
  await pinToNode(node, { root: second, read, before: [first] })
  assert.equal(healthy.taken.length, 3)
  assert.ok((healthy.taken[2] ?? 0) > (healthy.taken[0] ?? 0))
})

test('a block that is damaged here is never sent as if it were sound', async () => {
  const node = memoryNode()
  const [cid = ''] = [...blocks].at(-3) ?? []
  const damaged = readerOf(new Map(blocks).set(cid, Buffer.from('x')))
  const ends = [pinToNode(node, { root: third, read: damaged }), pinToNode(node, { root: third, read: () => null })]
  for (const end of ends) await assert.rejects(end, { code: 'pin/missing-block' })
  assert.equal(node.pins.size, 0)
})

test('a service is asked once, and believed when its list says so', async () => {
  const node = memoryNode()
  assert.equal(await pinAtService(node, 'pinata', first, 'n'), 'queued')
  node.states.set(`pinata ${cidText(first)}`, 'pinning')
  assert.equal(await pinAtService(node, 'pinata', first, 'n'), 'pinning')
  node.states.set(`pinata ${cidText(first)}`, 'failed')
  assert.equal(await pinAtService(node, 'pinata', first, 'n'), 'queued')
  node.states.set(`pinata ${cidText(first)}`, 'pinned')
  assert.equal(await pinAtService(node, 'pinata', first, 'n'), 'pinned')
  const boaster = memoryNode({ pinAtService: async () => 'pinned' })
  assert.equal(await pinAtService(boaster, 'pinata', first, 'n'), 'absent')
  const refusing = memoryNode({
    stateAtService: async () => {
      throw new Fault('pin/refused', 'no such service')
    },
  })
  await assert.rejects(pinAtService(refusing, 'pinata', first, 'n'), { code: 'pin/refused' })
})
