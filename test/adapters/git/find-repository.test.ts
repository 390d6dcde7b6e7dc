import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import { openGitStore } from '../../../engine/adapters/git/open-store.ts'
import { commit, fsck, git, gitAccepts, open, repository, scratch, write } from './oracle.ts'

describe('the repository around a folder is found', () => {
  test('from a folder deep below it', () => {
    const folder = repository({ 'models/a/card.yaml': 'x' })
    const store = open(join(folder, 'models/a'))
    assert.deepEqual([store.gitDir, store.workTree], [join(folder, '.git'), folder])
  })

  test('from within .git, with the working folder beside it', () => {
    const folder = repository({ a: 'x' })
    const store = open(join(folder, '.git/refs'))
    assert.deepEqual([store.gitDir, store.workTree], [join(folder, '.git'), folder])
  })

  test('bare', () => {
    const folder = scratch()
    git(folder, 'init', '-q', '--bare')
    const store = open(folder)
    assert.deepEqual([store.gitDir, store.workTree], [folder, null])
    assert.throws(() => store.workingTree(), { code: 'git/bare' })
  })

  test('a linked worktree has its own HEAD and index, and shares all else', () => {
    const folder = repository({ a: 'x' })
    const linked = join(scratch(), 'linked')
    git(folder, 'worktree', 'add', '-q', '-b', 'other', linked)
    const store = open(linked)
    assert.deepEqual([store.gitDir, store.workTree], [join(folder, '.git'), linked])
    assert.equal(store.headRef(), 'refs/heads/other')
    const id = commit(linked, { 'models/b/card.yaml': 'y' })
    assert.equal(store.resolve('HEAD'), id)
    assert.equal(open(folder).resolve('HEAD~0'), git(folder, 'rev-parse', 'HEAD'))
    assert.equal(open(folder).resolve('other'), id)
    assert.deepEqual(store.workingTree().dirty, [])
    rmSync(join(linked, 'models/b/card.yaml'))
    assert.deepEqual(store.workingTree().dirty, ['models/b/card.yaml'])
  })

  test('a submodule through its .git file', () => {
    const inner = repository({ 'models/a/card.yaml': 'x' })
    const outer = repository({ a: 'x' })
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub')
    git(outer, 'commit', '-qm', 'sub')
    const store = open(join(outer, 'sub'))
    assert.equal(store.workTree, join(outer, 'sub'))
    assert.equal(store.resolve('HEAD'), git(inner, 'rev-parse', 'HEAD'))
    assert.deepEqual(
      open(outer)
        .commitTree(open(outer).resolve('HEAD') ?? '')
        .list([''])
        .map(({ path, mode }) => [path, mode]),
      [
        ['.gitmodules', 'file'],
        ['a', 'file'],
        ['sub', 'submodule'],
      ],
    )
  })

  test('core.worktree is honoured', () => {
    const folder = repository({ 'models/a': 'x' })
    const elsewhere = scratch()
    git(folder, 'config', 'core.worktree', elsewhere)
    write(elsewhere, { 'models/a': 'x' })
    assert.deepEqual(open(folder).workingTree().dirty, [])
  })

  test('through a symbolic link to the folder', () => {
    const folder = repository({ a: 'x' })
    const link = join(scratch(), 'link')
    symlinkSync(folder, link)
    assert.equal(open(link).resolve('HEAD'), git(folder, 'rev-parse', 'HEAD'))
  })

  test('none is null, a folder that is not there a fault', () => {
    const folder = scratch()
    assert.equal(openGitStore(folder), null)
    assert.throws(() => openGitStore(join(folder, 'gone')), { code: 'git/no-folder' })
  })
})

describe('what this reader does not know is refused by name', () => {
  const cases: readonly { readonly name: string; readonly config: string; readonly message: RegExp }[] = [
    { name: 'reftable', config: '[extensions]\n\trefStorage = reftable\n', message: /stores refs as reftable/ },
    { name: 'another extension', config: '[extensions]\n\tmystery = true\n', message: /the extension `mystery`/ },
    { name: 'a later version', config: '[core]\n\trepositoryformatversion = 2\n', message: /format version 2/ },
  ]
  for (const { name, config, message } of cases) {
    test(name, () => {
      const folder = repository({ a: 'x' })
      git(folder, 'config', 'core.repositoryformatversion', '1')
      appendFileSync(join(folder, '.git/config'), config)
      assert.equal(gitAccepts(folder, 'status'), false)
      assert.throws(() => open(folder), { code: 'git/unknown-format', message })
    })
  }

  test('SHA-256', () => {
    const folder = scratch()
    git(folder, 'init', '-q', '--object-format=sha256')
    assert.throws(() => open(folder), { code: 'git/unknown-format', message: /names objects by SHA256/ })
  })

  test('known extensions are accepted', () => {
    const folder = repository({ a: 'x' })
    git(folder, 'config', 'core.repositoryformatversion', '1')
    git(folder, 'config', 'extensions.preciousObjects', 'true')
    git(folder, 'config', 'extensions.objectFormat', 'sha1')
    git(folder, 'config', 'extensions.worktreeConfig', 'true')
    writeFileSync(join(folder, '.git/config.worktree'), '[user]\n\tsigningKey = /key\n')
    assert.equal(open(folder).config('user.signingkey'), '/key')
  })

  test('a split index', () => {
    const folder = repository({ 'models/a': 'x' })
    git(folder, 'update-index', '--split-index')
    assert.throws(() => open(folder).workingTree(), { code: 'git/unreadable-index', message: /split/ })
  })

  test('a .git folder without HEAD, and a .git file that points nowhere', () => {
    const folder = scratch()
    mkdirSync(join(folder, '.git'))
    assert.throws(() => open(folder), { code: 'git/no-repository' })
    rmSync(join(folder, '.git'), { recursive: true })
    writeFileSync(join(folder, '.git'), 'gitdir: gone\n')
    assert.throws(() => open(folder), { code: 'git/no-repository', message: /gone/ })
  })

  test('a configuration that cannot be read', () => {
    const folder = repository({ a: 'x' })
    writeFileSync(join(folder, '.git/config'), '[core\n')
    assert.throws(() => open(folder), { code: 'git/bad-config', message: /line 1/ })
  })
})

describe('configuration is read as git reads it', () => {
  const file = `; comment
[user]
  name = "Ana # not a comment"  # comment
  email = ana@example.org   ; comment
\tsigningKey = C:\\\\keys\\t\\"x\\"
[core] bare = false
[Section "Sub.Section \\"x\\""]
  KEY = one\\
 two
  key = last
  flag
[old.style]
  value = " kept "
[color]
  ui =
`
  const keys = [
    'user.name',
    'user.email',
    'user.signingkey',
    'core.bare',
    'section.Sub.Section "x".key',
    'section.Sub.Section "x".flag',
    'old.style.value',
    'color.ui',
    'absent.key',
  ]
  test('values, quotes, escapes, continuations', () => {
    const folder = repository({ a: 'x' })
    writeFileSync(join(folder, '.git/config'), file)
    for (const key of keys) {
      const expected = gitAccepts(folder, 'config', '--get', key) ? git(folder, 'config', '--get', key) : null
      assert.equal(open(folder).config(key), key.endsWith('flag') ? 'true' : expected, key)
    }
  })

  test('includes', () => {
    const folder = repository({ a: 'x' })
    writeFileSync(join(folder, '.git/more'), '[user]\n\tname = included\n')
    writeFileSync(join(folder, '.git/cond'), '[user]\n\temail = conditional\n')
    appendFileSync(join(folder, '.git/config'), '[include]\n\tpath = more\n')
    appendFileSync(join(folder, '.git/config'), `[includeIf "gitdir:${folder}/"]\n\tpath = cond\n`)
    appendFileSync(join(folder, '.git/config'), `[includeIf "gitdir:/elsewhere/"]\n\tpath = more\n`)
    for (const key of ['user.name', 'user.email']) assert.equal(open(folder).config(key), git(folder, 'config', key))
  })
})

describe('createRepository', () => {
  test('makes what git takes for an empty repository on main', () => {
    const folder = join(scratch(), 'new/deep')
    const store = createRepository(folder)
    assert.deepEqual(
      [store.headRef(), store.resolve('HEAD'), store.workingTree().commit],
      ['refs/heads/main', null, null],
    )
    assert.equal(git(folder, 'symbolic-ref', 'HEAD'), 'refs/heads/main')
    assert.equal(git(folder, 'status', '--porcelain'), '')
    assert.equal(fsck(folder), '')
    assert.throws(() => createRepository(folder), { code: 'git/exists' })
  })

  test('finishes what a crash left without HEAD', () => {
    const folder = scratch()
    createRepository(folder)
    renameSync(join(folder, '.git/HEAD'), join(folder, '.git/gone'))
    assert.equal(createRepository(folder).headRef(), 'refs/heads/main')
  })
})
