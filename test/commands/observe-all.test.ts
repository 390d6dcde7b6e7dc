// `tutela observe --all`: each model that has new data, and one that fails stops no other.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fault, put } from './import-scene.ts'
import { CARD, csv, observe, rows, scene } from './observe-scene.ts'

const OPTIONS = { all: true, current: ['{model}/*.csv'] }
const MODELS = ['cars', 'empty', 'homes', 'loans', 'torn'] as const
const cards = Object.fromEntries(MODELS.map((id) => [`models/${id}/card.yaml`, CARD.replace('id: loans', `id: ${id}`)]))
const FILES = {
  ...cards,
  'models/old/card.yaml': CARD.replace('id: loans', 'id: old').replace('stage: production', 'stage: retired'),
  'models/odd/card.yaml': 'kind: ModelCard\n',
}

function five() {
  const place = scene(
    { 'cars/a.csv': csv(rows(40)), 'homes/a.csv': csv(rows(50)), 'loans/a.csv': csv(rows(60)) },
    FILES,
  )
  put(join(place.root, '.git/torn/a.csv'), 'id,decided_at\n1\n')
  mkdirSync(join(place.root, '.git/empty'))
  return place
}
const lineOfModel = (id: string) => `models/snapshots/2026/11/20T00/${id}.ndjson`

test('models with data are measured, those without are named, and a failing one makes the exit 1', async () => {
  const place = five()
  const { exit, text, json, notes } = await observe(place, OPTIONS)
  assert.equal(exit, 1)
  const lines = text().split('\n')
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    ['cars:', 'empty:', 'homes:', 'loans:', 'odd:', 'torn:'],
  )
  assert.match(
    lines[0] ?? '',
    /^cars: \d+ measurements of 40 rows → models\/snapshots\/2026\/11\/20T00\/cars\.ndjson:1$/,
  )
  assert.equal(lines[1], 'empty: no data')
  assert.match(lines[4] ?? '', /^odd: failed: the card of `odd` cannot be read$/)
  assert.match(lines[5] ?? '', /^torn: failed: .*torn\/a\.csv/)
  assert.match(notes.join('\n'), /error {2}observe\/missing-column {2}torn: `torn\/a\.csv` has no column/)
  for (const id of ['cars', 'homes', 'loans']) assert.ok(existsSync(join(place.root, lineOfModel(id))), id)
  const { models, ok } = json as { models: { state: string }[]; ok: boolean }
  assert.equal(ok, false)
  assert.deepEqual(
    models.map(({ state }) => state),
    ['measured', 'no-data', 'measured', 'measured', 'failed', 'failed'],
  )
})

test('data that were measured already are left alone, also where the snapshot was committed; new ones are not', async () => {
  const place = five()
  await observe(place, { ...OPTIONS, commit: true })
  put(join(place.root, '.git/homes/b.csv'), csv(rows(24, { from: 900 })))
  const { text } = await observe(place, OPTIONS)
  assert.deepEqual(text().split('\n').slice(0, 4), [
    'cars: unchanged since its last snapshot',
    'empty: no data',
    text().split('\n')[2],
    'loans: unchanged since its last snapshot',
  ])
  assert.match(text(), /homes: \d+ measurements of 74 rows/)
})

test('the same data are measured again for another window', async () => {
  const place = scene({ 'loans/a.csv': csv([...rows(30), ...rows(30, { day: '2026-11-19' })]) })
  const first = await observe(place, { ...OPTIONS, window: '2026-11-19/2026-11-20' })
  const second = await observe(place, { ...OPTIONS, window: '2026-11-20/2026-11-21' })
  const third = await observe(place, { ...OPTIONS, window: '2026-11-20/2026-11-21' })
  assert.match(first.text(), /of 30 rows/)
  assert.match(second.text(), /of 30 rows/)
  assert.match(third.text(), /unchanged/)
})

describe('refused', () => {
  test('without a place for the model in the paths', async () => {
    await assert.rejects(observe(five(), { all: true }), fault('cli/bad-usage', /`--current` holds `\{model\}`/))
  })

  test('with one file for all, or one version', async () => {
    for (const option of ['out', 'version']) {
      await assert.rejects(observe(five(), { ...OPTIONS, [option]: 'x' }), fault('cli/bad-option', /contradict/))
    }
  })

  test('where no model is deployed', async () => {
    const files = {
      'models/loans/card.yaml': CARD.replace(/deployment.*\n/, '').replace('stage: production', 'stage: development'),
    }
    await assert.rejects(observe(scene({}, files), OPTIONS), fault('observe/no-models', /no model is deployed/))
  })
})
