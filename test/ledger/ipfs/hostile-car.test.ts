// CARs that somebody forged or broke: each is told, by name, in bounded time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCar } from '../../../engine/ledger/ipfs/car-log.ts'
import { carFrame, carHeader, carPieces } from '../../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidBytes, cidOf, cidText, parseCid } from '../../../engine/ledger/ipfs/cid.ts'
import { type DagLink, encodeNode } from '../../../engine/ledger/ipfs/dag-pb.ts'
import { encodeUnixfs, type UnixfsData } from '../../../engine/ledger/ipfs/unixfs-data.ts'
import { readVarint, writeVarint } from '../../../engine/ledger/ipfs/varint.ts'
import { verifyCar } from '../../../engine/ledger/ipfs/verify-car.ts'
import { append, type MemoryLog, sampleEntries, TRUST } from '../memory-log.ts'
import { addLog, type Blocks, readerOf, sourceOf } from './log-blocks.ts'

const log: MemoryLog = new Map()
append(log, sampleEntries(0, 2))
const blocks: Blocks = new Map()
const root = addLog(log, 2, blocks).cid
const pieces = [...carPieces(root, readerOf(blocks))]
const car = Buffer.concat(pieces)

const codesOf = (bytes: Uint8Array, options: { cid?: Cid } = { cid: root }) =>
  verifyCar(sourceOf(bytes), TRUST, options).problems.map(({ code }) => code)

test('a sound one is proven', () => assert.deepEqual(codesOf(car), []))

test('every byte of a CAR that is changed is told', () => {
  for (let at = 0; at < car.length; at++) {
    for (const bit of [0x01, 0x80]) {
      const changed = Buffer.from(car)
      changed[at] = (changed[at] ?? 0) ^ bit
      assert.notDeepEqual(codesOf(changed), [], `byte ${at}`)
    }
  }
})

test('a CAR cut at any byte, and one with anything behind it, is told', () => {
  for (let end = 0; end < car.length; end++) assert.notDeepEqual(codesOf(car.subarray(0, end)), [], `cut at ${end}`)
  assert.deepEqual(codesOf(Buffer.concat([car, Buffer.of(0)])), ['ledger/bad-car'])
  assert.deepEqual(codesOf(Buffer.concat([car, car])), ['ledger/bad-car'])
})

test('a block that is dropped, doubled or strange is told; the order of blocks proves nothing and changes nothing', () => {
  const [header = car, ...frames] = pieces
  for (const [i, frame] of frames.entries()) {
    const rest = frames.filter((_, j) => j !== i)
    assert.ok(codesOf(Buffer.concat([header, ...rest])).includes('ledger/missing-block'), `without ${i}`)
    assert.deepEqual(codesOf(Buffer.concat([header, ...frames, frame])), ['ledger/repeated-block'])
  }
  assert.deepEqual(codesOf(Buffer.concat([header, ...frames.toReversed()])), [])
  const stray = Buffer.from('nobody needs this')
  assert.deepEqual(codesOf(Buffer.concat([car, carFrame(cidOf('raw', stray), stray)])), ['ledger/stray-block'])
})

test('the root must be the one that is named', () => {
  const other = cidOf('dag-pb', Buffer.from('x'))
  assert.deepEqual(codesOf(car, { cid: other }), ['ledger/other-cid'])
  assert.deepEqual(codesOf(car, {}), [])
})

/** A CAR of blocks that are made by hand; the last is the root. */
class Forger {
  readonly frames: Uint8Array[] = []

  raw(bytes: Uint8Array | string): Cid {
    return this.add('raw', Buffer.from(bytes))
  }

  node(links: readonly DagLink[], data: UnixfsData = { type: 'directory' }): Cid {
    return this.add('dag-pb', encodeNode({ links, data: encodeUnixfs(data) }))
  }

  add(codec: Cid['codec'], bytes: Uint8Array): Cid {
    const cid = cidOf(codec, bytes)
    this.frames.push(carFrame(cid, bytes))
    return cid
  }

  car(top: Cid): Uint8Array {
    return Buffer.concat([carHeader(top), ...this.frames])
  }
}

const problemsOf = (bytes: Uint8Array) => openCar(sourceOf(bytes)).problems.map(({ code, where }) => `${code} ${where}`)

test('names that no log has are refused, and lead nowhere', () => {
  for (const name of [
    '..',
    '.',
    '',
    'a/b',
    '/etc/passwd',
    'a\0b',
    'C:\\x',
    '__proto__',
    'x'.repeat(5000),
    '\u202e000',
    'TILE',
  ]) {
    const forger = new Forger()
    const file = forger.raw('x')
    const top = forger.node([{ name: 'tile', cid: forger.node([{ name, cid: file, size: 1 }]), size: 0 }])
    const opened = openCar(sourceOf(forger.car(top)))
    assert.ok(
      opened.problems.some(({ code }) => code === 'ledger/bad-name'),
      JSON.stringify(name),
    )
    assert.deepEqual([...opened.files.list()], [])
  }
})

test('a name twice, names out of order, sizes that lie, an empty directory, a stranger beside the log', () => {
  const directory = (make: (forger: Forger) => readonly DagLink[]) => {
    const forger = new Forger()
    const links = make(forger)
    return problemsOf(forger.car(forger.node(links))).map((line) => line.split(' ')[0])
  }
  const file = (forger: Forger, name: string, size = 1): DagLink => ({ name, cid: forger.raw('x'), size })
  const bad = ['ledger/bad-block']
  assert.deepEqual(
    directory((f) => {
      const one = file(f, 'checkpoint')
      return [one, one]
    }),
    [...bad, 'ledger/stray-block'],
  )
  assert.deepEqual(
    directory((f) => [{ name: 'tile', cid: f.node([]), size: 4 }, file(f, 'checkpoint')]).slice(0, 1),
    bad,
  )
  assert.deepEqual(
    directory((f) => [file(f, 'checkpoint', 2)]),
    bad,
  )
  assert.deepEqual(
    directory((f) => [{ name: 'tile', cid: f.node([]), size: 4 }]),
    ['ledger/stray-file'],
  )
  assert.deepEqual(
    directory((f) => [file(f, 'policy')]),
    ['ledger/stray-file', 'ledger/stray-block'],
  )
})

test('a directory in shards, a file in place of one, a node of another form', () => {
  const forger = new Forger()
  assert.match(
    problemsOf(forger.car(forger.node([], { type: 'shard', bitfield: new Uint8Array(0) }))).join(),
    /bad-block/,
  )
  const single = new Forger()
  assert.match(problemsOf(single.car(single.raw('x'))).join(), /bad-block/)
  for (const bytes of [
    Buffer.from('0a', 'hex'),
    Buffer.from('0a0208011200', 'hex'),
    Buffer.from('0a0308011800', 'hex'),
  ]) {
    const odd = new Forger()
    assert.match(problemsOf(odd.car(odd.add('dag-pb', bytes))).join(), /bad-block/)
  }
})

test('parts of a file that do not have the sizes that it says, or are no chunks', () => {
  for (const parts of [[1, 2], [1, 1, 1], [1]]) {
    const forger = new Forger()
    const part = { name: '', cid: forger.raw('x'), size: 1 }
    const size = parts.reduce((sum, n) => sum + n, 0)
    const file = forger.node([part, part], { type: 'file', data: null, size, parts })
    assert.match(problemsOf(forger.car(forger.node([{ name: 'checkpoint', cid: file, size: 2 }]))).join(), /bad-block/)
  }
})

test('a tree that doubles at each level, and a file of many equal parts under many names, end soon', () => {
  const forger = new Forger()
  let cid = forger.raw('x')
  for (let depth = 0; depth < 60; depth++) {
    cid = forger.node([
      { name: '0', cid, size: 1 },
      { name: '1', cid, size: 1 },
    ])
  }
  assert.match(problemsOf(forger.car(forger.node([{ name: 'tile', cid, size: 1 }]))).join(), /bad-block/)
  const wide = new Forger()
  const chunk = wide.raw(Buffer.alloc(1024 * 1024))
  const parts = Array.from({ length: 16 }, () => ({ name: '', cid: chunk, size: 1024 * 1024 }))
  const file = wide.node(parts, {
    type: 'file',
    data: null,
    size: 16 * 1024 * 1024,
    parts: parts.map(({ size }) => size),
  })
  const names = Array.from({ length: 900 }, (_, i) => ({ name: String(i).padStart(3, '0'), cid: file, size: 1 }))
  assert.ok(
    [...openCar(sourceOf(wide.car(wide.node([{ name: 'tile', cid: wide.node(names), size: 1 }])))).files.list()]
      .length < 20,
  )
})

test('identity CIDs, other hashes, version 0, giant varints and a second root are refused where they stand', () => {
  const header = carHeader(root)
  const withFrame = (frame: Uint8Array) => problemsOf(Buffer.concat([header, frame])).at(0)
  const identity = Buffer.concat([Buffer.of(1, 0x55, 0x00, 3), Buffer.from('abc')])
  const sha512 = Buffer.concat([Buffer.of(1, 0x55, 0x13, 64), Buffer.alloc(64)])
  const old = Buffer.concat([cidBytes({ ...root, version: 0 }), Buffer.from('x')])
  const cbor = Buffer.from(cidBytes(root))
  cbor[1] = 0x71
  for (const body of [identity, sha512, old, cbor, Buffer.alloc(0)]) {
    assert.equal(withFrame(Buffer.concat([writeVarint(body.length), body])), 'ledger/bad-car byte 59')
  }
  for (const length of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const frame = Buffer.concat([writeVarint(length), cidBytes(root)])
    assert.equal(withFrame(frame), 'ledger/bad-car byte 59')
  }
  assert.equal(withFrame(Buffer.alloc(40, 0xff)), 'ledger/bad-car byte 59')
  const two = Buffer.from(header)
  two[8] = 0x82
  assert.deepEqual(problemsOf(Buffer.concat([two, ...pieces.slice(1)])), ['ledger/bad-car header'])
  assert.deepEqual(problemsOf(new Uint8Array(0)), ['ledger/bad-car header'])
})

test('varints: the shortest form alone, at most 2^53 - 1', () => {
  for (const n of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
    const bytes = writeVarint(n)
    assert.deepEqual(readVarint(bytes, 0), { value: n, next: bytes.length })
    assert.equal(readVarint(bytes.subarray(0, -1), 0), null)
  }
  for (const bytes of ['8000', '818000', 'ffffffffffffff1f00', 'ffffffffffffffffff01', '80']) {
    assert.equal(readVarint(Buffer.from(bytes, 'hex'), 0), null, bytes)
  }
})

test('a CID is read in its one text', () => {
  const text = cidText(root)
  assert.equal(cidText(parseCid(text) ?? cidOf('raw', car)), text)
  const last = text.at(-1) === 'a' ? 'b' : 'a'
  for (const other of [
    text.toUpperCase(),
    `${text} `,
    text.slice(0, -1),
    `z${text.slice(1)}`,
    text.slice(0, -1) + last,
    'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD',
  ]) {
    const read = parseCid(other)
    // A spare bit at the end would be another text of the same CID.
    assert.ok(read === null || (cidText(read) === other && cidText(read) !== text), other)
  }
})
