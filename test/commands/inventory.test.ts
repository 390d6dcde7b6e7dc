import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRepository } from '../../engine/adapters/git/create-repository.ts'
import { command } from '../../engine/commands/inventory.ts'
import type { InventoryRow } from '../../engine/commands/inventory-rows.ts'
import type { GitStore } from '../../engine/world.ts'
import { memoryTree } from '../memory-tree.ts'
import { ask, FILES, NOW } from './reading-world.ts'

interface Inventory {
  readonly asOf: string
  readonly commit: string | null
  readonly models: readonly InventoryRow[]
}

test('every model is a row, retired ones too, with who answers for it and what is open', async () => {
  const { json, exit } = await ask(command)
  const { models, asOf } = json as Inventory
  assert.equal(exit, 0)
  assert.equal(asOf, '2026-11-22')
  assert.deepEqual(
    models.map((m) => [m.id, m.stage, m.risk?.tier]),
    [
      ['credit-default', 'production', 'high'],
      ['old-score', 'retired', 'low'],
    ],
  )
  assert.deepEqual(models[0]?.owners, ['team:credit-models'])
  assert.deepEqual(models[0]?.versions, ['3.2.0'])
  assert.deepEqual(models[0]?.review, { last: '2026-06-30', everyDays: 120, next: '2026-10-28', overdue: true })
  assert.deepEqual(models[0]?.open, { fail: 2, error: 0, warn: 0, skip: 0, waived: 0 })
})

test('the table has aligned columns, Brazilian days and an overdue review that says so', async () => {
  const lines = (await ask(command)).text().split('\n')
  assert.equal(lines[0], 'Banco Exemplo: modelos em 22/11/2026 (2)')
  assert.match(
    lines[2] ?? '',
    /^ {2}Modelo +Risco +Fase +Implantado +Responsáveis +Validador +Próxima revisão +Achados abertos$/,
  )
  assert.match(
    lines[3] ?? '',
    /^✗ credit-default {2}alto +produção +production 3\.2\.0 +team:credit-models +team:model-risk +28\/10\/2026 \(vencida\) +reprovados 2$/,
  )
  assert.match(lines[4] ?? '', /old-score +baixo +desativado +nenhum/)
})

test('a card that cannot be read is a row that says so, and exit 3', async () => {
  const files = { ...FILES, 'models/broken/card.yaml': 'apiVersion: tutela/v1\nkind: ModelCard\n' }
  const { json, exit, text } = await ask(command, { files })
  const row = (json as Inventory).models.find((model) => model.id === 'broken')
  assert.equal(exit, 3)
  assert.equal(row?.title, undefined)
  assert.equal(row?.verdicts[0]?.cause, 'invalid')
  assert.match(text(), /✗ broken .*arquivo inválido$/m)
})

test('outside Git an earlier day has the same files and another clock', async () => {
  const { json } = await ask(command, { options: { asOf: '2026-11-20' } })
  const { models, asOf } = json as Inventory
  assert.equal(asOf, '2026-11-20')
  assert.deepEqual(models[0]?.open, { fail: 1, error: 1, warn: 0, skip: 0, waived: 0 })
})

const refused = [
  { day: '2026-11-23', message: /is to come: today is 2026-11-22/ },
  { day: '2026-02-30', message: /is no day/ },
  { day: 'yesterday', message: /is no day/ },
]
for (const { day, message } of refused)
  test(`--as-of ${day} is refused`, () =>
    assert.rejects(ask(command, { options: { asOf: day } }), { code: 'cli/bad-option', message }))

/** A repository whose second commit, two days later, retires the model. */
function history(folder: string): { readonly store: GitStore; readonly first: string } {
  const store = createRepository(folder)
  const at = (day: number) => ({ name: 'Ana', email: 'ana@example.org', at: Date.UTC(2026, 10, day, 12) / 1000 })
  const bytes = (files: Readonly<Record<string, string>>) =>
    new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]))
  const first = store.writeCommit({
    base: null,
    parents: [],
    changes: bytes(FILES),
    message: 'one\n',
    author: at(19),
    committer: at(19),
  })
  const retired = {
    'models/credit-default/card.yaml': (FILES['models/credit-default/card.yaml'] ?? '').replace(
      'stage: production',
      'stage: retired',
    ),
  }
  const second = store.writeCommit({
    base: first,
    parents: [first],
    changes: bytes(retired),
    message: 'two\n',
    author: at(21),
    committer: at(21),
  })
  store.updateRef({ ref: 'refs/heads/main', expect: null, to: second })
  return { store, first }
}

test('in Git an earlier day has the commit of that day; before the first there is a fault', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-inventory-'))
  try {
    const { store, first } = history(folder)
    const repositories = { open: () => store, openFolder: () => memoryTree({}), create: () => store }
    const on = async (day: string) =>
      (await ask(command, { options: { asOf: day }, world: { repositories } })).json as Inventory
    assert.deepEqual(
      (await on('2026-11-20')).models.map((m) => m.stage),
      ['production', 'retired'],
    )
    assert.equal((await on('2026-11-20')).commit, first)
    assert.deepEqual(
      (await on('2026-11-21')).models.map((m) => m.stage),
      ['retired', 'retired'],
    )
    await assert.rejects(on('2026-11-18'), { code: 'inventory/no-history' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('now is the clock that was asked for', async () => {
  const { json } = await ask(command, { globals: { now: NOW - 86_400_000 } })
  assert.equal((json as Inventory).asOf, '2026-11-21')
})
