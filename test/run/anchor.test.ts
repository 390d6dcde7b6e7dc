// What a run does to anchor the log: the line of the run commit, the blocks, the node, the marks, the entry of the next run.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBlockStore } from '../../engine/adapters/block-store.ts'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import { decodeEntry } from '../../engine/ledger/entry.ts'
import { decodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { readAnchors } from '../../engine/ledger/ipfs/anchors.ts'
import { carPieces } from '../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText, parseCid } from '../../engine/ledger/ipfs/cid.ts'
import { verifyCar } from '../../engine/ledger/ipfs/verify-car.ts'
import { readPolicy } from '../../engine/ledger/log-policy.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import type { PinNode } from '../../engine/world.ts'
import { memoryNode } from '../ledger/ipfs/healthy-node.ts'
import { sourceOf } from '../ledger/ipfs/log-blocks.ts'
import { copyOf, GOVERNANCE, governedRepository, runIn } from './governed-repository.ts'

const AT = (hour: number) => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`

const anchorsIn = (folder: string) => readAnchors(readFileSync(join(folder, 'ledger/anchors.ndjson')))

function entriesIn(folder: string, kind: string) {
  const files = readLogFolder(join(folder, 'ledger'))
  return [...files.list()]
    .filter((path) => path.startsWith('tile/entries/'))
    .flatMap((path) => decodeBundle(files.read(path) ?? new Uint8Array(0)) ?? [])
    .map((bytes) => decodeEntry(bytes))
    .filter((entry) => entry?.kind === kind)
}

/** The CAR of a CID from the embedded store, verified as a stranger would. */
function verifyStored(folder: string, cid: string) {
  const blocks = openBlockStore(join(folder, '.git'))
  const root = parseCid(cid) as Cid
  const car = Buffer.concat([...carPieces(root, (id) => blocks.get(cidText(id)))])
  return verifyCar(sourceOf(car), readPolicy(readFileSync(join(folder, 'ledger/policy')), 'policy'), { cid: root })
}

test('each run names the CID of its log, keeps its blocks, and the next one has an entry for it', async () => {
  const folder = governedRepository()
  const first = await runIn(folder, AT(6))
  const [anchor] = anchorsIn(folder)
  assert.ok(anchor !== undefined)
  assert.deepEqual(first.anchor, { cid: anchor.cid, where: ['local'] })
  assert.deepEqual([anchor.size, anchor.root], [first.checkpoint?.size, first.checkpoint?.root])
  assert.deepEqual(entriesIn(folder, 'anchor'), [])
  const proven = verifyStored(folder, anchor.cid)
  assert.deepEqual([proven.problems, proven.size], [[], anchor.size])
  const second = await runIn(folder, AT(7))
  assert.deepEqual(
    entriesIn(folder, 'anchor').map((entry) => entry?.body),
    [{ ...anchor, where: 'local', at: AT(6) }],
  )
  const anchors = anchorsIn(folder)
  assert.equal(anchors.length, 2)
  assert.equal(anchors[1]?.cid, second.anchor?.cid)
  for (const { cid, size } of anchors) assert.equal(verifyStored(folder, cid).size, size)
})

test('the CID does not depend on what the store has, and a lost store is filled again', async () => {
  const [one, other] = [governedRepository(), governedRepository()]
  for (const folder of [one, other]) await runIn(folder, AT(6))
  rmSync(join(other, '.git/tutela/ipfs'), { recursive: true })
  for (const folder of [one, other]) await runIn(folder, AT(7))
  assert.deepEqual(anchorsIn(one), anchorsIn(other))
  assert.deepEqual(verifyStored(other, anchorsIn(other)[1]?.cid ?? '').problems, [])
})

test('a store that cannot be written stops no run; it is tried again, once the way is free', async () => {
  const folder = governedRepository()
  const blocked = join(folder, '.git/tutela/ipfs')
  writeFileSync(blocked, '')
  const first = await runIn(folder, AT(6))
  assert.equal(first.anchor, null)
  assert.deepEqual(
    first.delivered.filter(({ state }) => state === 'failed').map(({ kind }) => kind),
    ['anchor'],
  )
  rmSync(blocked)
  const again = await runIn(folder, AT(6))
  assert.equal(again.wasRecorded, true)
  assert.deepEqual(again.anchor?.where, ['local'])
  assert.equal(verifyStored(folder, again.anchor?.cid ?? '').ok, true)
})

const WITH_NODE = GOVERNANCE.replace(
  `ledger: { origin: `,
  `ledger: { pin: { api: "http://127.0.0.1:5001", services: [pinata] }, origin: `,
)

function runWith(folder: string, node: PinNode, hour: number) {
  const world = { ...assembleWorld(Date.parse(AT(hour))), openPinNode: async () => node }
  return runIn(folder, AT(hour), { world })
}

test('with a node: pinned there by what is new alone, and at its service when that says so', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': WITH_NODE })
  const node = memoryNode({ services: ['pinata'] })
  const first = await runWith(folder, node, 6)
  assert.deepEqual(first.anchor?.where, ['local', 'node'])
  assert.deepEqual(
    first.delivered.filter(({ state }) => state === 'failed'),
    [],
  )
  node.states.set(`pinata ${first.anchor?.cid}`, 'pinned')
  const second = await runWith(folder, node, 7)
  assert.ok(node.pins.has(second.anchor?.cid ?? ''))
  await runWith(folder, node, 8)
  const told = entriesIn(folder, 'anchor').map(
    (entry) => `${entry?.body?.size} ${entry?.body?.where} ${entry?.body?.at ?? ''}`,
  )
  const [a, b] = anchorsIn(folder)
  assert.deepEqual(told, [
    `${a?.size} local ${AT(6)}`,
    `${a?.size} node ${AT(6)}`,
    `${a?.size} service:pinata ${AT(7)}`,
    `${b?.size} local ${AT(7)}`,
    `${b?.size} node ${AT(7)}`,
  ])
})

test('a node that fails is told, and given the newest log by the next run', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': WITH_NODE })
  const broken = memoryNode({
    importCar: async () => {
      throw new Fault('pin/no-answer', 'nobody there')
    },
  })
  const first = await runWith(folder, broken, 6)
  assert.deepEqual(first.anchor?.where, ['local'])
  assert.match(first.delivered.find(({ state }) => state === 'failed')?.message ?? '', /^node: nobody there/)
  const node = memoryNode()
  const again = await runWith(folder, node, 6)
  assert.deepEqual([again.wasRecorded, again.anchor?.where], [true, ['local', 'node']])
  assert.deepEqual([...node.pins], [again.anchor?.cid])
})

test('a copied repository whose both copies went on is found out at the next pin', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': WITH_NODE })
  const node = memoryNode()
  await runWith(folder, node, 6)
  const copy = copyOf(folder)
  // The copy goes on; a pin that only bears the name says nothing.
  await runWith(copy, node, 7)
  node.names.set(`bafybei${'a'.repeat(52)}`, 'tutela banco.example/tutela 5')
  const ours = await runWith(folder, node, 8)
  assert.deepEqual(ours.anchor?.where, ['local'])
  const { message = '' } = ours.delivered.find(({ state }) => state === 'failed') ?? {}
  assert.match(message, /^node: `bafy\w+` has another history of this log: at \d+ entries its root is/)
  assert.ok(message.includes(anchorsIn(copy).at(-1)?.cid ?? 'none'))
  assert.ok(!node.pins.has(ours.anchor?.cid ?? ''))
})

test('a block that was lost here is made again before the node is sent anything', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': WITH_NODE })
  const node = memoryNode()
  await runWith(folder, memoryNode({ importCar: async () => [] }), 6)
  // The root was put last: all before it is damaged.
  const path = join(folder, '.git/tutela/ipfs/blocks')
  writeFileSync(path, readFileSync(path).fill(0, 0, 1000))
  const again = await runWith(folder, node, 6)
  assert.deepEqual(again.anchor?.where, ['local', 'node'])
  assert.equal(verifyStored(folder, again.anchor?.cid ?? '').ok, true)
})

test('an anchor that somebody wrote is not pinned as ours', async () => {
  const folder = governedRepository()
  await runIn(folder, AT(6), { deliver: false })
  const path = join(folder, 'ledger/anchors.ndjson')
  const forged = readFileSync(path, 'utf8').replace(
    /bafy[a-z2-7]+/,
    cidText({ version: 1, codec: 'dag-pb', digest: new Uint8Array(32) }),
  )
  writeFileSync(path, `${forged}no line\n{"cid":5}\n`)
  const { execFileSync } = await import('node:child_process')
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@localhost', 'commit', '-qam', 'forged'])
  const next = await runIn(folder, AT(7))
  assert.deepEqual(next.anchor?.where, ['local'])
  assert.equal(verifyStored(folder, next.anchor?.cid ?? '').ok, true)
})
