import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { commit, git, open, repository, text, write } from './oracle.ts'
import { assertAsGit, dirtyByGit, FILES } from './working-folder.ts'

describe('ignore rules hold for what is not tracked', () => {
  const rules = [
    '*.tmp',
    '/models/top',
    'models/a/**/deep',
    'build/',
    '!models/a/keep.tmp',
    'sp\\ ace',
    '\\#hash',
    'x[0-9a]?',
    '**/any',
    'm*s/b/*.log',
    '# comment',
    'trail   ',
    'dir/**',
    'models/**/end',
    '[!a]neg',
    'c\\*d',
  ]
  const paths = [
    'models/x.tmp',
    'models/a/keep.tmp',
    'models/top',
    'models/b/top',
    'models/a/x/y/deep',
    'models/a/deep',
    'models/build/x',
    'models/b/build',
    'models/sp ace',
    'models/#hash',
    'models/x7z',
    'models/xaz',
    'models/xbz',
    'models/any/x',
    'models/b/any',
    'models/b/e.log',
    'models/e.log',
    'models/trail',
    'models/dir/x',
    'models/p/q/end',
    'models/end',
    'models/bneg',
    'models/aneg',
    'models/c*d',
    'models/cxd',
    'models/sub/kept',
    'models/sub/gone',
  ]
  test('as git check-ignore', () => {
    const folder = repository(FILES)
    write(folder, Object.fromEntries(paths.map((path) => [path, 'x'])))
    write(folder, {
      '.gitignore': `${rules.join('\r\n')}\n`,
      'models/sub/.gitignore': '*\n!kept\n',
      '.git/info/exclude': 'models/aneg\n',
    })
    git(folder, 'add', '-f', 'models/b/e.log')
    const listed = new Set(
      open(folder)
        .workingTree()
        .list(['models'])
        .map(({ path }) => path),
    )
    const untracked = git(folder, '-c', 'core.quotePath=false', 'ls-files', '-o', '--exclude-standard', 'models').split(
      '\n',
    )
    for (const path of paths) {
      const expected = path === 'models/b/e.log' || untracked.includes(path)
      assert.equal(listed.has(path), expected, path)
    }
    assertAsGit(folder)
  })

  test('a pattern made to be slow is quick', () => {
    const folder = repository(FILES)
    write(folder, { '.gitignore': `${'*a'.repeat(60)}b\n${'**/a/'.repeat(30)}b\n`, [`models/${'a'.repeat(200)}`]: 'x' })
    write(folder, { [`models/${'a/'.repeat(40)}x`]: 'x' })
    assert.equal(open(folder).workingTree().list(['models']).length, 6)
  })
})

describe('line ends that git would normalise are no change', () => {
  const cases: readonly {
    readonly name: string
    readonly attributes?: string
    readonly config?: string
    readonly path: string
    readonly stored: string
    readonly disk: string
  }[] = [
    { name: 'autocrlf', config: 'true', path: 'models/x.yaml', stored: 'a\nb\n', disk: 'a\r\nb\r\n' },
    { name: 'autocrlf=input', config: 'input', path: 'models/x.yaml', stored: 'a\nb\n', disk: 'a\r\nb\n' },
    { name: 'no autocrlf', path: 'models/x.yaml', stored: 'a\n', disk: 'a\r\n' },
    { name: 'text', attributes: '*.yaml text', path: 'models/x.yaml', stored: 'a\n', disk: 'a\r\n' },
    { name: 'text=auto', attributes: '* text=auto', path: 'models/x.yaml', stored: 'a\n', disk: 'a\r\n' },
    { name: 'text=auto, binary', attributes: '* text=auto', path: 'models/x.yaml', stored: 'a\0\n', disk: 'a\0\r\n' },
    {
      name: 'text=auto, CR stored',
      attributes: '* text=auto',
      path: 'models/x.yaml',
      stored: 'a\r\nb\n',
      disk: 'a\r\nb\r\n',
    },
    {
      name: 'text=auto, a CR alone',
      attributes: '* text=auto',
      path: 'models/x.yaml',
      stored: 'a\rb\n',
      disk: 'a\rb\r\n',
    },
    { name: 'eol=lf', attributes: '*.yaml text eol=lf', path: 'models/x.yaml', stored: 'a\n', disk: 'a\r\n' },
    {
      name: '-text over autocrlf',
      attributes: 'ledger/** -text',
      config: 'true',
      path: 'ledger/x',
      stored: 'a\n',
      disk: 'a\r\n',
    },
    {
      name: 'binary macro',
      attributes: '*.yaml binary',
      config: 'true',
      path: 'models/x.yaml',
      stored: 'a\n',
      disk: 'a\r\n',
    },
    {
      name: 'the later line wins',
      attributes: '*.yaml text\nmodels/x.yaml -text',
      path: 'models/x.yaml',
      stored: 'a\n',
      disk: 'a\r\n',
    },
    {
      name: '!text takes it back',
      attributes: '*.yaml text\n*.yaml !text',
      path: 'models/x.yaml',
      stored: 'a\n',
      disk: 'a\r\n',
    },
    { name: 'a changed word too', attributes: '* text', path: 'models/x.yaml', stored: 'a\n', disk: 'b\r\n' },
  ]
  for (const { name, attributes, config, path, stored, disk } of cases) {
    test(name, () => {
      const folder = repository()
      git(folder, 'config', 'core.autocrlf', 'false')
      commit(folder, { [path]: stored, other: 'x' })
      if (attributes !== undefined) commit(folder, { '.gitattributes': `${attributes}\n` })
      if (config !== undefined) git(folder, 'config', 'core.autocrlf', config)
      write(folder, { [path]: disk })
      const tree = open(folder).workingTree()
      const listed = tree.list([path.split('/')[0] ?? '']).find((file) => file.path === path)
      git(folder, 'add', path)
      const id = git(folder, 'rev-parse', `:${path}`)
      const isClean = id === git(folder, 'rev-parse', `HEAD:${path}`)
      assert.deepEqual([listed?.id, tree.dirty], [id, isClean ? [] : [path]])
      if (isClean) assert.equal(text(tree.read(path)), stored)
    })
  }
})

describe('a sparse checkout', () => {
  for (const cone of [['--no-cone'], ['--cone'], ['--cone', '--sparse-index']]) {
    test(`${cone.join(' ')} reads what is not on disk from the object store`, () => {
      const folder = repository({ ...FILES, 'models/b/deep/x': 'deep\n', 'top/x': 'x' })
      git(folder, 'sparse-checkout', 'set', ...cone, cone[0] === '--cone' ? 'models/a' : '/models/a/')
      assert.equal(existsSync(join(folder, 'models/b/card.yaml')), false)
      const tree = open(folder).workingTree()
      assert.deepEqual(tree.dirty, dirtyByGit(folder))
      assert.deepEqual(tree.dirty, [])
      const paths = tree.list(['models', 'policies']).map(({ path }) => path)
      assert.deepEqual(paths, git(folder, 'ls-tree', '-r', '--name-only', 'HEAD', 'models', 'policies').split('\n'))
      assert.equal(text(tree.read('models/b/deep/x')), 'deep\n')
      assert.equal(text(open(folder).workingTree().read('models/b/card.yaml')), 'id: b\n')
      write(folder, { 'models/b/card.yaml': 'id: here after all\n' })
      assert.deepEqual(open(folder).workingTree().dirty, ['models/b/card.yaml'])
    })
  }
})
