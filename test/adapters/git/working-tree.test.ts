import assert from 'node:assert/strict'
import {
  chmodSync,
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
import { commit, git, open, repository, scratch, text, write } from './oracle.ts'
import { assertAsGit, FILES, settle } from './working-folder.ts'

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
