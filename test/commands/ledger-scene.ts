// Verbs of the ledger asked in this process, in a governed repository whose people commit what they are told to.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Command, Invocation } from '../../engine/commands/command.ts'
import { command as ledgerCommand } from '../../engine/commands/ledger.ts'
import { command as verifyCommand } from '../../engine/commands/verify.ts'
import { command as witnessCommand } from '../../engine/commands/witness.ts'
import { decodeEntry, type ReadEntry } from '../../engine/ledger/entry.ts'
import { decodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import { askCommand } from '../ask-command.ts'
import { git } from '../run/finished-run.ts'
import { NOW } from '../run/governed-repository.ts'

const COMMANDS: Readonly<Record<'ledger' | 'verify' | 'witness', Command>> = {
  ledger: ledgerCommand,
  verify: verifyCommand,
  witness: witnessCommand,
}

/** Asks a verb; faults are thrown. */
export async function ask(
  verb: keyof typeof COMMANDS,
  folder: string,
  args: readonly string[],
  options: Invocation['options'] = {},
  env: Record<string, string> = {},
) {
  const asked = { args, options, now: NOW, globals: { format: 'json' }, world: { process: { env } } } as const
  const { exit, json, text, notes } = await askCommand(COMMANDS[verb], folder, asked)
  return { exit, json: json as Record<string, unknown>, text: text(), notes }
}

/** Commits everything that differs, as a person does. */
export function commitAs(folder: string, message: string): void {
  git(folder, 'add', '-A')
  git(folder, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '-qm', message)
}

/** The entries of the log in a working tree. */
export function entriesOf(folder: string): ReadEntry[] {
  const files = readLogFolder(join(folder, 'ledger'))
  const bundles = [...files.list()].filter((path) => path.startsWith('tile/entries/'))
  return bundles.flatMap((path) =>
    (decodeBundle(files.read(path) ?? new Uint8Array(0)) ?? []).flatMap((bytes) => decodeEntry(bytes) ?? []),
  )
}

/** A witness in a process of its own, on a free port of this machine. */
export interface WitnessProcess {
  readonly url: string
  readonly process: ChildProcess
  /** What it said so far. */
  said(): string
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** Starts `tutela witness serve` in a repository and waits until it listens. */
export function startWitness(folder: string, policy: string): Promise<WitnessProcess> {
  const cli = join(import.meta.dirname, '../../engine/cli.ts')
  const child = spawn(process.execPath, [cli, 'witness', 'serve', '--policy', policy, '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let said = ''
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const url = /listens on (http:\/\/\S+)\n/.exec(said)?.[1]
      if (url === undefined) return
      const end = (signal: 'SIGTERM' | 'SIGKILL') => {
        child.kill(signal)
        return ended
      }
      resolve({ url, process: child, said: () => said, end })
    })
    void ended.then((code) => reject(new Error(`the witness ended (${code}): ${said}`)))
  })
}
