import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { standingOf } from './finished-run.ts'
import { copyOf, governedRepository, NOW, openStore, scratch } from './governed-repository.ts'

const CLI = join(import.meta.dirname, '../../engine/cli.ts')

interface Document {
  readonly digest: string
  readonly run: string
  readonly recorded?: { readonly commit: string }
}

/** The text that a verb prints with `--format json`, elsewhere in the world. */
function printed(folder: string, verb: string, env: Readonly<Record<string, string>>): string {
  const argv = [CLI, '--repo', folder, '--now', NOW, '--format', 'json', verb]
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  })
  assert.equal(status, 2, stderr)
  return stdout
}

test('the same commit and moment give the same bytes in another time zone, locale and folder', () => {
  const fresh = governedRepository()
  const far = join(scratch(), 'ein anderer Ordner — ünïcode')
  cpSync(copyOf(fresh), far, { recursive: true })
  const here = { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }
  const there = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
  const planned = printed(fresh, 'plan', here)
  assert.equal(printed(far, 'plan', there), planned)
  const ran = printed(fresh, 'run', here)
  assert.equal(printed(far, 'run', there), ran)
  assert.deepEqual(standingOf(far), standingOf(fresh))
  const [plan, run] = [JSON.parse(planned) as Document, JSON.parse(ran) as Document]
  assert.deepEqual([run.digest, run.run], [plan.digest, plan.run])
  assert.equal(run.recorded?.commit, openStore(far).resolve('HEAD'))
  // Done again, it says the same of what was recorded, and writes nothing.
  const again = JSON.parse(printed(far, 'run', here)) as Document
  assert.deepEqual(again.recorded, run.recorded)
  assert.deepEqual(standingOf(far), standingOf(fresh))
})
