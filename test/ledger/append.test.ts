import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { type LogWriter, openLogWriter } from '../../engine/ledger/append.ts'
import { readLogFile, readLogFolder } from '../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, type MemoryLog, ORIGIN, SIGNER, sampleEntries, TRUST } from './memory-log.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-append-'))
after(() => rmSync(root, { recursive: true }))

let made = 0
const newFolder = (): string => join(root, `log-${made++}`)

function open(folder: string): LogWriter {
  return openLogWriter({ folder, signers: [SIGNER], origin: ORIGIN, since: '2026-11-22T06:00:00Z' })
}

async function appendAll(folder: string, from: number, to: number): Promise<void> {
  const writer = open(folder)
  await writer.append(sampleEntries(from, to))
  writer.close()
}

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('a log in a folder verifies after every append, and keeps the partial files of older checkpoints', async () => {
  const folder = newFolder()
  const writer = open(folder)
  assert.equal(verifyLog(readLogFolder(folder), TRUST).size, 0)
  let from = 0
  for (const size of [1, 3, 250, 258, 600]) {
    const since = readFileSync(join(folder, 'checkpoint'))
    assert.equal((await writer.append(sampleEntries(from, size))).firstIndex, from)
    from = size
    const answer = verifyLog(readLogFolder(folder), TRUST, { since })
    assert.deepEqual([answer.ok, answer.entries, answer.problems], [true, size, []])
    if (size === 250) assert.deepEqual(readdirSync(join(folder, 'tile/0/000.p')).sort(), ['1', '250', '3'])
  }
  writer.close()
  assert.deepEqual(readdirSync(join(folder, 'tile/0')).sort(), ['000', '000.p', '001', '001.p', '002.p'])
  assert.deepEqual(readdirSync(join(folder, 'tile/0/000.p')), [])
})

test('a folder and a plan in memory have the same files', async () => {
  const folder = newFolder()
  await appendAll(folder, 0, 300)
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  const files = readLogFolder(folder)
  assert.deepEqual([...files.list()], [...log.keys()].sort())
  for (const [path, bytes] of log) assert.deepEqual(Buffer.from(files.read(path) ?? []), Buffer.from(bytes), path)
})

test('while one writer is open a second is refused, and says who holds the lock', async () => {
  const folder = newFolder()
  const writer = open(folder)
  assert.throws(() => open(folder), hasCode('lock/held'))
  writer.close()
  open(folder).close()
})

test('a stale partial that is no prefix of the newer one is found', async () => {
  const folder = newFolder()
  await appendAll(folder, 0, 3)
  await appendAll(folder, 3, 5)
  for (const path of ['tile/0/000.p/3', 'tile/entries/000.p/3']) {
    const bytes = readFileSync(join(folder, path))
    writeFileSync(join(folder, path), Buffer.from(bytes).fill(0, 40, 41))
    const { problems } = verifyLog(readLogFolder(folder), TRUST)
    assert.deepEqual(problems, [{ code: 'ledger/stale-partial', where: path }])
    writeFileSync(join(folder, path), bytes)
  }
})

test('what no checkpoint covers is set aside when the log is opened, and the log goes on', async () => {
  const folder = newFolder()
  await appendAll(folder, 0, 254)
  const signed = readFileSync(join(folder, 'checkpoint'))
  await appendAll(folder, 254, 514)
  // As after a crash between the tiles and the checkpoint, with a temporary file left behind.
  writeFileSync(join(folder, 'checkpoint'), signed)
  writeFileSync(join(folder, 'tile/0/.003.1-0.tmp'), 'x')
  const partial = { 'tile/0/000.p/254': 0, 'tile/entries/000.p/254': 0 }
  const before: MemoryLog = new Map()
  append(before, sampleEntries(0, 254))
  for (const path of Object.keys(partial)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), before.get(path) ?? '')
  }
  const codes = verifyLog(readLogFolder(folder), TRUST).problems.map(({ code }) => code)
  assert.deepEqual([...new Set(codes)], ['ledger/stray-file'])
  const writer = open(folder)
  assert.deepEqual(writer.setAside.length, 7)
  assert.ok(writer.setAside.every((path) => existsSync(join(folder, 'unsigned', path))))
  await writer.append(sampleEntries(1000, 1300))
  writer.close()
  const answer = verifyLog(readLogFolder(folder), TRUST, { since: signed })
  assert.deepEqual([answer.ok, answer.entries], [true, 554])
})

test('tiles without a checkpoint, or under another one, are never signed over', async () => {
  const folder = newFolder()
  await appendAll(folder, 0, 10)
  const signed = readFileSync(join(folder, 'checkpoint'))
  rmSync(join(folder, 'checkpoint'))
  assert.throws(() => open(folder), hasCode('ledger/does-not-extend'))
  writeFileSync(join(folder, 'checkpoint'), signed)
  writeFileSync(join(folder, 'tile/0/000.p/10'), Buffer.alloc(320))
  assert.throws(() => open(folder), hasCode('ledger/does-not-extend'))
  assert.equal(existsSync(join(folder, '.lock')), false)
})

test('after a failed append the writer refuses to go on until the log is opened again', async () => {
  const folder = newFolder()
  const writer = open(folder)
  await writer.append(sampleEntries(0, 3))
  writeFileSync(join(folder, 'tile/0/000.p/4'), 'in the way')
  await assert.rejects(writer.append(sampleEntries(3, 4)), hasCode('ledger/does-not-extend'))
  await assert.rejects(writer.append(sampleEntries(3, 4)), /internal error/)
  writer.close()
  await appendAll(folder, 3, 4)
  assert.equal(verifyLog(readLogFolder(folder), TRUST).size, 4)
})

test('links, pipes and folders in place of files are problems and never followed or waited for', {
  skip: process.platform === 'win32' ? 'no pipes' : false,
}, async () => {
  const folder = newFolder()
  await appendAll(folder, 0, 3)
  const tile = join(folder, 'tile/0/000.p/3')
  const bytes = readFileSync(tile)
  const replacements: (() => void)[] = [
    () => symlinkSync(join(folder, 'copy'), tile),
    () => assert.equal(spawnSync('mkfifo', [tile]).status, 0),
    () => mkdirSync(tile),
    () => symlinkSync(tile, tile),
  ]
  writeFileSync(join(folder, 'copy'), bytes)
  for (const replace of replacements) {
    rmSync(tile, { recursive: true })
    replace()
    assert.equal(verifyLog(readLogFolder(folder), TRUST).ok, false)
    assert.equal(readLogFile(tile), null)
  }
})
