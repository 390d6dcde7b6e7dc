import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { serveRepositories } from '../adapters/git/http-backend.ts'
import { beforeFirstPush, clonesOf, dyingAfterPushes } from './clones.ts'
import { assertFinished, git, standingOf } from './finished-run.ts'
import { copyOf, GOVERNANCE, governedRepository, LATER, NOW, openStore, runIn } from './governed-repository.ts'

const CLI = join(import.meta.dirname, '../../engine/cli.ts')

function start(folder: string, now: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, '--repo', folder, '--now', now, 'run'], { stdio: 'ignore' })
    child.on('close', resolve)
  })
}

function runsOn(folder: string, branch = 'HEAD'): string[] {
  return git(folder, 'log', '--format=%(trailers:key=Tutela-Run,valueonly)', branch)
    .split('\n')
    .filter((run) => run !== '')
}

describe('two processes at once on one repository', () => {
  test('of one moment are one run', async () => {
    const folder = governedRepository()
    const alone = copyOf(folder)
    assert.deepEqual(
      await Promise.all([start(folder, NOW), start(folder, NOW), runIn(alone)]).then((all) => all.slice(0, 2)),
      [2, 2],
    )
    assertFinished(folder, 'same moment')
    assert.deepEqual(standingOf(folder), standingOf(alone))
  })

  test('of two moments are two runs, one after the other', async () => {
    const folder = governedRepository()
    assert.deepEqual(await Promise.all([start(folder, NOW), start(folder, LATER)]), [2, 2])
    assertFinished(folder, 'two moments')
    assert.equal(runsOn(folder).length, 2)
    // Which was first is open: the second one had nothing new to tell.
    assert.equal(Object.keys(standingOf(folder).notices).length, 2)
  })
})

const RECORDED = `${GOVERNANCE}record: { branch: tutela/records }\n`
const PLACES = [
  { where: 'the branch that is judged', files: {}, branch: 'refs/heads/main' },
  {
    where: 'a branch of its own',
    files: { 'policies/governance.yaml': RECORDED },
    branch: 'refs/heads/tutela/records',
  },
] as const

for (const { where, files, branch } of PLACES) {
  describe(`two clones of one remote, recording on ${where}`, () => {
    test('that push at once end in two run commits, one after the other', async () => {
      const { remote, clone } = clonesOf(files)
      const [one, two] = [clone(), clone()]
      const store = beforeFirstPush(one, () => runIn(two, NOW))
      const outcome = await runIn(one, LATER, { store })
      assert.equal(outcome.wasRecorded, false)
      assert.equal(runsOn(remote, branch).length, 2)
      assert.equal(git(remote, 'rev-parse', branch), git(one, 'rev-parse', branch))
      assert.equal(git(remote, 'log', '-1', '--format=%cI', branch), '2026-11-22T07:00:00+00:00')
      await runIn(two, '2026-11-22T08:00:00Z')
      assert.equal(runsOn(remote, branch).length, 3)
      checkedOut(two, branch)
    })

    test('of one moment end in one run commit', async () => {
      const { remote, clone } = clonesOf(files)
      const [one, two] = [clone(), clone()]
      const store = beforeFirstPush(one, () => runIn(two, NOW))
      const outcome = await runIn(one, NOW, { store })
      assert.equal(outcome.wasRecorded, true)
      assert.equal(runsOn(remote, branch).length, 1)
      assert.equal(outcome.recorded?.commit, git(remote, 'rev-parse', branch))
      checkedOut(one, branch)
    })
  })
}

/** The branch's log and reports stand in the folder, as a person who checks it out would see them. */
function checkedOut(folder: string, branch: string): void {
  git(folder, 'checkout', '-q', branch.slice('refs/heads/'.length))
  assertFinished(folder, branch)
}

test('over HTTP a push that comes second is done again, too', async () => {
  const { remote, clone } = clonesOf()
  const { url } = await serveRepositories(join(remote, '..'))
  const [one, two] = [clone(), clone()]
  for (const folder of [one, two]) git(folder, 'remote', 'set-url', 'origin', `${url}/governed.git`)
  await runIn(one, LATER, { store: beforeFirstPush(one, () => runIn(two, NOW)) })
  assert.equal(runsOn(remote, 'main').length, 2)
  assert.equal(git(remote, 'rev-parse', 'main'), git(one, 'rev-parse', 'main'))
  assertFinished(one, 'http')
  assert.notEqual(git(remote, 'for-each-ref', 'refs/tutela/delivered'), '')
})

test('marks that the remote does not take are not recorded, so nothing is told twice', async () => {
  const { remote, clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  await runIn(one, NOW, { deliver: false })
  // Both deliver the first run; the second clone's marks come first, and then it dies.
  const store = beforeFirstPush(one, async () => {
    await assert.rejects(runIn(two, LATER, { store: dyingAfterPushes(two, 1) }), /killed/)
  })
  await runIn(one, '2026-11-22T08:00:00Z', { store })
  await runIn(two, '2026-11-22T09:00:00Z')
  assert.equal(runsOn(remote, 'main').length, 3)
  assertFinished(two, 'told once')
  assert.equal(git(two, 'rev-parse', 'refs/tutela/delivered'), git(remote, 'rev-parse', 'refs/tutela/delivered'))
})

test('work of a person that was pushed meanwhile is kept, and judged', async () => {
  const { remote, clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  const store = beforeFirstPush(one, async () => {
    writeFileSync(join(two, 'NOTES.md'), 'by a person\n')
    git(two, 'add', 'NOTES.md')
    git(two, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '-q', '-m', 'notes')
    git(two, 'push', '-q')
  })
  const { planned } = await runIn(one, NOW, { store })
  assert.equal(planned.plan.commit, git(two, 'rev-parse', 'HEAD'))
  assert.equal(git(remote, 'log', '--format=%s', 'main').split('\n')[1], 'notes')
  assertFinished(one, 'pushed meanwhile')
})

test('a commit that lands while the run is written is judged, and kept', async () => {
  const folder = governedRepository()
  const store = openStore(folder)
  let isFirst = true
  const { planned } = await runIn(folder, NOW, {
    store: {
      ...store,
      requireMovable: (move) => {
        if (isFirst) {
          const person = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
          git(folder, ...person, 'commit', '-q', '--allow-empty', '-m', 'meanwhile')
        }
        isFirst = false
        store.requireMovable(move)
      },
    },
  })
  assert.equal(planned.plan.commit, git(folder, 'rev-parse', 'HEAD~1'))
  assert.equal(git(folder, 'log', '-1', '--format=%s', 'HEAD~1'), 'meanwhile')
  assertFinished(folder, 'meanwhile')
})

test('a clone with work that the remote lacks, while the remote went on, is a fault and nothing moves', async () => {
  const { clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  await runIn(two, NOW)
  git(one, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '-q', '--allow-empty', '-m', 'mine')
  const before = standingOf(one)
  await assert.rejects(runIn(one, LATER), { code: 'git/diverged', hint: /git pull --rebase/ })
  assert.deepEqual(standingOf(one).files, before.files)
  assert.equal(openStore(one).resolve('refs/heads/main'), git(one, 'rev-parse', 'HEAD'))
})
