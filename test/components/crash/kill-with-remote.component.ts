// A run in a clone whose remote went on meanwhile: it fetches, brings branch and files up, judges, pushes, delivers, pushes
// again. Killed at any of that, the same run finishes it, here and there.
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { clonesOf } from '../../run/clones.ts'
import { assertFinished, assertSound, git, leftovers, standingOf } from '../../run/finished-run.ts'
import { LATER, NOW, runIn, scratch } from '../../run/governed-repository.ts'
import { buildCli, CALLS, type Call, runWithFault } from './traced-run.ts'

const cli = buildCli()

/** `remote.git`, and `clone`, which is one run and one commit of a person behind it. */
const template = scratch()
{
  const { remote, clone } = clonesOf()
  const [behind, other] = [clone(), clone()]
  await runIn(other, NOW)
  git(other, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '-q', '--allow-empty', '-m', 'notes')
  git(other, 'push', '-q')
  cpSync(remote, join(template, 'remote.git'), { recursive: true, preserveTimestamps: true })
  cpSync(behind, join(template, 'clone'), { recursive: true, preserveTimestamps: true })
  git(join(template, 'clone'), 'remote', 'set-url', 'origin', '../remote.git')
}

function copyOfBoth(): { readonly all: string; readonly remote: string; readonly folder: string } {
  const all = scratch()
  cpSync(template, all, { recursive: true, preserveTimestamps: true })
  return { all, remote: join(all, 'remote.git'), folder: join(all, 'clone') }
}

const undisturbed = copyOfBoth()
await runIn(undisturbed.folder, LATER)
const expected = standingOf(undisturbed.folder)

async function killAtEach(call: Call, step: number): Promise<number> {
  for (let nth = 1, kills = 0; ; nth += step, kills++) {
    const { all, remote, folder } = copyOfBoth()
    const argv = [cli, '--repo', folder, '--now', LATER, 'run']
    const { signal, status, stderr } = runWithFault(argv, call, 'signal=SIGKILL', nth)
    const what = `killed before ${call} ${nth} (${folder})`
    if (signal === null) assert.equal(status, 2, `${what}: ${stderr}`)
    for (const place of [folder, remote]) assertSound(place, what)
    await runIn(folder, LATER)
    assertFinished(folder, what)
    assert.deepEqual(standingOf(folder), expected, what)
    assert.deepEqual(leftovers(remote), [], what)
    for (const ref of ['refs/heads/main', 'refs/tutela/delivered', 'refs/tutela/proposals/49fdfbebb9']) {
      assert.equal(git(remote, 'rev-parse', ref), git(folder, 'rev-parse', ref), `${what}: ${ref}`)
    }
    rmSync(all, { recursive: true })
    if (signal === null) return kills
  }
}

describe('killed while it fetches, runs and pushes, then done again', () => {
  for (const call of Object.keys(CALLS) as Call[]) {
    test(call, async () => assert.ok((await killAtEach(call, call === 'fsync' || call === 'mkdir' ? 5 : 2)) >= 2))
  }
})
