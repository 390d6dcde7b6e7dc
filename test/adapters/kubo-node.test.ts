// The RPC of an IPFS node, and what a healthy node never answers: each is told by its code, and none is waited for.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openKuboNode } from '../../engine/adapters/kubo-node.ts'
import { Fault } from '../../engine/base/fault.ts'
import { cidText } from '../../engine/ledger/ipfs/cid.ts'
import { pinToNode } from '../../engine/ledger/ipfs/pin-to-node.ts'
import { addLog, type Blocks, readerOf } from '../ledger/ipfs/log-blocks.ts'
import { append, type MemoryLog, sampleEntries } from '../ledger/memory-log.ts'
import { type Answer, type KuboStub, startStub } from './kubo-stub.ts'

const log: MemoryLog = new Map()
append(log, sampleEntries(0, 3))
const blocks: Blocks = new Map()
const root = addLog(log, 3, blocks).cid
const cid = cidText(root)
const other = [...blocks.keys()][0] ?? ''

const json = (value: unknown): string => `${JSON.stringify(value)}\n`
const rootAnswer = (of: string, error = '') => json({ Root: { Cid: { '/': of }, PinErrorMsg: error } })

/** What a healthy node says. */
const HEALTHY: Readonly<Record<string, Answer>> = {
  'dag/import': () => rootAnswer(cid),
  'pin/ls': () => json({ Cid: cid, Type: 'recursive' }),
  'block/get': (_, __, url) => Buffer.from(blocks.get(url.searchParams.get('arg') ?? '') ?? ''),
}

const stubs: KuboStub[] = []
after(() => {
  for (const stub of stubs) stub.stop()
})

async function pinAt(answers: Readonly<Record<string, Answer>>, options: { authorization?: string } = {}) {
  const stub = await startStub({ ...HEALTHY, ...answers })
  stubs.push(stub)
  const node = openKuboNode({ api: stub.url, timeoutMs: 300, transferMs: 600, ...options })
  return { stub, node, pin: () => pinToNode(node, { root, read: readerOf(blocks) }) }
}

test('a healthy node is sent the CAR, asked for the pin, and for two blocks', async () => {
  let received: Buffer = Buffer.alloc(0)
  const { stub, pin } = await pinAt(
    {
      'dag/import': (_, body) => {
        received = body
        return rootAnswer(cid)
      },
    },
    { authorization: 'Bearer s3cret' },
  )
  const sent = await pin()
  assert.equal(sent.blocks, blocks.size)
  for (const block of blocks.values()) assert.ok(received.includes(Buffer.from(block)))
  assert.deepEqual(
    stub.asked.map((asked) => asked.split('?')[0]),
    ['dag/import', 'pin/ls', 'block/get', 'block/get'],
  )
  assert.match(stub.asked[0] ?? '', /pin-roots=true/)
  assert.equal(stub.headers.authorization, 'Bearer s3cret')
})

const NOT_PINNED: Answer = (_, __, ___, response) => {
  const body = json({ Message: `path '${cid}' is not pinned`, Code: 0, Type: 'error' })
  response.writeHead(500, { 'content-type': 'application/json' }).end(body)
  return null
}

const ODD: readonly [what: string, code: string, answers: Readonly<Record<string, Answer>>][] = [
  ['an error of the pin, with status 200', 'pin/refused', { 'dag/import': () => rootAnswer(cid, 'no space left') }],
  ['an empty answer', 'pin/bad-answer', { 'dag/import': () => '' }],
  ['another root', 'pin/other-root', { 'dag/import': () => rootAnswer(other) }],
  ['two roots', 'pin/other-root', { 'dag/import': () => rootAnswer(cid) + rootAnswer(other) }],
  ['roots without end', 'pin/other-root', { 'dag/import': () => rootAnswer(cid).repeat(10_000) }],
  ['no JSON', 'pin/bad-answer', { 'dag/import': () => '<html>' }],
  ['JSON of another form', 'pin/bad-answer', { 'dag/import': () => json({ Root: { Cid: 5 } }) }],
  ['an error of the server', 'pin/refused', { 'dag/import': () => 500 }],
  ['no answer', 'pin/no-answer', { 'dag/import': 'hang' }],
  [
    'an answer that never ends',
    'pin/no-answer',
    {
      'dag/import': (_, __, ___, response) => {
        response.writeHead(200)
        response.write('{"Root":')
        return null
      },
    },
  ],
  [
    'a connection that is cut',
    'pin/no-answer',
    {
      'dag/import': (request) => {
        request.socket.destroy()
        return null
      },
    },
  ],
  ['a pin that is not listed', 'pin/not-pinned', { 'pin/ls': () => '' }],
  ['a pin of another kind', 'pin/not-pinned', { 'pin/ls': () => json({ Cid: cid, Type: 'indirect' }) }],
  ['another pin', 'pin/not-pinned', { 'pin/ls': () => json({ Cid: other, Type: 'recursive' }) }],
  ['no pin, as Kubo says it', 'pin/not-pinned', { 'pin/ls': NOT_PINNED }],
  ['no answer of the list', 'pin/no-answer', { 'pin/ls': 'hang' }],
  ['another block', 'pin/bad-block', { 'block/get': () => Buffer.from('x') }],
  ['no block', 'pin/bad-block', { 'block/get': () => '' }],
  ['a block that is too long', 'http/too-large', { 'block/get': () => Buffer.alloc(100_000) }],
  ['no answer for a block that is missing', 'http/unreachable', { 'block/get': 'hang' }],
  ['an error for a block', 'pin/refused', { 'block/get': () => 500 }],
]

for (const [what, code, answers] of ODD) {
  test(`a node that gives ${what} has not pinned: ${code}`, async () => {
    const { pin } = await pinAt(answers)
    await assert.rejects(pin, (error) => {
      assert.ok(error instanceof Fault, String(error))
      assert.equal(error.code, code, error.message)
      return true
    })
  })
}

test('nobody there, and addresses that are none', async () => {
  const node = openKuboNode({ api: 'http://127.0.0.1:9', timeoutMs: 300, transferMs: 600 })
  await assert.rejects(pinToNode(node, { root, read: readerOf(blocks) }), { code: 'pin/no-answer' })
  for (const api of ['', 'ftp://x', 'localhost:5001', '/ip4/127.0.0.1/tcp/5001']) {
    assert.throws(() => openKuboNode({ api }), { code: 'pin/bad-url' })
  }
})

test('an export that is cut, or stops, ends with what came; one that says nothing ends by its deadline', async () => {
  const read = async (answers: Readonly<Record<string, Answer>>) => {
    const { node } = await pinAt(answers)
    const parts: Uint8Array[] = []
    for await (const part of node.exportCar(cid)) parts.push(part)
    return Buffer.concat(parts).toString()
  }
  assert.equal(await read({ 'dag/export': () => 'all of it' }), 'all of it')
  await assert.rejects(read({ 'dag/export': 'hang' }), { code: 'pin/no-answer' })
  const half: Answer = (request, _, __, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half', () => request.socket.destroy())
    return null
  }
  await assert.rejects(read({ 'dag/export': half }), { code: 'pin/no-answer' })
  const stopped: Answer = (_, __, ___, response) => {
    response.writeHead(200)
    response.write('half')
    return null
  }
  await assert.rejects(read({ 'dag/export': stopped }), { code: 'pin/no-answer' })
})

test('pinning services: asked in the background, by name, and polled', async () => {
  let status = 'queued'
  const answers: Readonly<Record<string, Answer>> = {
    'pin/remote/add': () => json({ Name: 'n', Status: status, Cid: cid }),
    'pin/remote/ls': () =>
      status === 'none'
        ? ''
        : json({ Name: 'n', Status: 'failed', Cid: cid }) + json({ Name: 'n', Status: status, Cid: cid }),
  }
  const { node, stub } = await pinAt(answers)
  assert.equal(await node.pinAtService('pinata', cid, 'banco.example/log 3'), 'queued')
  const asked = new URL(stub.asked[0] ?? '', 'http://x').searchParams
  assert.deepEqual(
    [asked.get('arg'), asked.get('service'), asked.get('name'), asked.get('background')],
    [cid, 'pinata', 'banco.example/log 3', 'true'],
  )
  assert.equal(await node.stateAtService('pinata', cid), 'queued')
  status = 'pinned'
  assert.equal(await node.stateAtService('pinata', cid), 'pinned')
  assert.match(stub.asked.at(-1) ?? '', new RegExp(`service=pinata.*cid=${cid}`))
  status = 'none'
  assert.equal(await node.stateAtService('pinata', cid), 'absent')
  const silent = await pinAt({ 'pin/remote/add': 'hang', 'pin/remote/ls': () => 500 })
  await assert.rejects(silent.node.pinAtService('pinata', cid, 'n'), { code: 'pin/no-answer' })
  await assert.rejects(silent.node.stateAtService('pinata', cid), { code: 'pin/refused' })
})

test('pins are named and found by name; a node that keeps no names has none', async () => {
  const lines = [
    { Cid: cid, Type: 'recursive', Name: 'tutela a 5' },
    { Cid: other, Type: 'recursive', Name: 'of tutela a' },
  ]
  const { node, stub } = await pinAt({
    'pin/ls': () => lines.map(json).join(''),
    'pin/add': () => json({ Pins: [cid] }),
  })
  assert.deepEqual(await node.namedPins('tutela a'), [cid])
  assert.match(stub.asked[0] ?? '', /name=tutela/)
  await node.namePin(cid, 'tutela a 5')
  assert.match(stub.asked[1] ?? '', /pin\/add\?.*name=tutela/)
  const old = await pinAt({})
  assert.deepEqual(await old.node.namedPins('tutela a'), [])
  await assert.rejects(old.node.namePin(cid, 'n'), { code: 'pin/refused' })
})
