import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openLogWriter } from '../../../engine/ledger/append.ts'
import { logEntries } from '../../../engine/ledger/log-entries.ts'
import { readLogFolder } from '../../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../../engine/ledger/verify-log.ts'
import { ORIGIN, SIGNER, sampleEntries, TRUST } from '../../ledger/memory-log.ts'
import { APPEND_CALLS, buildWriter, traceAppend } from './append-traced.ts'

/** What a sick or a full disk answers, where it can. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  open: ['error=EIO', 'error=ENOSPC'],
  write: ['error=EIO', 'error=ENOSPC'],
  rename: ['error=EIO', 'error=ENOSPC'],
  link: ['error=EIO', 'error=ENOSPC'],
  unlink: ['error=EIO'],
  fsync: ['error=EIO', 'error=ENOSPC'],
  mkdir: ['error=EIO', 'error=ENOSPC'],
}

const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tutela-append-'))
after(() => rmSync(root, { recursive: true, force: true }))
const writer = buildWriter()
const SINCE = '2026-11-22T06:00:00Z'
let made = 0

/** 250 entries, so that ten more fill a tile, begin another, and make level 1. */
const FROM = 250
const TO = 260
const fresh = join(root, 'fresh')
const first = openLogWriter({ folder: fresh, signers: [SIGNER], origin: ORIGIN, since: SINCE })
await first.append(sampleEntries(0, FROM))
first.close()
const signed = readFileSync(join(fresh, 'checkpoint'))

/** From nothing: the folders and the empty checkpoint are made too. */
const BEGINNINGS = { 'a new log': null, 'a log of 250 entries': fresh } as const

for (const [what, from] of Object.entries(BEGINNINGS)) {
  const size = from === null ? 0 : FROM
  const argvOf = (folder: string) => [writer, folder, String(size), String(size + TO - FROM), String(TO - FROM)]
  const begin = () => {
    const folder = join(root, `log-${made++}`)
    if (from !== null) cpSync(from, folder, { recursive: true })
    return folder
  }
  const undisturbed = begin()
  const { calls, status } = traceAppend(argvOf(undisturbed), undisturbed, null)
  const momentsOf = (kind: string) => [...new Set(calls.filter((call) => call.kind === kind).map(({ nth }) => nth))]

  describe(`an append to ${what}`, () => {
    test('is traced whole', () => {
      assert.equal(status, 0)
      for (const kind of ['open', 'write', 'fsync', 'link']) assert.ok(momentsOf(kind).length >= 3, kind)
    })

    for (const kind of Object.keys(APPEND_CALLS)) {
      test(`killed at each ${kind}: nothing acknowledged is lost, nothing doubled`, async () => {
        let kills = 0
        for (const nth of momentsOf(kind)) {
          const folder = begin()
          const { signal, stdout } = traceAppend(argvOf(folder), folder, { kind, what: 'signal=SIGKILL', nth })
          // How many files Node opens for itself differs by one or two, so the last moment may not come.
          if (signal === null) assert.notEqual(stdout, '', `${kind} ${nth}`)
          else kills += 1
          await assertRecovers(folder, size, stdout !== '', `killed at ${kind} ${nth} (${folder})`)
        }
        assert.ok(kills >= momentsOf(kind).length - 2, `${kills} kills`)
      })

      for (const fault of FAULTS[kind] ?? []) {
        test(`${fault} at each ${kind}: said, and the log goes on`, async () => {
          let refused = 0
          for (const nth of momentsOf(kind)) {
            const folder = begin()
            const { status: ended, stdout } = traceAppend(argvOf(folder), folder, { kind, what: fault, nth })
            const named = `${fault} at ${kind} ${nth} (${folder})`
            // What is acknowledged may be followed by a fault still: the lock could not be given up.
            if (ended === 0) assert.notEqual(stdout, '', named)
            refused += ended === 0 ? 0 : 1
            await assertRecovers(folder, size, stdout !== '', named)
          }
          if (kind !== 'unlink')
            assert.ok(refused > 0 || momentsOf(kind).length === 0, 'no call that was refused was said')
        })
      }
    }
  })
}

/** By a whole audit of the folder: every byte, every entry once, no two checkpoints of one size. */
async function assertRecovers(folder: string, before: number, acknowledged: boolean, what: string): Promise<void> {
  const between = existsSync(join(folder, 'checkpoint')) ? readFileSync(join(folder, 'checkpoint')) : null
  if (acknowledged) assert.equal(sizeIn(between), before + TO - FROM, what)
  if (before > 0) assert.ok([before, before + TO - FROM].includes(sizeIn(between)), what)
  // A lock that could not be removed still stands: the next writer finds its holder gone.
  const again = openLogWriter({ folder, signers: [SIGNER], origin: ORIGIN, since: SINCE })
  const size = sizeIn(readFileSync(join(folder, 'checkpoint')))
  await again.append(sampleEntries(size, 300))
  again.close()
  for (const since of [before > 0 ? signed : null, sizeIn(between) > 0 ? between : null]) {
    const answer = verifyLog(readLogFolder(folder), TRUST, since === null ? {} : { since })
    assert.deepEqual([answer.problems, answer.entries], [[], 300], what)
  }
  const texts = [...logEntries(readLogFolder(folder).read, 300)].map(({ bytes }) => Buffer.from(bytes).toString())
  assert.deepEqual(
    texts,
    sampleEntries(0, 300).map((bytes) => Buffer.from(bytes).toString()),
    what,
  )
  assert.deepEqual(temporaries(folder), [], what)
}

function sizeIn(checkpoint: Uint8Array | null): number {
  return checkpoint === null ? 0 : Number(Buffer.from(checkpoint).toString().split('\n')[1])
}

/** Within `tile/`, where a stranger would be a problem for whoever verifies. */
function temporaries(folder: string): string[] {
  return readdirSync(join(folder, 'tile'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tmp'),
  )
}
