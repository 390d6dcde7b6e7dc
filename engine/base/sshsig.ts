// SSH signatures (SSHSIG) with Ed25519 keys, made and checked in the process: what `ssh-keygen -Y sign` writes and
// `ssh-keygen -Y verify` accepts, and what Git takes as a commit's signature (namespace `git`).
// Source: https://github.com/openssh/openssh-portable/blob/V_9_9_P1/PROTOCOL.sshsig
import { createHash, type KeyObject } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { publicKeyOf, signEd25519, verifyEd25519 } from './ed25519.ts'
import { WireReader, wireNumber, wireString } from './ssh-wire.ts'
import { publicKeyBlob, readPublicKeyBlob } from './sshsig-keys.ts'

const MAGIC = 'SSHSIG'
const BEGIN = '-----BEGIN SSH SIGNATURE-----'
const END = '-----END SSH SIGNATURE-----'
const LINE = 70
const HASHES = ['sha512', 'sha256']
/** Far above any Ed25519 signature. */
const LONGEST = 8192

/** The parts of an SSHSIG, nothing verified. Source: OpenSSH PROTOCOL.sshsig. */
export interface SshSignature {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly namespace: string
  readonly hash: string
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** The armoured signature, with a final newline. Equal input gives equal output. */
export function sshSign(privateKey: KeyObject, payload: Uint8Array, namespace: string): string {
  const signature = signEd25519(privateKey, signedBytes(payload, namespace, 'sha512'))
  const blob = Buffer.concat([
    Buffer.from(MAGIC),
    wireNumber(1),
    wireString(publicKeyBlob(publicKeyOf(privateKey))),
    wireString(namespace),
    wireString(''),
    wireString('sha512'),
    wireString(Buffer.concat([wireString('ssh-ed25519'), wireString(signature)])),
  ])
  const lines = blob.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/** `null` for anything but one armoured signature, version 1, by an Ed25519 key. */
export function parseSshSignature(armour: string): SshSignature | null {
  if (armour.length > LONGEST) return null
  const lines = armour.replaceAll('\r\n', '\n').trimEnd().split('\n')
  if (lines[0] !== BEGIN || lines.at(-1) !== END) return null
  const blob = decodeBase64(lines.slice(1, -1).join(''))
  if (blob === null) return null
  const reader = new WireReader(blob)
  if (reader.take(MAGIC.length)?.toString('latin1') !== MAGIC || reader.number() !== 1) return null
  const publicKey = readPublicKeyBlob(reader.string())
  const [namespace, reserved, hash] = [reader.text(), reader.string(), reader.text()]
  const signature = readSignatureBlob(reader.string())
  if (publicKey === null || namespace === null || namespace === '' || reserved === null || signature === null)
    return null
  if (hash === null || !HASHES.includes(hash) || !reader.isAtEnd) return null
  return { publicKey, namespace, hash, signature }
}

/** The public key that signed exactly this payload under this namespace; `null` where none did. */
export function verifySshSignature(armour: string, payload: Uint8Array, namespace: string): Uint8Array | null {
  const parsed = parseSshSignature(armour)
  if (parsed === null || parsed.namespace !== namespace) return null
  const bytes = signedBytes(payload, namespace, parsed.hash)
  return verifyEd25519(parsed.publicKey, bytes, parsed.signature) ? parsed.publicKey : null
}

function signedBytes(payload: Uint8Array, namespace: string, hash: string): Buffer {
  const digest = createHash(hash).update(payload).digest()
  return Buffer.concat([
    Buffer.from(MAGIC),
    wireString(namespace),
    wireString(''),
    wireString(hash),
    wireString(digest),
  ])
}

function readSignatureBlob(blob: Buffer | null): Uint8Array | null {
  if (blob === null) return null
  const reader = new WireReader(blob)
  if (reader.text() !== 'ssh-ed25519') return null
  const signature = reader.string()
  return signature?.length === 64 && reader.isAtEnd ? signature : null
}
