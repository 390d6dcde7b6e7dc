// The key file during a rotation: the old key's line, then the new one's. A key that comes from a variable is changed by
// hand, since nothing here can write there. Touches the disk; what is said to people is the command's.
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createExclusiveDurably, writeDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { type KeySetting, keyPlace, readKeyFile, type Signers } from './load-signer.ts'
import { formatSignerKey, formatVerifierKey, parseSignerKey, type Signer, signerOfSeed } from './note-key.ts'

/** The new key, and the file that it was written to. */
export interface NextKey {
  readonly signer: Signer
  readonly path: string
  /** Null: the file holds both. Else the variable that must get this file's line behind the one it has. */
  readonly variable: string | null
}

/** Makes the next key of a seed (32 random bytes). Faults `ledger/key-exists` where its file would replace another. */
export function addNextKey(setting: KeySetting, seed: Uint8Array): NextKey {
  const place = keyPlace(setting)
  const line = `${formatSignerKey(setting.origin, seed)}\n`
  const signer = signerOfSeed(setting.origin, seed)
  if (place.kind === 'file') {
    writeDurably(realpathSync(place.path), `${readKeyFile(place.path).trim()}\n${line}`, { mode: 0o600 })
    return { signer, path: place.path, variable: null }
  }
  const path = join(setting.gitDir, 'tutela', 'ledger.key')
  if (createExclusiveDurably(path, line, { mode: 0o600 })) return { signer, path, variable: place.name }
  throw new Fault(
    'ledger/key-exists',
    `the new key would be written to \`${path}\`, and there is a file`,
    'carry it to your secret store and remove it, then rotate again',
  )
}

/** Leaves the new key alone in its file; the variable to change by hand where the keys come from one. */
export function dropOldKey(setting: KeySetting, [, next]: Signers): { readonly variable: string | null } {
  const place = keyPlace(setting)
  if (place.kind === 'env') return { variable: place.name }
  const lines = readKeyFile(place.path).trim().split(/\s+/)
  const kept = lines.filter((line) => isKeyOf(line, next))
  if (kept.length !== 1) throw new Error('internal error: the key file changed meanwhile')
  writeDurably(realpathSync(place.path), `${kept.join('')}\n`, { mode: 0o600 })
  return { variable: null }
}

function isKeyOf(line: string, signer: Signer | undefined): boolean {
  const key = parseSignerKey(line)?.key
  return key !== undefined && signer !== undefined && formatVerifierKey(key) === formatVerifierKey(signer.key)
}
