// `ledger pin`, and `verify` of what it made: a CAR, and a CID that a gateway gives.
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openCarGiver } from '../../engine/adapters/open-pins.ts'
import { Fault } from '../../engine/base/fault.ts'
import { command as ledger } from '../../engine/commands/ledger.ts'
import { command as verify } from '../../engine/commands/verify.ts'
import type { Gateway, PinNode } from '../../engine/world.ts'
import { type KuboStub, startStub } from '../adapters/kubo-stub.ts'
import { askCommand } from '../ask-command.ts'
import { memoryNode } from '../ledger/ipfs/healthy-node.ts'
import { GOVERNANCE, governedRepository, NOW, runIn } from '../run/governed-repository.ts'

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

interface More {
  readonly options?: Readonly<Record<string, string>>
  readonly node?: PinNode
  readonly giver?: (gateway: string | null) => Promise<Gateway | null>
}

async function ask(
  verb: typeof verify,
  folder: string,
  args: readonly string[],
  { options = {}, node, giver }: More = {},
) {
  const world = {
    ...(node !== undefined && { openPinNode: async () => node }),
    openCarGiver: giver ?? (async () => null),
  }
  const globals = { repo: folder, format: 'json' } as const
  const { exit, json, text } = await askCommand(verb, folder, { args, options, now: NOW, globals, world })
  return { exit, json: json as Record<string, unknown>, text: text() }
}

const problemsIn = (json: Record<string, unknown>) => (json.problems as { code: string }[]).map(({ code }) => code)

const stubs: KuboStub[] = []
after(() => {
  for (const stub of stubs) stub.stop()
})

async function pinned(governance = GOVERNANCE, node?: PinNode) {
  const folder = governedRepository({ 'policies/governance.yaml': governance })
  await runIn(folder, NOW, { deliver: false })
  const answer = await ask(ledger, folder, ['pin'], node === undefined ? {} : { node })
  const { anchor, car } = answer.json as { anchor: { cid: string; where: string[] } | null; car: string | null }
  return { folder, answer, cid: anchor?.cid ?? '', where: anchor?.where, car: car ?? '' }
}

const TRUST = { policy: 'ledger/policy' }

test('the CAR proves the log by its key, and has the root that the anchor names', async () => {
  const { folder, answer, cid, car, where } = await pinned()
  assert.deepEqual([answer.exit, where], [0, ['local']])
  assert.match(answer.text, new RegExp(`${cid}\n {2}pinned: local\n`))
  const proven = await ask(verify, folder, [car], { options: { ...TRUST, cid } })
  assert.deepEqual([proven.exit, proven.json.cid, problemsIn(proven.json)], [0, cid, []])
  assert.match(proven.text, new RegExp(`CID ${cid}`))
  const folderAnswer = await ask(verify, folder, ['ledger'], { options: TRUST })
  for (const field of ['origin', 'size', 'root', 'entries', 'signatures']) {
    assert.deepEqual(proven.json[field], folderAnswer.json[field])
  }
  const other = `bafybei${'a'.repeat(52)}`
  const asked = await ask(verify, folder, [car], { options: { ...TRUST, cid: other } })
  assert.deepEqual([asked.exit, problemsIn(asked.json)], [2, ['ledger/other-cid']])
})

test('a CAR says not whom to trust, and takes no options of other things', async () => {
  const { folder, car } = await pinned()
  await assert.rejects(ask(verify, folder, [car]), hasCode('cli/bad-option'))
  await assert.rejects(ask(verify, folder, [car], { options: { ...TRUST, entry: 'x' } }), hasCode('cli/bad-option'))
  await assert.rejects(ask(verify, folder, [car], { options: { ...TRUST, cid: 'bafy' } }), hasCode('cli/bad-option'))
  await assert.rejects(ask(verify, folder, ['ledger'], { options: { cid: 'x' } }), hasCode('cli/bad-option'))
  await assert.rejects(ask(verify, folder, ['ledger'], { options: { gateway: 'x' } }), hasCode('cli/bad-option'))
})

test('a CAR that is cut or changed is not proven; --since holds it to an older head, and a rewritten one is fraud', async () => {
  const { folder, car } = await pinned()
  const older = join(folder, '.git/older')
  copyFileSync(join(folder, 'ledger/checkpoint'), older)
  const cut = join(folder, '.git/cut.car')
  writeFileSync(cut, readFileSync(car).subarray(0, -1))
  assert.equal((await ask(verify, folder, [cut], { options: TRUST })).exit, 2)
  await runIn(folder, '2026-11-22T08:00:00Z', { deliver: false })
  const grown = (await ask(ledger, folder, ['pin'])).json.car as string
  const since = { ...TRUST, since: older }
  assert.equal((await ask(verify, folder, [grown], { options: since })).exit, 0)
  const fork = governedRepository()
  await runIn(fork, '2026-11-22T09:00:00Z', { deliver: false })
  await runIn(fork, '2026-11-22T10:00:00Z', { deliver: false })
  const forked = (await ask(ledger, fork, ['pin'])).json.car as string
  const fraud = join(folder, '.git/fraud.json')
  const told = await ask(verify, folder, [forked], { options: { ...since, fraud } })
  assert.deepEqual([told.exit, problemsIn(told.json), told.json.fraud], [2, ['ledger/rewritten'], fraud])
  assert.equal((await ask(verify, folder, [fraud], { options: TRUST })).exit, 0)
})

test('a CID is fetched from the gateway and believed no more than a file', async () => {
  const { folder, car, cid } = await pinned()
  const bytes = readFileSync(car)
  const type = 'application/vnd.ipld.car; version=1'
  let body: Buffer = bytes
  const stub = await startStub({
    [`ipfs/${cid}`]: (_, __, ___, response) => {
      response.writeHead(200, { 'content-type': type }).end(body)
      return null
    },
  })
  stubs.push(stub)
  const giver = (gateway: string | null) => openCarGiver(gateway, { env: {} })
  const from = { options: { ...TRUST, gateway: stub.url }, giver }
  const proven = await ask(verify, folder, [cid], from)
  assert.deepEqual([proven.exit, proven.json.cid], [0, cid])
  assert.equal(stub.asked[0], `ipfs/${cid}?format=car`)
  for (const wrong of [bytes.subarray(0, -1), bytes.subarray(0, 10), Buffer.alloc(0), Buffer.concat([bytes, bytes])]) {
    body = wrong
    assert.equal((await ask(verify, folder, [cid], from)).exit, 2)
  }
  const absent = `bafybei${'a'.repeat(52)}`
  await assert.rejects(ask(verify, folder, [absent], from), hasCode('pin/refused'))
  await assert.rejects(ask(verify, folder, [cid], { options: TRUST, giver }), hasCode('pin/no-gateway'))
  await assert.rejects(
    ask(verify, folder, [cid], { ...from, options: { gateway: stub.url } }),
    hasCode('cli/bad-option'),
  )
  const html = await startStub({ [`ipfs/${cid}`]: () => '<html>' })
  stubs.push(html)
  const other = { ...from, options: { ...TRUST, gateway: html.url } }
  await assert.rejects(ask(verify, folder, [cid], other), hasCode('pin/bad-answer'))
})

test('a node is named by TUTELA_IPFS_API, and gives a CAR too', async () => {
  const { folder, car, cid } = await pinned()
  const stub = await startStub({ 'dag/export': () => readFileSync(car) })
  stubs.push(stub)
  const env = { TUTELA_IPFS_API: stub.url, TUTELA_IPFS_AUTHORIZATION: 'Basic eDp5' }
  const giver = (gateway: string | null) => openCarGiver(gateway, { env })
  assert.equal((await ask(verify, folder, [cid], { options: TRUST, giver })).exit, 0)
  assert.equal(stub.headers.authorization, 'Basic eDp5')
})

const WITH_NODE = GOVERNANCE.replace(`ledger: { `, `ledger: { pin: { api: "http://127.0.0.1:5001" }, `)

test('pin makes damaged and lost blocks again, and says what a node refused', async () => {
  const node = memoryNode({ importCar: async () => [{ cid: 'x', pinError: '' }] })
  const { folder, answer, where, cid } = await pinned(WITH_NODE, node)
  assert.deepEqual([answer.exit, where], [1, ['local']])
  assert.match(answer.text, /NOT pinned at node: .* names `x` as the root/)
  const path = join(folder, '.git/tutela/ipfs/blocks')
  writeFileSync(path, readFileSync(path).fill(0, 0, 1000))
  const healthy = memoryNode()
  const again = await ask(ledger, folder, ['pin'], { node: healthy })
  assert.deepEqual([again.exit, (again.json.anchor as { where: string[] }).where], [0, ['local', 'node']])
  const proven = await ask(verify, folder, [String(again.json.car)], { options: { ...TRUST, cid } })
  assert.equal(proven.exit, 0)
  assert.ok(healthy.pins.has(cid))
  await assert.rejects(ask(ledger, governedRepository(), ['pin']), hasCode('ledger/no-log'))
})
