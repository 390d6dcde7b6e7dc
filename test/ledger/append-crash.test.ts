import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openLogWriter } from '../../engine/ledger/append.ts'
import { decodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { ORIGIN, SIGNER, sampleEntries, sampleEntry, TRUST } from './memory-log.ts'

const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tutela-crash-'))
after(() => rmSync(root, { recursive: true }))

const WRITER = join(import.meta.dirname, 'append-writer.ts')
const SINCE = '2026-11-22T06:00:00Z'
let made = 0

/** A log of 250 entries, so that an append of ten fills a tile, begins another and makes level 1. */
const fresh = join(root, 'fresh')
const first = openLogWriter({ folder: fresh, signers: [SIGNER], origin: ORIGIN, since: SINCE })
await first.append(sampleEntries(0, 250))
first.close()
const signed = readFileSync(join(fresh, 'checkpoint'))

function copyOfFresh(): string {
  const folder = join(root, `log-${made++}`)
  cpSync(fresh, folder, { recursive: true })
  return folder
}

function appendTen(folder: string, env: Record<string, string>) {
  return spawnSync(process.execPath, [WRITER, folder, '250', '260', '10'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
}

/** What was acknowledged is there, once; what was not may be; the log goes on; no checkpoint of one size had two roots. */
async function assertRecovers(folder: string, acknowledged: boolean, what: string): Promise<void> {
  const between = readFileSync(join(folder, 'checkpoint'))
  assert.ok(Buffer.compare(between, signed) === 0 || sizeOf(folder) === 260, what)
  if (acknowledged) assert.equal(sizeOf(folder), 260, what)
  const writer = openLogWriter({ folder, signers: [SIGNER], origin: ORIGIN, since: SINCE })
  const size = sizeOf(folder)
  await writer.append([...sampleEntries(size, 260), ...sampleEntries(260, 600)])
  writer.close()
  for (const since of [signed, between]) {
    const answer = verifyLog(readLogFolder(folder), TRUST, { since })
    assert.deepEqual([answer.problems, answer.entries], [[], 600], what)
  }
  const files = readLogFolder(folder)
  const last = decodeBundle(files.read('tile/entries/000') ?? Buffer.of())?.[255]
  assert.deepEqual(Buffer.from(last ?? []), sampleEntry(255), what)
}

const sizeOf = (folder: string): number => Number(readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n')[1])
const calls = Number(/calls (\d+)/.exec(appendTen(copyOfFresh(), { TUTELA_FAIL: '0' }).stderr)?.[1])

/** Every `step`th call: each is a process. test/components/crash takes all. */
const moments = (step: number): number[] => Array.from({ length: Math.ceil(calls / step) }, (_, i) => 1 + i * step)

test('an append that is killed loses nothing that was acknowledged, and doubles nothing', async () => {
  assert.ok(calls > 40, `${calls}`)
  for (const nth of moments(7)) {
    const folder = copyOfFresh()
    const { signal, stdout } = appendTen(folder, { TUTELA_KILL: String(nth) })
    assert.equal(signal, 'SIGKILL')
    await assertRecovers(folder, stdout !== '', `killed before call ${nth} of ${calls}`)
  }
})

test('an append in which the disk fails is not acknowledged, and the log can be opened again', async () => {
  for (const nth of moments(9)) {
    const folder = copyOfFresh()
    const { status, stderr, stdout } = appendTen(folder, { TUTELA_FAIL: String(nth) })
    // Cleaning up may fail without harm; everything else is said.
    if (status !== 0) assert.match(stderr, /EIO|lock\/|ledger\//, `failed at call ${nth} of ${calls}`)
    rmSync(join(folder, '.lock'), { force: true })
    await assertRecovers(folder, stdout !== '', `failed at call ${nth} of ${calls}`)
  }
})

test('two processes that append at once lose nothing and double nothing', async () => {
  const folder = join(root, 'two')
  const run = (from: number) =>
    new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [WRITER, folder, String(from), String(from + 12), '3'], { stdio: 'ignore' })
      child.once('exit', resolve)
    })
  assert.deepEqual(await Promise.all([run(0), run(100)]), [0, 0])
  const answer = verifyLog(readLogFolder(folder), TRUST)
  assert.deepEqual([answer.problems, answer.entries], [[], 24])
  const entries = decodeBundle(readLogFolder(folder).read('tile/entries/000.p/24') ?? Buffer.of()) ?? []
  const numbers = entries.map((entry) => Number(/"n":(\d+)/.exec(Buffer.from(entry).toString())?.[1]))
  const expected = [...Array.from({ length: 12 }, (_, i) => i), ...Array.from({ length: 12 }, (_, i) => 100 + i)]
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    expected,
  )
})
