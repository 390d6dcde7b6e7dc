import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openFolderTree } from '../../../engine/adapters/git/open-store.ts'
import { scratch, text, write } from './oracle.ts'
import { FILES } from './working-folder.ts'

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
