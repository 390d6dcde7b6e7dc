// Who speaks in `pr`: the owner of an SSH key for what is signed, Git's author for the rest.
import type { KeyObject } from 'node:crypto'
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { parseSshPrivateKey, parseSshPublicKey } from '../base/sshsig-keys.ts'
import { signerOf } from '../remediate/allowed-signers.ts'
import { APPROVAL_NAMESPACE } from '../remediate/approval.ts'
import { isSameName } from '../remediate/roles.ts'
import type { PersonAt } from '../world.ts'
import type { Invocation } from './command.ts'
import type { OpenedProposals } from './open-proposals.ts'

/** What an approval is signed with: a key that is here, or the public half of one that signs outside. */
export interface SigningKey {
  /** As the person named it. */
  readonly path: string
  readonly publicKey: Uint8Array
  /** Null: it has to sign outside (a passphrase, an agent, a token). */
  readonly privateKey: KeyObject | null
}

/** `--key`, else Git's `user.signingKey`. Faults `approve/no-key`, `approve/bad-key`. */
export function signingKey({ world, globals, options }: Invocation, { store }: OpenedProposals): SigningKey {
  const asked = typeof options.key === 'string' ? options.key : store.config('user.signingKey')
  if (asked === null)
    throw new Fault(
      'approve/no-key',
      'there is no key to sign with',
      'give `--key FILE`, or set it once: git config user.signingKey ~/.ssh/id_ed25519',
    )
  const literal = parseSshPublicKey(asked.replace(/^key::/, ''))
  if (literal !== null) return { path: asked, publicKey: literal, privateKey: null }
  const path = absolute(asked, globals.cwd, world.process.env.HOME)
  const read = (file: string): string | null => {
    const bytes = world.files.read(file)
    return bytes === null ? null : Buffer.from(bytes).toString('utf8')
  }
  const secret = path.endsWith('.pub') ? (read(path.slice(0, -4)) ?? read(path)) : read(path)
  if (secret === null)
    throw new Fault('approve/no-key', `there is no file \`${asked}\``, 'give the private key with `--key FILE`')
  const reading = parseSshPrivateKey(secret)
  if ('key' in reading) return { path: asked, publicKey: reading.publicKey, privateKey: reading.key }
  const publicKey =
    parseSshPublicKey(secret) ?? parseSshPublicKey(read(path.endsWith('.pub') ? path : `${path}.pub`) ?? '')
  if (publicKey !== null) return { path: asked, publicKey, privateKey: null }
  const why = {
    passphrase: 'has a passphrase, and no public half beside it',
    'not-ed25519': 'is no Ed25519 key',
    'not-a-key': 'is no OpenSSH private key',
  }[reading.problem]
  throw new Fault('approve/bad-key', `\`${asked}\` ${why}`, 'make one with `ssh-keygen -t ed25519`')
}

function absolute(path: string, cwd: string, homeFolder: string | undefined): string {
  const home = path.startsWith('~/') && homeFolder !== undefined ? join(homeFolder, path.slice(2)) : path
  return isAbsolute(home) ? home : resolve(cwd, home)
}

/** The principal of a key in `policies/allowed-signers` of the base. Faults `approve/unknown-key` with the line to add. */
export function principalOf({ signers, base }: OpenedProposals, publicKey: Uint8Array, now: number): string {
  const signer = signerOf(signers, { publicKey, namespace: APPROVAL_NAMESPACE, at: [now] })
  if (typeof signer !== 'string') return signer.principals[0] ?? ''
  const why = {
    'unknown-key': 'is not in policies/allowed-signers',
    'other-namespace': 'may not sign approvals, says policies/allowed-signers',
    'not-valid-then': 'is not valid at this moment, says policies/allowed-signers',
  }[signer]
  throw new Fault(
    'approve/unknown-key',
    `this key ${why} of ${base.commit.slice(0, 10)}`,
    `a line of it, added by a reviewed change: NAME namespaces="${APPROVAL_NAMESPACE}" ssh-ed25519 AAAA…`,
  )
}

/**
 * Who snoozes, comments, closes or merges: Git's author, by the name that `people` of governance.yaml has for it.
 * Faults `pr/no-name`.
 */
export function speaker(invocation: Invocation, opened: OpenedProposals): string {
  const name = nameOf(invocation, opened, 'author')
  const { people } = opened.governance
  return (
    Object.values(people)
      .flat()
      .find((one) => isSameName(one, name)) ?? name
  )
}

/** As Git's own author: `GIT_AUTHOR_NAME`, `author.name`, `user.name`, and likewise `…email`. Faults `pr/no-name`, `pr/no-email`. */
export function authorOf(invocation: Invocation, opened: OpenedProposals): PersonAt {
  return identityOf(invocation, opened, 'author')
}

/** As `authorOf`, by `GIT_COMMITTER_…` and `committer.…`. */
export function committerOf(invocation: Invocation, opened: OpenedProposals): PersonAt {
  return identityOf(invocation, opened, 'committer')
}

type Part = 'author' | 'committer'

/** The moment is `--now`, or the clock's. */
function identityOf(invocation: Invocation, opened: OpenedProposals, part: Part): PersonAt {
  const name = nameOf(invocation, opened, part)
  const email = setting(invocation, opened, part, 'email') ?? textOrNull(invocation.world.process.env.EMAIL)
  if (email !== null) return { name, email, at: Math.floor(invocation.globals.now / 1000) }
  throw new Fault(
    'pr/no-email',
    `Git does not know the e-mail address of \`${name}\`, which a commit needs`,
    `git config user.email ADDRESS, or set GIT_${part.toUpperCase()}_EMAIL`,
  )
}

function nameOf(invocation: Invocation, opened: OpenedProposals, part: Part): string {
  const name = setting(invocation, opened, part, 'name')
  if (name !== null) return name
  throw new Fault(
    'pr/no-name',
    'Git does not know who you are',
    `git config user.name NAME, as policies/governance.yaml has it in \`people\`, or set GIT_${part.toUpperCase()}_NAME`,
  )
}

function setting(
  { world }: Invocation,
  { store }: OpenedProposals,
  part: Part,
  field: 'name' | 'email',
): string | null {
  const fromEnv = textOrNull(world.process.env[`GIT_${part}_${field}`.toUpperCase()])
  return fromEnv ?? textOrNull(store.config(`${part}.${field}`)) ?? textOrNull(store.config(`user.${field}`))
}

function textOrNull(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}
