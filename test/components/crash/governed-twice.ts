// What every disturbed run is held against: the same repository before, after one undisturbed run, and after two.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { assertFinished, standingOf } from '../../run/finished-run.ts'
import { copyOf, governedRepository, LATER, NOW, runIn } from '../../run/governed-repository.ts'

export const fresh = governedRepository()
export const once = copyOf(fresh)
await runIn(once, NOW)
const twice = copyOf(once)
await runIn(twice, LATER)
const [afterOnce, afterTwice] = [standingOf(once), standingOf(twice)]

/**
 * The run of this moment again, then a later one: each must stand as if nothing had happened. `folder` is a copy of
 * `fresh` (NOW) or `once` (LATER); it is removed when all is well.
 */
export async function finish(folder: string, now: string, what: string): Promise<void> {
  for (const again of now === NOW ? [NOW, LATER] : [LATER]) {
    await runIn(folder, again)
    assertFinished(folder, what)
    assert.deepEqual(standingOf(folder), again === NOW ? afterOnce : afterTwice, what)
  }
  rmSync(folder, { recursive: true })
}
