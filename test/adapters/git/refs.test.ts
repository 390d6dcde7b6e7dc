import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isRefName } from '../../../engine/adapters/git/ref-name.ts'
import { commit, fsck, git, gitAccepts, open, PERSON, repository, scratch } from './oracle.ts'

function threeCommits(): { folder: string; ids: [string, string, string] } {
  const folder = repository()
  return { folder, ids: [commit(folder, { a: '1' }), commit(folder, { a: '2' }), commit(folder, { a: '3' })] }
}

describe('names resolve as git resolves them', () => {
  test('refs, tags, branches, abbreviations and ancestors', () => {
    const { folder, ids } = threeCommits()
    git(folder, 'tag', 'light', ids[0])
    git(folder, 'tag', '-a', '-m', 'x', 'heavy', ids[1])
    git(folder, 'tag', '-a', '-m', 'y', 'heavier', 'heavy')
    git(folder, 'branch', 'light', ids[2])
    git(folder, 'update-ref', 'refs/tutela/proposals/0123456789', ids[0])
    git(folder, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/main')
    git(folder, 'pack-refs', '--all')
    git(folder, 'branch', '-f', 'light', ids[1])
    const names = [
      'HEAD',
      '@',
      'main',
      'light',
      'heads/light',
      'heavy',
      'heavier',
      'tags/heavy',
      'refs/heads/main',
      'alias',
    ]
    const more = [
      'HEAD~1',
      'HEAD^',
      'HEAD~',
      'main~2',
      'HEAD^0',
      'heavy^',
      'HEAD~3',
      'HEAD^2',
      'none',
      ids[1],
      ids[1].slice(0, 9),
    ]
    const strange = [
      'refs/tutela/proposals/0123456789',
      '',
      '..',
      'main..light',
      ids[0].slice(0, 4).toUpperCase(),
      'HEAD:a',
    ]
    const store = open(folder)
    for (const name of [...names, ...more, ...strange.slice(0, 1), ids[0].slice(0, 7)]) {
      const isThere = gitAccepts(folder, 'rev-parse', '-q', '--verify', `${name}^{commit}`)
      const expected = isThere ? git(folder, 'rev-parse', '-q', '--verify', `${name}^{commit}`) : null
      assert.equal(store.resolve(name), expected, name)
    }
    for (const name of strange.slice(1, 4)) assert.equal(store.resolve(name), null, name)
    assert.equal(store.resolve('HEAD:a'), null)
    assert.equal(store.resolve(`${git(folder, 'rev-parse', 'HEAD:a').slice(0, 10)}`), null)
  })

  test('a beginning shared by two commits is a fault', () => {
    const folder = repository({ a: 'x' })
    const seen = new Map<string, string>()
    let prefix: string | null = null
    const store = open(folder)
    for (let i = 0; prefix === null; i++) {
      const id = store.writeCommit({
        base: null,
        parents: [],
        changes: new Map(),
        message: `${i}\n`,
        author: PERSON,
        committer: PERSON,
      })
      if (seen.has(id.slice(0, 4))) prefix = id.slice(0, 4)
      seen.set(id.slice(0, 4), id)
    }
    assert.throws(() => store.resolve(prefix), { code: 'git/ambiguous-id' })
  })

  test('an unborn branch, and a detached HEAD', () => {
    const empty = open(repository())
    assert.deepEqual([empty.headRef(), empty.resolve('HEAD')], ['refs/heads/main', null])
    const { folder, ids } = threeCommits()
    git(folder, 'checkout', '-qf', '--detach', ids[1])
    const store = open(folder)
    assert.deepEqual([store.headRef(), store.resolve('HEAD')], [null, ids[1]])
  })

  test('all refs below a prefix, loose over packed, sorted', () => {
    const { folder, ids } = threeCommits()
    for (const name of ['tutela/b', 'tutela/a/x', 'tutela/a/y', 'tutelar'])
      git(folder, 'update-ref', `refs/${name}`, ids[0])
    git(folder, 'pack-refs', '--all')
    git(folder, 'update-ref', 'refs/tutela/b', ids[2])
    git(folder, 'update-ref', 'refs/tutela/c', ids[1])
    const expected = git(folder, 'for-each-ref', '--format=%(objectname) %(refname)', 'refs/tutela/').split('\n')
    const list = open(folder).listRefs('refs/tutela/')
    assert.deepEqual(
      list.map(({ ref, id }) => `${id} ${ref}`),
      expected,
    )
    assert.equal(open(folder).listRefs('refs/').length, 6)
  })

  test('a ref that holds no id is a fault', () => {
    const { folder } = threeCommits()
    writeFileSync(join(folder, '.git/refs/heads/main'), '')
    assert.throws(() => open(folder).resolve('main'), { code: 'git/broken-ref' })
  })
})

test('ref names are accepted as by git check-ref-format', () => {
  const names = [
    'refs/heads/a',
    'refs/heads/a/b',
    'refs/heads/a..b',
    'refs/heads/.a',
    'refs/heads/a.',
    'refs/heads/a.lock',
  ]
  const odd = [
    'refs/heads/a.lock/b',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a^',
    'refs/heads/a:b',
    'refs/heads/a?',
  ]
  const more = [
    'refs/heads/a*',
    'refs/heads/a[',
    'refs/heads/a\\b',
    'refs/heads//a',
    'refs/heads/a/',
    'refs/heads/a@{b',
    'refs/@',
  ]
  const rest = [
    'refs/heads/\u00e9',
    'refs/heads/a\x7f',
    'refs/heads/a\tb',
    'refs/heads/a.b',
    'refs/heads/-a',
    'refs/heads/@',
    'refs/a{',
  ]
  const folder = scratch()
  for (const name of [...names, ...odd, ...more, ...rest]) {
    assert.equal(isRefName(name), gitAccepts(folder, 'check-ref-format', name), name)
  }
  assert.equal(isRefName('refs/heads/a\0b'), false)
})

describe('a ref moves by compare-and-swap', () => {
  test('created, moved, refused, deleted, with packed values below', () => {
    const { folder, ids } = threeCommits()
    const store = open(folder)
    const ref = 'refs/tutela/x/y'
    assert.equal(store.updateRef({ ref, expect: ids[0], to: ids[1] }), false)
    assert.equal(store.updateRef({ ref, expect: null, to: ids[0] }), true)
    assert.equal(store.updateRef({ ref, expect: null, to: ids[1] }), false)
    git(folder, 'pack-refs', '--all')
    assert.equal(store.updateRef({ ref, expect: ids[0], to: ids[1] }), true)
    assert.equal(git(folder, 'rev-parse', ref), ids[1])
    assert.equal(store.updateRef({ ref, expect: ids[0], to: null }), false)
    assert.equal(store.updateRef({ ref, expect: ids[1], to: null }), true)
    assert.equal(gitAccepts(folder, 'rev-parse', '-q', '--verify', ref), false)
    assert.equal(git(folder, 'rev-parse', 'main'), ids[2])
    assert.equal(store.updateRef({ ref, expect: null, to: null }), true)
    assert.equal(store.updateRef({ ref: 'refs/tutela/x', expect: null, to: ids[0] }), true)
    assert.equal(fsck(folder), '')
  })

  test('HEAD moves its branch, and both logs tell of it', () => {
    const { folder, ids } = threeCommits()
    const store = open(folder)
    assert.equal(store.updateRef({ ref: 'HEAD', expect: ids[2], to: ids[0] }), true)
    assert.equal(git(folder, 'rev-parse', 'refs/heads/main'), ids[0])
    assert.equal(git(folder, 'rev-parse', 'HEAD@{1}', 'main@{1}'), `${ids[2]}\n${ids[2]}`)
    assert.equal(readFileSync(join(folder, '.git/HEAD'), 'utf8'), 'ref: refs/heads/main\n')
    git(folder, 'checkout', '-qf', '--detach', ids[1])
    assert.equal(store.updateRef({ ref: 'HEAD', expect: ids[1], to: ids[2] }), true)
    assert.equal(git(folder, 'rev-parse', 'HEAD', 'main'), `${ids[2]}\n${ids[0]}`)
  })

  test('a name beside a folder of that name is a fault, packed or not', () => {
    const { folder, ids } = threeCommits()
    const store = open(folder)
    store.updateRef({ ref: 'refs/heads/a/b', expect: null, to: ids[0] })
    for (const step of ['loose', 'packed']) {
      if (step === 'packed') git(folder, 'pack-refs', '--all')
      for (const ref of ['refs/heads/a', 'refs/heads/a/b/c']) {
        assert.throws(
          () => store.updateRef({ ref, expect: null, to: ids[0] }),
          { code: 'git/ref-conflict' },
          `${step} ${ref}`,
        )
      }
    }
  })

  test('bad names and objects that are not there are faults, and leave no lock', () => {
    const { folder, ids } = threeCommits()
    const store = open(folder)
    for (const ref of ['refs/heads/a..b', 'main', '../x', 'refs/heads/x.lock']) {
      assert.throws(() => store.updateRef({ ref, expect: null, to: ids[0] }), { code: 'git/bad-ref-name' })
    }
    const absent = 'f'.repeat(40)
    assert.throws(() => store.updateRef({ ref: 'refs/heads/x', expect: null, to: absent }), {
      code: 'git/lacking-object',
    })
    assert.throws(() => store.updateRef({ ref: 'refs/tutela/x', expect: null, to: absent }), {
      code: 'git/lacking-object',
    })
    const locks = readdirSync(join(folder, '.git'), { recursive: true, encoding: 'utf8' }).filter((n) =>
      n.endsWith('.lock'),
    )
    assert.deepEqual(locks, [])
  })

  test("another's lock is a fault that says who and since when, and stays", () => {
    const { folder, ids } = threeCommits()
    const lock = join(folder, '.git/refs/heads/main.lock')
    writeFileSync(lock, '')
    assert.throws(() => open(folder).updateRef({ ref: 'refs/heads/main', expect: ids[2], to: ids[0] }), {
      code: 'git/locked',
      message: /`refs\/heads\/main` is locked by user \d+ since \d{4}-\d\d-\d\dT[\d:]+Z \(.*main\.lock/,
      hint: /remove that file/,
    })
    assert.ok(existsSync(lock))
    assert.deepEqual(readdirSync(join(folder, '.git/tutela/locks')), [])
  })

  test('an empty folder that a deleted ref left does not stand in the way', () => {
    const { folder, ids } = threeCommits()
    mkdirSync(join(folder, '.git/refs/heads/a'))
    assert.equal(open(folder).updateRef({ ref: 'refs/heads/a', expect: null, to: ids[0] }), true)
  })
})
