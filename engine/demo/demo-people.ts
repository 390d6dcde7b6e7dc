// The people of the story and their keys. Private halves stay in the scratch Git directory and are never committed.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { privateKeyOfSeed, publicKeyOf, SEED_BYTES } from '../base/ed25519.ts'
import { formatSshPrivateKey, formatSshPublicKey } from '../base/sshsig-keys.ts'
import type { Files } from '../world.ts'

/** As governance.yaml of the example names them. */
export const PEOPLE = ['ana', 'rui', 'dora', 'lia', 'teresa', 'paulo'] as const
/** One of them. */
export type PersonName = (typeof PEOPLE)[number]

/** In whose name whoever watches the demo tries its last commands: an owner of the model that is still waiting. */
export const VISITOR: PersonName = 'dora'

/** Writes a key file a person; the text of `policies/allowed-signers` with their public halves. */
export function makeKeys(files: Files, gitDir: string): string {
  const lines = PEOPLE.map((name) => {
    const seed = randomBytes(SEED_BYTES)
    files.write(keyFile(gitDir, name), formatSshPrivateKey(seed, name), 0o600)
    return `${name} namespaces="tutela-approval" ${formatSshPublicKey(publicKeyOf(privateKeyOfSeed(seed)))}`
  })
  return `# Made for this scratch repository; the private halves are in tutela/demo-keys of its Git directory.\n${lines.join('\n')}\n`
}

/** A person's private key, in the scratch Git directory. */
export function keyFile(gitDir: string, name: PersonName): string {
  return join(gitDir, 'tutela/demo-keys', name)
}

/** Of a person or a pipeline of the story; no such domain receives mail. */
export function emailOf(name: string): string {
  return `${name}@banco.example`
}
