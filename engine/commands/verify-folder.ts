// A ledger folder for `tutela verify`. Where it is the `ledger/` of a repository, the cosignatures that the repository keeps
// beside it are laid to the checkpoint: they prove themselves. Where history was not only appended, writes the proof.
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { sha256Hex } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { openLogEntries } from '../ledger/encrypted-entries.ts'
import { findFraud, formatFraud } from '../ledger/fraud.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import { readLogFile, readLogFolder } from '../ledger/read-folder.ts'
import type { Trust } from '../ledger/trust-policy.ts'
import { type LogFiles, verifyLog } from '../ledger/verify-log.ts'
import { headWithCosignatures } from '../record/cosigned-head.ts'
import type { Invocation } from './command.ts'
import type { Answer, Asked } from './verify.ts'
import { contradiction, noLog, readGiven } from './verify-given.ts'

/** Verifies every byte of the folder's log; `since` and `fraud` as the user named them. */
export async function verifyFolder(invocation: Invocation, asked: Asked): Promise<Answer> {
  const { path, given, named, since, entry, open } = asked
  if (entry !== undefined) throw contradiction('`--entry` is for a receipt', `\`${given}\` is a folder`)
  if (!existsSync(join(path, 'checkpoint')) && !existsSync(join(path, 'tile'))) throw noLog(path, given)
  const trust = named ?? ownPolicy(path, given)
  const files = withKeptCosignatures(invocation, path, trust)
  const older = since === undefined ? null : readGiven(since)
  const log = verifyLog(files, trust, older === null ? {} : { since: older })
  const answer = open === null ? log : await openLogEntries(log, files.read, open)
  const fraud = older === null || answer.ok ? null : writeFraud(invocation, asked, findFraud(files.read, older, trust))
  return {
    ...answer,
    ...(named === null && { originOnTrust: true as const }),
    ...(fraud !== null && { fraud }),
  }
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

function withKeptCosignatures({ world }: Invocation, path: string, { witnesses }: Trust): LogFiles {
  const files = readLogFolder(path)
  if (witnesses.length === 0 || basename(path) !== 'ledger') return files
  try {
    const store = world.repositories.open(dirname(path))
    if (store?.workTree === null || store === null || resolve(store.workTree) !== dirname(path)) return files
    const read = (name: string): Uint8Array | null => {
      const bytes = files.read(name)
      return bytes === null || name !== 'checkpoint' ? bytes : headWithCosignatures(store, bytes, witnesses)
    }
    return { list: () => files.list(), read }
  } catch (error) {
    // A repository that cannot be read has nothing to add.
    if (error instanceof Fault) return files
    throw error
  }
}

/** The path of the bundle, or null where there is nothing to write, or no place for it. */
export function writeFraud(
  { world, globals, note }: Invocation,
  { fraud: named }: Asked,
  found: ReturnType<typeof findFraud>,
): string | null {
  if (found === null) return null
  const bytes = formatFraud(found)
  const path = named ?? resolve(globals.cwd, `tutela-fraud-${sha256Hex(bytes).slice(0, 16)}.json`)
  try {
    world.files.write(path, bytes)
    return path
  } catch (error) {
    note(`the fraud bundle could not be written to \`${path}\`: ${error instanceof Error ? error.message : 'unknown'}`)
    return null
  }
}
