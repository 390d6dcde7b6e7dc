// People with SSH keys made from their names, and an allowed-signers file of them.
import { createHash, type KeyObject } from 'node:crypto'
import { privateKeyOfSeed, publicKeyOf } from '../../engine/base/ed25519.ts'
import { formatSshPrivateKey, formatSshPublicKey } from '../../engine/base/sshsig-keys.ts'

export interface Person {
  readonly name: string
  readonly key: KeyObject
  readonly publicKey: Uint8Array
  /** `ssh-ed25519 AAAA…` */
  readonly publicLine: string
  readonly privateFile: string
}

export function person(name: string): Person {
  const seed = createHash('sha256').update(`the key of ${name}`).digest()
  const key = privateKeyOfSeed(seed)
  const publicKey = publicKeyOf(key)
  return {
    name,
    key,
    publicKey,
    publicLine: formatSshPublicKey(publicKey),
    privateFile: formatSshPrivateKey(seed, name),
  }
}

export const [ana, rui, lia, eve] = [person('ana'), person('rui'), person('lia'), person('eve')]

export function signersOf(...people: readonly Person[]): string {
  return people.map(({ name, publicLine }) => `${name} namespaces="tutela-approval" ${publicLine}\n`).join('')
}
