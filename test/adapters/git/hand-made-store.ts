// Stores of objects made byte by byte, so that they can lie: loose objects, packs with their indexes, deltas. And what is
// asked of whoever reads them: a fault, in bounded time and memory.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { entryHead, installPack, type PackedObject } from '../../../engine/adapters/git/pack-writer.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { scratch } from './oracle.ts'

export const MIB = 2 ** 20
export const ID = 'ab'.repeat(20)
export const OTHER = 'cd'.repeat(20)
export const [BLOB, OFS_DELTA, REF_DELTA] = [3, 6, 7]

export function store(): { readonly objects: string; readonly folder: string } {
  const folder = scratch()
  const objects = join(folder, '.git/objects')
  for (const name of ['.git/refs/heads', '.git/objects/pack']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
  return { objects, folder }
}

export function putLoose(objects: string, id: string, file: Uint8Array): string {
  const path = join(objects, id.slice(0, 2), id.slice(2))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, file)
  return path
}

export interface Made {
  readonly id: string
  readonly bytes: Buffer
}

/** A pack of these entries with an index that finds them; ids may lie. */
export function putPack(objects: string, made: readonly Made[]): string {
  const { pack, entries } = packOf(made)
  return installPack(objects, pack, entries, { folder: join(objects, 'marks'), text: '' })
}

export function packOf(made: readonly Made[]): { readonly pack: Buffer; readonly entries: PackedObject[] } {
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

export function whole(content: Buffer, claimed = content.length): Buffer {
  return Buffer.concat([entryHead(BLOB, claimed), deflateSync(content)])
}

/** `back`: distance to the base in bytes, or its id. */
export function delta(back: number | string, ops: Buffer): Buffer {
  if (typeof back === 'string') {
    return Buffer.concat([entryHead(REF_DELTA, ops.length), Buffer.from(back, 'hex'), deflateSync(ops)])
  }
  const bytes = [back & 127]
  for (let rest = Math.floor(back / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 | (--rest & 127))
  return Buffer.concat([entryHead(OFS_DELTA, ops.length), Buffer.from(bytes), deflateSync(ops)])
}

export function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest & 127) | 128)
  }
}

/** A delta that takes the base's first `length` bytes `times` times over. */
export function repeat(baseSize: number, length: number, times: number): Buffer {
  const copy = [0x80 | 16 | 32 | 64, length & 255, (length >> 8) & 255, (length >> 16) & 255]
  return Buffer.from([
    ...varint(baseSize),
    ...varint(length * times),
    ...Array.from({ length: times }, () => copy).flat(),
  ])
}

export function assertFault(act: () => unknown, code: RegExp, names: string): void {
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
