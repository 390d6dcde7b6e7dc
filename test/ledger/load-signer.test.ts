import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import {
  createKeyFile,
  type KeySetting,
  keyPlace,
  loadOrCreateSigner,
  loadSigner,
} from '../../engine/ledger/load-signer.ts'
import { formatSignerKey, formatVerifierKey } from '../../engine/ledger/note-key.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-key-'))
after(() => rmSync(root, { recursive: true }))

const ORIGIN = 'banco.example/tutela'
const SEED = Buffer.alloc(32, 5)
let made = 0

function newSetting(over: Partial<KeySetting> = {}): KeySetting {
  const workTree = join(root, `repository-${made++}`)
  mkdirSync(join(workTree, '.git'), { recursive: true })
  return { key: null, origin: ORIGIN, gitDir: join(workTree, '.git'), workTree, ...over }
}

const withEnv = (env: Record<string, string>) => ({ env })
const fails = (act: () => unknown, code: string, hint: RegExp): void => {
  assert.throws(act, (error) => error instanceof Fault && error.code === code && hint.test(error.hint ?? ''), code)
}

test('a made key is a file for its owner alone, and signs under the origin', () => {
  const setting = newSetting()
  const { path, signer } = createKeyFile(setting, SEED)
  assert.equal(path, join(setting.gitDir, 'tutela/ledger.key'))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(readFileSync(path, 'utf8'), `${formatSignerKey(ORIGIN, SEED)}\n`)
  assert.equal(formatVerifierKey(loadSigner(withEnv({}), setting).key), formatVerifierKey(signer.key))
})

test('a key is never written over', () => {
  const setting = newSetting()
  createKeyFile(setting, SEED)
  fails(() => createKeyFile(setting, Buffer.alloc(32, 6)), 'ledger/key-exists', /key show/)
  assert.match(
    readFileSync(join(setting.gitDir, 'tutela/ledger.key'), 'utf8'),
    new RegExp(formatSignerKey(ORIGIN, SEED).slice(-20).replaceAll('+', '\\+')),
  )
})

test('an origin that cannot name a key is a fault', () => {
  for (const origin of ['a b', 'a+b', 'a\u0001', ''])
    fails(() => createKeyFile(newSetting({ origin }), SEED), 'ledger/bad-origin', /ledger.origin/)
})

test('a key comes from the variable or file that governance.yaml names', () => {
  const text = formatSignerKey(ORIGIN, SEED)
  assert.equal(loadSigner(withEnv({ KEY: ` ${text}\n` }), newSetting({ key: 'env:KEY' })).key.name, ORIGIN)
  const outside = join(root, 'outside.key')
  writeFileSync(outside, text, { mode: 0o600 })
  assert.equal(loadSigner(withEnv({}), newSetting({ key: `file:${outside}` })).key.name, ORIGIN)
  assert.equal(loadSigner(withEnv({}), newSetting({ key: 'file:../outside.key' })).key.name, ORIGIN)
})

test('what is wrong with a key is said with its fix, and the key itself never is', () => {
  const secret = formatSignerKey(ORIGIN, SEED)
  const place = (text: string, mode = 0o600): KeySetting => {
    const setting = newSetting()
    mkdirSync(join(setting.gitDir, 'tutela'))
    writeFileSync(join(setting.gitDir, 'tutela/ledger.key'), text)
    chmodSync(join(setting.gitDir, 'tutela/ledger.key'), mode)
    return setting
  }
  fails(() => loadSigner(withEnv({}), newSetting()), 'ledger/no-key', /ledger key new/)
  fails(() => loadSigner(withEnv({}), newSetting({ key: 'env:KEY' })), 'ledger/no-key', /secret store/)
  fails(() => loadSigner(withEnv({ KEY: '  ' }), newSetting({ key: 'env:KEY' })), 'ledger/no-key', /secret store/)
  fails(() => loadSigner(withEnv({ KEY: 'x' }), newSetting({ key: 'env:KEY' })), 'ledger/bad-key', /PRIVATE\+KEY/)
  fails(() => loadSigner(withEnv({}), place(secret.slice(0, -2))), 'ledger/bad-key', /PRIVATE\+KEY/)
  fails(() => loadSigner(withEnv({}), place('x'.repeat(5000))), 'ledger/bad-key', /one line/)
  fails(
    () => loadSigner(withEnv({}), place(formatSignerKey('other.example', SEED))),
    'ledger/other-key',
    /ledger.origin/,
  )
  for (const mode of [0o644, 0o640, 0o602])
    fails(() => loadSigner(withEnv({}), place(secret, mode)), 'ledger/key-readable-by-others', /chmod 600/)
  const folder = newSetting()
  mkdirSync(join(folder.gitDir, 'tutela/ledger.key'), { recursive: true })
  fails(() => loadSigner(withEnv({}), folder), 'ledger/bad-key', /./)
})

test('a key in the tree, or the key itself as setting, is refused', () => {
  fails(() => keyPlace(newSetting({ key: 'file:keys/ledger.key' })), 'ledger/key-in-repository', /never in a tree/)
  fails(() => keyPlace(newSetting({ key: 'file:.' })), 'ledger/key-in-repository', /never in a tree/)
  for (const key of ['PRIVATE+KEY+x', 'env:', 'env:A B', 'vault:x', ''])
    fails(() => keyPlace(newSetting({ key })), 'ledger/bad-key-setting', /env:NAME/)
  const inGit = newSetting()
  assert.deepEqual(keyPlace({ ...inGit, key: 'file:.git/own.key' }), {
    kind: 'file',
    path: join(inGit.gitDir, 'own.key'),
  })
})

test('a key that is there is taken, and only a missing one is made', () => {
  const setting = newSetting()
  const first = loadOrCreateSigner(withEnv({}), setting, SEED)
  assert.notEqual(first.path, null)
  const second = loadOrCreateSigner(withEnv({}), setting, Buffer.alloc(32, 6))
  assert.deepEqual([second.path, second.signer.key.id], [null, first.signer.key.id])
})
