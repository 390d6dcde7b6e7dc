import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import { applyDelta } from '../../../engine/adapters/git/delta.ts'
import { makeDelta } from '../../../engine/adapters/git/delta-encode.ts'
import { joinPacks } from '../../../engine/adapters/git/join-packs.ts'
import { ObjectStore } from '../../../engine/adapters/git/object-store.ts'
import type { GitStore, ObjectId } from '../../../engine/world.ts'
import { fsck, git, open, PERSON, scratch, text } from './oracle.ts'

/** `count` commits of `size` files each, on top of what is there. */
function runs(store: GitStore, count: number, size: number, from = 0, lines = 30): ObjectId {
  let tip = store.resolve('HEAD')
  for (let i = from; i < from + count; i++) {
    const changes = new Map<string, Uint8Array>()
    for (let k = 0; k < size; k++) {
      const report = Array.from(
        { length: lines },
        (_, line) => `finding ${line} of file ${k}: ${(i * line * 7919) % 101}\n`,
      )
      changes.set(`reports/${String(i).padStart(4, '0')}/${k}.json`, Buffer.from(report.join('')))
    }
    const person = { ...PERSON, at: PERSON.at + i }
    const parents = tip === null ? [] : [tip]
    const to = store.writeCommit({
      base: tip,
      parents,
      changes,
      message: `run ${i}\n`,
      author: person,
      committer: person,
    })
    assert.equal(store.updateRef({ ref: 'HEAD', expect: tip, to }), true)
    tip = to
  }
  return tip ?? ''
}

function bytesOfPacks(folder: string): number {
  return packsIn(folder).reduce((sum, name) => sum + statSync(join(folder, '.git/objects/pack', name)).size, 0)
}

function packsIn(folder: string): string[] {
  return readdirSync(join(folder, '.git/objects/pack')).filter((name) => name.endsWith('.pack'))
}

describe('folding', () => {
  test('more than 20 new packs become one of deltas, all objects stay, and git finds nothing wrong', () => {
    const folder = scratch()
    const store = createRepository(folder)
    runs(store, 20, 8, 0, 3)
    assert.equal(packsIn(folder).length, 20)
    assert.equal(store.foldPacks(), 0)
    const tip = runs(store, 1, 8, 20, 3)
    const before = git(folder, 'cat-file', '--batch-all-objects', '--batch-check')
    assert.equal(store.foldPacks(), 21)
    assert.equal(packsIn(folder).length, 1)
    assert.equal(git(folder, 'cat-file', '--batch-all-objects', '--batch-check'), before)
    assert.equal(fsck(folder), '')
    assert.equal(
      text(store.commitTree(tip).read('reports/0019/7.json')),
      `${git(folder, 'show', `${tip}:reports/0019/7.json`)}\n`,
    )
    assert.equal(open(folder).commitTree(tip).list(['reports']).length, 21 * 8)
    assert.deepEqual(readdirSync(join(folder, '.git/tutela/packs')).length, 1)
    git(folder, 'gc', '-q')
    assert.equal(store.foldPacks(), 0)
    assert.deepEqual(readdirSync(join(folder, '.git/tutela/packs')), [])
  })

  test('however long the history, the packs stay few and at most half as large again as after git gc', () => {
    const folder = scratch()
    const store = createRepository(folder)
    for (let i = 0; i < 100; i++) {
      runs(store, 1, 8, i)
      store.foldPacks()
      assert.ok(packsIn(folder).length <= 30, `${packsIn(folder).length} packs`)
    }
    assert.equal(fsck(folder), '')
    const before = bytesOfPacks(folder)
    git(folder, 'gc', '-q')
    assert.ok(before < 1.5 * bytesOfPacks(folder), `${before} against ${bytesOfPacks(folder)} bytes`)
  })

  test('grown packs are joined as they are, and so that git reads them', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const made = [0, 1, 2].map((i) => {
      runs(store, 12, 30, i * 12, 5)
      store.foldPacks()
      return runs(store, 22, 2, 100 + i * 22, 5)
    })
    const parts = new ObjectStore(join(folder, '.git/objects'))
    const ids = git(folder, 'cat-file', '--batch-all-objects', '--batch-check')
    const old = packsIn(folder)
    const mark = { folder: join(folder, '.git/tutela/packs'), text: 'folded\n' }
    assert.ok(old.length > 1 && joinPacks(parts.objectsDir, parts.packs(), mark) !== null)
    for (const name of old) {
      rmSync(join(folder, '.git/objects/pack', name))
      rmSync(join(folder, '.git/objects/pack', name.replace('.pack', '.idx')))
    }
    assert.equal(packsIn(folder).length, 1)
    assert.equal(git(folder, 'cat-file', '--batch-all-objects', '--batch-check'), ids)
    assert.equal(fsck(folder), '')
    for (const tip of made) assert.ok(open(folder).commitTree(tip).list(['reports']).length > 0)
    const again = new ObjectStore(join(folder, '.git/objects')).packs()
    assert.equal(joinPacks(parts.objectsDir, [...again, ...again], mark), null)
  })

  test('many loose objects become a pack, and another open store goes on reading', () => {
    const folder = scratch()
    const store = createRepository(folder)
    const tip = runs(store, 20, 20, 0, 3)
    for (const name of packsIn(folder)) {
      const pack = join(folder, '.git/objects/pack', name)
      renameSync(pack, join(folder, name))
      rmSync(pack.replace('.pack', '.idx'))
      execFileSync('git', ['-C', folder, 'unpack-objects', '-q'], { input: readFileSync(join(folder, name)) })
      rmSync(join(folder, name))
    }
    const other = open(folder)
    assert.equal(text(other.commitTree(tip).read('reports/0001/1.json')).length > 0, true)
    assert.ok(store.foldPacks() > 400)
    assert.equal(git(folder, 'count-objects'), '0 objects, 0 kilobytes')
    assert.equal(
      text(other.commitTree(tip).read('reports/0013/7.json')),
      `${git(folder, 'show', 'HEAD:reports/0013/7.json')}\n`,
    )
    assert.equal(fsck(folder), '')
  })

  test("packs of others are left alone, and so is a repository with git's index of many packs", () => {
    const folder = scratch()
    const store = createRepository(folder)
    runs(store, 41, 63, 0, 1)
    const [kept = ''] = packsIn(folder)
    writeFileSync(join(folder, '.git/objects/pack', kept.replace('.pack', '.keep')), '')
    git(folder, 'multi-pack-index', 'write')
    assert.equal(store.foldPacks(), 0)
    git(folder, 'repack', '-adq')
    runs(store, 8, 63, 41, 1)
    if (existsSync(join(folder, '.git/objects/pack/multi-pack-index'))) git(folder, 'multi-pack-index', 'expire')
    assert.ok(packsIn(folder).includes(kept))
    assert.equal(fsck(folder), '')
  })
})

describe('a delta', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(Buffer.alloc(300, 'ab'), Buffer.alloc(70_000, 'x'), Buffer.from('0123456789abcdef'.repeat(9))),
  )
  const bytes = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces))

  test('gives back what it was made of, for any two contents', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, c) => {
        const [base, target] = [Buffer.concat([a, b]), Buffer.concat([b, c, a])]
        const delta = makeDelta(base, target, 1 << 30)
        assert.ok(delta !== null)
        assert.ok(applyDelta(base, delta)?.equals(target))
      }),
      { numRuns: 150, seed: 3 },
    )
  })

  test('is short where little changed, and null above its limit', () => {
    const base = Buffer.from(Array.from({ length: 2000 }, (_, i) => `line ${i} ${(i * 7919) % 1009}\n`).join(''))
    const target = Buffer.from(base.toString().replace('line 700 ', 'LINE 700 ').replace('line 1400', 'x'))
    const delta = makeDelta(base, target, base.length / 2)
    assert.ok(delta !== null && delta.length < 80, `${delta?.length}`)
    assert.equal(makeDelta(base, target, 20), null)
    assert.equal(makeDelta(base, Buffer.from('quite other content, '.repeat(9)), 40), null)
  })

  test('that does not fit its base is refused', () => {
    const base = Buffer.from('base content')
    const delta = makeDelta(base, Buffer.from('base content and more'), 1000) ?? Buffer.alloc(0)
    assert.equal(applyDelta(Buffer.from('base'), delta), null)
    for (let length = 0; length < delta.length; length++)
      assert.equal(applyDelta(base, delta.subarray(0, length)), null)
  })
})
