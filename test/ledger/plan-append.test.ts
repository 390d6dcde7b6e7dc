import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../engine/base/fault.ts'
import { parseCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { signerOfSeed } from '../../engine/ledger/note-key.ts'
import { planAppend, type ReadLogFile } from '../../engine/ledger/plan-append.ts'
import { EMPTY_ROOT } from '../../engine/ledger/tree-hash.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, filesOf, type MemoryLog, ORIGIN, SIGNER, sampleEntries, TRUST } from './memory-log.ts'
import { LEDGER, skipWithoutVectors, vectorEntry } from './vectors.ts'

const refuses = (error: unknown): boolean => error instanceof Fault && error.code === 'ledger/does-not-extend'

function plan(read: ReadLogFile, entries: readonly Uint8Array[] = sampleEntries(900, 901)) {
  return planAppend({ read, entries, signers: [SIGNER], origin: ORIGIN })
}

test('a log is the same whatever the batches in which it grew', () => {
  const batches = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 })
  const property = fc.property(batches, (sizes) => {
    const grown: MemoryLog = new Map()
    let size = 0
    for (const n of sizes) {
      append(grown, sampleEntries(size, size + n))
      size += n
    }
    const atOnce: MemoryLog = new Map()
    append(atOnce, sampleEntries(0, size))
    assert.deepEqual([...grown].sort(), [...atOnce].sort())
    assert.equal(verifyLog(filesOf(grown), TRUST).ok, true)
  })
  fc.assert(property, { numRuns: 15 })
})

test('a log of the published entries has the published root at each of its sizes', { skip: skipWithoutVectors }, () => {
  const log: MemoryLog = new Map()
  let before = 0
  for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000]) {
    const { root } = append(
      log,
      Array.from({ length: size - before }, (_, i) => vectorEntry(before + i)),
    )
    before = size
    const file = join(LEDGER, `logs/${size < 1000 ? 'small' : 'large'}/checkpoint.${size}`)
    // The published logs begin with their first entry.
    const published = size === 0 ? null : parseCheckpoint(parseNote(readFileSync(file))?.text ?? '')
    assert.deepEqual(Buffer.from(root), Buffer.from(published?.root ?? EMPTY_ROOT), `at ${size}`)
  }
})

test('an append reads the right edge alone, however large the log is', () => {
  const reads = [300, 70_100].map((size) => {
    const log: MemoryLog = new Map()
    append(log, sampleEntries(0, size))
    const asked = new Set<string>()
    const made = plan((path) => {
      asked.add(path)
      return log.get(path) ?? null
    })
    assert.equal(made.firstIndex, size)
    return asked.size
  })
  assert.ok(
    reads.every((count) => count <= 9),
    `files asked for: ${reads}`,
  )
})

test('an append removes the partial files that it replaces and keeps the others', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  assert.deepEqual(plan((path) => log.get(path) ?? null).remove, ['tile/entries/001.p/44', 'tile/0/001.p/44'])
  assert.deepEqual(
    [...plan((path) => log.get(path) ?? null).files.keys()],
    ['tile/entries/001.p/45', 'tile/0/001.p/45', 'checkpoint'],
  )
})

test('nothing is signed on top of a log that is not the one last signed', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  const other: MemoryLog = new Map()
  append(other, sampleEntries(1, 301))
  const stranger = signerOfSeed(ORIGIN, Buffer.alloc(32, 8))
  const elsewhere = signerOfSeed('elsewhere.example/log', Buffer.alloc(32, 7))
  const unknown: MemoryLog = new Map()
  append(unknown, sampleEntries(0, 300), [stranger])
  const foreign: MemoryLog = new Map()
  append(foreign, sampleEntries(0, 300), [elsewhere])

  const changes: [string, MemoryLog][] = [
    ['another log of the same size', new Map([...log, ['checkpoint', other.get('checkpoint') ?? Buffer.of()]])],
    ['a checkpoint by an unknown key', unknown],
    ['a checkpoint of another origin', foreign],
    ['a checkpoint that is no note', new Map([...log, ['checkpoint', Buffer.from('hello\n')]])],
    ['a missing tile', without(log, 'tile/0/001.p/44')],
    ['a missing upper tile', without(log, 'tile/1/000.p/1')],
    ['a missing bundle', without(log, 'tile/entries/001.p/44')],
    [
      'a bundle of other entries',
      new Map([...log, ['tile/entries/001.p/44', other.get('tile/entries/001.p/44') ?? Buffer.of()]]),
    ],
    ['a cut tile', new Map([...log, ['tile/0/001.p/44', (log.get('tile/0/001.p/44') ?? Buffer.of()).subarray(32)]])],
    ['a lost checkpoint', without(log, 'checkpoint')],
    ['a file where a new one would stand', new Map([...log, ['tile/0/001.p/45', Buffer.alloc(45 * 32)]])],
  ]
  for (const [what, changed] of changes) assert.throws(() => plan((path) => changed.get(path) ?? null), refuses, what)
  assert.equal(plan((path) => log.get(path) ?? null).size, 301)
})

function without(log: MemoryLog, path: string): MemoryLog {
  return new Map([...log].filter(([name]) => name !== path))
}

test('no byte of the right edge may differ from what was signed', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 259))
  for (const [path, bytes] of log) {
    if (!path.includes('.p/')) continue
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 0x10
      assert.throws(
        () => plan((name) => (name === path ? flipped : (log.get(name) ?? null))),
        refuses,
        `${path} byte ${at}`,
      )
    }
  }
})

test('during a rotation both keys sign, and either verifies', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 3))
  const next = signerOfSeed(ORIGIN, Buffer.alloc(32, 9))
  append(log, sampleEntries(3, 5), [SIGNER, next])
  for (const key of [SIGNER.key, next.key]) assert.equal(verifyLog(filesOf(log), trustInKey(key)).ok, true)
  append(log, sampleEntries(5, 6), [next])
  assert.equal(verifyLog(filesOf(log), trustInKey(next.key)).ok, true)
  assert.deepEqual(
    verifyLog(filesOf(log), TRUST).problems.map(({ code }) => code),
    ['ledger/not-signed'],
  )
  const trusted = planAppend({
    read: (path) => log.get(path) ?? null,
    entries: [],
    signers: [SIGNER],
    trusted: [next.key],
    origin: ORIGIN,
  })
  assert.equal(trusted.size, 6)
})
