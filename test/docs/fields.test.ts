// The page on fields is the schemas, in words.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { FIELDS_PAGE, fieldsOf, fieldsPage } from './make-fields.ts'

test('the page on fields is up to date (node test/docs/make-fields.ts)', () => {
  assert.equal(readFileSync(FIELDS_PAGE, 'utf8'), fieldsPage())
})

test('every field of the card and of governance.yaml says what it is', () => {
  for (const schema of ['model-card', 'governance'] as const) {
    const rows = fieldsOf(schema)
    assert.ok(rows.length > 50, schema)
    for (const { path, description } of rows) assert.notEqual(description, '', `${schema}: ${path}`)
  }
})

test('the fields that are asked for most are on the page', () => {
  const card = fieldsOf('model-card').map(({ path }) => path)
  const governance = fieldsOf('governance').map(({ path }) => path)
  for (const path of [
    'data.positive',
    'data.reasons',
    'data.adverse',
    'versions[].artifact.uri',
    'sla.columns.latency',
  ])
    assert.ok(card.includes(path), path)
  for (const path of ['minimumGroupSize', 'sql.engine', 'ledger.pin.api', 'channels.<name>.kind'])
    assert.ok(governance.includes(path), path)
  assert.ok(card.includes('deployment.environment'))
})
