// What the gate asks of a pull request's commits, on shapes of history that hide a change from one common ancestor.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createRepository } from '../../engine/adapters/git/create-repository.ts'
import { changeProblems } from '../../engine/commands/gate-proposal.ts'

const HOUR = 'models/snapshots/2026/11/21T00/credit.ndjson'
const folder = mkdtempSync(join(tmpdir(), 'tutela-gate-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const store = createRepository(folder)
let clock = Date.UTC(2026, 0, 1) / 1000

function save(parents: readonly string[], files: Readonly<Record<string, string | null>>): string {
  clock += 60
  const person = { name: 'Ana', email: 'ana@example.org', at: clock }
  const changes = new Map(
    Object.entries(files).map(([path, text]): [string, Uint8Array | null] => [
      path,
      text === null ? null : Buffer.from(text),
    ]),
  )
  return store.writeCommit({
    base: parents[0] ?? null,
    parents,
    changes,
    message: 'c\n',
    author: person,
    committer: person,
  })
}

const codes = (base: string, head: string) => changeProblems(store, base, head).map(({ code }) => code)
const ROOT = save([], { 'README.md': 'r\n' })

test('a line that one of two common ancestors has may not be dropped by way of the other', () => {
  const withLine = save([ROOT], { [HOUR]: '{"a":1}\n' })
  const without = save([ROOT], { 'notes.md': 'n\n' })
  const base = save([withLine, without], { 'notes.md': 'n\n' })
  const head = save([without, withLine], {})
  assert.deepEqual(store.mergeBases(base, head), [without, withLine])
  assert.deepEqual(codes(base, head), ['snapshot-changed'])
  assert.deepEqual(codes(base, save([without, withLine], { [HOUR]: '{"a":1}\n' })), [])
})

test('a head that merged the base’s runs has changed nothing', () => {
  const branch = save([ROOT], { 'notes.md': 'n\n' })
  const base = save([ROOT], { 'ledger/checkpoint': '1\n', 'reports/latest.json': '{}\n' })
  assert.deepEqual(codes(base, save([branch, base], { 'ledger/checkpoint': '1\n', 'reports/latest.json': '{}\n' })), [])
  assert.deepEqual(codes(base, save([branch, base], { 'ledger/checkpoint': '0\n', 'reports/latest.json': '{}\n' })), [
    'run-files',
  ])
})

test('a head that shares nothing with the base loses all that it lacks', () => {
  const base = save([ROOT], { [HOUR]: '{"a":1}\n' })
  assert.deepEqual(codes(base, save([], { 'x.md': 'x\n' })), ['snapshot-changed'])
})
