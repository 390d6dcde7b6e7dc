// What `tutela observe` refuses before it measures, and that nothing is written then.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fault, put } from './import-scene.ts'
import { CARD, csv, lineOf, observe, rows, scene } from './observe-scene.ts'

const REFUSED: readonly (readonly [string, Record<string, string | boolean | string[]>, string, RegExp])[] = [
  ['no data', { current: [] }, 'cli/bad-usage', /`--current` is missing/],
  ['two ways to name the model', { card: 'card.yaml', model: 'loans' }, 'cli/bad-usage', /contradict each other/],
  [
    'an unknown model',
    { model: 'loan' },
    'observe/unknown-model',
    /no model is called `loan`; there are `bare`, `loans`, `two`/,
  ],
  ['a card without data', { model: 'bare' }, 'observe/no-data', /the card of `bare` has no `data`/],
  ['an unknown purpose', { purpose: 'training' }, 'cli/bad-option', /monitoring, baseline, validation/],
  ['an unknown engine', { engine: 'spark' }, 'cli/bad-option', /duckdb, trino/],
  ['a cluster that nobody configured', { engine: 'trino' }, 'config/no-cluster', /sql: \{ engine: trino/],
  [
    'a place and a commit',
    { out: '-', commit: true, current: ['gone.csv'] },
    'cli/bad-option',
    /contradict each other/,
  ],
  ['a writer that is no name', { writer: '../x', current: ['gone.csv'] }, 'cli/bad-option', /is no name/],
  ['a window that is none', { window: '2026-11-20' }, 'cli/bad-option', /is no window/],
  ['an address without queries', { prometheus: 'http://127.0.0.1:9' }, 'observe/no-queries', /no `sla\.queries`/],
  [
    'a version that the card does not list',
    { version: '1.0.1' },
    'observe/unknown-version',
    /`loans` lists no version `1\.0\.1`, .*did you mean `1\.0\.0`\? it lists `1\.0\.0`; .*`--purpose validation` or `--out FILE`/,
  ],
  [
    'a listed version that is deployed nowhere',
    { model: 'two', version: '2.0.0' },
    'cli/bad-usage',
    /`two` deploys `1\.0\.0 in production`, and not `2\.0\.0`: its environment is not known; .*`--environment production`/,
  ],
  [
    'an environment without a deployment',
    { environment: 'staging' },
    'cli/bad-usage',
    /deploys `1\.0\.0 in production`, and none in `staging`: which version was measured is not known; name it with `--version`$/,
  ],
  ['a card that is not there', { card: 'card.yaml' }, 'observe/no-file', /there is no file `card\.yaml`/],
]

describe('with a fault', () => {
  const bare = CARD.replace('id: loans', 'id: bare').replace(/^data:\n( .*\n)+/m, '')
  const two = CARD.replace('id: loans', 'id: two').replace('"1.0.0" }]', '"1.0.0" }, { version: "2.0.0" }]')
  const place = scene({ 'current.csv': csv(rows(30)) }, { 'models/bare/card.yaml': bare, 'models/two/card.yaml': two })
  for (const [name, options, code, words] of REFUSED) {
    test(name, async () => {
      await assert.rejects(observe(place, options), fault(code, words))
      assert.deepEqual(place.store.dirtyIn(['models']), [])
    })
  }
})

test('what loading would refuse is not written: other figures of the same data and window', async () => {
  const place = scene({ 'current.csv': csv(rows(30)) })
  await observe(place)
  put(join(place.root, 'models/loans/card.yaml'), CARD.replace('min: 0', 'min: 1200'))
  const { exit, diagnostics, text } = await observe(place)
  assert.equal(exit, 1)
  assert.equal(text(), 'nothing was written')
  assert.ok(diagnostics?.every(({ code }) => code === 'load/duplicate-measurement'))
})

test('a time before the year 0 is told with its file and column, and a window of the asker leaves it out', async () => {
  const place = scene({ 'current.csv': csv(rows(30)).replace('2026-11-20T', '-0044-03-15T') })
  await assert.rejects(
    observe(place),
    fault('observe/early-rows', /`decided_at` of `current\.csv` is before the year 0/),
  )
  assert.equal((await observe(place, { window: '2026-11-20/2026-11-21' })).exit, 0)
})

describe('a card outside models/', () => {
  test('measures, and the line goes where it is asked', async () => {
    const place = scene({ 'current.csv': csv(rows(30)), 'new.yaml': CARD.replace('id: loans', 'id: new') })
    const result = await observe(place, { card: 'new.yaml', out: '-' })
    assert.equal(lineOf(result).model, 'new')
    assert.equal(result.text(), JSON.stringify(JSON.parse(result.text())))
  })

  test('with a fault in it is told at its place', async () => {
    const place = scene({ 'current.csv': csv(rows(30)), 'new.yaml': CARD.replace('kind: binary', 'kind: binry') })
    const { exit, diagnostics } = await observe(place, { card: 'new.yaml', out: '-' })
    assert.equal(exit, 1)
    assert.deepEqual(
      diagnostics?.map(({ file, line }) => [file, line]),
      [['new.yaml', 10]],
    )
  })
})

test('names of columns and values that are SQL do no harm, from the card to the snapshot', async () => {
  const [column, value] = [`x"; DROP TABLE t; --`, `a'); DROP VIEW v; --`]
  const quoted = `"${column.replaceAll('"', '""')}"`
  const card = CARD.replaceAll('name: region', `name: '${column}'`).replaceAll('values: [N, S]', `values: ["${value}"]`)
  const data = csv(rows(40)).replace('region', quoted).replaceAll(',N,', `,"${value}",`)
  const place = scene({ 'current.csv': data, "it's [a] *.csv": data }, { 'models/loans/card.yaml': card })
  const result = await observe(place, { reference: ["it's [a] *.csv"] })
  assert.equal(result.exit, 0)
  const psi = lineOf(result).measurements.find(({ metric, feature }) => metric === 'drift.psi' && feature === column)
  assert.equal(psi?.value, 0)
})
