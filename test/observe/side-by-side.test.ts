// Work side by side: both are awaited, and of two failures always the same one is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sideBySide } from '../../engine/observe/side-by-side.ts'

async function failing(what: string, after: number): Promise<never> {
  await setTimeout(after)
  throw new Error(what)
}

test('gives both, in their order', async () => {
  assert.deepEqual(
    await sideBySide(
      () => setTimeout(2, 'a'),
      () => Promise.resolve('b'),
    ),
    ['a', 'b'],
  )
})

test('tells the failure of the first where both fail, whichever was earlier', async () => {
  for (const [first, second] of [
    [2, 0],
    [0, 2],
  ] as const)
    await assert.rejects(
      sideBySide(
        () => failing('first', first),
        () => failing('second', second),
      ),
      { message: 'first' },
    )
})

test('waits for the first where the second fails', async () => {
  let isDone = false
  const first = async () => {
    await setTimeout(2)
    isDone = true
  }
  await assert.rejects(
    sideBySide(first, () => failing('second', 0)),
    { message: 'second' },
  )
  assert.ok(isDone)
})

test('tries what lacked room once more, alone', async () => {
  const running = new Set<string>()
  const tight = (name: string) => async () => {
    running.add(name)
    await setTimeout(1)
    const isAlone = running.size === 1
    running.delete(name)
    if (!isAlone) throw new Error('no room')
    return name
  }
  const isTight = (error: unknown) => error instanceof Error && error.message === 'no room'
  assert.deepEqual(await sideBySide(tight('a'), tight('b'), isTight), ['a', 'b'])
  await assert.rejects(
    sideBySide(tight('a'), () => failing('second', 0), isTight),
    { message: 'second' },
  )
})
