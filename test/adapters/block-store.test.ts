// The embedded block store: what is put is there after a crash, a torn end is nothing, and damage is mended by putting again.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openBlockStore } from '../../engine/adapters/block-store.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function gitDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-blocks-'))
  folders.push(folder)
  return folder
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
const blocks = (...names: readonly string[]) => new Map(names.map((name) => [name, Buffer.from(`block of ${name}`)]))

test('blocks are there for whoever opens the store next; nothing is written before', async () => {
  const folder = gitDir()
  const store = openBlockStore(folder)
  assert.equal(store.get('a'), null)
  assert.ok(!existsSync(join(folder, 'tutela')))
  await store.put(blocks('a', 'b'))
  await store.put(blocks('c'))
  await store.put(new Map([['empty', new Uint8Array(0)]]))
  for (const one of [store, openBlockStore(folder)]) {
    assert.deepEqual(
      ['a', 'b', 'c', 'empty', 'd'].map((cid) => text(one.get(cid))),
      ['block of a', 'block of b', 'block of c', '', null],
    )
  }
})

test('what is there already is not written again', async () => {
  const folder = gitDir()
  await openBlockStore(folder).put(blocks('a', 'b'))
  const size = statSync(join(folder, 'tutela/ipfs/blocks')).size
  await openBlockStore(folder).put(blocks('b', 'a'))
  assert.equal(statSync(join(folder, 'tutela/ipfs/blocks')).size, size)
})

test('a torn end of either file is no block, and the next ones are sound', async () => {
  for (const [file, cut] of [
    ['index', 20],
    ['index', 48],
    ['blocks', 3],
    ['blocks', 10],
  ] as const) {
    const folder = gitDir()
    await openBlockStore(folder).put(blocks('a', 'b'))
    const path = join(folder, 'tutela/ipfs', file)
    truncateSync(path, statSync(path).size - cut)
    const store = openBlockStore(folder)
    assert.deepEqual([text(store.get('a')), store.get('b')], ['block of a', null], `${file} ${cut}`)
    await store.put(blocks('b', 'c'))
    for (const name of ['a', 'b', 'c']) assert.equal(text(openBlockStore(folder).get(name)), `block of ${name}`)
  }
  const folder = gitDir()
  await openBlockStore(folder).put(blocks('a'))
  appendFileSync(join(folder, 'tutela/ipfs/index'), 'torn')
  appendFileSync(join(folder, 'tutela/ipfs/blocks'), 'torn')
  await openBlockStore(folder).put(blocks('b'))
  assert.deepEqual(
    ['a', 'b'].map((cid) => text(openBlockStore(folder).get(cid))),
    ['block of a', 'block of b'],
  )
})

test('a damaged block is put again', async () => {
  const folder = gitDir()
  await openBlockStore(folder).put(blocks('a', 'b'))
  const path = join(folder, 'tutela/ipfs/blocks')
  writeFileSync(path, readFileSync(path).fill(0x78, 0, 5))
  const store = openBlockStore(folder)
  assert.equal(text(store.get('a')), 'xxxxx of a')
  await store.put(blocks('a', 'b'))
  assert.equal(text(openBlockStore(folder).get('a')), 'block of a')
})

test('one CAR is kept, whole or not at all, and its name is no path', () => {
  const folder = gitDir()
  const store = openBlockStore(folder)
  const first = store.writeCar('bafyone', [Buffer.from('1'), Buffer.from('2')])
  assert.equal(readFileSync(first, 'utf8'), '12')
  function* broken() {
    yield Buffer.from('1')
    throw new Error('lost')
  }
  assert.throws(() => store.writeCar('bafytwo', broken()), /lost/)
  assert.deepEqual(readdirSync(join(folder, 'tutela/ipfs')), ['bafyone.car'])
  store.writeCar('bafytwo', [Buffer.from('3')])
  assert.deepEqual(readdirSync(join(folder, 'tutela/ipfs')), ['bafytwo.car'])
  for (const name of ['../x', '', 'A', '.']) assert.throws(() => store.writeCar(name, []), { code: 'pin/bad-cid' })
})

test('what is not kept is dropped, what is kept is read from the new files, and more can be put', async () => {
  const folder = gitDir()
  const store = openBlockStore(folder)
  const names = Array.from({ length: 200 }, (_, i) => `block${i}`)
  await store.put(blocks(...names))
  const before = store.bytes()
  const kept = names.filter((_, i) => i % 3 === 0)
  await store.keepOnly(new Set([...kept, 'never-put']))
  assert.ok(store.bytes() < before / 2)
  await store.put(blocks('later'))
  for (const one of [store, openBlockStore(folder)]) {
    const there = [...names, 'later', 'never-put'].filter((cid) => text(one.get(cid)) === `block of ${cid}`)
    assert.deepEqual(there, [...kept, 'later'])
  }
  await store.keepOnly(new Set())
  assert.deepEqual([store.get('later'), store.bytes()], [null, 0])
  assert.deepEqual(readdirSync(join(folder, 'tutela/ipfs')).sort(), ['blocks', 'index'])
})

test('a crash between the files leaves an empty store, never an index beside other blocks', async () => {
  const folder = gitDir()
  const place = join(folder, 'tutela/ipfs')
  await openBlockStore(folder).put(blocks('a', 'b', 'c'))
  // As it stands when the new blocks have their name and the new index has not.
  rmSync(join(place, 'index'))
  writeFileSync(join(place, 'blocks'), 'block of c')
  writeFileSync(join(place, 'index.new'), 'half')
  const store = openBlockStore(folder)
  assert.deepEqual(
    ['a', 'b', 'c'].map((cid) => store.get(cid)),
    [null, null, null],
  )
  await store.put(blocks('a', 'c'))
  await store.keepOnly(new Set(['c']))
  assert.deepEqual(
    ['a', 'c'].map((cid) => text(store.get(cid))),
    [null, 'block of c'],
  )
})
