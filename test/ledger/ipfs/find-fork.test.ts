// Whether a node pins another history of a log, among all that it pins of the log itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../engine/base/fault.ts'
import { cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { pinName, refuseFork } from '../../../engine/ledger/ipfs/find-fork.ts'
import { signerOfSeed } from '../../../engine/ledger/note-key.ts'
import type { PinNode } from '../../../engine/world-pins.ts'
import { append, type MemoryLog, ORIGIN, sampleEntries, TRUST } from '../memory-log.ts'
import { addLog, type Blocks } from './log-blocks.ts'

const isFork = (error: unknown) => error instanceof Fault && error.code === 'pin/fork'

/** The log of so many entries, and the same with its last one another. */
function logOf(size: number, last: number = size, signer?: ReturnType<typeof signerOfSeed>): MemoryLog {
  const log: MemoryLog = new Map()
  const entries = [...sampleEntries(0, size - 1), ...sampleEntries(last, last + 1)]
  append(log, entries, signer === undefined ? undefined : [signer])
  return log
}

/** A node that pins these logs under the log's name, in this order, and what it asks for. */
function nodeWith(logs: readonly (readonly [MemoryLog, number])[]) {
  const blocks: Blocks = new Map()
  const cids = logs.map(([log, size]) => cidText(addLog(log, size, blocks).cid))
  const asked: string[] = []
  const node = {
    namedPins: async (name: string) => (name === pinName(ORIGIN) ? cids : []),
    block: async (cid: string) => {
      asked.push(cid)
      return blocks.get(cid) ?? new Uint8Array(0)
    },
  } as unknown as PinNode
  return { node, cids, asked }
}

const ours = logOf(40)
const held = (isKnown: (cid: string) => boolean = () => false) => ({
  ...{ origin: ORIGIN, read: (path: string) => ours.get(path) ?? null, size: 40, trust: TRUST, isKnown },
})

test('another history of the same key is found, of the same size or a smaller one', async () => {
  for (const size of [1, 2, 39, 40]) {
    const { node } = nodeWith([[logOf(size, 99), size]])
    await assert.rejects(refuseFork(node, held()), isFork, `of ${size}`)
  }
})

test('what is no proof is passed over: the same history, a larger one, another key, a block that is another', async () => {
  const stranger = signerOfSeed(ORIGIN, Buffer.alloc(32, 8))
  const logs = [
    [logOf(41, 99), 41],
    [logOf(30, 99, stranger), 30],
    [logOf(7, 6), 7],
  ] as const
  const { node, cids } = nodeWith(logs)
  await refuseFork(node, held())
  const lying = { ...node, block: async () => Buffer.from('not this block') }
  await refuseFork(lying, held())
  const junk = { ...node, namedPins: async () => ['not-a-cid', ...cids] }
  await refuseFork(junk, held())
})

test('hundreds of snapshots of the log itself do not hide it, and none of them is read', async () => {
  const own = Array.from({ length: 20 }, (_, i) => [logOf(i + 1, i), i + 1] as const)
  const { node, cids, asked } = nodeWith([...own, [logOf(12, 99), 12]])
  const known = new Set(cids.slice(0, -1))
  await assert.rejects(
    refuseFork(
      node,
      held((cid) => known.has(cid)),
    ),
    isFork,
  )
  assert.equal(asked.length, 2)
})
