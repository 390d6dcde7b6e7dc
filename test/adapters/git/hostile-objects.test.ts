// Stores made by hand to do harm: bombs of zlib, deltas and trees, offsets and sizes that lie. Each is a fault that names
// the file and says what to do, in bounded time and memory.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { objectId } from '../../../engine/adapters/git/object-id.ts'
import { ObjectStore } from '../../../engine/adapters/git/object-store.ts'
import { entryHead, installPack, type PackedObject } from '../../../engine/adapters/git/pack-writer.ts'
import { installReceivedPack } from '../../../engine/adapters/git/received-pack.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { open, scratch } from './oracle.ts'

const MIB = 2 ** 20
const ID = 'ab'.repeat(20)
const OTHER = 'cd'.repeat(20)
const [BLOB, OFS_DELTA, REF_DELTA] = [3, 6, 7]

function store(): { readonly objects: string; readonly folder: string } {
  const folder = scratch()
  const objects = join(folder, '.git/objects')
  for (const name of ['.git/refs/heads', '.git/objects/pack']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
  return { objects, folder }
}

function putLoose(objects: string, id: string, file: Uint8Array): string {
  const path = join(objects, id.slice(0, 2), id.slice(2))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, file)
  return path
}

interface Made {
  readonly id: string
  readonly bytes: Buffer
}

/** A pack of these entries with an index that finds them; ids may lie. */
function putPack(objects: string, made: readonly Made[]): string {
  const { pack, entries } = packOf(made)
  return installPack(objects, pack, entries, { folder: join(objects, 'marks'), text: '' })
}

function packOf(made: readonly Made[]): { readonly pack: Buffer; readonly entries: PackedObject[] } {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(made.length, 8)
  const entries: PackedObject[] = []
  let offset = 12
  for (const { id, bytes } of made) {
    entries.push({ id, offset, crc: crc32(bytes) })
    offset += bytes.length
  }
  const body = Buffer.concat([header, ...made.map(({ bytes }) => bytes)])
  return { pack: Buffer.concat([body, Buffer.from(hash('sha1', body, 'hex'), 'hex')]), entries }
}

function whole(content: Buffer, claimed = content.length): Buffer {
  return Buffer.concat([entryHead(BLOB, claimed), deflateSync(content)])
}

/** `back`: distance to the base in bytes, or its id. */
function delta(back: number | string, ops: Buffer): Buffer {
  if (typeof back === 'string') {
    return Buffer.concat([entryHead(REF_DELTA, ops.length), Buffer.from(back, 'hex'), deflateSync(ops)])
  }
  const bytes = [back & 127]
  for (let rest = Math.floor(back / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 | (--rest & 127))
  return Buffer.concat([entryHead(OFS_DELTA, ops.length), Buffer.from(bytes), deflateSync(ops)])
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest & 127) | 128)
  }
}

/** A delta that takes the base's first `length` bytes `times` times over. */
function repeat(baseSize: number, length: number, times: number): Buffer {
  const copy = [0x80 | 16 | 32 | 64, length & 255, (length >> 8) & 255, (length >> 16) & 255]
  return Buffer.from([
    ...varint(baseSize),
    ...varint(length * times),
    ...Array.from({ length: times }, () => copy).flat(),
  ])
}

function assertFault(act: () => unknown, code: RegExp, names: string): void {
  const before = process.memoryUsage().rss
  const began = performance.now()
  assert.throws(act, (error) => {
    if (!(error instanceof Fault)) throw error
    assert.match(error.code, code)
    assert.ok(error.message.includes(names), `${error.message} should name ${names}`)
    assert.ok(error.hint !== undefined && error.hint !== '')
    return true
  })
  // Far above what is allowed, far below what the bombs would take: they are of GiB, or of minutes.
  assert.ok(performance.now() - began < 20_000)
  assert.ok(process.memoryUsage().rss - before < 2048 * MIB)
}

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
