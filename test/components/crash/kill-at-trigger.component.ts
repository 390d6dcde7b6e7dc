// A run after a retrain proposal was merged starts the command of its trigger. Killed at any call and done again, the
// command was started at most once; not at all only where a mark says that nobody can know.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { localForge } from '../../../engine/adapters/local-forge/local-forge.ts'
import { triggerMarks } from '../../../engine/remediate/delivered-marks.ts'
import { assertFinished, assertSound } from '../../run/finished-run.ts'
import { copyOf, governedRepository, LATER, NOW, openStore, runIn } from '../../run/governed-repository.ts'
import { buildCli, CALLS, type Call, runWithFault } from './traced-run.ts'

const cli = buildCli()
const ENGINE = { name: 'Tutela', email: 'tutela@localhost' }
const PERSON = { name: 'Ana', email: 'ana@example.org', at: Date.parse(NOW) / 1000 }
const START = "import { appendFileSync } from 'node:fs'\nappendFileSync('.git/starts.txt', 'started\\n')\n"

const merged = governedRepository({ 'retrain.mjs': START })
await runIn(merged, NOW)
{
  const forge = localForge(openStore(merged), ENGINE)
  const [proposal] = await forge.list(openStore(merged).resolve('HEAD') ?? '')
  assert.ok(proposal)
  const { id, head } = proposal
  await forge.merge(id, { into: 'refs/heads/main', head, by: 'ana', person: PERSON, at: NOW })
}

function starts(folder: string): number {
  const file = join(folder, '.git/starts.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}

async function killAtEach(call: Call, step: number): Promise<{ kills: number; lost: number }> {
  for (let nth = 1, kills = 0, lost = 0; ; nth += step, kills++) {
    const folder = copyOf(merged)
    const argv = [cli, '--repo', folder, '--now', LATER, 'run']
    const { signal, stderr } = runWithFault(argv, call, 'signal=SIGKILL', nth)
    const what = `killed before ${call} ${nth} (${folder}) ${stderr}`
    assertSound(folder, what)
    for (const now of [LATER, '2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z']) await runIn(folder, now)
    assertFinished(folder, what)
    const [mark, other] = triggerMarks(openStore(folder))
    assert.equal(other, undefined, what)
    if (starts(folder) === 0) {
      assert.equal(mark?.state, 'started', what)
      lost++
    } else assert.equal(starts(folder), 1, what)
    rmSync(folder, { recursive: true })
    if (signal === null) return { kills, lost }
  }
}

describe('killed in a run that starts a training', () => {
  for (const call of Object.keys(CALLS) as Call[]) {
    test(call, async () => {
      const { kills, lost } = await killAtEach(call, call === 'fsync' || call === 'mkdir' ? 5 : 2)
      assert.ok(kills >= 2 && lost <= 3, `${kills} kills, ${lost} lost`)
    })
  }
})
