// How a person's approval comes about: signed here with an SSH key, or outside (a passphrase, a hardware key, an agent)
// over a text that `approve` writes into the Git directory.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { parseSshSignature } from '../base/sshsig.ts'
import { parseSshPrivateKey, parseSshPublicKey } from '../base/sshsig-keys.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { Approval, Proposal, SignedApproval } from '../domain/proposal.ts'
import { signerOf } from '../remediate/allowed-signers.ts'
import { APPROVAL_NAMESPACE, approvalText, checkApproval, parseApproval, signApproval } from '../remediate/approval.ts'
import type { Invocation } from './command.ts'
import { type ProposalDesk, readUserFile } from './proposal-desk.ts'

export interface GivenApproval {
  readonly by: string
  readonly signed: SignedApproval
}

/** Faults where there is no key, the key is nobody's on the base, or the signature is not of this proposal. */
export function makeApproval(invocation: Invocation, desk: ProposalDesk, proposal: Proposal): GivenApproval {
  const { options, globals, world } = invocation
  const textFile = join(desk.store.gitDir, 'tutela', 'approvals', `${proposal.id}.json`)
  if (typeof options.signature === 'string') {
    return signedOutside(desk, proposal, textFile, resolve(globals.cwd, options.signature), globals.now)
  }
  const keyFile = keyFileOf(invocation, desk)
  const key = readKey(keyFile)
  const by = principalOf(desk, key.publicKey, globals.now)
  const approval: Approval = {
    proposal: proposal.id,
    head: proposal.head,
    evidence: proposal.evidence,
    by,
    at: formatInstant(globals.now),
  }
  if (key.privateKey !== null) return { by, signed: signApproval(approval, key.privateKey) }
  world.files.write(textFile, approvalText(approval))
  throw new Fault(
    'approve/sign-outside',
    `\`${keyFile}\` cannot sign here (${key.why}); what is to be signed is now in \`${textFile}\``,
    `ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f ${keyFile} ${textFile}  and then  tutela pr approve ${proposal.id} --signature ${textFile}.sig`,
  )
}

function keyFileOf({ options, globals }: Invocation, { store }: ProposalDesk): string {
  if (typeof options.key === 'string') return resolve(globals.cwd, options.key)
  const configured = store.config('user.signingkey')
  if (configured !== null && !configured.startsWith('key::')) {
    return configured.startsWith('~/')
      ? join(homedir(), configured.slice(2))
      : resolve(store.workTree ?? globals.cwd, configured)
  }
  throw new Fault(
    'approve/no-key',
    'no key to sign the approval with',
    'name an SSH key with `--key FILE`, or set `git config user.signingKey FILE`',
  )
}

type ReadKey =
  | { readonly privateKey: Parameters<typeof signApproval>[1]; readonly publicKey: Uint8Array }
  | { readonly privateKey: null; readonly publicKey: Uint8Array; readonly why: string }

function readKey(file: string): ReadKey {
  const text = readUserFile(file)
  const reading = parseSshPrivateKey(text)
  if ('key' in reading) return { privateKey: reading.key, publicKey: reading.publicKey }
  const ownPublic = parseSshPublicKey(text.trim())
  const besides = existsSync(`${file}.pub`) ? parseSshPublicKey(readUserFile(`${file}.pub`).trim()) : null
  const publicKey = ownPublic ?? besides
  if (publicKey !== null && (ownPublic !== null || reading.problem === 'passphrase')) {
    return { privateKey: null, publicKey, why: ownPublic !== null ? 'it is the public half' : 'it has a passphrase' }
  }
  const why = {
    passphrase: 'it has a passphrase, and its public half is not beside it',
    'not-ed25519': 'it is not an Ed25519 key',
    'not-a-key': 'it is no private key of OpenSSH',
  }[reading.problem]
  throw new Fault('approve/bad-key', `\`${file}\`: ${why}`, 'make one with `ssh-keygen -t ed25519`')
}

function principalOf({ signers }: ProposalDesk, publicKey: Uint8Array, now: Instant): string {
  const signer = signerOf(signers, { publicKey, namespace: APPROVAL_NAMESPACE, at: [now] })
  const name = typeof signer === 'string' ? undefined : signer.principals[0]
  if (name !== undefined) return name
  const why = {
    'unknown-key': 'this key is not in policies/allowed-signers of the base',
    'other-namespace': `policies/allowed-signers does not let this key sign \`${APPROVAL_NAMESPACE}\``,
    'not-valid-then': 'policies/allowed-signers says that this key is not valid now',
  }
  throw new Fault(
    'approve/not-allowed',
    typeof signer === 'string' ? why[signer] : 'this key names nobody',
    'a reviewed change of policies/allowed-signers gives a person a key',
  )
}

function signedOutside(
  desk: ProposalDesk,
  proposal: Proposal,
  textFile: string,
  signatureFile: string,
  now: Instant,
): GivenApproval {
  const signature = readUserFile(signatureFile)
  if (parseSshSignature(signature) === null) {
    throw new Fault(
      'approve/bad-signature',
      `\`${signatureFile}\` is no SSH signature`,
      'it is what `ssh-keygen -Y sign` writes',
    )
  }
  const text = readUserFile(textFile)
  const signed = { text, signature }
  const checked = checkApproval(signed, desk.signers, now)
  const approval = parseApproval(text)
  if ('problem' in checked || approval === null) {
    const why = 'problem' in checked ? checked.problem : 'malformed'
    throw new Fault(
      'approve/bad-signature',
      `the signature does not approve \`${textFile}\`: ${why}`,
      `run \`tutela pr approve ${proposal.id} --key FILE\` again for a fresh text`,
    )
  }
  if (approval.head !== proposal.head || approval.evidence !== proposal.evidence || approval.proposal !== proposal.id) {
    throw new Fault(
      'approve/outdated',
      'the proposal changed since this text was written',
      `run \`tutela pr approve ${proposal.id} --key FILE\` again, and sign the new text`,
    )
  }
  return { by: approval.by, signed }
}
