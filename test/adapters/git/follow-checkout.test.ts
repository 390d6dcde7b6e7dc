import assert from 'node:assert/strict'
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { GitStore } from '../../../engine/world.ts'
import { commit, git, open, PERSON, repository, scratch, write } from './oracle.ts'

const FILES = { 'models/a/card.yaml': 'a\n', 'models/b/card.yaml': 'b\n', 'reports/old': 'old\n', tool: '#!\n' }
const CHANGES = { 'models/a/card.yaml': 'A\n', 'reports/new/r.md': 'r\n', 'reports/old': null }
const PATHS = Object.keys(CHANGES)

/** A commit on top of HEAD that the branch has moved to, and the folder not yet. */
function moved(folder: string): { store: GitStore; from: string; to: string } {
  const store = open(folder)
  const from = store.resolve('HEAD') ?? ''
  const changes = new Map(
    Object.entries(CHANGES).map(([path, t]): [string, Uint8Array | null] => [path, t === null ? null : Buffer.from(t)]),
  )
  const to = store.writeCommit({
    base: from,
    parents: [from],
    changes,
    message: 'run\n',
    author: PERSON,
    committer: PERSON,
  })
  assert.equal(store.updateRef({ ref: 'HEAD', expect: from, to }), true)
  return { store, from, to }
}

function status(folder: string): string {
  return git(folder, 'status', '--porcelain', '-uall')
}

describe('files and index follow a commit', () => {
  test('for its paths, with empty folders gone, and once is enough', () => {
    const folder = repository(FILES)
    const { store, from, to } = moved(folder)
    store.followCheckout(from, to, PATHS)
    assert.equal(status(folder), '')
    assert.deepEqual(readdirSync(join(folder, 'reports')), ['new'])
    const before = statSync(join(folder, '.git/index'))
    store.followCheckout(from, to, PATHS)
    assert.equal(statSync(join(folder, '.git/index')).ino, before.ino)
    assert.deepEqual(open(folder).workingTree().dirty, [])
  })

  test('and leave what else is changed, staged or new as it is', () => {
    const folder = repository(FILES)
    write(folder, { 'models/b/card.yaml': 'mine\n', tool: 'staged\n', 'models/c': 'new\n' })
    git(folder, 'add', 'tool')
    git(folder, 'update-index', '--chmod=+x', 'tool')
    const { store, from, to } = moved(folder)
    store.followCheckout(from, to, PATHS)
    assert.deepEqual(
      status(folder)
        .split('\n')
        .map((line) => line.trim())
        .sort(),
      ['?? models/c', 'M models/b/card.yaml', 'MM tool'],
    )
  })

  test('from nothing, where the files stand already', () => {
    const folder = repository()
    write(folder, { 'models/a/card.yaml': 'A\n' })
    const store = open(folder)
    const changes = new Map([['models/a/card.yaml', Buffer.from('A\n')]])
    const to = store.writeCommit({
      base: null,
      parents: [],
      changes,
      message: 'm\n',
      author: PERSON,
      committer: PERSON,
    })
    store.updateRef({ ref: 'HEAD', expect: null, to })
    store.followCheckout(null, to, [...changes.keys()])
    assert.equal(status(folder), '')
  })

  test('in a sparse checkout by the index alone', () => {
    const folder = repository(FILES)
    git(folder, 'sparse-checkout', 'set', '--no-cone', '/tool')
    const { store, from, to } = moved(folder)
    store.followCheckout(from, to, ['models/a/card.yaml'])
    assert.equal(existsSync(join(folder, 'models')), false)
    assert.equal(git(folder, 'rev-parse', ':models/a/card.yaml'), git(folder, 'rev-parse', 'HEAD:models/a/card.yaml'))
  })

  test('nothing in a bare repository', () => {
    const folder = repository(FILES)
    const bare = join(scratch(), 'bare')
    git(folder, 'clone', '-q', '--bare', folder, bare)
    const head = git(folder, 'rev-parse', 'HEAD')
    open(bare).followCheckout(null, head, ['models/a/card.yaml'])
    assert.equal(existsSync(join(bare, 'models')), false)
  })

  test('files keep their mode, links are links', () => {
    const folder = repository(FILES)
    const from = git(folder, 'rev-parse', 'HEAD')
    symlinkSync('b/card.yaml', join(folder, 'models/link'))
    write(folder, { 'models/run': '#!\n' })
    git(folder, 'add', '.')
    git(folder, 'update-index', '--chmod=+x', 'models/run')
    git(folder, 'commit', '-qm', 'x')
    const to = git(folder, 'rev-parse', 'HEAD')
    git(folder, 'reset', '-q', '--hard', from)
    git(folder, 'reset', '-q', '--soft', to)
    open(folder).followCheckout(from, to, ['models/link', 'models/run'])
    assert.equal(status(folder), '')
  })
})

describe('after a crash the same call finishes', () => {
  const states: Readonly<Record<string, (folder: string) => void>> = {
    'one file written': (folder) => writeFileSync(join(folder, 'models/a/card.yaml'), 'A\n'),
    'all files written': (folder) => {
      write(folder, { 'models/a/card.yaml': 'A\n', 'reports/new/r.md': 'r\n' })
      rmSync(join(folder, 'reports/old'))
    },
    'index written, a file put back': (folder) => {
      git(folder, 'reset', '-q')
      writeFileSync(join(folder, 'models/a/card.yaml'), 'a\n')
    },
  }
  for (const [name, prepare] of Object.entries(states)) {
    test(name, () => {
      const folder = repository(FILES)
      const { store, from, to } = moved(folder)
      prepare(folder)
      store.followCheckout(from, to, PATHS)
      assert.equal(status(folder), '')
    })
  }
})

describe('work of people in one of the paths is a fault, and nothing is written', () => {
  const states: Readonly<Record<string, (folder: string) => void>> = {
    'a changed file': (folder) => write(folder, { 'models/a/card.yaml': 'mine\n' }),
    'a deleted file': (folder) => rmSync(join(folder, 'models/a/card.yaml')),
    'a staged change': (folder) => {
      write(folder, { 'models/a/card.yaml': 'mine\n' })
      git(folder, 'add', '.')
      write(folder, { 'models/a/card.yaml': 'a\n' })
    },
    'a new file where one is to be': (folder) => write(folder, { 'reports/new/r.md': 'mine\n' }),
    'a changed file that is to go': (folder) => write(folder, { 'reports/old': 'mine\n' }),
    'a link for a folder': (folder) => {
      rmSync(join(folder, 'models/a'), { recursive: true })
      symlinkSync('/tmp', join(folder, 'models/a'))
    },
    'a file for a folder': (folder) => write(folder, { 'reports/new': 'x' }),
    'a folder for a file': (folder) => {
      rmSync(join(folder, 'models/a/card.yaml'))
      write(folder, { 'models/a/card.yaml/x': 'x' })
    },
    'a file removed from the index': (folder) => git(folder, 'rm', '-q', '--cached', 'models/a/card.yaml'),
  }
  for (const [name, prepare] of Object.entries(states)) {
    test(name, () => {
      const folder = repository(FILES)
      prepare(folder)
      const { store, from, to } = moved(folder)
      const before = status(folder)
      assert.throws(() => store.followCheckout(from, to, PATHS), {
        code: 'git/dirty',
        message: /`(models\/a|reports\/)/,
      })
      assert.equal(status(folder), before)
      assert.equal(existsSync(join(folder, '.git/index.lock')), false)
    })
  }

  test("another's index lock is a fault", () => {
    const folder = repository(FILES)
    const { store, from, to } = moved(folder)
    writeFileSync(join(folder, '.git/index.lock'), '')
    assert.throws(() => store.followCheckout(from, to, PATHS), { code: 'git/locked', message: /the index/ })
    assert.equal(readFileSync(join(folder, 'models/a/card.yaml'), 'utf8'), 'a\n')
  })
})

test('a change that only the old index could tell (racy) is not lost by writing a new one', () => {
  const folder = repository(FILES)
  const path = join(folder, 'models/b/card.yaml')
  const { atime, mtime } = statSync(join(folder, '.git/index'))
  utimesSync(path, atime, mtime)
  git(folder, 'update-index', '--refresh')
  writeFileSync(path, 'B\n')
  utimesSync(path, atime, mtime)
  utimesSync(join(folder, '.git/index'), atime, mtime)
  const { store, from, to } = moved(folder)
  store.followCheckout(from, to, PATHS)
  assert.equal(status(folder), ' M models/b/card.yaml'.trimStart().padStart(21))
  assert.deepEqual(open(folder).workingTree().dirty, ['models/b/card.yaml'])
})

test('a thousand files', () => {
  const folder = repository(FILES)
  const from = git(folder, 'rev-parse', 'HEAD')
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`reports/${i % 50}/${i}`, `${i}\n`]))
  const to = commit(folder, files)
  git(folder, 'reset', '-q', '--hard', from)
  git(folder, 'reset', '-q', '--soft', to)
  open(folder).followCheckout(from, to, Object.keys(files))
  assert.equal(status(folder), '')
})

test('the index that is written names only trees that are stored, so that git can commit from it', () => {
  const folder = repository(FILES)
  write(folder, { 'models/b/card.yaml': 'staged\n' })
  git(folder, 'add', '.')
  const { store, from, to } = moved(folder)
  store.followCheckout(from, to, PATHS)
  assert.equal(git(folder, 'fsck', '--cache', '--no-dangling'), '')
  git(folder, 'commit', '-qm', 'staged')
  assert.equal(git(folder, 'diff', '--name-only', 'HEAD~1', 'HEAD'), 'models/b/card.yaml')
  assert.equal(git(folder, 'fsck', '--cache', '--no-dangling'), '')
  assert.equal(status(folder), '')
})
