// dag-pb: the node format of UnixFS, a protobuf with links and data. Written in its one canonical form, and read in no other:
// links before data, fields in order, nothing unknown. Source: https://ipld.io/specs/codecs/dag-pb/spec/
import { equalBytes } from '../tree-hash.ts'
import { type Cid, cidBytes, decodeCid } from './cid.ts'
import { type Field, readFields, writeFields } from './protobuf.ts'

/** A named child. */
export interface DagLink {
  readonly name: string
  readonly cid: Cid
  /** Bytes of all blocks below it, as the writer counted them. */
  readonly size: number
}

/** A node: its links in their order, and what UnixFS says of it. */
export interface DagNode {
  readonly links: readonly DagLink[]
  readonly data: Uint8Array
}

/** The bytes of a node; links stand in the order given. */
export function encodeNode({ links, data }: DagNode): Uint8Array {
  return writeFields([...links.map((link): Field => [2, encodeLink(link)]), [1, data]])
}

function encodeLink({ cid, name, size }: DagLink): Uint8Array {
  return writeFields([
    [1, cidBytes(cid)],
    [2, Buffer.from(name)],
    [3, size],
  ])
}

/** Null for all that `encodeNode` would not write: another form, a name that is no UTF-8, a CID that is not read here. */
export function decodeNode(bytes: Uint8Array): DagNode | null {
  const fields = readFields(bytes)
  const data = fields?.at(-1)?.[1]
  if (fields === null || !(data instanceof Uint8Array)) return null
  const links: DagLink[] = []
  for (const [, value] of fields.slice(0, -1)) {
    const link = value instanceof Uint8Array ? decodeLink(value) : null
    if (link === null) return null
    links.push(link)
  }
  const node = { links, data }
  return equalBytes(encodeNode(node), bytes) ? node : null
}

function decodeLink(bytes: Uint8Array): DagLink | null {
  const [hash, name, size, ...others] = readFields(bytes) ?? []
  if (!(hash?.[1] instanceof Uint8Array) || !(name?.[1] instanceof Uint8Array) || typeof size?.[1] !== 'number')
    return null
  const cid = decodeCid(hash[1])
  if (cid === null || others.length > 0) return null
  // A name that is no UTF-8 comes out changed, and the node's bytes then differ from those read.
  return { cid, name: Buffer.from(name[1]).toString('utf8'), size: size[1] }
}
