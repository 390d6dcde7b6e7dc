import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ObjectStore } from '../../../engine/adapters/git/object-store.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { commit, git, gitBytes, open, repository, scratch, text } from './oracle.ts'

/** A history whose trees and blobs resemble each other, so that git packs them as deltas. */
function historyOf(commits: number): string {
  const folder = repository()
  for (let i = 0; i < commits; i++) {
    const lines = Array.from(
      { length: 60 },
      (_, line) => `line ${line}: ${line <= i * 9 ? `changed ${(line * 7919 + 13) ** 3}` : 'same'}`,
    )
    commit(
      folder,
      { 'models/a/card.yaml': `${lines.join('\n')}\n`, [`models/m${i}/card.yaml`]: `id: m${i}\n` },
      `c${i}`,
    )
  }
  git(folder, 'tag', '-a', 'v1', '-m', 'tagged')
  return folder
}

function allObjects(folder: string): { id: string; kind: string }[] {
  return git(folder, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
    .split('\n')
    .map((line) => ({ id: line.slice(0, 40), kind: line.slice(41) }))
}

function assertReadsAll(folder: string, objectsDir = join(folder, '.git/objects')): void {
  const store = new ObjectStore(objectsDir)
  const objects = allObjects(folder)
  assert.ok(objects.length > 20)
  for (const { id, kind } of objects) {
    const object = store.find(id)
    assert.equal(object?.kind, kind)
    assert.deepEqual(object?.content, gitBytes(folder, ['cat-file', kind, id]), id)
  }
}

function onlyPack(folder: string): string {
  const dir = join(folder, '.git/objects/pack')
  const [pack] = readdirSync(dir).filter((name) => name.endsWith('.pack'))
  return join(dir, pack ?? '')
}

describe('every object is read as git reads it', () => {
  test('loose', () => assertReadsAll(historyOf(4)))

  test('loose, of more than 16 KiB deflated: prose, code and noise at several levels of compression', () => {
    const folder = repository()
    const noise = createHash('shake256', { outputLength: 200 << 10 })
      .update('noise')
      .digest()
    const texts = [
      ...['docs/metrics.md', 'package-lock.json'].map((path) =>
        readFileSync(join(import.meta.dirname, '../../..', path), 'utf8'),
      ),
      noise.toString('base64'),
      JSON.stringify([...noise]),
    ]
    for (const level of [0, 1, 6, 9]) {
      git(folder, 'config', 'core.looseCompression', String(level))
      // Another beginning, so another object.
      const files = texts.map((text, i) => [`models/${level}/${i}`, `${level}${text}`])
      commit(folder, Object.fromEntries(files), `level ${level}`)
    }
    assertReadsAll(folder)
  })

  test('packed as chains of deltas by offset', () => {
    const folder = historyOf(7)
    git(folder, 'repack', '-adfq', '--depth=50', '--window=50')
    assert.match(git(folder, 'verify-pack', '-v', onlyPack(folder)), /chain length = [2-9]/)
    assertReadsAll(folder)
  })

  test('packed as deltas by id', () => {
    const folder = historyOf(6)
    git(folder, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq', '--depth=50')
    assertReadsAll(folder)
  })

  test('an index of version 1, and one with 64-bit offsets', () => {
    const folder = historyOf(4)
    git(folder, 'repack', '-adq')
    const pack = onlyPack(folder)
    for (const version of ['1', '2,0x40']) {
      chmodSync(pack.replace('.pack', '.idx'), 0o644)
      git(folder, 'index-pack', `--index-version=${version}`, '-o', pack.replace('.pack', '.idx'), pack)
      assertReadsAll(folder)
    }
  })

  test('several packs, loose objects and an alternate together', () => {
    const origin = historyOf(3)
    git(origin, 'repack', '-dq')
    commit(origin, { 'models/x/card.yaml': 'id: x\n' })
    git(origin, 'repack', '-dq')
    const folder = join(scratch(), 'clone')
    git(origin, 'clone', '-q', '--shared', origin, folder)
    git(folder, 'config', 'user.name', 'x')
    commit(folder, { 'models/y/card.yaml': 'id: y\n' })
    assert.equal(readdirSync(join(folder, '.git/objects/pack')).length, 0)
    assertReadsAll(folder)
  })

  test('packed again by another process while the store is open', () => {
    const folder = historyOf(3)
    git(folder, 'repack', '-adq')
    const store = open(folder)
    const before = store.resolve('HEAD') ?? ''
    commit(folder, { 'models/z/card.yaml': 'id: z\n' })
    git(folder, 'repack', '-adfq', '--window=3')
    const head = store.resolve('HEAD') ?? ''
    assert.notEqual(head, before)
    assert.equal(text(store.commitTree(head).read('models/z/card.yaml')), 'id: z\n')
    assert.equal(text(store.commitTree(before).read('models/m1/card.yaml')), 'id: m1\n')
  })
})

describe('damage is a fault and never other content', () => {
  test('any byte of a pack with deltas flipped', () => {
    const folder = historyOf(3)
    git(folder, 'repack', '-adfq')
    const pack = onlyPack(folder)
    const objects = allObjects(folder)
    const contents = new Map(objects.map(({ id, kind }) => [id, gitBytes(folder, ['cat-file', kind, id])]))
    const sound = readFileSync(pack)
    chmodSync(pack, 0o644)
    let faults = 0
    for (let at = 0; at < sound.length - 20; at += 7) {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      writeFileSync(pack, bytes)
      const store = new ObjectStore(join(folder, '.git/objects'))
      for (const { id, kind } of objects) {
        try {
          assert.deepEqual(store.read(id, kind as 'blob'), contents.get(id))
        } catch (error) {
          if (!(error instanceof Fault)) throw error
          assert.match(error.code, /^git\/(damaged-|wrong-object)/)
          faults++
        }
      }
    }
    assert.ok(faults > 50)
  })

  test('any byte of a loose object flipped, and any prefix of it', () => {
    const folder = repository({ a: 'some text\n' })
    const id = git(folder, 'rev-parse', 'HEAD:a')
    const path = join(folder, '.git/objects', id.slice(0, 2), id.slice(2))
    const sound = readFileSync(path)
    chmodSync(path, 0o644)
    for (let at = 0; at < sound.length; at++) {
      for (const bytes of [Buffer.from(sound).fill((sound[at] ?? 0) ^ 1, at, at + 1), sound.subarray(0, at)]) {
        writeFileSync(path, bytes)
        const store = new ObjectStore(join(folder, '.git/objects'))
        try {
          assert.equal(text(store.read(id, 'blob')), 'some text\n')
        } catch (error) {
          if (!(error instanceof Fault)) throw error
          assert.equal(error.code, 'git/damaged-object')
        }
      }
    }
  })

  test('a lacking object is named with its path', () => {
    const folder = repository({ 'models/a/card.yaml': 'id: a\n' })
    const id = git(folder, 'rev-parse', 'HEAD:models/a/card.yaml')
    rmSync(join(folder, '.git/objects', id.slice(0, 2), id.slice(2)))
    const store = open(folder)
    const tree = store.commitTree(store.resolve('HEAD') ?? '')
    assert.throws(() => tree.read('models/a/card.yaml'), {
      code: 'git/lacking-object',
      message: `the repository lacks blob \`${id}\` (\`models/a/card.yaml\`)`,
    })
  })

  test('a partial clone says that it is one', () => {
    const origin = repository({ 'models/a/card.yaml': 'id: a\n' })
    git(origin, 'config', 'uploadpack.allowFilter', 'true')
    const folder = join(scratch(), 'partial')
    git(origin, 'clone', '-q', '--bare', '--filter=blob:none', `file://${origin}`, folder)
    const store = open(folder)
    const tree = store.commitTree(store.resolve('HEAD') ?? '')
    assert.deepEqual(
      tree.list(['models']).map((file) => file.path),
      ['models/a/card.yaml'],
    )
    assert.throws(() => tree.read('models/a/card.yaml'), /models\/a\/card\.yaml.*this is a partial clone/)
  })
})

test('a tree made by hand with a dangerous name is refused', () => {
  const names = ['.git', '.GIT', 'git~1', '.g\u200cit', '.git ', '.git::$INDEX_ALLOCATION', '..', '.git\\hooks']
  for (const name of names) {
    const folder = repository({ a: 'x' })
    const blob = git(folder, 'rev-parse', 'HEAD:a')
    const content = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')])
    const tree = gitBytes(folder, ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], content)
      .toString()
      .trim()
    const id = git(folder, 'commit-tree', tree, '-m', 'bad')
    const store = open(folder)
    assert.throws(() => store.commitTree(id).list(['']), { code: 'git/unsafe-path' }, name)
  }
})
