// Stores made by hand to do harm: bombs of zlib and deltas, offsets and sizes that lie. Each is a fault that names the file
// and says what to do, in bounded time and memory.
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { objectId } from '../../../engine/adapters/git/object-id.ts'
import { ObjectStore } from '../../../engine/adapters/git/object-store.ts'
import { entryHead } from '../../../engine/adapters/git/pack-writer.ts'
import {
  assertFault,
  delta,
  ID,
  type Made,
  MIB,
  OTHER,
  putLoose,
  putPack,
  REF_DELTA,
  repeat,
  store,
  varint,
  whole,
} from './hand-made-store.ts'

const ZEROS = deflateSync(Buffer.alloc(64 * MIB))

describe('a loose object', () => {
  /** The bytes of many MiB of zeros behind a header. */
  const bomb = (header: string): Buffer => deflateSync(Buffer.concat([Buffer.from(header), Buffer.alloc(64 * MIB)]))

  for (const [what, file, code] of [
    ['that says 10 bytes and inflates to 64 MiB', bomb('blob 10\0'), /^git\/damaged-object$/],
    ['that says 4 GiB', bomb(`blob ${2 ** 32}\0`), /^git\/too-large$/],
    ['that says 4 GiB and is small', deflateSync(Buffer.from(`blob ${2 ** 32}\0x`)), /^git\/damaged-object$/],
    ['whose header has no end', deflateSync(Buffer.alloc(64 * MIB, 'blob 1')), /^git\/damaged-object$/],
    ['whose hash is not its name', deflateSync(Buffer.from('blob 1\0x')), /^git\/damaged-object$/],
    ['of no known kind', deflateSync(Buffer.from('blub 1\0x')), /^git\/damaged-object$/],
    ['that is empty', Buffer.alloc(0), /^git\/damaged-object$/],
    ['that is no zlib', Buffer.alloc(MIB, 1), /^git\/damaged-object$/],
  ] as const) {
    test(what, () => {
      const { objects } = store()
      const path = putLoose(objects, ID, file)
      const names = code.test('git/too-large') ? path : ID
      assertFault(() => new ObjectStore(objects).read(ID, 'blob'), code, names)
    })
  }

  test('of 20 MiB that is honest is read', () => {
    const { objects } = store()
    const content = Buffer.alloc(20 * MIB)
    const id = objectId('blob', content)
    putLoose(objects, id, deflateSync(Buffer.concat([Buffer.from(`blob ${20 * MIB}\0`), content])))
    assert.equal(new ObjectStore(objects).read(id, 'blob').length, 20 * MIB)
  })
})

describe('a pack', () => {
  const small = whole(Buffer.from('x'.repeat(100)))

  for (const [what, made, code] of [
    ['whose object says 10 bytes and inflates to 64 MiB', [whole(Buffer.alloc(64 * MIB), 10)], /damaged-pack/],
    ['whose object says 4 GiB', [whole(Buffer.alloc(10), 2 ** 32)], /too-large/],
    ['whose delta has another base size', [small, delta(small.length, repeat(99, 10, 1))], /damaged-pack/],
    ['whose delta copies from beyond its base', [small, delta(small.length, repeat(100, 101, 1))], /damaged-pack/],
    ['whose delta goes back before the pack', [small, delta(small.length + 13, repeat(100, 10, 1))], /damaged-pack/],
    ['whose delta is its own base', [small, delta(OTHER, repeat(100, 100, 1))], /damaged-pack|too-large/],
    [
      'whose delta says 4 GiB',
      [small, delta(small.length, Buffer.from([100, ...varint(2 ** 32), 0x90, 100]))],
      /damaged-pack/,
    ],
    ['whose delta ends within a copy', [small, delta(small.length, Buffer.from([100, 10, 0xff, 0]))], /damaged-pack/],
    ['whose delta has the reserved op', [small, delta(small.length, Buffer.from([100, 1, 0]))], /damaged-pack/],
    [
      'whose object is of the reserved kind',
      [Buffer.concat([entryHead(5, 1), deflateSync(Buffer.from('x'))])],
      /damaged-pack/,
    ],
    ['whose object has another hash', [whole(Buffer.from('y'))], /damaged-object/],
  ] as const) {
    test(what, () => {
      const { objects } = store()
      const ids = made.length === 1 ? [OTHER] : [ID, OTHER]
      const path = putPack(
        objects,
        made.map((bytes, i) => ({ id: ids[i] ?? '', bytes })),
      )
      assertFault(() => new ObjectStore(objects).read(OTHER, 'blob'), code, code.test('damaged-object') ? OTHER : path)
    })
  }

  test('whose deltas are each the base of the other', () => {
    const { objects } = store()
    const path = putPack(objects, [
      { id: ID, bytes: delta(OTHER, repeat(100, 100, 1)) },
      { id: OTHER, bytes: delta(ID, repeat(100, 100, 1)) },
    ])
    assertFault(() => new ObjectStore(objects).read(OTHER, 'blob'), /damaged-pack/, path)
  })

  test('of deltas that double what was before, forty times', () => {
    const { objects } = store()
    const made: Made[] = [{ id: ID, bytes: whole(Buffer.alloc(MIB)) }]
    for (let i = 0, size = MIB; i < 40; i++, size *= 2) {
      const back = made.at(-1)?.bytes.length ?? 0
      // Copies of 8 MiB: three bytes tell a length.
      const part = Math.min(size, 8 * MIB)
      made.push({
        id: `${'e'.repeat(38)}${i.toString(16).padStart(2, '0')}`,
        bytes: delta(back, repeat(size, part, Math.min((2 * size) / part, 4096))),
      })
    }
    const path = putPack(objects, made)
    assertFault(() => new ObjectStore(objects).read(made.at(-1)?.id ?? '', 'blob'), /damaged-pack|too-large/, path)
  })

  test('of deltas that are bombs of zlib each', () => {
    const { objects } = store()
    const made: Made[] = [{ id: ID, bytes: small }]
    for (let i = 0; i < 40; i++) {
      const head = Buffer.concat([entryHead(REF_DELTA, 64 * MIB), Buffer.from(made.at(-1)?.id ?? '', 'hex')])
      made.push({ id: `${'e'.repeat(38)}${i.toString(16).padStart(2, '0')}`, bytes: Buffer.concat([head, ZEROS]) })
    }
    const path = putPack(objects, made)
    assertFault(() => new ObjectStore(objects).read(made.at(-1)?.id ?? '', 'blob'), /too-large/, path)
  })

  test('that is cut off, at any byte', () => {
    const bytes = [small, whole(Buffer.from('y'.repeat(300)))]
    for (let at = 0; at < bytes.reduce((sum, { length }) => sum + length, 12); at++) {
      const { objects } = store()
      const path = putPack(
        objects,
        bytes.map((one, i) => ({ id: [ID, OTHER][i] ?? '', bytes: one })),
      )
      chmodSync(path, 0o644)
      truncateSync(path, at)
      assertFault(() => new ObjectStore(objects).read(OTHER, 'blob'), /damaged-pack/, path)
    }
  })
})

describe('an index of a pack', () => {
  const content = Buffer.from('x'.repeat(100))
  const id = objectId('blob', content)

  for (const [what, spoil] of [
    ['whose fan-out goes down', (index: Buffer) => index.writeUInt32BE(9, 8)],
    ['that counts more than it has', (index: Buffer) => index.fill(0xff, 8 + 1020, 8 + 1024)],
    ['of another version', (index: Buffer) => index.writeUInt32BE(3, 4)],
    ['with an offset beyond the pack', (index: Buffer) => index.writeUInt32BE(0x7ffffff0, 8 + 1024 + 24)],
    ['with a wide offset that is not there', (index: Buffer) => index.writeUInt32BE(0xfffffff0, 8 + 1024 + 24)],
    ['with an offset within the header', (index: Buffer) => index.writeUInt32BE(0, 8 + 1024 + 24)],
    ['with an offset within another object', (index: Buffer) => index.writeUInt32BE(14, 8 + 1024 + 24)],
  ] as const) {
    test(what, () => {
      const { objects } = store()
      const path = putPack(objects, [{ id, bytes: whole(content) }]).replace('.pack', '.idx')
      const index = readFileSync(path)
      spoil(index)
      chmodSync(path, 0o644)
      writeFileSync(path, index)
      assertFault(() => new ObjectStore(objects).read(id, 'blob'), /^git\/damaged-/, path.slice(0, -4))
    })
  }
})
