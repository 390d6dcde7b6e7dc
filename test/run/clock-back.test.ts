import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { governedRepository, NOW, runIn } from './governed-repository.ts'

/** Since when the last recorded run says that the retraining of `credit` has been demanded. */
function sinceOf(folder: string): string | undefined {
  const { path } = JSON.parse(readFileSync(join(folder, 'reports/latest.json'), 'utf8')) as { path: string }
  const { demands } = JSON.parse(readFileSync(join(folder, path, 'run.json'), 'utf8')) as {
    demands: { model: string; since: string }[]
  }
  return demands.find(({ model }) => model === 'credit')?.since
}

test('a clock that goes back is told, and moves no recorded demand, whether its model can be judged or not', async () => {
  const folder = governedRepository()
  const first = await runIn(folder, NOW)
  assert.equal(first.aheadOfClock, null)
  assert.equal(sinceOf(folder), NOW)
  const hours = await runIn(folder, '2026-11-22T03:00:00Z')
  assert.equal(hours.aheadOfClock, Date.parse(NOW))
  assert.equal(sinceOf(folder), NOW)
  // Its snapshots are of the future now, so that nothing is known of it.
  await runIn(folder, '2026-04-01T00:00:00Z')
  assert.equal(sinceOf(folder), NOW)
  // The newest of the last runs counts, not the last.
  assert.equal((await runIn(folder, '2026-04-02T00:00:00Z')).aheadOfClock, Date.parse(NOW))
  const after = await runIn(folder, '2026-11-22T07:00:00Z')
  assert.equal(after.aheadOfClock, null)
  assert.equal(sinceOf(folder), NOW)
})
