import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertSound } from '../../run/finished-run.ts'
import { copyOf, LATER, NOW } from '../../run/governed-repository.ts'
import { finish, fresh, once } from './governed-twice.ts'
import { buildCli, CALLS, type Call, runWithFault } from './traced-run.ts'

const cli = buildCli()

/** How often the run of this moment was killed, at every `step`th call, until it got through. */
async function killAtEach(call: Call, from: string, now: string, step: number): Promise<number> {
  for (let nth = 1, kills = 0; ; nth += step, kills++) {
    const folder = copyOf(from)
    const argv = [cli, '--repo', folder, '--now', now, 'run']
    const { signal, status, stderr } = runWithFault(argv, call, 'signal=SIGKILL', nth)
    const what = `killed before ${call} ${nth} (${folder})`
    if (signal === null) assert.equal(status, 2, `${what}: ${stderr}`)
    else assert.equal(signal, 'SIGKILL', what)
    assertSound(folder, what)
    // From dist/ where it was not killed: the same bytes as those of the sources.
    await finish(folder, now, what)
    if (signal === null) return kills
  }
}

describe('killed before any call that changes the disk, then done again', () => {
  for (const call of Object.keys(CALLS) as Call[]) {
    test(`${call}, the first run`, async () => assert.ok((await killAtEach(call, fresh, NOW, 1)) >= 2))
    test(`${call}, a later run`, async () => assert.ok((await killAtEach(call, once, LATER, 4)) >= 1))
  }
})
