import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { command } from '../../engine/commands/ledger.ts'
import { askCommand } from '../ask-command.ts'
import { commitAll } from '../scratch-repository.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-ledger-'))
after(() => rmSync(root, { recursive: true }))

let made = 0

function newRepository(ledger = ''): string {
  const folder = join(root, `repository-${made++}`)
  mkdirSync(join(folder, 'policies'), { recursive: true })
  const governance = `apiVersion: tutela/v1\nkind: Governance\ninstitution: { name: Banco Exemplo, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }\n${ledger}`
  writeFileSync(join(folder, 'policies/governance.yaml'), governance)
  commitAll(folder)
  return folder
}

async function ledger(folder: string, action: 'new' | 'show', env: Record<string, string> = {}) {
  const asked = { args: ['key', action], now: 0, globals: { format: 'json' }, world: { process: { env } } } as const
  const { exit, json, text } = await askCommand(command, folder, asked)
  return { exit, json: json as { origin: string; vkey: string; private: string; named: boolean }, text: text() }
}

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('key new makes a key for its owner alone and the policy that names it', async () => {
  const folder = newRepository()
  const { exit, json } = await ledger(folder, 'new')
  assert.equal(exit, 0)
  assert.equal(json.origin, 'tutela.local/banco-exemplo')
  assert.equal(json.private, join(folder, '.git/tutela/ledger.key'))
  assert.equal(statSync(json.private).mode & 0o777, 0o600)
  assert.equal(readFileSync(join(folder, 'ledger/policy'), 'utf8'), `log ${json.vkey}\nquorum none\n`)
  const shown = await ledger(folder, 'show')
  assert.deepEqual(shown.json, json)
  // Everything behind the fourth plus sign: Base64 may hold plus signs of its own.
  const seed = readFileSync(json.private, 'utf8').trim().split('+').slice(4).join('+')
  assert.equal(seed.length, 44)
  assert.ok(!shown.text.includes(seed) && !JSON.stringify(shown.json).includes(seed))
})

test('key new is a fault where there is a key, or a log that is signed', async () => {
  const folder = newRepository()
  await ledger(folder, 'new')
  await assert.rejects(ledger(folder, 'new'), hasCode('ledger/key-exists'))
  const signed = newRepository()
  mkdirSync(join(signed, 'ledger'))
  writeFileSync(join(signed, 'ledger/checkpoint'), 'x')
  await assert.rejects(ledger(signed, 'new'), hasCode('ledger/log-exists'))
})

test('key show is a fault without a key, and says when the policy names another', async () => {
  const folder = newRepository()
  await assert.rejects(ledger(folder, 'show'), hasCode('ledger/no-key'))
  await ledger(folder, 'new')
  writeFileSync(join(folder, 'ledger/policy'), 'quorum none\n')
  const { json, text } = await ledger(folder, 'show')
  assert.equal(json.named, false)
  assert.match(text, /does NOT name it/)
})

test('a key of a variable is made as a file to carry away, and read from the variable', async () => {
  const folder = newRepository('ledger: { origin: banco.example/tutela, key: "env:LEDGER_KEY" }\n')
  const { json, text } = await ledger(folder, 'new')
  assert.match(text, /put its text into the variable LEDGER_KEY, then remove the file/)
  await assert.rejects(ledger(folder, 'show'), hasCode('ledger/no-key'))
  const shown = await ledger(folder, 'show', { LEDGER_KEY: readFileSync(json.private, 'utf8') })
  assert.deepEqual(shown.json, { ...json, private: 'env:LEDGER_KEY' })
})

test('witnesses that cannot be read leave no key behind', async () => {
  const folder = newRepository('ledger: { witnesses: [nobody] }\n')
  await assert.rejects(ledger(folder, 'new'), hasCode('ledger/bad-witnesses'))
  await assert.rejects(ledger(folder, 'show'), hasCode('ledger/no-key'))
})

test('a faulty governance.yaml is exit 3, because its origin would not be the one that is meant', async () => {
  const folder = newRepository('ledger: { orign: banco.example/tutela }\n')
  const { exit } = await ledger(folder, 'new')
  assert.equal(exit, 3)
  await assert.rejects(ledger(newRepository(), 'show'), hasCode('ledger/no-key'))
})
