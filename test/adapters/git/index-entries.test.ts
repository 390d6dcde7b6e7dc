// Entries of an index that are changed in place: the same as if all had been taken apart, changed, sorted and put together.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { IndexEntries } from '../../../engine/adapters/git/index-entries.ts'
import { type IndexEntry, plainEntry } from '../../../engine/adapters/git/index-entry.ts'
import { compareText } from '../../../engine/base/order.ts'
import { commit, git, open, repository, write } from './oracle.ts'

const entry = (path: string, size: number): IndexEntry => ({
  path,
  id: size.toString(16).padStart(40, '0'),
  mode: 0o100644,
  ctimeMs: 1000,
  mtimeMs: size * 1000 + 0.25,
  dev: 1,
  ino: 2,
  uid: 3,
  gid: 4,
  size,
  stage: 0,
  assumeValid: false,
  skipWorktree: size % 7 === 3,
  intentToAdd: false,
})

const entries = fc
  .uniqueArray(fc.stringMatching(/^[a-cé]{1,3}(\/[a-c0-9]{1,3}){0,2}$/), { maxLength: 20 })
  .map((paths) => paths.sort(compareText).map(entry))

const plain = (all: IndexEntries): IndexEntry[] => all.slice().map(plainEntry)

test('edits in any order give what sorting gives, in its bytes too', () => {
  fc.assert(
    fc.property(entries, fc.array(fc.tuple(entries, fc.func(fc.boolean())), { maxLength: 3 }), (start, edits) => {
      let quick = IndexEntries.of(start)
      let slow = start
      for (const [wanted, goes] of edits) {
        const added = wanted.map((one) => ({ ...one, size: one.size + 100 }))
        const paths = new Set(added.map(({ path }) => path))
        const without = new Set(slow.flatMap(({ path }, i) => (paths.has(path) || goes(path) ? [i] : [])))
        quick = quick.edited(without, added)
        slow = [...slow.filter((_, i) => !without.has(i)), ...added].sort((a, b) => compareText(a.path, b.path))
      }
      assert.deepEqual(plain(quick), slow)
      assert.deepEqual(Buffer.concat(quick.bytes()), Buffer.concat(IndexEntries.of(slow).bytes()))
      assert.equal(quick.isExtended || !slow.some(({ skipWorktree }) => skipWorktree), true)
      for (const [i, { path }] of slow.entries()) assert.deepEqual(quick.positionsOf(path), [i])
      const late = (ms: number) => slow.flatMap(({ mtimeMs }, i) => (mtimeMs >= ms ? [i] : []))
      for (const ms of [0, 3000, 3000.25, 3000.26, 1e9]) assert.deepEqual(quick.positionsSince(ms), late(ms))
    }),
    { numRuns: 200 },
  )
})

test('bytes that are cut off, or a count that is too large, are no entries', () => {
  const whole = Buffer.concat(IndexEntries.of(['a', 'b/c', 'd'].map(entry)).bytes())
  assert.equal(IndexEntries.scan(whole, 3)?.length, 3)
  for (let length = 0; length < whole.length; length++)
    assert.equal(IndexEntries.scan(whole.subarray(0, length), 3), null)
  for (const count of [4, 2 ** 32 - 1]) assert.equal(IndexEntries.scan(whole, count), null)
})

/** Follows a new commit, so that the index is written. */
function moveOn(folder: string): string {
  const store = open(folder)
  const head = store.resolve('HEAD') ?? ''
  const person = { name: 'Ana', email: 'ana@example.org', at: 1_767_225_700 }
  const next = store.writeCommit({
    base: head,
    parents: [head],
    changes: new Map([['reports/b/run.json', Buffer.from('{}\n')]]),
    message: 'run\n',
    author: person,
    committer: person,
  })
  assert.ok(store.moveBranch({ ref: 'refs/heads/main', expect: head, to: next }))
  return git(folder, 'status', '--porcelain')
}

test('an index without checksum (index.skipHash) is written without one, any other with', () => {
  for (const skipHash of ['true', 'false']) {
    const folder = repository({ 'reports/a/run.json': '{}\n' })
    git(folder, 'config', 'index.skipHash', skipHash)
    write(folder, { 'reports/a/run.json': '{ }\n' })
    commit(folder, {})
    const before = readFileSync(join(folder, '.git/index')).subarray(-20)
    assert.equal(moveOn(folder), '')
    const after = readFileSync(join(folder, '.git/index')).subarray(-20)
    assert.equal(after.equals(Buffer.alloc(20)), before.equals(Buffer.alloc(20)))
    git(folder, 'fsck', '--strict')
  }
})

test('counts in the extension TREE that lie are not believed', () => {
  const folder = repository({ 'reports/a/run.json': '{}\n', 'reports/c/run.json': '{}\n', 'z/y': 'y' })
  git(folder, 'config', 'index.skipHash', 'true')
  commit(folder, { x: 'x' })
  git(folder, 'write-tree')
  const path = join(folder, '.git/index')
  const bytes = readFileSync(path)
  const at = bytes.indexOf('z\0' + '1 0\n', bytes.indexOf('TREE'))
  assert.ok(at > 0)
  bytes.write('9', at + 2)
  const inReports = bytes.indexOf('a\0' + '1 0\n', bytes.indexOf('TREE'))
  assert.ok(inReports > 0)
  bytes.write('2', inReports + 2)
  writeFileSync(path, bytes.fill(0, bytes.length - 20))
  assert.equal(moveOn(folder), '')
  assert.equal(git(folder, 'diff', '--cached', '--name-only'), '')
})
