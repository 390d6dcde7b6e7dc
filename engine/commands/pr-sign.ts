// A person's signature over what they decide: by a key that is here, or made outside and handed in.
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { SignedApproval } from '../domain/proposal.ts'
import { signText } from '../remediate/approval.ts'
import type { Invocation } from './command.ts'
import type { OpenedProposals } from './open-proposals.ts'
import { principalOf, signingKey } from './pr-people.ts'

/** What is to be signed. */
export interface ToSign {
  /** Names the text that is laid aside in `tutela/approvals/` of the Git directory for who signs outside. */
  readonly name: string
  /** By the principal of the key. */
  readonly text: (by: string) => string
  /** Whether a text that was signed outside is what is asked for. */
  readonly isAskedFor: (text: string) => boolean
  /** What it is of, and the command that lays the text aside: for the hints. */
  readonly about: string
  readonly command: string
}

/** `--signature`, or by `--key`. Faults `approve/…`. */
export function signed(invocation: Invocation, opened: OpenedProposals, what: ToSign): SignedApproval {
  const { signature } = invocation.options
  return typeof signature === 'string'
    ? madeOutside(invocation, opened, what, signature)
    : madeHere(invocation, opened, what)
}

function madeHere(invocation: Invocation, opened: OpenedProposals, { name, text, command }: ToSign): SignedApproval {
  const key = signingKey(invocation, opened)
  const own = text(principalOf(opened, key.publicKey, invocation.globals.now))
  if (key.privateKey !== null) return signText(own, key.privateKey)
  const file = fileOf(opened, name)
  invocation.world.files.write(file, own)
  throw new Fault(
    'approve/sign-outside',
    `the key \`${key.path}\` cannot be used from here: it has a passphrase, or is kept elsewhere`,
    `ssh-keygen -Y sign -n tutela-approval -f ${key.path} ${file} && ${command} --signature ${file}.sig`,
  )
}

/** The signed text lies beside the signature, without `.sig`. */
function madeOutside(
  { world, globals }: Invocation,
  opened: OpenedProposals,
  { name, isAskedFor, about, command }: ToSign,
  asked: string,
): SignedApproval {
  const path = isAbsolute(asked) ? asked : resolve(globals.cwd, asked)
  const signature = world.files.read(path)
  if (signature === null) throw new Fault('approve/no-signature', `there is no file \`${asked}\``)
  const beside = path.endsWith('.sig') ? world.files.read(path.slice(0, -4)) : null
  const text = Buffer.from(beside ?? world.files.read(fileOf(opened, name)) ?? '').toString('utf8')
  if (!isAskedFor(text)) {
    throw new Fault(
      'approve/other-text',
      `what \`${asked}\` signs is not ${about}`,
      `begin anew with \`${command} --key PUBLIC-KEY\`: it writes the text to sign`,
    )
  }
  return { text, signature: Buffer.from(signature).toString('utf8') }
}

function fileOf({ store }: OpenedProposals, name: string): string {
  return join(store.gitDir, 'tutela', 'approvals', `${name}.json`)
}
