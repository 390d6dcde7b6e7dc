// Names of Git objects: the SHA-1 of kind, size and content. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
import { hash } from 'node:crypto'
import type { ObjectId } from '../../world.ts'

/** The kinds that a repository stores. */
export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag'

/** A stored object, inflated. */
export interface GitObject {
  readonly kind: ObjectKind
  readonly content: Buffer
}

/** The id of a tree without entries: Git knows it without storing it. */
export const EMPTY_TREE: ObjectId = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
/** The id of a file without bytes. */
export const EMPTY_BLOB: ObjectId = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
/** Stands for "no object" in reflogs and in the wire protocol. */
export const ZERO_ID: ObjectId = '0'.repeat(40)

/** Whether a text is a whole SHA-1 id, in lower case. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/** The id that Git would give this content. */
export function objectId(kind: ObjectKind, content: Uint8Array): ObjectId {
  return hash('sha1', withHeader(kind, content), 'hex')
}

/** The bytes that are hashed, and that a loose object holds deflated. */
export function withHeader(kind: ObjectKind, content: Uint8Array): Buffer {
  const header = `${kind} ${content.length}\0`
  const whole = Buffer.allocUnsafe(header.length + content.length)
  whole.write(header, 0, 'latin1')
  whole.set(content, header.length)
  return whole
}

/** A view, never a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
