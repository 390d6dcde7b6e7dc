import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import type { GitStore } from '../../../engine/world.ts'
import { commit, fsck, git, gitAccepts, open, PERSON, repository, scratch, text } from './oracle.ts'

function save(
  store: GitStore,
  parents: readonly string[],
  files: Readonly<Record<string, string | null>>,
  at = 0,
): string {
  const changes = new Map(
    Object.entries(files).map(([path, t]): [string, Uint8Array | null] => [path, t === null ? null : Buffer.from(t)]),
  )
  const person = { ...PERSON, at: PERSON.at + at }
  return store.writeCommit({
    base: parents[0] ?? null,
    parents,
    changes,
    message: 'c\n',
    author: person,
    committer: person,
  })
}

describe('walks over history agree with git', () => {
  test('on a tangled graph, with clocks that go back', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const ids: string[] = []
    let seed = 12345
    const random = (n: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * n)
    }
    for (let i = 0; i < 40; i++) {
      const recent = (): string | undefined => ids[ids.length - 1 - random(Math.min(ids.length, 5))]
      const parents =
        i === 0 || i === 20
          ? []
          : [...new Set([recent(), random(3) === 0 ? recent() : undefined])].filter((p) => p !== undefined)
      ids.push(save(store, parents, { [`f${i}`]: String(i) }, i * 100 - random(400)))
    }
    ids.forEach((id, i) => {
      store.updateRef({ ref: `refs/heads/b${i}`, expect: null, to: id })
    })
    for (let i = 0; i < 60; i++) {
      const a = ids[random(40)] ?? ''
      const b = ids[random(40)] ?? ''
      assert.equal(store.isAncestor(a, b), gitAccepts(folder, 'merge-base', '--is-ancestor', a, b))
      const bases = gitAccepts(folder, 'merge-base', a, b)
        ? git(folder, 'merge-base', '--all', a, b).split('\n')
        : [null]
      assert.ok(
        bases.some((id) => id === store.mergeBase(a, b)),
        `${a} ${b}`,
      )
    }
    const head = ids[39] ?? ''
    const expected = git(folder, 'rev-list', '--first-parent', '-7', head).split('\n')
    assert.deepEqual(
      store.firstParents(head, 7).map(({ id }) => id),
      expected,
    )
  })

  test('a commit is read with its people, parents and message', () => {
    const folder = repository({ a: 'x' })
    git(
      folder,
      '-c',
      'user.name=Zoë',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'subject\n\nbody',
      '--date=1700000000 -0300',
      '--author=Ñandú <n@x>',
    )
    const [id, parent, tree] = git(folder, 'log', '-1', '--format=%H %P %T').split(' ')
    const { name, email } = PERSON
    assert.deepEqual(open(folder).readCommit(id ?? ''), {
      id,
      tree,
      parents: [parent],
      author: { name: 'Ñandú', email: 'n@x', at: 1_700_000_000 },
      committer: { name, email, at: PERSON.at },
      message: 'subject\n\nbody\n',
    })
  })

  test('a shallow clone ends where it ends, and says so where that matters', () => {
    const origin = repository()
    const ids = ['1', '2', '3', '4'].map((content) => commit(origin, { a: content }))
    git(origin, 'branch', 'old', ids[0] ?? '')
    const folder = join(scratch(), 'shallow')
    git(origin, 'clone', '-q', '--bare', '--depth=2', `file://${origin}`, folder)
    const store = open(folder)
    const head = store.resolve('HEAD') ?? ''
    assert.deepEqual(
      store.firstParents(head, 9).map(({ id }) => id),
      [ids[3], ids[2]],
    )
    assert.equal(store.isAncestor(ids[2] ?? '', head), true)
    assert.throws(() => store.isAncestor(ids[0] ?? '', head), { code: 'git/shallow' })
    assert.throws(() => store.readCommit(ids[1] ?? ''), { code: 'git/lacking-object', message: /shallow clone/ })
  })
})

test('changed paths are those of git diff-tree', () => {
  const folder = repository({ 'a/b/c': '1', 'a/d': '2', e: '3', same: 's', 'k/x': '1' })
  const from = git(folder, 'rev-parse', 'HEAD')
  git(folder, 'rm', '-q', '-r', 'k')
  git(folder, 'update-index', '--chmod=+x', 'e')
  git(folder, 'commit', '-qm', 'mode')
  const to = commit(folder, { 'a/b/c': '9', 'a/n/m': 'x', k: 'now a file' })
  const store = open(folder)
  const expected = git(folder, 'diff-tree', '-r', '--no-renames', '--name-only', from, to).split('\n').sort()
  assert.deepEqual(store.changedPaths(from, to), expected)
  assert.deepEqual(store.changedPaths(to, from), expected)
  const folders = [
    ...new Set(expected.flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : []))),
  ]
  assert.ok(folders.length > 0)
  const within = expected.filter((path) => path.includes('/'))
  assert.deepEqual(store.changedPaths(from, to, [...folders, 'none']), within)
  assert.deepEqual(store.changedPaths(null, to), git(folder, 'ls-tree', '-r', '--name-only', to).split('\n').sort())
  assert.deepEqual(store.changedPaths(from, from), [])
})

describe('a merge of whole files', () => {
  const people = { message: 'merge\n', author: PERSON, committer: PERSON }
  const base = { 'models/a': 'a\n', 'models/b': 'b\n', 'models/c/x': 'x\n', p: 'p\n' }
  type Files = Readonly<Record<string, string | null>>
  const cases: readonly { name: string; ours: Files; theirs: Files; conflicts?: readonly string[] }[] = [
    { name: 'different files', ours: { p: 'P\n' }, theirs: { 'models/a': 'A\n', 'models/n': 'n\n' } },
    { name: 'the same change on both sides', ours: { 'models/a': 'A\n', p: 'P\n' }, theirs: { 'models/a': 'A\n' } },
    { name: 'removed there', ours: { p: 'P\n' }, theirs: { 'models/a': null, 'models/c/x': null } },
    { name: 'removed on both sides', ours: { 'models/a': null }, theirs: { 'models/a': null, p: 'P\n' } },
    {
      name: 'one file, two contents',
      ours: { 'models/a': '1\n' },
      theirs: { 'models/a': '2\n' },
      conflicts: ['models/a'],
    },
    { name: 'changed and removed', ours: { 'models/a': '1\n' }, theirs: { 'models/a': null }, conflicts: ['models/a'] },
    { name: 'added twice', ours: { 'models/n': '1\n' }, theirs: { 'models/n': '2\n' }, conflicts: ['models/n'] },
    { name: 'a folder there, a file here', ours: { n: '1\n' }, theirs: { 'n/x': '2\n' }, conflicts: ['n/x'] },
    { name: 'a file there, a folder here', ours: { 'n/x': '1\n' }, theirs: { n: '2\n' }, conflicts: ['n'] },
    { name: 'a folder that becomes a file', ours: { p: 'P\n' }, theirs: { 'models/c/x': null, 'models/c': 'file\n' } },
  ]
  for (const { name, ours, theirs, conflicts } of cases) {
    test(name, () => {
      const folder = scratch()
      const store = createRepository(folder)
      const root = save(store, [], base)
      const [a, b] = [save(store, [root], ours), save(store, [root], theirs, 1)]
      const merged = store.mergeCommit({ ours: a, theirs: b, ...people })
      if (conflicts !== undefined) {
        assert.deepEqual(merged, { conflicts })
        return
      }
      assert.ok('commit' in merged)
      assert.deepEqual(store.readCommit(merged.commit).parents, [a, b])
      const tree = gitAccepts(folder, 'merge-tree', '--write-tree', a, b)
        ? git(folder, 'merge-tree', '--write-tree', a, b)
        : 'conflict'
      assert.equal(store.readCommit(merged.commit).tree, tree)
      assert.equal(fsck(folder), '')
    })
  }

  test('what is merged already, what is ahead, and what is unrelated', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const root = save(store, [], base)
    const next = save(store, [root], { p: 'P\n' })
    assert.deepEqual(store.mergeCommit({ ours: next, theirs: root, ...people }), { commit: next })
    const ahead = store.mergeCommit({ ours: root, theirs: next, ...people })
    assert.ok('commit' in ahead)
    assert.deepEqual(store.readCommit(ahead.commit).parents, [root, next])
    assert.equal(text(store.commitTree(ahead.commit).read('p')), 'P\n')
    assert.throws(() => store.mergeCommit({ ours: save(store, [], { z: 'z' }), theirs: next, ...people }), {
      code: 'git/unrelated',
    })
  })

  test('after a criss-cross nothing is merged, since from either merge base another tree may come out', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const root = save(store, [], base)
    const [a, b] = [save(store, [root], { p: 'P\n' }), save(store, [root], { q: 'Q\n' }, 1)]
    const [ours, theirs] = [save(store, [a, b], { q: 'Q\n' }, 2), save(store, [b, a], {}, 3)]
    assert.equal(git(folder, 'merge-base', '--all', ours, theirs).split('\n').length, 2)
    assert.throws(() => store.mergeCommit({ ours, theirs, ...people }), { code: 'git/several-merge-bases' })
  })
})
