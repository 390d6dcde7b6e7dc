// What stands beside a run: a lock that another holds, and changes of the working tree.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Answer, ask } from './ask-verb.ts'
import { git } from './finished-run.ts'
import { copyOf, openStore, runIn } from './governed-repository.ts'
import { changed, fresh } from './odd-repositories.ts'

describe('a run lock', () => {
  const held = (text: string) =>
    changed((folder) => {
      mkdirSync(join(folder, '.git/tutela'), { recursive: true })
      writeFileSync(join(folder, '.git/tutela/lock'), text)
    }, false)

  test('of another host stays: who, since when, how to clear it', async () => {
    const holder = { host: 'elsewhere', pid: 7, began: '', command: 'tutela run', since: '2026-11-20T00:00:00Z' }
    const folder = held(JSON.stringify(holder))
    const { text } = await ask('doctor', folder)
    assert.match(text, /! run lock +`tutela run` \(process 7 on `elsewhere`\) has held the lock since/)
    await assert.rejects(runIn(folder, undefined, { store: openStore(folder), waitMs: 0 }), {
      code: 'lock/held',
      message: '`tutela run` (process 7 on `elsewhere`) has held the lock since 2026-11-20T00:00:00Z',
      hint: `wait for it; if that process is gone, remove \`${join(folder, '.git/tutela/lock')}\``,
    })
  })

  test('that says nothing is a fault that names it', async () => {
    const { fault: failed } = await ask('run', held('rubbish'))
    assert.equal(failed?.code, 'lock/unreadable')
  })
})

describe('a dirty working tree', () => {
  test('is judged by plan, which says so; run judges the commit, and says what is besides', async () => {
    const folder = copyOf(fresh)
    const snapshots = 'models/snapshots/2026/11/21T00/credit.ndjson'
    writeFileSync(join(folder, snapshots), readFileSync(join(folder, snapshots), 'utf8').replace('0.74', '0.94'))
    const outcomes = ({ json }: Answer) => (json.verdicts as { outcome: string }[]).map(({ outcome }) => outcome)
    const plan = await ask('plan', folder)
    assert.deepEqual([outcomes(plan), plan.json.dirty], [['pass', 'pass', 'error'], [snapshots]])
    const run = await ask('run', folder)
    assert.deepEqual([outcomes(run), run.json.dirty], [['fail', 'pass', 'error'], [snapshots]])
    assert.deepEqual(run.notes, [`the working tree has besides, not judged: ${snapshots}`])
    assert.equal(git(folder, 'status', '--porcelain'), ` M ${snapshots}`)
    // What is besides changes no byte of what is recorded.
    const clean = copyOf(fresh)
    await ask('run', clean)
    assert.equal(git(folder, 'rev-parse', 'HEAD'), git(clean, 'rev-parse', 'HEAD'))
  })

  test('with a broken file besides is no matter of run', async () => {
    const folder = changed((to) => writeFileSync(join(to, 'policies/fairness.yaml'), 'nope: ['), false)
    assert.equal((await ask('plan', folder)).exit, 3)
    assert.equal((await ask('run', folder)).exit, 2)
  })
})
