// The gate in a checkout as a machine makes one: no branches of its own, what runs recorded and people said only if fetched.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { command as pr } from '../../engine/commands/pr.ts'
import type { GitStore } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import {
  copyOf,
  GOVERNANCE,
  governedRepository,
  openStore,
  runIn,
  scratch,
  snapshotLine,
} from '../run/governed-repository.ts'
import { ask, type Changes, CREDIT, DAY, deployed4, line4, SILENT } from './gate-scene.ts'

const RECORDED = 'record: { branch: tutela/records }\n'
const WORDS = '+refs/tutela/*:refs/tutela/*'

function git(folder: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync('git', ['-C', folder, ...words], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

/** As `actions/checkout` makes it with `fetch-depth: 0`, then with these fetched besides. */
function checkout(origin: string, ...more: readonly string[]): string {
  const folder = scratch()
  git(folder, 'init', '-q')
  git(folder, 'remote', 'add', 'origin', origin)
  for (const refs of ['+refs/heads/*:refs/remotes/origin/*', ...more]) git(folder, 'fetch', '-q', 'origin', refs)
  return folder
}

/** A commit with these changes on top of `from`, with a branch so that it is fetched. */
function commitOn(store: GitStore, from: string, changes: Changes, branch: string): string {
  const base = store.resolve(from) ?? ''
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_800_000_000 }
  const files = new Map(Object.entries(changes).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]))
  const to = store.writeCommit({
    base,
    parents: [base],
    changes: files,
    message: 'x\n',
    author: person,
    committer: person,
  })
  store.updateRef({ ref: `refs/heads/${branch}`, expect: store.resolve(`refs/heads/${branch}`), to })
  return to
}

describe('measurements on the record branch', () => {
  const origin = (() => {
    const folder = governedRepository({
      ...SILENT,
      'policies/governance.yaml': GOVERNANCE + RECORDED,
      [`${DAY}/credit.ndjson`]: snapshotLine('credit', 21, 0.92),
    })
    const store = openStore(folder)
    commitOn(store, 'main', { [`${DAY}/credit.v4.ndjson`]: line4(21, 0.1) }, 'tutela/records')
    return {
      folder,
      base: store.resolve('main') ?? '',
      head: commitOn(store, 'main', { [CREDIT]: deployed4() }, 'bad'),
    }
  })()

  test('are judged by where only a fetched branch has them', async () => {
    const { folder, base, head } = origin
    assert.deepEqual((await ask(folder, head)).codes, ['blocks'])
    assert.deepEqual((await ask(checkout(folder), head, { base })).codes, ['blocks'])
  })

  test('are asked for where they are nowhere', async () => {
    const { folder, base, head } = origin
    const bare = checkout(folder)
    git(bare, 'update-ref', '-d', 'refs/remotes/origin/tutela/records')
    await assert.rejects(ask(bare, head, { base }), ({ code, hint }) => {
      assert.equal(code, 'record/not-here')
      const command = /`git (fetch .*?)'(.*?)'`/.exec(hint)
      assert.equal(command?.[1], 'fetch origin ')
      git(bare, 'fetch', '-q', 'origin', command?.[2] ?? '')
      return true
    })
    assert.deepEqual((await ask(bare, head, { base })).codes, ['blocks'], 'the command that is told brings them')
    git(bare, 'remote', 'remove', 'origin')
    assert.deepEqual((await ask(bare, base, { base })).exit, 0, 'without a remote and a run there are none yet')
  })
})

describe('a proposal’s head', () => {
  const made = (async () => {
    const folder = governedRepository({ ...SILENT, 'policies/allowed-signers': signersOf(ana) })
    appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
    await runIn(folder)
    const key = join(folder, '../ana')
    writeFileSync(key, ana.privateFile, { mode: 0o600 })
    const store = openStore(folder)
    const branch = store.listRefs('refs/heads/tutela/')[0]
    assert.ok(branch !== undefined)
    return { folder, store, key, branch: branch.ref, head: branch.id, base: store.resolve('main') ?? '' }
  })()
  const later = '2026-11-22T08:00:00Z'

  test('does not pass where what was said of it is not fetched', async () => {
    const { folder, head, base } = await made
    const found = await ask(checkout(folder), head, { base, now: later })
    assert.deepEqual([found.exit, found.codes], [2, ['words-not-here']], found.text)
    assert.match(found.text, /`tutela\/retrain\/credit-.*`git fetch origin 'refs\/tutela\/\*:refs\/tutela\/\*'`/)
  })

  test('is gated by its approvals where they are', async () => {
    const { folder, head, base } = await made
    const fetched = checkout(folder, WORDS)
    assert.deepEqual((await ask(fetched, head, { base, now: later })).codes, ['no-approval'])
    const approved = copyOf(folder)
    await askCommand(pr, approved, { args: ['approve', 'credit'], options: { key: (await made).key } })
    assert.deepEqual((await ask(checkout(approved, WORDS), head, { base, now: later })).codes, [])
  })

  test('is no other pull request for a commit more, or another branch', async () => {
    const { folder, store, branch, head, base } = await made
    const card = Buffer.from(store.commitTree(head).read(CREDIT)).toString('utf8')
    const copied = commitOn(store, 'main', { [CREDIT]: card, 'README.md': 'x\n' }, 'fix-typo')
    const fetched = checkout(folder, WORDS)
    const other = await ask(fetched, copied, { base, now: later })
    assert.deepEqual([other.exit, other.codes], [2, ['not-rendered', 'no-approval', 'other-file']], other.text)
    assert.deepEqual((await ask(checkout(folder), copied, { base, now: later })).codes, ['words-not-here'])
    const moved = copyOf(folder)
    const more = commitOn(openStore(moved), head, { 'README.md': 'x\n' }, branch.slice('refs/heads/'.length))
    const found = await ask(checkout(moved, WORDS), more, { base, now: later })
    assert.deepEqual([found.exit, found.codes], [2, ['not-rendered', 'no-approval', 'other-file']], found.text)
  })
})
