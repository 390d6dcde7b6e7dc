import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { encodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { signNote } from '../../engine/ledger/note.ts'
import { parseVerifierKey } from '../../engine/ledger/note-key.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import { parseTilePath } from '../../engine/ledger/tile-path.ts'
import { EMPTY_ROOT } from '../../engine/ledger/tree-hash.ts'
import { type Trust, trustInKey } from '../../engine/ledger/trust-policy.ts'
import { type LogFiles, verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, filesOf, type MemoryLog, ORIGIN, SIGNER, sampleEntries, TRUST } from './memory-log.ts'
import { LEDGER, LOG_KEY, skipWithoutVectors, TESSERA_KEY, vectorEntry } from './vectors.ts'

function trustIn(vkey: string): Trust {
  const key = parseVerifierKey(vkey)
  assert.ok(key)
  return trustInKey(key)
}

/** A log's folder as it was at one checkpoint: files that it does not need, or cover yet, are left out. */
function atSize(folder: string, name: string): LogFiles {
  const files = readLogFolder(folder)
  const size = Number(readFileSync(join(folder, name), 'utf8').split('\n')[1])
  const isCovered = (path: string): boolean => {
    const tile = parseTilePath(path)
    if (tile === null) return path === 'checkpoint'
    const units = Math.floor(size / 256 ** (tile.row === 'entries' ? 0 : tile.row))
    return tile.index * 256 + tile.width <= units
  }
  return {
    list: () => [...files.list()].filter(isCovered),
    read: (path) => files.read(path === 'checkpoint' ? name : path),
  }
}

test("Tessera's signed logs of 0 to 15 entries verify", { skip: skipWithoutVectors }, () => {
  for (let size = 0; size <= 15; size++) {
    const answer = verifyLog(atSize(join(LEDGER, 'tessera-testdata'), `checkpoint.${size}`), trustIn(TESSERA_KEY))
    assert.deepEqual(answer.problems, [])
    assert.deepEqual([answer.ok, answer.size, answer.entries], [true, size, size])
    assert.equal(answer.opaque, size === 0 ? undefined : true)
  }
})

test('the small log verifies at each of its sizes, and each continues each older one', {
  skip: skipWithoutVectors,
}, () => {
  const folder = join(LEDGER, 'logs/small')
  const sizes = [1, 2, 3, 255, 256, 257, 511, 512, 513]
  for (const size of sizes) {
    for (const before of sizes.filter((n) => n <= size)) {
      const since = readFileSync(join(folder, `checkpoint.${before}`))
      const answer = verifyLog(atSize(folder, `checkpoint.${size}`), trustIn(LOG_KEY), { since })
      assert.deepEqual([answer.ok, answer.entries, answer.problems], [true, size, []])
    }
  }
})

test('the large log of 65,535 to 70,000 entries verifies with its entries made by the rule', {
  skip: skipWithoutVectors,
}, () => {
  const folder = join(LEDGER, 'logs/large')
  const since = readFileSync(join(LEDGER, 'logs/small/checkpoint.1'))
  for (const size of [65_535, 65_536, 65_537, 70_000]) {
    const tiles = atSize(folder, `checkpoint.${size}`)
    const bundles = Math.ceil(size / 256)
    const widths = Array.from({ length: bundles }, (_, i) => Math.min(256, size - i * 256))
    const pathOf = (i: number): string =>
      `tile/entries/${String(i).padStart(3, '0')}${widths[i] === 256 ? '' : `.p/${widths[i]}`}`
    const made = new Map(widths.map((_, i) => [pathOf(i), i]))
    const files: LogFiles = {
      list: () => [...tiles.list(), ...made.keys()],
      read(path) {
        const i = made.get(path)
        if (i === undefined) return tiles.read(path)
        return encodeBundle(Array.from({ length: widths[i] ?? 0 }, (_, n) => vectorEntry(i * 256 + n)))
      },
    }
    const answer = verifyLog(files, trustIn(LOG_KEY), { since })
    assert.deepEqual([answer.ok, answer.entries, answer.problems], [true, size, []])
  }
})

/** A log that was grown in steps and has no file twice. */
function grownLog(sizes: readonly number[]): MemoryLog {
  const log: MemoryLog = new Map()
  let from = 0
  for (const size of sizes) {
    append(log, sampleEntries(from, size))
    from = size
  }
  return log
}

test('a log that was grown by plans verifies at every step', () => {
  const log: MemoryLog = new Map()
  let from = 0
  for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 513, 1100]) {
    const since = log.get('checkpoint')
    const plan = append(log, sampleEntries(from, size))
    assert.equal(plan.firstIndex, from)
    from = size
    const answer = verifyLog(filesOf(log), TRUST, since === undefined ? {} : { since })
    assert.deepEqual([answer.ok, answer.size, answer.entries, answer.problems], [true, size, size, []])
  }
})

test('every flipped byte of every file of a small log is detected', () => {
  for (const sizes of [[1], [3, 5], [254, 258]]) {
    const log = grownLog(sizes)
    assert.equal(verifyLog(filesOf(log), TRUST).ok, true)
    const isBig = (log.get('tile/entries/000')?.length ?? 0) > 0
    for (const [path, bytes] of log) {
      // A full bundle has 30,000 bytes: each byte of its first and last entries, and every 101st between.
      for (let at = 0; at < bytes.length; at += isBig && at > 300 && at < bytes.length - 300 ? 101 : 1) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
        const answer = verifyLog(filesOf(new Map([...log, [path, flipped]])), TRUST)
        assert.equal(answer.ok, false, `${path} byte ${at}`)
      }
    }
  }
})

test('every bit of a checkpoint matters', () => {
  const log = grownLog([3])
  const bytes = log.get('checkpoint') ?? Buffer.alloc(0)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit % 8))
    assert.equal(verifyLog(filesOf(new Map([...log, ['checkpoint', flipped]])), TRUST).ok, false, `bit ${bit}`)
  }
})

test('every file that is dropped, cut, lengthened, emptied or swapped is detected', () => {
  const log = grownLog([254, 258, 514])
  for (const [path, bytes] of log) {
    const changes: [string, Uint8Array | null][] = [
      ['dropped', null],
      ['cut', bytes.subarray(0, -1)],
      ['halved', bytes.subarray(0, bytes.length >> 1)],
      ['lengthened', Buffer.concat([bytes, Buffer.of(0)])],
      ['emptied', Buffer.alloc(0)],
      ['doubled', Buffer.concat([bytes, bytes])],
    ]
    for (const [change, changed] of changes) {
      const copy = new Map(log)
      if (changed === null) copy.delete(path)
      else copy.set(path, changed)
      assert.equal(verifyLog(filesOf(copy), TRUST).ok, false, `${path} ${change}`)
    }
    for (const [other, others] of log) {
      if (other === path) continue
      const copy = new Map([...log, [path, others], [other, bytes]] as const)
      assert.equal(verifyLog(filesOf(copy), TRUST).ok, false, `${path} swapped with ${other}`)
    }
  }
})

test('a file copied to another place within tile/ is detected, unless it is there what it claims to be', () => {
  const log = grownLog([2, 258])
  const places = [
    'tile/0/000.p/2',
    'tile/0/001.p/1',
    'tile/0/002',
    'tile/1/001',
    'tile/2/000.p/1',
    'tile/entries/001.p/1',
  ]
  for (const [path, bytes] of log) {
    for (const place of places) {
      const { problems } = verifyLog(filesOf(new Map([...log, [place, bytes]])), TRUST)
      assert.deepEqual(problems.length > 0, !log.has(place) || log.get(place) !== bytes, `${path} copied to ${place}`)
    }
  }
  const leaves = log.get('tile/0/000') ?? Buffer.of()
  assert.equal(verifyLog(filesOf(new Map([...log, ['tile/0/000.p/2', leaves.subarray(0, 64)]])), TRUST).ok, true)
})

test('problems are listed up to a hundred, and the rest is counted', () => {
  const log = new Map([
    ...grownLog([3]),
    ...Array.from({ length: 150 }, (_, i) => [`tile/9/${100 + i}`, Buffer.of()] as const),
  ])
  const { problems } = verifyLog(filesOf(log), TRUST)
  assert.equal(problems.length, 101)
  assert.deepEqual(problems.at(-1), { code: 'ledger/more-problems', where: 'tile', actual: '50' })
})

test('an entry that is not in the canonical form is a problem, where the log is otherwise of Tutela', () => {
  const log: MemoryLog = new Map()
  append(log, [...sampleEntries(0, 2), Buffer.from('{"v": 1}'), ...sampleEntries(3, 4)])
  assert.deepEqual(verifyLog(filesOf(log), TRUST).problems, [
    { code: 'ledger/bad-entry', where: 'tile/entries/000.p/4 entry 2' },
  ])
})

test('a checkpoint that claims 2^62 entries costs no time, and names what is missing', () => {
  const log = grownLog([3])
  for (const size of [2n ** 62n, 2n ** 40n]) {
    const text = formatCheckpoint({ origin: ORIGIN, size, root: EMPTY_ROOT })
    const { ok, problems } = verifyLog(filesOf(new Map([...log, ['checkpoint', signNote(text, [SIGNER])]])), TRUST)
    assert.equal(ok, false)
    assert.ok(problems.some(({ code }) => code === (size > 2n ** 53n ? 'ledger/too-large' : 'ledger/missing-file')))
  }
})

test('a quorum of witnesses that is not there is a problem', () => {
  const witness = parseVerifierKey(
    'witness1.vectors.tutela.example+061e1c5d+BBE3rdl5395w8IE6GlZQHcB9NO89IRGOtDXCSfL3dbFJ',
  )
  assert.ok(witness)
  const trust: Trust = { ...TRUST, witnesses: [witness], quorum: { kind: 'witness', key: witness } }
  assert.deepEqual(verifyLog(filesOf(grownLog([3])), trust).problems, [
    { code: 'ledger/no-quorum', where: 'checkpoint' },
  ])
})
