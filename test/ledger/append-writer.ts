// A process that appends to a log in a folder: `node append-writer.ts FOLDER FROM TO BATCH`. Says how many entries are
// acknowledged, one line an append. With TUTELA_FAIL=n or TUTELA_KILL=n it fails (EIO), or is killed, at the nth call that
// touches the disk, flushes in the background included; with TUTELA_FAIL=0 it tells how many there were.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const CALLS = [
  'openSync',
  'writeSync',
  'renameSync',
  'linkSync',
  'unlinkSync',
  'fsyncSync',
  'fsync',
  'mkdirSync',
] as const
const kill = Number(process.env.TUTELA_KILL ?? -1)
const fail = Number(process.env.TUTELA_FAIL ?? -1)
let calls = 0

for (const name of CALLS) {
  const original = fs[name] as (...args: readonly unknown[]) => unknown
  const counted = (...args: readonly unknown[]): unknown => {
    calls++
    if (calls === kill) process.kill(process.pid, 'SIGKILL')
    if (calls !== fail) return original(...args)
    const error = Object.assign(new Error('EIO: injected'), { code: 'EIO' })
    const done = args.at(-1)
    if (name !== 'fsync' || typeof done !== 'function') throw error
    return process.nextTick(() => (done as (error: Error) => void)(error))
  }
  Object.assign(fs, { [name]: counted })
}
syncBuiltinESMExports()

const { openLogWriter } = await import('../../engine/ledger/append.ts')
const { ORIGIN, SIGNER, sampleEntries } = await import('./memory-log.ts')
calls = 0
const [folder = '', from = '0', to = '0', batch = '1'] = process.argv.slice(2)
const since = '2026-11-22T06:00:00Z'
try {
  for (let at = Number(from); at < Number(to); at += Number(batch)) {
    const writer = openLogWriter({ folder, signers: [SIGNER], origin: ORIGIN, since, waitMs: 20_000 })
    try {
      const { size } = await writer.append(sampleEntries(at, Math.min(Number(to), at + Number(batch))))
      process.stdout.write(`${size}\n`)
    } finally {
      writer.close()
    }
  }
} catch (error) {
  process.stderr.write(`${(error as { code?: string }).code}\n`)
  process.exitCode = 3
}
if (fail === 0) process.stderr.write(`calls ${calls}\n`)
