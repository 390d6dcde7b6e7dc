// Packs that a remote sends, and trees that anybody may have committed, made by hand to do harm: bombs that take no room
// until somebody opens or lists them.
import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { objectId } from '../../../engine/adapters/git/object-id.ts'
import { entryHead } from '../../../engine/adapters/git/pack-writer.ts'
import { installReceivedPack } from '../../../engine/adapters/git/received-pack.ts'
import {
  assertFault,
  BLOB,
  delta,
  ID,
  type Made,
  MIB,
  OTHER,
  packOf,
  putPack,
  repeat,
  store,
  varint,
  whole,
} from './hand-made-store.ts'
import { open } from './oracle.ts'

describe('a pack from a remote', () => {
  const take = (made: readonly Buffer[]): void => {
    const { objects } = store()
    const { pack } = packOf(made.map((bytes) => ({ id: ID, bytes })))
    try {
      installReceivedPack(objects, pack, join(objects, 'marks'))
    } finally {
      const left = readdirSync(join(objects, 'pack')).filter((name) => name.startsWith('tmp'))
      assert.deepEqual(left, [])
    }
  }

  test('of bases that stand in it twice, level upon level, is taken in one pass', () => {
    // Each level has two entries of one content, each a delta of the level before by id: 2⁴⁰ ways to the last.
    let content = Buffer.from('x'.repeat(100))
    const made = [whole(content), whole(content)]
    for (let i = 0; i < 40; i++) {
      const base = objectId('blob', content)
      const letter = Buffer.from(String(i % 10))
      const ops = Buffer.from([
        ...varint(content.length),
        ...varint(content.length + 1),
        0x90,
        content.length,
        1,
        ...letter,
      ])
      made.push(delta(base, ops), delta(base, ops))
      content = Buffer.concat([content, letter])
    }
    take(made)
  })

  test('of 40 deltas of 32 MiB on one base holds few of them at a time', () => {
    const base = Buffer.alloc(MIB)
    const made = [whole(base)]
    for (let i = 0; i < 40; i++) made.push(delta(objectId('blob', base), repeat(MIB, MIB, 32)))
    const before = process.memoryUsage().rss
    take(made)
    assert.ok(process.memoryUsage().rss - before < 640 * MIB)
  })

  for (const [what, made] of [
    ['without its base', [delta(OTHER, repeat(100, 100, 1))]],
    ['that says 4 GiB', [whole(Buffer.alloc(10), 2 ** 32)]],
    ['that says 10 bytes and inflates to 64 MiB', [whole(Buffer.alloc(64 * MIB), 10)]],
  ] as const) {
    test(`with an object ${what}`, () => assertFault(() => take(made), /^git\/bad-pack$/, 'remote'))
  }
})

describe('trees', () => {
  /** Commits a tree whose levels are made one above another; `names` in each level stand for the level below. */
  function nested(
    levels: number,
    names: number,
    leaf: string | null,
  ): { readonly folder: string; readonly commit: string } {
    const { objects, folder } = store()
    const made: Made[] = []
    const put = (kind: 'blob' | 'tree' | 'commit', content: Buffer): string => {
      const id = objectId(kind, content)
      const type = { commit: 1, tree: 2, blob: BLOB }[kind]
      made.push({ id, bytes: Buffer.concat([entryHead(type, content.length), deflateSync(content)]) })
      return id
    }
    const treeOf = (mode: string, id: string): Buffer =>
      Buffer.concat(
        Array.from({ length: names }, (_, i) => Buffer.concat([Buffer.from(`${mode} ${i}\0`), Buffer.from(id, 'hex')])),
      )
    let at =
      leaf === null ? put('tree', Buffer.alloc(0)) : put('tree', treeOf('100644', put('blob', Buffer.from(leaf))))
    for (let i = 0; i < levels; i++) at = put('tree', treeOf('40000', at))
    const models = Buffer.concat([Buffer.from('40000 models\0'), Buffer.from(at, 'hex')])
    const person = 'Ana <ana@example.org> 1767225600 +0000'
    const commit = put(
      'commit',
      Buffer.from(`tree ${put('tree', models)}\nauthor ${person}\ncommitter ${person}\n\nx\n`),
    )
    putPack(objects, made)
    writeFileSync(join(folder, '.git/refs/heads/main'), `${commit}\n`)
    return { folder, commit }
  }

  for (const [what, levels, names, leaf] of [
    ['that name each other ten times, ten levels deep', 10, 10, 'x'],
    ['of nothing but empty trees', 10, 10, null],
    ['one within another, 5,000 deep', 5_000, 1, 'x'],
  ] as const) {
    test(what, () => {
      const { folder, commit } = nested(levels, names, leaf)
      const repository = open(folder)
      assertFault(() => repository.commitTree(commit).list(['models']), /^git\/too-large$/, '`models/`')
      assertFault(() => repository.changedPaths(null, commit), /^git\/too-large$/, '`models/`')
    })
  }
})
