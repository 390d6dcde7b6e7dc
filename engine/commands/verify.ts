// `tutela verify`: a ledger folder, a CAR, a kit, a receipt or a fraud bundle checked with no repository and no network, or what
// a CID names, from a gateway that is not trusted.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { type OpenEntry, openerInFile } from '../ledger/encrypted-body.ts'
import { type EncryptedCount, openReceiptEntry } from '../ledger/encrypted-entries.ts'
import { isFraud, verifyFraud } from '../ledger/fraud.ts'
import { parseCid } from '../ledger/ipfs/cid.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import { parseVerifierKey } from '../ledger/note-key.ts'
import { isReceipt, verifyReceipt } from '../ledger/receipt.ts'
import { type Trust, trustInKey } from '../ledger/trust-policy.ts'
import type { Verify } from '../ledger/verify-log.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { screenLanguage } from './screen-language.ts'
import { isCarFile, verifyCarFile, verifyCid } from './verify-car.ts'
import { verifyFolder } from './verify-folder.ts'
import { contradiction, noLog, readGiven, stateOf } from './verify-given.ts'
import { isKitFolder, isPageFile, verifyKitFolder, verifyKitPage } from './verify-kit.ts'
import { verifyText } from './verify-text.ts'

export const command: Command = {
  name: 'verify',
  summary: 'check a ledger folder or a receipt, trusting nobody but the key you name',
  description:
    'Checks the signature of the checkpoint, every byte of every file of the log, and the root over all entries; with --since, that history was only appended since an older checkpoint. Where it was not, a fraud bundle is written: two signed heads that contradict each other, which `verify` and anybody else can check without the log. Needs neither the repository nor the network, unless a CID is named: then every block that a gateway or node gives is held against it. Exit 0: proven; 2: not proven; 1: fault.',
  examples: [
    'tutela verify ledger',
    'tutela verify ledger --policy trusted-policy',
    'tutela verify ledger --since checkpoint-of-last-year',
    'tutela verify log.car --cid bafy… --policy trusted-policy',
    'tutela verify kit-from-the-bank --vkey KEY-YOU-HAVE',
    'tutela verify decision.tlog-proof --entry decision.json --policy trusted-policy',
  ],
  arguments: [
    {
      name: '<path>',
      help: 'a folder with `checkpoint` and `tile/`, its CAR or CID, a kit for regulators or its page, a `.tlog-proof` receipt, or a fraud bundle',
    },
  ],
  options: [
    { flags: '--vkey <key>', help: 'the public key of the log, `<origin>+<id>+<base64>`' },
    {
      flags: '--policy <file>',
      help: 'whom to trust, in the form of ledger/policy (default: that of the folder itself)',
    },
    { flags: '--since <checkpoint>', help: 'a file with an older signed checkpoint that the log must continue' },
    { flags: '--fraud <file>', help: 'where a fraud bundle goes (default: `tutela-fraud-….json`, here)' },
    { flags: '--entry <file>', help: 'the bytes of the entry that a receipt is for' },
    {
      flags: '--identity <file>',
      help: 'an age identity (`age-keygen`) that opens encrypted entries: each is opened and held to its form',
    },
    { flags: '--cid <cid>', help: 'the root that a CAR must have' },
    { flags: '--gateway <url>', help: 'who is asked for a CID (default: TUTELA_IPFS_API or TUTELA_IPFS_GATEWAY)' },
  ],
  run: verify,
}

async function verify(invocation: Invocation): Promise<CommandResult> {
  const { args, options, globals } = invocation
  const given = args[0] ?? ''
  const path = resolve(globals.cwd, given)
  const fileOf = (option: string): string | undefined => {
    const value = options[option]
    return typeof value === 'string' ? resolve(globals.cwd, value) : undefined
  }
  const named = trustNamed(options.vkey, fileOf('policy'))
  const asked = { path, given, named, since: fileOf('since'), fraud: fileOf('fraud'), entry: fileOf('entry') }
  const open = typeof options.identity === 'string' ? await openerInFile(resolve(globals.cwd, options.identity)) : null
  const answer = await verifyAny(invocation, { ...asked, open })
  const json = { apiVersion: 'tutela/v1', kind: 'Verify', ...answer }
  return { exit: answer.ok ? 0 : 2, json, text: () => verifyText(answer, screenLanguage(invocation)) }
}

async function verifyAny(invocation: Invocation, asked: Asked): Promise<Answer> {
  const { path, given } = asked
  const cid = existsSync(path) ? null : parseCid(given)
  if (cid !== null) return await verifyCid(invocation, asked, cid)
  const isFolder = stateOf(path, given).isDirectory()
  if (!isFolder && (await isCarFile(path))) return await verifyCarFile(invocation, asked)
  const isKit = isFolder ? isKitFolder(path) : isPageFile(path)
  if (isKit && asked.entry !== undefined)
    throw contradiction('`--entry` is for a receipt', `\`${given}\` is a kit for regulators`)
  const { cid: named, gateway } = invocation.options
  if (named !== undefined) throw contradiction('`--cid` is for a CAR', `\`${given}\` is something else`)
  if (gateway !== undefined) throw contradiction('`--gateway` is for a CID', `\`${given}\` is something else`)
  if (isKit) return isFolder ? await verifyKitFolder(invocation, asked) : await verifyKitPage(invocation, asked)
  return isFolder ? await verifyFolder(invocation, asked) : await verifyFile(asked)
}

/** What the user asked to be verified. */
export interface Asked {
  readonly path: string
  /** The path in the user's words. */
  readonly given: string
  readonly named: Trust | null
  readonly since: string | undefined
  /** Where a fraud bundle goes. */
  readonly fraud: string | undefined
  readonly entry: string | undefined
  /** Opens encrypted entries; null: they stay closed. */
  readonly open: OpenEntry | null
}

/** What is answered besides whether it is proven. */
export type Answer = Verify & {
  /** The log's own policy said whom to trust. */
  readonly originOnTrust?: true
  /** Of a CAR, the root that it has. */
  readonly cid?: string | null
  /** The bundle that was written, absolute. */
  readonly fraud?: string
  /** What was verified is a fraud bundle, so that `ok` says that there are two histories. */
  readonly isFraud?: true
  /** With `--identity`: what became of the encrypted entries. */
  readonly encrypted?: EncryptedCount
  /** With `--identity`, of a receipt: the body of the entry that it proves. */
  readonly body?: Readonly<Record<string, unknown>>
}

async function verifyFile({ path, given, named, since, entry, open }: Asked): Promise<Answer> {
  const bytes = readGiven(path)
  const what = isFraud(bytes) ? 'a fraud bundle' : 'a receipt'
  if (!isFraud(bytes) && !isReceipt(bytes)) throw noLog(path, given)
  if (since !== undefined) throw contradiction('`--since` is for a ledger folder', `\`${given}\` is ${what}`)
  if (named === null)
    throw contradiction(`${what} does not say whom to trust`, 'name the log with `--vkey` or `--policy`')
  if (isFraud(bytes)) {
    if (entry !== undefined) throw contradiction('`--entry` is for a receipt', `\`${given}\` is ${what}`)
    return { ...verifyFraud(bytes, named), isFraud: true }
  }
  if (entry === undefined)
    throw contradiction('a receipt proves an entry that it does not hold', 'name the entry with `--entry`')
  const proven = readGiven(entry)
  const answer = verifyReceipt(bytes, proven, named)
  return open === null ? answer : await openReceiptEntry(answer, proven, open)
}

/** Whom the user says to trust; null where nobody is named. */
function trustNamed(vkey: unknown, policy: string | undefined): Trust | null {
  if (vkey !== undefined && policy !== undefined)
    throw contradiction('`--vkey` and `--policy` both say whom to trust', 'give one of them')
  if (policy !== undefined) return readPolicy(readGiven(policy), policy)
  if (typeof vkey !== 'string') return null
  const key = parseVerifierKey(vkey)
  if (key?.type === 'ed25519') return trustInKey(key)
  throw new Fault(
    'ledger/bad-vkey',
    `\`${vkey}\` is no public key of a log`,
    'it is `<origin>+<id>+<base64>`, as `tutela ledger key show` prints it',
  )
}
