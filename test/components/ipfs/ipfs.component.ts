// A growing log at a real IPFS node: what is pinned there is listed, comes back whole, and proves the log.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openKuboNode } from '../../../engine/adapters/kubo-node.ts'
import { carPieces } from '../../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText, isBlockOf } from '../../../engine/ledger/ipfs/cid.ts'
import { pinToNode } from '../../../engine/ledger/ipfs/pin-to-node.ts'
import { verifyCar } from '../../../engine/ledger/ipfs/verify-car.ts'
import { addLog, type Blocks, readerOf, sourceOf } from '../../ledger/ipfs/log-blocks.ts'
import { append, type MemoryLog, sampleEntries, TRUST } from '../../ledger/memory-log.ts'
import { startIpfs } from './start-ipfs.ts'

const server = await startIpfs()
after(server.stop)
const node = openKuboNode({ api: server.url, timeoutMs: 20_000, transferMs: 60_000 })

const log: MemoryLog = new Map()
const blocks: Blocks = new Map()
const pinned: Cid[] = []

async function growTo(from: number, to: number) {
  append(log, sampleEntries(from, to))
  const before = pinned.at(-1)
  const read = readerOf(blocks)
  const { cid } = addLog(log, to, blocks, before === undefined ? undefined : { cid: before, size: from, block: read })
  const sent = await pinToNode(node, { root: cid, read, before: pinned.toReversed() })
  pinned.push(cid)
  return { cid, sent }
}

async function exported(cid: Cid): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of node.exportCar(cidText(cid))) parts.push(part)
  return Buffer.concat(parts)
}

test('a log is imported, pinned, listed, and comes back as the very CAR that was sent', async () => {
  const { cid, sent } = await growTo(0, 2000)
  assert.equal(sent.blocks, blocks.size)
  assert.ok(await node.isPinned(cidText(cid)))
  const car = await exported(cid)
  assert.deepEqual(verifyCar(sourceOf(car), TRUST, { cid }).problems, [])
  assert.deepEqual(Buffer.from(car), Buffer.concat([...carPieces(cid, readerOf(blocks))]))
  for (const link of [cidText(cid), ...[...blocks.keys()].slice(0, 2)]) {
    const bytes = await node.block(link, 2_000_000)
    assert.deepEqual(Buffer.from(bytes), Buffer.from(blocks.get(link) ?? ''))
  }
  assert.ok(isBlockOf(cid, await node.block(cidText(cid), 2_000_000)))
})

test('a log that has grown sends what is new, and both snapshots can be had', async (t) => {
  const since = log.get('checkpoint')
  const { cid, sent } = await growTo(2000, 2010)
  const whole = await exported(cid)
  t.diagnostic(`10 entries more: ${sent.blocks} blocks, ${sent.bytes} bytes, of ${whole.length}`)
  assert.ok(sent.blocks <= 12 && sent.bytes < whole.length / 5, `${sent.blocks} blocks, ${sent.bytes} bytes`)
  const [first] = pinned
  assert.ok(first !== undefined && since !== undefined)
  assert.deepEqual(verifyCar(sourceOf(whole), TRUST, { cid, since }).problems, [])
  const earlier = verifyCar(sourceOf(await exported(first)), TRUST, { cid: first })
  assert.deepEqual([earlier.problems, earlier.size], [[], 2000])
})

test('the same again sends nothing', async () => {
  const last = pinned.at(-1)
  assert.ok(last !== undefined)
  const sent = await pinToNode(node, { root: last, read: readerOf(blocks), before: [last] })
  assert.deepEqual(sent, { blocks: 0, bytes: 0 })
})

test('a node that keeps no names is not troubled by them', async () => {
  const last = pinned.at(-1)
  assert.ok(last !== undefined)
  await node.namePin(cidText(last), 'tutela test.tutela.example/log 2010').catch(() => undefined)
  assert.deepEqual(await node.namedPins('tutela test.tutela.example/log'), [])
  assert.ok(await node.isPinned(cidText(last)))
})

test('what the node does not have is not pinned, and is not waited for', async () => {
  const absent = cidText({ version: 1, codec: 'dag-pb', digest: new Uint8Array(32) })
  assert.equal(await node.isPinned(absent), false)
  const hurried = openKuboNode({ api: server.url, timeoutMs: 1500, transferMs: 1500 })
  await assert.rejects(hurried.block(absent, 1000))
  await assert.rejects(async () => {
    for await (const part of hurried.exportCar(absent)) assert.equal(part.length, 0)
  })
})
