import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertFinished, git, standingOf } from './finished-run.ts'
import { governedRepository, NOW, runIn } from './governed-repository.ts'

const AT = (hour: number) => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`

test('what failed for some runs is delivered when the way is free again, exactly once', async () => {
  const folder = governedRepository()
  // A file where the folder of the notices should be.
  const blocked = join(folder, '.git/tutela/notices')
  writeFileSync(blocked, '')
  const first = await runIn(folder, AT(6))
  assert.deepEqual(
    first.delivered.map(({ kind, state }) => `${kind} ${state}`),
    ['open-proposal done', 'notify failed', 'notify failed'],
  )
  for (const hour of [7, 8]) {
    const { delivered } = await runIn(folder, AT(hour))
    assert.ok(delivered.some(({ kind, state }) => kind === 'notify' && state === 'failed'))
  }
  assert.deepEqual(Object.keys(standingOf(folder).notices), [])
  rmSync(blocked)
  await runIn(folder, AT(9))
  assert.equal(Object.keys(standingOf(folder).notices).length, 2)
  const last = await runIn(folder, AT(10))
  assert.deepEqual(last.delivered, [])
  assertFinished(folder, 'delivered late')
})

test('a run that does not deliver leaves it to the next one', async () => {
  const folder = governedRepository()
  const { delivered, recorded } = await runIn(folder, NOW, { deliver: false })
  assert.deepEqual([delivered, recorded?.entries], [[], 5])
  assert.equal(git(folder, 'for-each-ref', 'refs/tutela'), '')
  const again = await runIn(folder, NOW)
  assert.equal(again.wasRecorded, true)
  assert.equal(again.recorded?.commit, recorded?.commit)
  assert.equal(again.delivered.length, 3)
  assertFinished(folder, 'delivered by the next')
})
