import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs, { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import isomorphic from 'isomorphic-git'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import type { NewCommit } from '../../../engine/world.ts'
import { fsck, git, gitBytes, open, PERSON, repository, scratch, text } from './oracle.ts'

function newCommit(changes: Readonly<Record<string, string | null>>, more: Partial<NewCommit> = {}): NewCommit {
  const entries = Object.entries(changes).map(([path, content]): [string, Uint8Array | null] => [
    path,
    content === null ? null : Buffer.from(content),
  ])
  return {
    base: null,
    parents: [],
    changes: new Map(entries),
    message: 'm\n',
    author: PERSON,
    committer: PERSON,
    ...more,
  }
}

/** The same commit made by git's own index. */
function commitByGit(folder: string, { base, parents, changes, message }: NewCommit): string {
  if (base === null) git(folder, 'read-tree', '--empty')
  else git(folder, 'read-tree', base)
  const removed = [...changes].filter(([, bytes]) => bytes === null).map(([path]) => path)
  if (removed.length > 0) gitBytes(folder, ['update-index', '--force-remove', '-z', '--stdin'], removed.join('\0'))
  for (const [path, bytes] of changes) {
    if (bytes === null) continue
    const id = gitBytes(folder, ['hash-object', '-w', '--stdin'], bytes).toString().trim()
    const old = git(folder, 'ls-files', '-s', '--', path).split(' ')[0]
    const mode = old === '100755' && git(folder, 'ls-files', '--', path) === path ? '100755' : '100644'
    git(folder, 'update-index', '--add', '--replace', '--cacheinfo', `${mode},${id},${path}`)
  }
  const parentArgs = parents.flatMap((parent) => ['-p', parent])
  return gitBytes(folder, ['commit-tree', git(folder, 'write-tree'), ...parentArgs], message)
    .toString()
    .trim()
}

describe('a commit is written as git writes it', () => {
  test('whatever the changes', () => {
    const folder = repository({ 'a/b/c': '1', 'a/b.c': '2', 'a-b': '3', 'a/b0': '4', run: '#!' })
    git(folder, 'update-index', '--chmod=+x', 'run')
    git(folder, 'commit', '-qm', 'mode')
    const base = git(folder, 'rev-parse', 'HEAD')
    const store = open(folder)
    const names = ['a/b/c', 'a/b/d', 'a/b.c', 'a/b0', 'a-b', 'run', 'x/y/z', 'é/\u{1f600}', 'é/\uffee', 'new']
    const change = fc.tuple(
      fc.constantFrom(...names),
      fc.option(fc.constantFrom('', '1', 'text\n', 'long'.repeat(99)), { nil: null }),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.boolean(), (changes, hasBase) => {
        const from = hasBase ? { base, parents: [base] } : {}
        const commit = newCommit(Object.fromEntries(changes), from)
        const id = store.writeCommit(commit)
        assert.equal(id, commitByGit(folder, commit))
        assert.equal(store.writeCommit(commit), id)
      }),
      { numRuns: 25, seed: 7 },
    )
    assert.equal(fsck(folder), '')
  })

  test('many objects become one pack that git and isomorphic-git read', async () => {
    const folder = scratch()
    const store = createRepository(folder)
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`models/m${i}/card.yaml`, `id: m${i}\n`.repeat(i)]),
    )
    const id = store.writeCommit(newCommit(files))
    assert.equal(store.updateRef({ ref: 'refs/heads/main', expect: null, to: id }), true)
    assert.equal(readdirSync(join(folder, '.git/objects/pack')).length, 2)
    assert.equal(readdirSync(join(folder, '.git/objects')).length, 2)
    assert.equal(fsck(folder), '')
    git(
      folder,
      'verify-pack',
      join(folder, '.git/objects/pack', readdirSync(join(folder, '.git/objects/pack'))[0] ?? ''),
    )
    assert.equal(git(folder, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n').length, 300)
    const tree = store.commitTree(id)
    for (const path of ['models/m0/card.yaml', 'models/m7/card.yaml', 'models/m299/card.yaml']) {
      assert.equal(text(tree.read(path)), files[path])
      const { blob } = await isomorphic.readBlob({ fs, dir: folder, oid: id, filepath: path })
      assert.equal(text(blob), files[path])
    }
    const again = store.writeCommit(newCommit({ 'models/m7/card.yaml': 'other\n' }, { base: id, parents: [id] }))
    assert.deepEqual(store.changedPaths(id, again), ['models/m7/card.yaml'])
    assert.equal(readdirSync(join(folder, '.git/objects/pack')).length, 4)
  })

  test('a pack of one is not needed: what exists is not written again', () => {
    const folder = repository({ 'a/b': 'x' })
    const before = readdirSync(join(folder, '.git/objects'), { recursive: true }).length
    const base = git(folder, 'rev-parse', 'HEAD')
    const store = open(folder)
    store.writeCommit(newCommit({ 'a/b': 'x' }, { base, parents: [], message: 'commit\n' }))
    assert.equal(readdirSync(join(folder, '.git/objects'), { recursive: true }).length, before)
  })
})

describe('what cannot be committed is refused', () => {
  const paths = [
    '../x',
    '/x',
    'a//b',
    'a/./b',
    '.git/config',
    'a/.GIT/x',
    'a/git~1',
    '',
    'a\0b',
    'a/.g\u200cit/x',
    'a/',
  ]
  test('paths', () => {
    const folder = scratch()
    const store = createRepository(folder)
    for (const path of paths) {
      assert.throws(
        () => store.writeCommit(newCommit({ [path]: 'x' })),
        { code: 'git/unsafe-path' },
        JSON.stringify(path),
      )
    }
    assert.throws(() => store.writeCommit(newCommit({ a: 'x', 'a/b': 'y' })), { code: 'git/path-conflict' })
    assert.deepEqual(git(folder, 'count-objects'), '0 objects, 0 kilobytes')
  })

  test('a full disk or a folder without the right to write is a fault that says so', () => {
    const folder = scratch()
    const store = createRepository(folder)
    fs.rmSync(join(folder, '.git/objects'), { recursive: true })
    fs.writeFileSync(join(folder, '.git/objects'), '')
    assert.throws(() => store.writeCommit(newCommit({ a: 'x' })), { code: 'git/cannot-write' })
  })

  test('names are cleaned as git cleans them, and an empty one refused', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const author = { name: ' .Ana\ncommitter Eve <e>', email: '<a@b>\n', at: 5 }
    const id = store.writeCommit(newCommit({ a: 'x' }, { author }))
    const header = git(folder, 'cat-file', 'commit', id).split('\n\n')[0]?.split('\n').slice(1)
    assert.deepEqual(header, [
      'author Anacommitter Eve e <a@b> 5 +0000',
      `committer Ana <ana@example.org> ${PERSON.at} +0000`,
    ])
    for (const name of ['', '<>', ' ,.;', '\n']) {
      assert.throws(() => store.writeCommit(newCommit({}, { author: { ...PERSON, name } })), { code: 'git/no-name' })
    }
    assert.throws(() => store.writeCommit(newCommit({}, { message: 'a\0b' })), { code: 'git/unsafe-text' })
    assert.equal(store.readCommit(id).author.name, 'Anacommitter Eve e')
  })
})

describe('a signature', () => {
  test('covers the commit without it and stands in its header', () => {
    const folder = scratch()
    const store = createRepository(folder)
    let payload = ''
    const sign = (bytes: Uint8Array): string => {
      payload = text(bytes)
      return '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'
    }
    const id = store.writeCommit(newCommit({ a: 'x' }, { sign, message: 'signed\n\nbody\n' }))
    const unsigned = store.writeCommit(newCommit({ a: 'x' }, { message: 'signed\n\nbody\n' }))
    assert.equal(payload, gitBytes(folder, ['cat-file', 'commit', unsigned]).toString())
    assert.match(
      git(folder, 'cat-file', 'commit', id),
      /\ngpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n\nsigned\n\nbody$/,
    )
    assert.deepEqual([store.readCommit(id).message, fsck(folder)], ['signed\n\nbody\n', ''])
  })

  test('by a key of ssh-keygen is accepted by git verify-commit', (context) => {
    const keys = scratch()
    const make = (args: readonly string[], input = ''): Buffer =>
      execFileSync('ssh-keygen', args, { input, stdio: 'pipe' })
    try {
      make(['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'key')])
    } catch {
      context.skip('no ssh-keygen here')
      return
    }
    const folder = scratch()
    const store = createRepository(folder)
    const sign = (bytes: Uint8Array): string =>
      make(['-Y', 'sign', '-n', 'git', '-f', join(keys, 'key')], text(bytes)).toString()
    const id = store.writeCommit(newCommit({ a: 'x' }, { sign }))
    fs.writeFileSync(join(keys, 'allowed'), `ana@example.org ${fs.readFileSync(join(keys, 'key.pub'), 'utf8')}`)
    git(folder, '-c', `gpg.ssh.allowedSignersFile=${join(keys, 'allowed')}`, 'verify-commit', id)
  })
})

test('objects are read-only files, and no temporary file stays', () => {
  const folder = scratch()
  const store = createRepository(folder)
  const first = store.writeCommit(newCommit({ a: 'x' }))
  store.writeCommit(newCommit({}, { base: first, parents: [first] }))
  const files = readdirSync(join(folder, '.git/objects'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, '.git/objects', name))
    .filter((path) => fs.statSync(path).isFile())
  assert.equal(files.length, 3)
  for (const path of files) assert.equal(fs.statSync(path).mode & 0o222, 0)
})
