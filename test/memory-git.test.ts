import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createRepository } from '../engine/adapters/git/create-repository.ts'
import type { NewCommit } from '../engine/world.ts'
import { memoryGit } from './memory-git.ts'

const folder = mkdtempSync(join(tmpdir(), 'tutela-memory-git-'))
after(() => rmSync(folder, { recursive: true }))

test('the store in memory gives the ids of the real one', () => {
  const memory = memoryGit({ 'a.txt': 'a', 'a/b/c.txt': 'é', 'a-b': '' })
  const real = createRepository(folder)
  const first = memory.readCommit(memory.resolve('main') ?? '')
  const changes = new Map([
    ['a.txt', Buffer.from('a')],
    ['a/b/c.txt', Buffer.from('é')],
    ['a-b', Buffer.from('')],
  ])
  const { author, committer, message } = first
  const root = real.writeCommit({ base: null, parents: [], changes, message, author, committer })
  assert.equal(root, first.id)
  const second: NewCommit = {
    base: root,
    parents: [root],
    changes: new Map([['a/b/c.txt', null]]),
    message: 'x',
    author,
    committer,
  }
  assert.equal(memory.writeCommit(second), real.writeCommit(second))
  assert.equal(memory.commitTree(root).treeId('a'), real.commitTree(root).treeId('a'))
})
