import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { git, open, repository, text } from './oracle.ts'

const STORE = fileURLToPath(new URL('../../../engine/adapters/git/open-store.ts', import.meta.url))
const NOBODY = 65534
const skip = process.getuid?.() === 0 ? false : 'only root can become another user to be refused'

/** Opens, lists, reads and writes as a user who owns nothing; the code of the fault, or `done`. */
function actAsNobody(folder: string): string {
  const source = `
    import { openGitStore } from ${JSON.stringify(STORE)}
    try {
      const store = openGitStore(${JSON.stringify(folder)}, { userConfig: false })
      const tree = store.workingTree()
      for (const { path } of tree.list(['models'])) tree.read(path)
      tree.dirty
      const base = store.resolve('HEAD')
      store.commitTree(base).read('models/a/card.yaml')
      const person = { name: 'n', email: 'n@x', at: 1 }
      const changes = new Map([['x', Buffer.from('x')]])
      const to = store.writeCommit({ base, parents: [base], changes, message: 'm', author: person, committer: person })
      store.updateRef({ ref: 'refs/heads/main', expect: base, to })
      console.log('done')
    } catch (error) {
      console.log(error.code)
    }`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    uid: NOBODY,
    gid: NOBODY,
  })
  return stdout.trim() || stderr
}

function openFolder(): string {
  const folder = repository({ 'models/a/card.yaml': 'a\n' })
  chmodSync(folder, 0o755)
  return folder
}

describe('what may not be read or written is a fault', { skip }, () => {
  const cases: readonly { readonly name: string; readonly closed: string; readonly code: string }[] = [
    { name: 'nothing closed, but not ours', closed: '', code: 'git/cannot-write' },
    { name: 'a card', closed: 'models/a/card.yaml', code: 'git/unreadable' },
    { name: 'a folder of cards', closed: 'models/a', code: 'git/unreadable' },
    { name: 'the index', closed: '.git/index', code: 'git/unreadable' },
    { name: 'the branch', closed: '.git/refs/heads/main', code: 'git/unreadable' },
    { name: 'HEAD', closed: '.git/HEAD', code: 'git/unreadable' },
    { name: 'the objects', closed: '.git/objects', code: 'git/unreadable' },
    { name: 'the configuration', closed: '.git/config', code: 'git/unreadable' },
  ]
  for (const { name, closed, code } of cases) {
    test(name, () => {
      const folder = openFolder()
      if (closed !== '') chmodSync(join(folder, closed), 0o000)
      assert.equal(actAsNobody(folder), code)
    })
  }

  test('a pack and its index', () => {
    for (const extension of ['.pack', '.idx']) {
      const folder = openFolder()
      git(folder, 'repack', '-adq')
      const pack = readdirSync(join(folder, '.git/objects/pack')).find((name) => name.endsWith(extension)) ?? ''
      chmodSync(join(folder, '.git/objects/pack', pack), 0o000)
      assert.equal(actAsNobody(folder), 'git/unreadable', extension)
    }
  })
})

test('a repository that belongs to nobody is read all the same', { skip }, () => {
  const folder = openFolder()
  for (const path of ['', '.git', '.git/HEAD', '.git/objects']) chownSync(join(folder, path), NOBODY, NOBODY)
  const store = open(folder)
  assert.equal(text(store.commitTree(store.resolve('HEAD') ?? '').read('models/a/card.yaml')), 'a\n')
  assert.deepEqual(store.workingTree().dirty, [])
})
