import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { formatCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { encodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { rootOfLog } from '../../engine/ledger/log-root.ts'
import { makeReceipt } from '../../engine/ledger/make-receipt.ts'
import { signNote } from '../../engine/ledger/note.ts'
import type { ReadLogFile } from '../../engine/ledger/plan-append.ts'
import { verifyReceipt } from '../../engine/ledger/receipt.ts'
import { parseTilePath, TILE_WIDTH, tilePath } from '../../engine/ledger/tile-path.ts'
import { leafHash } from '../../engine/ledger/tree-hash.ts'
import { rootOfUnits } from '../../engine/ledger/tree-root.ts'
import { append, filesOf, type MemoryLog, ORIGIN, SIGNER, sampleEntries, sampleEntry, TRUST } from './memory-log.ts'
import { LEDGER, skipWithoutVectors, vectorEntry } from './vectors.ts'

const ENTRY = Buffer.from('the same entry, again and again')

/** A log of equal entries: each level has one full tile, so a million entries take no memory. */
function uniformLog(size: number): ReadLogFile {
  const tiles: Buffer[] = []
  for (let unit: Uint8Array = leafHash(ENTRY), level = 0; level < 5; level++) {
    const tile = Buffer.concat(Array.from({ length: TILE_WIDTH }, () => unit))
    tiles.push(tile)
    unit = rootOfUnits(tile)
  }
  const bundle = encodeBundle(Array.from({ length: TILE_WIDTH }, () => ENTRY))
  const files: ReadLogFile = (path) => {
    if (path === 'checkpoint') return signNote(formatCheckpoint({ origin: ORIGIN, size: BigInt(size), root }), [SIGNER])
    const tile = parseTilePath(path)
    if (tile === null) return null
    if (tile.row === 'entries') return bundle.subarray(0, tile.width * (ENTRY.length + 2))
    return tiles[tile.row]?.subarray(0, tile.width * 32) ?? null
  }
  const root = rootOfLog(files, size, size) ?? new Uint8Array(0)
  return files
}

test('a receipt from a million entries reads at most six files, each once, and holds', () => {
  const size = 1_000_000
  const read = uniformLog(size)
  const note = read('checkpoint') ?? assert.fail()
  for (const index of [0, 1, 255, 256, 65_535, 65_536, 524_287, 524_288, 999_423, 999_424, 999_935, 999_936, 999_999]) {
    const paths: string[] = []
    const counted: ReadLogFile = (path) => {
      paths.push(path)
      return read(path)
    }
    const { receipt, entry } = makeReceipt({ read: counted, index, size, note })
    assert.ok(paths.length <= 6, `${index}: ${paths}`)
    assert.equal(new Set(paths).size, paths.length)
    assert.deepEqual(verifyReceipt(receipt, entry, TRUST).problems, [])
  }
})

test('receipts of a growing log hold at every size, under its newest head and every earlier one', () => {
  const log: MemoryLog = new Map()
  const heads: { size: number; note: Uint8Array }[] = []
  for (const size of [1, 2, 255, 256, 257, 511, 600]) {
    append(log, sampleEntries(heads.at(-1)?.size ?? 0, size))
    heads.push({ size, note: log.get('checkpoint') ?? assert.fail() })
    for (const head of heads) {
      for (const index of new Set([0, Math.floor(head.size / 2), head.size - 1])) {
        const { receipt, entry } = makeReceipt({ read: filesOf(log).read, index, size, note: head.note })
        assert.deepEqual(entry, sampleEntry(index))
        assert.deepEqual(verifyReceipt(receipt, entry, TRUST).problems, [], `${index} of ${head.size} in ${size}`)
      }
    }
  }
})

test('a receipt from the large published log holds', { skip: skipWithoutVectors }, () => {
  const folder = join(LEDGER, 'logs/large')
  const size = 70_000
  const bundles = (index: number, width: number): Uint8Array =>
    encodeBundle(Array.from({ length: width }, (_, i) => vectorEntry(index * TILE_WIDTH + i)))
  const read: ReadLogFile = (path) => {
    const tile = parseTilePath(path)
    return tile?.row === 'entries' ? bundles(tile.index, tile.width) : new Uint8Array(readFileSync(join(folder, path)))
  }
  const root = rootOfLog(read, size, size) ?? assert.fail()
  const note = signNote(formatCheckpoint({ origin: ORIGIN, size: BigInt(size), root }), [SIGNER])
  for (const index of [0, 65_535, 65_536, 69_887, 69_888, 69_999]) {
    const { receipt, entry } = makeReceipt({ read, index, size, note })
    assert.deepEqual(verifyReceipt(receipt, entry, TRUST).problems, [])
    assert.deepEqual(Buffer.from(entry), Buffer.from(vectorEntry(index)))
  }
})

test('an entry beyond the log, or a log with a file missing or cut, is a fault', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  const note = log.get('checkpoint') ?? assert.fail()
  const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
  const make = (index: number, files: MemoryLog = log) =>
    makeReceipt({ read: filesOf(files).read, index, size: 300, note })
  assert.throws(() => make(300), hasCode('ledger/no-entry'))
  for (const path of ['tile/entries/000', 'tile/0/000', tilePath({ row: 0, index: 1, width: 44 })]) {
    assert.throws(() => make(5, new Map([...log].filter(([name]) => name !== path))), hasCode('ledger/unreadable'))
    const cut = new Map(log).set(path, (log.get(path) ?? Buffer.of()).subarray(0, 40))
    assert.throws(() => make(5, cut), hasCode('ledger/unreadable'))
  }
})
