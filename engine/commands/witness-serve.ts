// `tutela witness serve`: add-checkpoint over HTTP until the process is told to stop; one line a request on stderr.
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatInstant } from '../domain/instant.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import { formatVerifierKey, parseVerifierKey, type Signer, type VerifierKey } from '../ledger/note-key.ts'
import { answerCheckpoint } from '../ledger/witness.ts'
import { MAX_REQUEST_BYTES } from '../ledger/witness-request.ts'
import { openWitnessState } from '../ledger/witness-state.ts'
import type { CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'

const PORT = 8479

/** The key that cosigns, and the folder of what was cosigned. */
export interface OwnWitness {
  readonly signer: Signer
  readonly folder: string
}

/** Ends when SIGINT or SIGTERM comes. */
export async function serveAsWitness(invocation: Invocation, { signer, folder }: OwnWitness): Promise<CommandResult> {
  const { world, globals, options, note } = invocation
  const logs = logsToWitness(invocation)
  if (world.witnesses === undefined) throw new Fault('witness/cannot-listen', 'this program serves nothing over HTTP')
  const state = openWitnessState(folder, { key: signer.key, since: formatInstant(globals.now) })
  const answered = new Map<number, number>()
  const words = ledgerWords(invocation).witness
  try {
    const { address, stopped } = await world.witnesses.serve({
      host: typeof options.host === 'string' ? options.host : '127.0.0.1',
      port: portOf(options.port),
      largestBytes: MAX_REQUEST_BYTES,
      answer: (body, seconds) => {
        const { told, ...answer } = answerCheckpoint({ signer, logs, state }, body, seconds)
        answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1)
        note(visibleText(told))
        return answer
      },
      failed: (error) => note(words.noAnswer(visibleText(error instanceof Error ? error.message : String(error)))),
    })
    note(words.listens(signer.key.name, address))
    note(words.key(formatVerifierKey(signer.key)))
    await stopped
    const json = {
      apiVersion: 'tutela/v1',
      kind: 'Witness',
      name: signer.key.name,
      address,
      answered: Object.fromEntries(answered),
    }
    return { exit: 0, json, text: () => words.stopped(signer.key.name) }
  } finally {
    state.close()
  }
}

/** The keys of the logs that `--log` and `--policy` name. Faults `witness/no-log`, `ledger/bad-vkey`, `ledger/bad-policy`. */
export function logsToWitness({ options, globals, world }: Invocation): VerifierKey[] {
  const given = Array.isArray(options.log) ? (options.log as readonly string[]) : []
  const keys = given.map((vkey) => {
    const key = parseVerifierKey(vkey)
    if (key?.type === 'ed25519') return key
    throw new Fault('ledger/bad-vkey', `\`${vkey}\` is no public key of a log`, 'it is `<origin>+<id>+<base64>`')
  })
  if (typeof options.policy === 'string') {
    const bytes = world.files.read(resolve(globals.cwd, options.policy))
    if (bytes === null)
      throw new Fault(
        'ledger/no-policy',
        `there is no \`${options.policy}\``,
        'name a file in the form of ledger/policy',
      )
    keys.push(...readPolicy(bytes, options.policy).logs)
  }
  if (keys.length > 0) return keys
  throw new Fault(
    'witness/no-log',
    'no log is named that this witness is for',
    'name it with `--log VKEY` or `--policy FILE`',
  )
}

function portOf(value: unknown): number {
  if (value === undefined) return PORT
  if (typeof value === 'string' && /^\d{1,5}$/.test(value) && Number(value) < 65_536) return Number(value)
  throw new Fault('cli/bad-option', `\`--port ${String(value)}\` is no port`, 'it is a number from 0 to 65535')
}
