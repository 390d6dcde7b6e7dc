// Preloaded into a process (`--import`): kills it before the nth call that changes the disk (TUTELA_KILL), or tells on
// stderr how many there were (0). What strace does in test/components/crash, without strace; synchronous `fs` only.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const CALLS = ['renameSync', 'linkSync', 'unlinkSync', 'fsyncSync', 'mkdirSync'] as const
const fatal = Number(process.env.TUTELA_KILL)
let calls = 0

for (const name of CALLS) {
  const original = fs[name] as (...args: readonly unknown[]) => unknown
  const counted = (...args: readonly unknown[]): unknown => {
    if (++calls === fatal) process.kill(process.pid, 'SIGKILL')
    return original(...args)
  }
  Object.assign(fs, { [name]: counted })
}
syncBuiltinESMExports()
if (fatal === 0) process.on('exit', () => process.stderr.write(`${calls}\n`))
