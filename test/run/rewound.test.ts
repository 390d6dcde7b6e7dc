// A record branch that was put back: no run signs a second history over what was published, and what was not published
// locks nobody out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault } from '../../engine/base/fault.ts'
import { ask } from '../commands/ledger-scene.ts'
import { clonesOf } from './clones.ts'
import { assertFinished, git } from './finished-run.ts'
import { copyOf, GOVERNANCE, governedRepository, runIn } from './governed-repository.ts'

const AT = (hour: number) => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`
const MARKS = 'refs/tutela/delivered'
const sizeIn = (folder: string, commit = 'HEAD') => git(folder, 'show', `${commit}:ledger/checkpoint`).split('\n')[1]

async function refused(folder: string, hour: number): Promise<string> {
  const before = git(folder, 'for-each-ref', 'refs/heads', 'refs/tutela')
  const fault = await runIn(folder, AT(hour)).then(
    () => assert.fail('the run was recorded'),
    (error: unknown) => error as Fault,
  )
  assert.equal(fault.code, 'ledger/rewound', fault.message)
  assert.match(fault.hint ?? '', /git reflog .*tutela ledger audit/)
  assert.equal(git(folder, 'for-each-ref', 'refs/heads', 'refs/tutela'), before)
  return fault.message
}

const twice = governedRepository()
await runIn(twice, AT(6))
await runIn(twice, AT(7))

test('a branch that was put back is not signed over, says where its head is known, and goes on once it is back', async () => {
  const folder = copyOf(twice)
  const [lost, [small, large]] = [git(folder, 'rev-parse', 'HEAD'), [sizeIn(folder, 'HEAD~1'), sizeIn(folder)]]
  git(folder, 'reset', '-q', '--hard', 'HEAD~1')
  const message = await refused(folder, 8)
  assert.match(message, new RegExp(`log of ${small} entries, and \`${MARKS}\` knows one of ${large} `))
  await assert.rejects(ask('ledger', folder, ['pin']), { code: 'ledger/rewound' })
  // The run that was undone, at its own moment.
  await refused(folder, 7)
  git(folder, 'reset', '-q', '--hard', lost)
  await runIn(folder, AT(8))
  assertFinished(folder, 'put back, and forward again')
})

test('a second history that has grown past the published one is found out by its root', async () => {
  const folder = copyOf(twice)
  const marks = git(folder, 'rev-parse', MARKS)
  git(folder, 'reset', '-q', '--hard', 'HEAD~1')
  git(folder, 'update-ref', '-d', MARKS)
  for (const hour of [8, 9, 10, 11, 12]) await runIn(folder, AT(hour), { deliver: false })
  git(folder, 'update-ref', MARKS, marks)
  assert.match(await refused(folder, 13), /another root at \d+ entries .* it is a fork/)
})

test('runs that delivered nothing published nothing: to undo one is no matter', async () => {
  const folder = copyOf(twice)
  await runIn(folder, AT(8), { deliver: false })
  git(folder, 'reset', '-q', '--hard', 'HEAD~1')
  await runIn(folder, AT(9))
  assertFinished(folder, 'undone')
})

for (const where of ['refs/heads/main', 'refs/heads/tutela/records'] as const) {
  test(`a remote that was put back with its clone, recording on ${where}, is not signed over`, async () => {
    const own =
      where === 'refs/heads/main'
        ? {}
        : { 'policies/governance.yaml': `${GOVERNANCE}record: { branch: tutela/records }\n` }
    const { remote, clone } = clonesOf(own)
    const one = clone()
    await runIn(one, AT(6))
    await runIn(one, AT(7))
    for (const folder of [one, remote]) git(folder, 'update-ref', where, `${where}~1`)
    if (where === 'refs/heads/main') git(one, 'reset', '-q', '--hard')
    git(one, 'update-ref', '-d', 'refs/remotes/origin/main')
    await refused(one, 8)
    // Another clone has fetched nothing before.
    await assert.rejects(runIn(clone(), AT(8)), { code: 'ledger/rewound' })
  })
}

test('a clone that is merely behind fetches, and goes on', async () => {
  const { clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  await runIn(one, AT(6))
  await runIn(two, AT(7))
  git(one, 'fetch', '-q', 'origin', 'main', '+refs/tutela/*:refs/tutela/*')
  await ask('ledger', one, ['pin'])
  await runIn(one, AT(8))
  assertFinished(one, 'behind')
})

test('a pin of before there was a remote, in a history that was given up, locks nobody out', async () => {
  const { clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  const url = git(one, 'remote', 'get-url', 'origin')
  git(one, 'remote', 'rename', 'origin', 'away')
  git(one, 'remote', 'remove', 'away')
  await runIn(one, AT(6))
  await runIn(two, AT(7), { deliver: false })
  git(one, 'remote', 'add', 'origin', url)
  git(one, 'fetch', '-q', 'origin')
  git(one, 'reset', '-q', '--hard', 'origin/main')
  await runIn(one, AT(8))
  await runIn(two, AT(9))
  await runIn(one, AT(10))
  assert.equal(git(one, 'rev-parse', 'HEAD'), git(url, 'rev-parse', 'main'))
  assertFinished(one, 'given up')
})
