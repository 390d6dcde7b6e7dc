// Where the private key of the log is kept: a file outside the tree (0600; by default `tutela/ledger.key` in the common
// Git directory) or an environment variable. Touches the disk; what is wrong with a key is said with its fix.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { createExclusiveDurably, errorCode, isAbsent } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import type { Process } from '../world.ts'
import { formatSignerKey, formatVerifierKey, isKeyName, parseSignerKey, type Signer, signerOfSeed } from './note-key.ts'

/** What says where the key is. */
export interface KeySetting {
  /** `ledger.key` of governance.yaml: `env:NAME`, `file:PATH`, or null for the default file. */
  readonly key: string | null
  /** The log's origin, which its key is named after. */
  readonly origin: string
  /** The common Git directory, absolute. */
  readonly gitDir: string
  /** Absolute; null for a bare repository. */
  readonly workTree: string | null
}

/** Where the private key is looked for. */
export type KeyPlace =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/** Where the setting says that the key is. Faults `ledger/bad-key-setting` and, for a file in the tree, `ledger/key-in-repository`. */
export function keyPlace({ key, gitDir, workTree }: KeySetting): KeyPlace {
  if (key === null) return { kind: 'file', path: join(gitDir, 'tutela', 'ledger.key') }
  const [, kind, rest = ''] = /^(env|file):(.+)$/.exec(key) ?? []
  if (kind === 'env' && /^[A-Za-z_]\w*$/.test(rest)) return { kind, name: rest }
  if (kind !== 'file') {
    throw new Fault(
      'ledger/bad-key-setting',
      `\`ledger.key\` is \`${key}\``,
      'it is `env:NAME` or `file:PATH`, never the key itself',
    )
  }
  const path = resolve(workTree ?? gitDir, rest)
  if (workTree !== null && isWithin(workTree, path) && !isWithin(gitDir, path)) {
    throw new Fault(
      'ledger/key-in-repository',
      `\`ledger.key\` names \`${rest}\`, which is inside the repository`,
      'a private key is never in a tree: name a file outside, or leave `ledger.key` out',
    )
  }
  return { kind, path }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || !(way.startsWith('..') || isAbsolute(way))
}

/** The signer of the log: of two, during a rotation, the one that signed before. Faults as `loadSigners`. */
export function loadSigner(process: Process, setting: KeySetting): Signer {
  const [signer] = loadSigners(process, setting)
  return signer
}

/** One key, or two while the log changes its key: the old one first. */
export type Signers = readonly [Signer, ...Signer[]]

/**
 * The signers of the log. Faults `ledger/no-key`, `ledger/key-readable-by-others`, `ledger/bad-key`, `ledger/other-key`.
 */
export function loadSigners(process: Process, setting: KeySetting): Signers {
  const place = keyPlace(setting)
  const text = place.kind === 'env' ? readVariable(process, place.name) : readKeyFile(place.path)
  const where = place.kind === 'env' ? `the variable \`${place.name}\`` : `\`${place.path}\``
  const words = text.trim().split(/\s+/)
  const signers = words.map((word) => signerOf(word, where, setting.origin))
  const [first, ...more] = signers
  const isDouble = new Set(signers.map(({ key }) => formatVerifierKey(key))).size < signers.length
  if (first !== undefined && more.length < 2 && !isDouble) return [first, ...more]
  throw new Fault(
    'ledger/bad-key',
    `${where} holds ${isDouble ? 'one key twice' : `${words.length} keys`}`,
    'there is one key, or, while the log changes its key, the old one and then the new one',
  )
}

function signerOf(word: string, where: string, origin: string): Signer {
  const signer = parseSignerKey(word)
  if (signer === null) {
    const isWitness = parseSignerKey(word, 'cosignature') !== null
    throw new Fault(
      'ledger/bad-key',
      isWitness ? `${where} holds the key of a witness` : `${where} holds no private key of a log`,
      'it is one line, `PRIVATE+KEY+<origin>+<id>+<base64>`, as `tutela ledger key new` writes it',
    )
  }
  if (signer.key.name === origin) return signer
  throw new Fault(
    'ledger/other-key',
    `${where} is the key of the log \`${signer.key.name}\`, not of \`${origin}\``,
    'use the key that was made for this origin, or put `ledger.origin` back in policies/governance.yaml',
  )
}

function readVariable({ env }: Process, name: string): string {
  const value = env[name]
  if (value !== undefined && value.trim() !== '') return value
  throw new Fault(
    'ledger/no-key',
    `the variable \`${name}\` that \`ledger.key\` names is not set`,
    'put the private key of the log into it, for example from your secret store',
  )
}

const MAX_KEY_BYTES = 4096

const LEDGER_KEY = {
  what: 'key to sign the ledger with',
  fix: 'a log that was begun goes on with the key that `ledger/policy` names: copy it there from where runs were made so far, mode 600; only a new log gets a new key, by `tutela ledger key new`',
}

/** The text of a private key's file. `what` names the key, `fix` says how to get it where there is none. Faults `ledger/…`. */
export function readKeyFile(path: string, { what, fix } = LEDGER_KEY): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const state = fstatSync(file)
      if (!state.isFile() || state.size > MAX_KEY_BYTES) {
        throw new Fault('ledger/bad-key', `\`${path}\` is no key file`, 'a key file is one line of text')
      }
      if (globalThis.process.platform !== 'win32' && (state.mode & 0o077) !== 0)
        throw readableByOthers(path, state.mode)
      return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    if (isAbsent(error)) {
      throw new Fault('ledger/no-key', `there is no ${what} (\`${path}\`)`, fix)
    }
    throw new Fault(
      'ledger/bad-key',
      `\`${path}\` cannot be read (${errorCode(error)})`,
      'it must be readable by you alone',
      { cause: error },
    )
  }
}

function readableByOthers(path: string, mode: number): Fault {
  return new Fault(
    'ledger/key-readable-by-others',
    `others may read or write the private key \`${path}\` (mode ${(mode & 0o777).toString(8)})`,
    `chmod 600 ${path}; if others had access to it, make a new key`,
  )
}

/**
 * Writes the key of a seed (32 random bytes) where the setting says, 0600. With `env:NAME` it goes to the default file,
 * to be carried to the secret store by hand. Faults `ledger/key-exists` (a key is never written over)
 * and `ledger/bad-origin`.
 */
export function createKeyFile(
  setting: KeySetting,
  seed: Uint8Array,
): { readonly path: string; readonly signer: Signer } {
  if (!isKeyName(setting.origin)) {
    const hint = '`ledger.origin` is a name such as `banco.example/tutela`, without spaces, `+` and control characters'
    throw new Fault('ledger/bad-origin', 'the origin of the log cannot name a key', hint)
  }
  const place = keyPlace(setting)
  const path = place.kind === 'file' ? place.path : join(setting.gitDir, 'tutela', 'ledger.key')
  const text = `${formatSignerKey(setting.origin, seed)}\n`
  if (createExclusiveDurably(path, text, { mode: 0o600 })) return { path, signer: signerOfSeed(setting.origin, seed) }
  throw new Fault(
    'ledger/key-exists',
    `there is a key already (\`${path}\`)`,
    '`tutela ledger key show` shows its public half; `tutela init` writes a missing `ledger/policy` for it',
  )
}

/** The key where the setting says, made of the seed where there is none: `path` is where it was made, else null. */
export function loadOrCreateSigner(
  process: Process,
  setting: KeySetting,
  seed: Uint8Array,
): { readonly path: string | null; readonly signer: Signer } {
  try {
    return { path: null, signer: loadSigner(process, setting) }
  } catch (error) {
    if (error instanceof Fault && error.code === 'ledger/no-key') return createKeyFile(setting, seed)
    throw error
  }
}
