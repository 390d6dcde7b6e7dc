// `tutela verify`: a ledger folder or a receipt checked with no repository and no network.
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { errorCode } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import { parseVerifierKey } from '../ledger/note-key.ts'
import { readLogFile, readLogFolder } from '../ledger/read-folder.ts'
import { isReceipt, verifyReceipt } from '../ledger/receipt.ts'
import { type Trust, trustInKey } from '../ledger/trust-policy.ts'
import { type Verify, verifyLog } from '../ledger/verify-log.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { verifyText } from './verify-text.ts'

export const command: Command = {
  name: 'verify',
  summary: 'check a ledger folder or a receipt, trusting nobody but the key you name',
  description:
    'Checks the signature of the checkpoint, every byte of every file of the log, and the root over all entries; with --since, that history was only appended since an older checkpoint. Needs neither the repository nor the network. Exit 0: proven; 2: not proven; 1: fault.',
  examples: [
    'tutela verify ledger --policy trusted-policy',
    'tutela verify ledger --since checkpoint-of-last-year',
    'tutela verify decision.tlog-proof --entry decision.json --policy trusted-policy',
  ],
  arguments: [{ name: '<path>', help: 'a folder with `checkpoint` and `tile/`, or a `.tlog-proof` receipt' }],
  options: [
    { flags: '--vkey <key>', help: 'the public key of the log, `<origin>+<id>+<base64>`' },
    {
      flags: '--policy <file>',
      help: 'whom to trust, in the form of ledger/policy (default: that of the folder itself)',
    },
    { flags: '--since <checkpoint>', help: 'a file with an older signed checkpoint that the log must continue' },
    { flags: '--entry <file>', help: 'the bytes of the entry that a receipt is for' },
  ],
  run: verify,
}

async function verify({ args, options, globals }: Invocation): Promise<CommandResult> {
  const given = args[0] ?? ''
  const path = resolve(globals.cwd, given)
  const fileOf = (option: string): string | undefined => {
    const value = options[option]
    return typeof value === 'string' ? resolve(globals.cwd, value) : undefined
  }
  const named = trustNamed(options.vkey, fileOf('policy'))
  const state = stateOf(path, given)
  const since = fileOf('since')
  const entry = fileOf('entry')
  const answer = state.isDirectory()
    ? verifyFolder({ path, given, named, since, entry })
    : verifyReceiptFile({ path, given, named, since, entry })
  const json = { apiVersion: 'tutela/v1', kind: 'Verify', ...answer }
  return { exit: answer.ok ? 0 : 2, json, text: () => verifyText(answer, globals.lang ?? 'en') }
}

interface Asked {
  readonly path: string
  /** The path in the user's words. */
  readonly given: string
  readonly named: Trust | null
  readonly since: string | undefined
  readonly entry: string | undefined
}

/** `originOnTrust`: the log's own policy said whom to trust. */
export type Answer = Verify & { readonly originOnTrust?: true }

function verifyFolder({ path, given, named, since, entry }: Asked): Answer {
  if (entry !== undefined) throw contradiction('`--entry` is for a receipt', `\`${given}\` is a folder`)
  if (!existsSync(join(path, 'checkpoint')) && !existsSync(join(path, 'tile'))) throw noLog(path, given)
  const trust = named ?? ownPolicy(path, given)
  const answer = verifyLog(readLogFolder(path), trust, since === undefined ? {} : { since: readGiven(since) })
  return named === null ? { ...answer, originOnTrust: true } : answer
}

function verifyReceiptFile({ path, given, named, since, entry }: Asked): Answer {
  const bytes = readGiven(path)
  if (!isReceipt(bytes)) throw noLog(path, given)
  if (since !== undefined) throw contradiction('`--since` is for a ledger folder', `\`${given}\` is a receipt`)
  if (named === null)
    throw contradiction('a receipt does not say whom to trust', 'name the log with `--vkey` or `--policy`')
  if (entry === undefined)
    throw contradiction('a receipt proves an entry that it does not hold', 'name the entry with `--entry`')
  return verifyReceipt(bytes, readGiven(entry), named)
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

function ownPolicy(folder: string, given: string): Trust {
  const bytes = readLogFile(join(folder, 'policy'))
  if (bytes !== null) return readPolicy(bytes, join(given, 'policy'))
  throw new Fault(
    'ledger/no-trust',
    `\`${given}\` has no \`policy\` that says whose log it is`,
    'name the log with `--vkey` or `--policy`',
  )
}

/** A receipt or policy above this is none. */
const MAX_GIVEN_BYTES = 4_000_000

/** Through links, since the user named it; a pipe or device, which may never end, is refused. */
function readGiven(path: string): Uint8Array {
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const state = fstatSync(file)
      if (!state.isFile())
        throw new Fault('ledger/unreadable', `\`${path}\` is no ordinary file`, 'name a file, not a folder or a pipe')
      if (state.size > MAX_GIVEN_BYTES)
        throw new Fault('ledger/unreadable', `\`${path}\` has ${state.size} bytes; at most ${MAX_GIVEN_BYTES} are read`)
      return new Uint8Array(readFileSync(file))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('ledger/unreadable', `\`${path}\` cannot be read (${errorCode(error)})`, undefined, {
      cause: error,
    })
  }
}

function stateOf(path: string, given: string): { isDirectory(): boolean } {
  try {
    return statSync(path)
  } catch (error) {
    throw new Fault(
      'ledger/no-log',
      `\`${given}\` cannot be read (${errorCode(error)})`,
      'name a ledger folder or a receipt',
      { cause: error },
    )
  }
}

function noLog(path: string, given: string): Fault {
  const inner = existsSync(join(path, 'ledger', 'checkpoint'))
  return new Fault(
    'ledger/no-log',
    `\`${given}\` is neither a ledger folder nor a receipt`,
    inner ? `did you mean \`${join(given, 'ledger')}\`?` : 'a ledger folder has `checkpoint` and `tile/`',
  )
}

function contradiction(message: string, hint: string): Fault {
  return new Fault('cli/bad-option', message, hint)
}
