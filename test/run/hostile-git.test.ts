// Repositories whose Git data somebody made or broke by hand: objects, refs, the index, settings, remotes.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { serveRepositories } from '../adapters/git/http-backend.ts'
import { ask } from './ask-verb.ts'
import { clonesOf } from './clones.ts'
import { assertFinished, git } from './finished-run.ts'
import {
  copyOf,
  GOVERNANCE,
  giveKey,
  governedRepository,
  LATER,
  NOW,
  openStore,
  runIn,
  scratch,
} from './governed-repository.ts'

const fresh = governedRepository()
const AUTHOR = 'author Ana <ana@example.org> 1767225600 +0000'
const COMMITTER = 'committer Ana <ana@example.org> 1767225600 +0000'
const RUN = openStore(fresh) && (await runIn(copyOf(fresh))).planned.plan.run

function store(folder: string, kind: string, bytes: string | Uint8Array): string {
  const argv = ['-C', folder, 'hash-object', '-w', '-t', kind, '--literally', '--stdin']
  return execFileSync('git', argv, { input: bytes, encoding: 'utf8' }).trim()
}

/** Moves main to a commit of any bytes. */
function commitRaw(
  folder: string,
  { tree = git(folder, 'rev-parse', 'HEAD^{tree}'), people = `${AUTHOR}\n${COMMITTER}`, message = 'x' },
) {
  const parent = git(folder, 'rev-parse', 'HEAD')
  git(
    folder,
    'update-ref',
    'refs/heads/main',
    store(folder, 'commit', `tree ${tree}\nparent ${parent}\n${people}\n\n${message}\n`),
  )
}

/** Adds entries that no tool would write to a tree of the commit, and commits that. */
const withEntry =
  (mode: string, name: string, at = '') =>
  (folder: string) => {
    const entry = Buffer.concat([
      Buffer.from(`${mode} ${name}\0`),
      Buffer.from(git(folder, 'rev-parse', 'HEAD:policies'), 'hex'),
    ])
    const old = execFileSync('git', ['-C', folder, 'cat-file', 'tree', git(folder, 'rev-parse', `HEAD:${at}`)])
    const changed = store(folder, 'tree', Buffer.concat([old, entry]))
    if (at === '') return commitRaw(folder, { tree: changed })
    const root = git(folder, 'ls-tree', 'HEAD').replace(new RegExp(`[0-9a-f]{40}\t${at}$`, 'm'), `${changed}\t${at}`)
    const tree = execFileSync('git', ['-C', folder, 'mktree'], { input: `${root}\n`, encoding: 'utf8' }).trim()
    commitRaw(folder, { tree })
  }

const overwrite = (path: string, text: string | Uint8Array) => (folder: string) =>
  writeFileSync(join(folder, '.git', path), text)
const ref = (name: string, id: string) => (folder: string) =>
  git(folder, 'update-ref', name, git(folder, 'rev-parse', id))
const origin = (url: string) => (folder: string) => git(folder, 'remote', 'add', 'origin', url)

/** What `run` says: a fault, or the exit code of a run that went well. */
const CASES: readonly { readonly what: string; readonly make: (folder: string) => unknown; readonly run: string }[] = [
  { what: 'an entry `..` in the tree', make: withEntry('40000', '..'), run: 'git/unsafe-path' },
  { what: 'an entry `.git` in the tree', make: withEntry('40000', '.git'), run: 'git/unsafe-path' },
  { what: 'an entry `..` in models/', make: withEntry('40000', '..', 'models'), run: 'git/unsafe-path' },
  { what: 'an entry `.GIT` in models/', make: withEntry('40000', '.GIT', 'models'), run: 'git/unsafe-path' },
  { what: 'an entry with slashes', make: withEntry('100644', 'x/../../y', 'models'), run: 'git/unsafe-path' },
  { what: 'two entries of one name', make: withEntry('40000', 'models'), run: 'git/damaged-object' },
  {
    what: 'a newline in the author',
    make: (folder) => commitRaw(folder, { people: `author Ana\nparent ${'1'.repeat(40)} <a@b> 1 +0000\n${COMMITTER}` }),
    run: 'git/damaged-object',
  },
  { what: 'no author', make: (folder) => commitRaw(folder, { people: 'x y' }), run: 'git/damaged-object' },
  {
    what: 'the trailer of another run in a person’s commit',
    make: (folder) => commitRaw(folder, { message: `x\n\nTutela-Run: ${'0'.repeat(16)}` }),
    run: '2',
  },
  {
    what: 'the trailer of this run in a person’s commit',
    make: (folder) => commitRaw(folder, { message: `x\n\nTutela-Run: ${RUN}` }),
    run: '2',
  },
  { what: 'a HEAD that is none', make: overwrite('HEAD', 'rubbish\n'), run: 'git/broken-ref' },
  { what: 'a HEAD that names itself', make: overwrite('HEAD', 'ref: HEAD\n'), run: 'git/broken-ref' },
  {
    what: 'a HEAD that leaves the repository',
    make: overwrite('HEAD', 'ref: refs/heads/../../../etc/passwd\n'),
    run: 'git/broken-ref',
  },
  { what: 'a branch that a power loss emptied', make: overwrite('refs/heads/main', ''), run: 'git/broken-ref' },
  { what: 'an index that is none', make: overwrite('index', 'rubbish'), run: 'git/unreadable-index' },
  {
    what: 'a torn index',
    make: (folder) => overwrite('index', readFileSync(join(folder, '.git/index')).subarray(0, -30))(folder),
    run: 'git/unreadable-index',
  },
  { what: 'settings that are none', make: overwrite('config', '[core\nx'), run: 'git/bad-config' },
  { what: 'packed refs that are none', make: overwrite('packed-refs', '\0\0x\n'), run: '2' },
  { what: 'a note of a move that is none', make: overwrite('tutela-move.json', 'rubbish\n'), run: '2' },
  {
    what: 'marks of deliveries that are a file',
    make: ref('refs/tutela/delivered', 'HEAD:policies/fairness.yaml'),
    run: 'remediate/marks-busy',
  },
  { what: 'a proposal that is none', make: ref('refs/tutela/proposals/0123456789', 'HEAD'), run: 'forge/unreadable' },
  {
    what: 'a file where local state should be',
    make: (folder) => {
      rmSync(join(folder, '.git/tutela'), { recursive: true })
      overwrite('tutela', '')(folder)
    },
    run: 'system/eexist',
  },
  {
    what: 'a key that others may read',
    make: (folder) => chmodSync(join(folder, '.git/tutela/ledger.key'), 0o644),
    run: 'ledger/key-readable-by-others',
  },
  { what: 'a key that is none', make: overwrite('tutela/ledger.key', 'rubbish\n'), run: 'ledger/bad-key' },
  { what: 'a remote that is gone', make: origin('/nonexistent/x.git'), run: 'git/no-remote' },
  { what: 'a remote behind SSH', make: origin('git@example.org:x/y.git'), run: 'git/unsupported-remote' },
  { what: 'a remote that runs a program', make: origin('ext::sh -c id'), run: 'git/unsupported-remote' },
  { what: 'a remote that does not answer', make: origin('http://127.0.0.1:9/x.git'), run: 'git/remote' },
]

describe('run on', () => {
  for (const { what, make, run } of CASES) {
    test(what, async () => {
      const folder = copyOf(fresh)
      make(folder)
      const answer = await ask('run', folder)
      assert.equal(answer.fault?.code ?? String(answer.exit), run, answer.fault?.message)
      if (answer.fault === null) {
        assert.equal((answer.json.recorded as { entries: number }).entries, 5)
        return
      }
      assert.equal(answer.exit, 1)
      assert.ok((answer.fault.hint ?? '').length > 5, 'no hint')
      for (const verb of ['check', 'plan', 'doctor'] as const)
        assert.ok([0, 1, 2].includes((await ask(verb, folder)).exit))
    })
  }
})

test('a branch in the way of a proposal fails that delivery alone, and says so', async () => {
  const folder = copyOf(fresh)
  git(folder, 'branch', 'tutela')
  const { exit, notes } = await ask('run', folder)
  assert.equal(exit, 2)
  assert.match(notes.join('\n'), /not delivered.*open proposal.*cannot be made beside `refs\/heads\/tutela`/)
  git(folder, 'branch', '-D', 'tutela')
  assert.deepEqual(
    (await runIn(folder)).delivered.map(({ state }) => state),
    ['done'],
  )
  assertFinished(folder, 'the way is free')
})

test('an author with a line end in the settings is refused before it is written', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': `${GOVERNANCE}record: { author: "A\\nB <a@b>" }\n` })
  const { exit, diagnostics } = await ask('run', folder)
  assert.equal(exit, 3)
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ file, line }) => `${file}:${line}`),
    ['policies/governance.yaml:7'],
  )
})

test('a shallow clone knows the run at its boundary', async () => {
  const folder = copyOf(fresh)
  const first = await runIn(folder)
  const clone = join(scratch(), 'clone')
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${folder}`, clone])
  giveKey(join(clone, '.git'))
  git(clone, 'remote', 'remove', 'origin')
  const again = await runIn(clone, NOW)
  assert.deepEqual([again.wasRecorded, again.recorded], [true, first.recorded])
})

for (const way of ['a folder', 'HTTP']) {
  test(`a shallow clone runs, and pushes to ${way}`, async () => {
    const { remote } = clonesOf()
    const { url } =
      way === 'HTTP' ? await serveRepositories(join(remote, '..')) : { url: `file://${join(remote, '..')}` }
    const clone = join(scratch(), 'clone')
    const cloning = spawn('git', ['clone', '-q', '--depth=1', `${url}/governed.git`, clone])
    await new Promise((resolve) => cloning.on('close', resolve))
    giveKey(join(clone, '.git'))
    for (const now of [NOW, LATER]) await runIn(clone, now)
    assertFinished(clone, way)
    assert.equal(git(remote, 'rev-parse', 'main'), git(clone, 'rev-parse', 'main'))
    assert.equal(git(remote, 'rev-list', '--count', 'main'), '3')
    assert.equal(git(remote, 'fsck', '--strict', '--no-dangling'), '')
  })
}
