// Files and directories as UnixFS: IPIP-0499's CIDs under both profiles, and CARs under ours to the byte.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { carPieces } from '../../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText } from '../../../engine/ledger/ipfs/cid.ts'
import type { DagLink } from '../../../engine/ledger/ipfs/dag-pb.ts'
import { type Profile, UNIXFS_V0_2015, UNIXFS_V1_2025 } from '../../../engine/ledger/ipfs/profile.ts'
import { addDirectory } from '../../../engine/ledger/ipfs/unixfs-directory.ts'
import {
  addChunk,
  addFile,
  addFileNodes,
  type FilePart,
  type Made,
  type TakeBlock,
} from '../../../engine/ledger/ipfs/unixfs-file.ts'
import { LEDGER, readJson, skipWithoutVectors } from '../vectors.ts'
import { keyStream } from './chacha.ts'

const UNIXFS = join(LEDGER, 'unixfs')
const none: TakeBlock = () => undefined

interface Published {
  readonly alphabet: string
  readonly profiles: readonly { readonly profile: string; readonly vectors: readonly PublishedCase[] }[]
  readonly emptyDirectory: { readonly v0: string; readonly v1: string }
}

interface PublishedCase {
  readonly what: string
  readonly text?: string
  readonly seed?: string
  readonly size?: number
  readonly files?: number
  readonly nameLength?: number
  readonly lastNameLength?: number
  readonly cid: string
}

const PROFILES: Readonly<Record<string, Profile>> = {
  'unixfs-v1-2025': UNIXFS_V1_2025,
  'unixfs-v0-2015': UNIXFS_V0_2015,
}

if (skipWithoutVectors === false) {
  const { profiles, alphabet, emptyDirectory } = readJson(join(UNIXFS, 'ipip-0499.json')) as Published
  for (const { profile: name, vectors } of profiles) {
    const profile = PROFILES[name]
    assert.ok(profile !== undefined)
    for (const one of vectors.filter(({ size }) => size === undefined))
      test(`${name}: ${one.what}`, () => {
        const { text } = one
        const made = text === undefined ? manyNames(one, profile, alphabet) : addFile(Buffer.from(text), profile, none)
        assert.equal(cidText(made.cid), one.cid)
      })
    // The file over a limit is the one at the limit and a byte more, so that its chunks are made once.
    const sized = vectors.filter(({ seed, size }) => seed !== undefined && size !== undefined)
    for (const [seed, cases] of Map.groupBy(sized, (one) => one.seed ?? ''))
      test(`${name}: ${cases.map(({ what }) => what).join(', ')}`, () => {
        const most = Math.max(...cases.map(({ size }) => size ?? 0))
        const chunks: FilePart[] = []
        for (const chunk of keyStream(seed, most, profile.chunkBytes)) chunks.push(addChunk(chunk, profile, none))
        for (const { size = 0, cid } of cases) {
          const parts = chunks.slice(0, Math.ceil(size / profile.chunkBytes))
          assert.equal(cidText(addFileNodes(parts, profile, none).cid), cid)
        }
      })
  }
  test('the empty directory under both profiles', () => {
    assert.equal(cidText(addDirectory([], UNIXFS_V0_2015, none).cid), emptyDirectory.v0)
    assert.equal(cidText(addDirectory([], UNIXFS_V1_2025, none).cid), emptyDirectory.v1)
  })
} else test('IPIP-0499', { skip: skipWithoutVectors })

function manyNames(
  { seed = '', files = 0, nameLength = 0, lastNameLength = 0 }: PublishedCase,
  profile: Profile,
  alphabet: string,
): Made {
  const bytes = files * nameLength + lastNameLength
  const stream = Buffer.concat([...keyStream(seed, bytes, bytes)])
  const file = addFile(Buffer.from('x'), profile, none)
  const links = Array.from({ length: files }, (_, i): DagLink => {
    const at = i * nameLength
    const name = [...stream.subarray(at, at + (i === files - 1 ? lastNameLength : nameLength))]
    return { ...file, name: name.map((byte) => alphabet[byte % alphabet.length]).join('') }
  })
  return addDirectory(links, profile, none)
}

interface Input {
  readonly text?: string
  readonly zeros?: number
  readonly chacha20?: string
  readonly size?: number
  readonly dir?: Readonly<Record<string, Input>>
  readonly path?: string
  readonly rule?: string
}

interface CarCase {
  readonly name: string
  readonly input: Input
  readonly cid: string
  readonly carBytes: number
  readonly carSha256: string
  readonly car?: string
}

if (skipWithoutVectors === false) {
  const { vectors } = readJson(join(UNIXFS, 'unixfs-v1-2025.json')) as { vectors: CarCase[] }
  for (const { name, input, cid, carBytes, carSha256, car } of vectors)
    test(`the CAR of ${name}`, () => {
      const blocks = new Map<string, Uint8Array>()
      const take: TakeBlock = (id, bytes) => blocks.set(cidText(id), bytes)
      const made = add(input, take)
      assert.equal(cidText(made.cid), cid)
      const bytes = Buffer.concat([...carPieces(made.cid, (id: Cid) => blocks.get(cidText(id)) ?? null)])
      assert.equal(bytes.length, carBytes)
      assert.equal(createHash('sha256').update(bytes).digest('hex'), carSha256)
      if (car !== undefined) assert.deepEqual(bytes, readFileSync(join(UNIXFS, car)))
    })
}

function add(input: Input, take: TakeBlock): Made {
  const { text, zeros, chacha20, size = 0, dir, path, rule } = input
  if (text !== undefined) return addFile(Buffer.from(text), UNIXFS_V1_2025, take)
  if (zeros !== undefined) return addFile(Buffer.alloc(zeros), UNIXFS_V1_2025, take)
  if (chacha20 !== undefined) return addFile(Buffer.concat([...keyStream(chacha20, size, size)]), UNIXFS_V1_2025, take)
  if (path !== undefined) return addFolder(join(LEDGER, path), take)
  if (dir !== undefined) {
    const links = Object.entries(dir).map(([name, child]) => ({ name, ...add(child, take) }))
    return addDirectory(links, UNIXFS_V1_2025, take)
  }
  assert.match(rule ?? '', /^1,000 files entry-0000/)
  const links = Array.from({ length: 1000 }, (_, i) => ({
    name: `entry-${String(i).padStart(4, '0')}`,
    ...addFile(Buffer.from(`${i}\n`), UNIXFS_V1_2025, take),
  }))
  return addDirectory(links, UNIXFS_V1_2025, take)
}

function addFolder(folder: string, take: TakeBlock): Made {
  const links = readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    ...(entry.isDirectory()
      ? addFolder(join(folder, entry.name), take)
      : addFile(readFileSync(join(folder, entry.name)), UNIXFS_V1_2025, take)),
  }))
  return addDirectory(links, UNIXFS_V1_2025, take)
}
