import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFinished, git } from './finished-run.ts'
import { copyOf, governedRepository, LATER, NOW, runIn, writeFiles } from './governed-repository.ts'

const WHO = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
const once = governedRepository()
await runIn(once, NOW)

test('a log that a person put back to an older one is not signed again', async () => {
  const folder = copyOf(once)
  git(folder, 'checkout', '-q', 'HEAD~1', '--', '.')
  git(folder, 'rm', '-rq', 'ledger/tile', 'ledger/checkpoint')
  git(folder, ...WHO, 'commit', '-q', '-m', 'as it was')
  await assert.rejects(runIn(folder, LATER), {
    code: 'record/log-changed',
    hint: /git checkout [0-9a-f]{12} -- ledger/,
  })
  git(folder, 'checkout', '-q', 'HEAD~1', '--', 'ledger')
  git(folder, ...WHO, 'commit', '-q', '-m', 'the log again')
  await runIn(folder, LATER)
  assertFinished(folder, 'put back')
})

test('commits of people between runs are no matter of the log', async () => {
  const folder = copyOf(once)
  writeFiles(folder, { 'NOTES.md': 'by a person\n' })
  git(folder, 'add', '-A')
  git(folder, ...WHO, 'commit', '-q', '-m', 'notes')
  await runIn(folder, LATER)
  assertFinished(folder, 'between')
})

test('a merge that brings the runs of another branch is no matter either', async () => {
  const folder = copyOf(once)
  git(folder, 'checkout', '-q', '-b', 'other')
  await runIn(folder, LATER)
  git(folder, 'checkout', '-q', 'main')
  git(folder, ...WHO, 'commit', '-q', '--allow-empty', '-m', 'mine')
  git(folder, ...WHO, 'merge', '-q', '-m', 'theirs', 'other')
  await runIn(folder, '2026-11-22T08:00:00Z')
  assert.equal(git(folder, 'rev-list', '--count', '--grep', '^Tutela-Run', 'HEAD'), '3')
})
