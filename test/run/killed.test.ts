// A sample of what test/components/crash does at every call: a run is killed, and the same one again finishes it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assertFinished, assertSound, standingOf } from './finished-run.ts'
import { copyOf, governedRepository, LATER, NOW, runIn } from './governed-repository.ts'

const CLI = join(import.meta.dirname, '../../engine/cli.ts')
const KILLER = join(import.meta.dirname, 'kill-before-call.ts')

/** Shares of the way, from the lock to the last delivery. */
const MOMENTS = [0.02, 0.15, 0.3, 0.45, 0.55, 0.7, 0.85, 0.98] as const

const fresh = governedRepository()
const once = copyOf(fresh)
await runIn(once, NOW)
const twice = copyOf(once)
await runIn(twice, LATER)
const [afterOnce, afterTwice] = [standingOf(once), standingOf(twice)]

function runUnder(fatal: number, folder: string) {
  const argv = ['--import', KILLER, CLI, '--repo', folder, '--now', NOW, 'run']
  const env = { ...process.env, TUTELA_KILL: String(fatal) }
  return spawnSync(process.execPath, argv, { env, encoding: 'utf8' })
}

const calls = Number(/(\d+)\n$/.exec(runUnder(0, copyOf(fresh)).stderr)?.[1])

describe('a run that is killed', () => {
  for (const moment of MOMENTS) {
    const nth = Math.ceil(moment * calls)
    test(`before call ${nth} of ${calls} is finished by the same run, and followed by the next`, async () => {
      const folder = copyOf(fresh)
      assert.equal(runUnder(nth, folder).signal, 'SIGKILL')
      assertSound(folder, 'killed')
      await runIn(folder, NOW)
      assertFinished(folder, 'done again')
      assert.deepEqual(standingOf(folder), afterOnce)
      await runIn(folder, LATER)
      assertFinished(folder, 'followed')
      assert.deepEqual(standingOf(folder), afterTwice)
    })
  }
})
