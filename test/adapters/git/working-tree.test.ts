import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openFolderTree } from '../../../engine/adapters/git/open-store.ts'
import { commit, git, open, repository, scratch, text, write } from './oracle.ts'

const FOLDERS = ['ledger', 'models', 'policies', 'reports']

/** What git status names below the governed folders. */
function dirtyByGit(folder: string): string[] {
  const lines = git(
    folder,
    '-c',
    'core.quotePath=false',
    'status',
    '--porcelain',
    '-uall',
    '--no-renames',
    '--',
    ...FOLDERS,
  )
  const paths = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^.?.? ?/, '').replace(/^"(.*)"$/, '$1'))
    .map((line) => line.trim())
  return [...new Set(paths)].sort()
}

function assertAsGit(folder: string): readonly string[] {
  const { dirty } = open(folder).workingTree()
  assert.deepEqual(dirty, dirtyByGit(folder))
  return dirty
}

const FILES = {
  'policies/p.yaml': 'p\n',
  'models/a/card.yaml': 'id: a\n',
  'models/a/snapshots/1.ndjson': '{}\n',
  'models/b/card.yaml': 'id: b\n',
  'models/run.sh': '#!\n',
  'README.md': 'x\n',
}

/** Makes the index older than any change to come, so that stat alone decides. */
function settle(folder: string): void {
  const past = new Date(Date.now() - 60_000)
  for (const path of Object.keys(FILES)) if (existsSync(join(folder, path))) utimesSync(join(folder, path), past, past)
  git(folder, 'update-index', '-q', '--refresh')
}

describe('what differs from HEAD is what git status says', () => {
  const changes: Readonly<Record<string, (folder: string) => void>> = {
    nothing: () => {},
    'a changed file': (folder) => write(folder, { 'models/a/card.yaml': 'id: A\n' }),
    'a change of the same size, and back in time': (folder) => {
      write(folder, { 'models/a/card.yaml': 'id: z\n' })
      utimesSync(join(folder, 'models/a/card.yaml'), new Date(0), new Date(0))
    },
    'a deleted file': (folder) => rmSync(join(folder, 'models/a/card.yaml')),
    'a new file': (folder) => write(folder, { 'models/new/card.yaml': 'x' }),
    'a staged change': (folder) => {
      write(folder, { 'models/a/card.yaml': 'id: A\n' })
      git(folder, 'add', 'models')
    },
    'a staged change undone in the folder': (folder) => {
      write(folder, { 'models/a/card.yaml': 'id: A\n' })
      git(folder, 'add', 'models')
      write(folder, { 'models/a/card.yaml': 'id: a\n' })
    },
    'a staged new file': (folder) => {
      write(folder, { 'models/new/card.yaml': 'x', 'reports/r': 'x' })
      git(folder, 'add', '.')
    },
    'a staged removal': (folder) => git(folder, 'rm', '-q', 'models/a/card.yaml'),
    'an entry removed from the index alone': (folder) => git(folder, 'rm', '-q', '--cached', 'models/a/card.yaml'),
    'a file meant to be added': (folder) => {
      write(folder, { 'models/new/card.yaml': 'x' })
      git(folder, 'add', '-N', 'models')
    },
    'a touched file': (folder) => utimesSync(join(folder, 'models/a/card.yaml'), new Date(), new Date()),
    'a file made executable': (folder) => chmodSync(join(folder, 'models/run.sh'), 0o755),
    'a file replaced by a link': (folder) => {
      rmSync(join(folder, 'models/a/card.yaml'))
      symlinkSync('../b/card.yaml', join(folder, 'models/a/card.yaml'))
    },
    'a folder replaced by a link': (folder) => {
      renameSync(join(folder, 'models/a'), join(folder, 'elsewhere'))
      symlinkSync('../elsewhere', join(folder, 'models/a'))
    },
    'a folder replaced by a file': (folder) => {
      rmSync(join(folder, 'models/a'), { recursive: true })
      write(folder, { 'models/a': 'x' })
    },
    'a file replaced by a folder': (folder) => {
      rmSync(join(folder, 'models/run.sh'))
      write(folder, { 'models/run.sh/x': 'x' })
    },
    'a renamed folder': (folder) => git(folder, 'mv', 'models/a', 'models/c'),
    'changes elsewhere': (folder) => write(folder, { 'README.md': 'y', 'other/x': 'x' }),
    'names of every kind': (folder) =>
      write(folder, { 'models/é/ü.yaml': 'x', 'models/a b/c': 'x', 'models/\u{1f600}': 'x' }),
    'an index of version 4': (folder) => {
      write(folder, { 'models/a/snapshots/2.ndjson': 'x', 'models/b/x': 'x' })
      git(folder, 'add', 'models')
      git(folder, 'update-index', '--index-version', '4')
    },
    'no index': (folder) => rmSync(join(folder, '.git/index')),
    'a moved branch': (folder) =>
      git(folder, 'update-ref', 'refs/heads/main', commit(folder, { 'models/a/card.yaml': 'n' })),
    'a branch put back': (folder) => {
      commit(folder, { 'models/a/card.yaml': 'n', 'models/n/n': 'n' })
      git(folder, 'reset', '-q', '--soft', 'HEAD~1')
    },
  }
  for (const [name, change] of Object.entries(changes)) {
    test(name, () => {
      const folder = repository(FILES)
      settle(folder)
      change(folder)
      assertAsGit(folder)
    })
  }

  test('a conflict', () => {
    const folder = repository(FILES)
    git(folder, 'checkout', '-qb', 'other')
    commit(folder, { 'models/a/card.yaml': 'other\n', 'models/b/card.yaml': 'other\n' })
    git(folder, 'checkout', '-q', 'main')
    commit(folder, { 'models/a/card.yaml': 'main\n' })
    assert.throws(() => git(folder, 'merge', 'other'))
    assertAsGit(folder)
  })

  test('a repository without commits', () => {
    const folder = repository()
    write(folder, FILES)
    assert.equal(open(folder).workingTree().commit, null)
    assert.equal(assertAsGit(folder).length, 5)
  })

  test('a change within the second of the index, same size and same times (racy)', () => {
    const folder = repository(FILES)
    const path = join(folder, 'models/a/card.yaml')
    const { atime, mtime } = statSync(join(folder, '.git/index'))
    utimesSync(path, atime, mtime)
    git(folder, 'update-index', '--refresh')
    utimesSync(join(folder, '.git/index'), atime, mtime)
    writeFileSync(path, 'id: z\n')
    utimesSync(path, atime, mtime)
    assert.deepEqual(open(folder).workingTree().dirty, ['models/a/card.yaml'])
  })
})

describe('files of the working tree', () => {
  test('clean ones have their blob ids, changed and new ones are read from disk', () => {
    const folder = repository(FILES)
    settle(folder)
    write(folder, { 'models/a/card.yaml': 'changed\n', 'models/c/card.yaml': 'new\n' })
    const tree = open(folder).workingTree()
    const list = tree.list(['models/', 'policies', 'models/a'])
    assert.deepEqual(
      list.map(({ path }) => path),
      [
        'models/a/card.yaml',
        'models/a/snapshots/1.ndjson',
        'models/b/card.yaml',
        'models/c/card.yaml',
        'models/run.sh',
        'policies/p.yaml',
      ],
    )
    const ids = new Map(list.map(({ path, id }) => [path, id]))
    assert.equal(ids.get('models/b/card.yaml'), git(folder, 'rev-parse', 'HEAD:models/b/card.yaml'))
    assert.equal(ids.get('models/c/card.yaml'), null)
    assert.equal(text(tree.read('models/a/card.yaml')), 'changed\n')
    assert.equal(text(tree.read('models/c/card.yaml')), 'new\n')
    assert.equal(text(tree.read('README.md')), 'x\n')
    assert.deepEqual([tree.has('models/c/card.yaml'), tree.has('models/d'), tree.has('models')], [true, false, false])
    assert.equal(tree.treeId('models'), git(folder, 'rev-parse', 'HEAD:models'))
    assert.equal(tree.treeId('none'), null)
    assert.throws(() => tree.read('models/d'), { code: 'git/no-such-file' })
    for (const path of ['../x', '.git/config', 'models/../README.md']) {
      assert.throws(() => tree.read(path), { code: 'git/unsafe-path' }, path)
    }
  })

  test('links are listed and read as links, and never followed', () => {
    const folder = repository(FILES)
    const outside = scratch()
    write(outside, { secret: 'secret' })
    symlinkSync(join(outside, 'secret'), join(folder, 'models/link'))
    symlinkSync(outside, join(folder, 'models/linked'))
    git(folder, 'add', 'models/link')
    const tree = open(folder).workingTree()
    const links = tree.list(['models']).filter(({ mode }) => mode === 'link')
    assert.deepEqual(
      links.map(({ path }) => path),
      ['models/link', 'models/linked'],
    )
    assert.equal(text(tree.read('models/link')), join(outside, 'secret'))
    assert.throws(() => tree.read('models/linked/secret'), { code: 'git/no-such-file' })
    assert.equal(tree.has('models/linked/secret'), false)
    assert.deepEqual(open(folder).workingTree().list(['models/linked/x']), [])
  })

  test('a file that changes after it was listed is a fault', () => {
    const folder = repository(FILES)
    const tree = open(folder).workingTree()
    tree.list(['models'])
    write(folder, { 'models/a/card.yaml': 'other content\n' })
    assert.throws(() => tree.read('models/a/card.yaml'), { code: 'git/changed-while-read' })
    rmSync(join(folder, 'models/b/card.yaml'))
    assert.throws(() => tree.read('models/b/card.yaml'), { code: 'git/changed-while-read' })
  })

  test('nested repositories and pipes are left out', () => {
    const folder = repository(FILES)
    mkdirSync(join(folder, 'models/nested'))
    git(join(folder, 'models/nested'), 'init', '-q')
    write(folder, { 'models/nested/card.yaml': 'x' })
    const tree = open(folder).workingTree()
    assert.equal(tree.list(['models']).length, 4)
    assert.deepEqual(tree.dirty, [])
  })
})

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

test('a damaged index is a fault', () => {
  const folder = repository(FILES)
  const path = join(folder, '.git/index')
  const sound = readFileSync(path)
  for (let at = 0; at < sound.length; at += 3) {
    const bytes = Buffer.from(sound)
    bytes[at] = (bytes[at] ?? 0) ^ 0x40
    writeFileSync(path, bytes)
    assert.throws(() => open(folder).workingTree(), { code: 'git/unreadable-index' }, `byte ${at}`)
  }
})

describe('a folder outside git', () => {
  test('is a tree without commit', () => {
    const folder = scratch()
    write(folder, { ...FILES, '.gitignore': '*' })
    symlinkSync('/etc/passwd', join(folder, 'models/link'))
    const tree = openFolderTree(folder)
    assert.deepEqual([tree.commit, tree.dirty, tree.treeId('models')], [null, [], null])
    assert.deepEqual(
      tree.list(['policies', 'models']).map(({ path, mode, id }) => [path, mode, id]),
      [
        ['models/a/card.yaml', 'file', null],
        ['models/a/snapshots/1.ndjson', 'file', null],
        ['models/b/card.yaml', 'file', null],
        ['models/link', 'link', null],
        ['models/run.sh', 'file', null],
        ['policies/p.yaml', 'file', null],
      ],
    )
    assert.equal(text(tree.read('models/link')), '/etc/passwd')
    assert.equal(text(tree.read('README.md')), 'x\n')
    assert.throws(() => tree.read('../x'), { code: 'git/unsafe-path' })
    assert.throws(() => tree.read('models/link/x'), { code: 'git/no-such-file' })
    assert.throws(() => openFolderTree(join(folder, 'gone')), { code: 'git/no-folder' })
  })
})
