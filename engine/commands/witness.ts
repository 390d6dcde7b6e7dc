// `tutela witness key|serve|sign`: a witness of the logs of others (https://c2sp.org/tlog-witness), over HTTP or offline.
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { createExclusiveDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { readKeyFile } from '../ledger/load-signer.ts'
import { formatSignerKey, formatVerifierKey, isKeyName, parseSignerKey, type Signer } from '../ledger/note-key.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'
import { repositoryFolder } from './open-repository.ts'
import { serveAsWitness } from './witness-serve.ts'
import { signAsWitness } from './witness-sign.ts'

const WHAT = ['key', 'serve', 'sign']

export const command: Command = {
  name: 'witness',
  summary: "cosign another institution's ledger, as long as it only appends",
  description:
    '`key` makes the key of a witness and prints its public half, which the institution names in `ledger.witnesses`. `serve` answers `add-checkpoint` over HTTP, on this machine alone unless `--host` says otherwise. `sign` does the same offline for a ledger folder and prints the signature line. What was cosigned is remembered in the Git directory (`tutela/witness`) or in `--state`; a state that is put back from an older copy would let a fork through.',
  examples: [
    'tutela witness key --name witness.example/regulator',
    'tutela witness serve --policy policy-of-the-bank --port 8479',
    'tutela witness sign ledger --policy policy-of-the-bank',
  ],
  arguments: [
    { name: '<what>', help: WHAT.join(', '), choices: WHAT },
    { name: '[ledger]', help: 'of `sign`: a folder with `checkpoint` and `tile/`' },
  ],
  options: [
    { flags: '--name <name>', help: 'of `key`: what the witness is called, such as `witness.example/regulator`' },
    { flags: '--key <file>', help: 'the private key (default: `tutela/witness.key` in the Git directory)' },
    { flags: '--state <dir>', help: 'what was cosigned (default: `tutela/witness` in the Git directory)' },
    { flags: '--log <vkeys...>', help: 'the public keys of the logs to witness' },
    { flags: '--policy <file>', help: 'the logs to witness, in the form of ledger/policy' },
    { flags: '--host <host>', help: 'of `serve` (default: 127.0.0.1)' },
    { flags: '--port <port>', help: 'of `serve` (default: 8479; 0: a free one)' },
    {
      flags: '--old <checkpoint>',
      help: 'of `sign`: a checkpoint that the log must continue, besides the one remembered',
    },
    { flags: '--out <file>', help: 'of `sign`: where the cosigned checkpoint goes' },
  ],
  run: async (invocation) => {
    const places = placesOf(invocation)
    if (invocation.args[0] === 'key') return makeKey(invocation, places.key)
    const signer = readSigner(places.key)
    return invocation.args[0] === 'serve'
      ? serveAsWitness(invocation, { signer, folder: places.state })
      : signAsWitness(invocation, { signer, folder: places.state })
  },
}

/** Faults `witness/no-place` outside Git where they are not named. */
function placesOf(invocation: Invocation): { readonly key: string; readonly state: string } {
  const { options, globals, world } = invocation
  const named = (option: unknown): string | null => (typeof option === 'string' ? resolve(globals.cwd, option) : null)
  const key = named(options.key)
  const state = named(options.state)
  if (key !== null && state !== null) return { key, state }
  const store = world.repositories.open(repositoryFolder(invocation))
  if (store === null) {
    throw new Fault(
      'witness/no-place',
      'there is no Git repository here to keep the key and the state of the witness in',
      'name them with `--key FILE` and `--state DIR`, or run it in a repository of its own (`git init`)',
    )
  }
  return {
    key: key ?? join(store.gitDir, 'tutela', 'witness.key'),
    state: state ?? join(store.gitDir, 'tutela', 'witness'),
  }
}

function makeKey(invocation: Invocation, path: string): CommandResult {
  const { name } = invocation.options
  if (typeof name !== 'string' || !isKeyName(name)) {
    throw new Fault(
      'witness/bad-name',
      name === undefined ? 'the witness has no name' : `\`${String(name)}\` cannot name a witness`,
      'give one with `--name`, such as `witness.example/regulator`, without spaces and `+`',
    )
  }
  const text = formatSignerKey(name, randomBytes(32), 'cosignature')
  if (!createExclusiveDurably(path, `${text}\n`, { mode: 0o600 }))
    throw new Fault('witness/key-exists', `there is a key already (\`${path}\`)`, 'a witness keeps its key')
  const vkey = formatVerifierKey(readSigner(path).key)
  const json = { apiVersion: 'tutela/v1', kind: 'WitnessKey', name, vkey, private: path }
  const told = () => {
    const { key: label, witness: words } = ledgerWords(invocation)
    return [
      words.made(name),
      `  ${label.public}  ${vkey}`,
      `  ${label.private}  ${path} ${words.keepCopy}`,
      words.named,
    ].join('\n')
  }
  return { exit: 0, json, text: told }
}

function readSigner(path: string): Signer {
  const text = readKeyFile(path, {
    what: 'key of a witness',
    fix: 'make one with `tutela witness key --name NAME`, or name it with `--key`',
  })
  const signer = parseSignerKey(text.trim(), 'cosignature')
  if (signer !== null) return signer
  const isLog = parseSignerKey(text.trim()) !== null
  throw new Fault(
    'witness/bad-key',
    isLog ? `\`${path}\` holds the key of a log, not of a witness` : `\`${path}\` holds no private key of a witness`,
    'make one with `tutela witness key --name NAME`',
  )
}
