// `tutela observe --engine trino` from governance.yaml to the snapshot: the same figures as DuckDB's from the same rows, labels
// and attributions on the cluster, the window by time, and what is said when the cluster does not answer as hoped.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Measurement, subjectText } from '../../../engine/domain/snapshot.ts'
import type { SqlColumn } from '../../../engine/world-sql.ts'
import { fault, type Place } from '../../commands/import-scene.ts'
import { CARD, csv, HEADER, lineOf, observe, rows, scene, without } from '../../commands/observe-scene.ts'
import { FILES } from '../../commands/reading-world.ts'
import { type Clients, copy } from './copy-table.ts'

const COLUMNS: readonly SqlColumn[] = [
  { name: 'id', kind: 'number' },
  { name: 'branch', kind: 'category' },
  { name: 'decided_at', kind: 'timestamp' },
  { name: 'income', kind: 'number' },
  { name: 'region', kind: 'category' },
  { name: 'note', kind: 'text' },
  { name: 'sex', kind: 'category' },
  { name: 'score', kind: 'number' },
  { name: 'refused', kind: 'number' },
  { name: 'defaulted', kind: 'number' },
  { name: 'reason', kind: 'category' },
]
const FULL = `id,branch,${HEADER.slice(3)},reason`

/** Two branches count their applications alike, so a label needs both columns; some rows have no branch. */
const branched = (lines: readonly string[]) =>
  lines.map((line, i) => {
    const [, ...cells] = line.split(',')
    return [Math.floor(i / 3), ['a', 'b', ''][i % 3], ...cells, i % 4 === 0 ? '' : 'R1'].join(',')
  })

const current = csv(branched([...rows(150, { shift: 90 }), ...rows(30, { day: '2026-11-19' })]), FULL)
const DATA = {
  'all.csv': current,
  'current.csv': without(current, 'defaulted'),
  'reference.csv': csv(branched(rows(200, { day: '2026-10-01' })), FULL),
  'labels.csv': csv(
    branched(rows(120)).map((line) => {
      const cells = line.split(',')
      return [cells[0], cells[1], cells[9]].join(',')
    }),
    'id,branch,defaulted',
  ),
  'shap.csv': csv(['0.5,1.5', '-0.25,2'], 'income,age'),
}
const ASKED = { window: '2026-11-20/2026-11-21' }

const sql = (url: string, more = '') =>
  `${FILES['policies/governance.yaml']}sql: { engine: trino, url: "${url}", catalog: memory, schema: default, user: ana${more} }\n`

function placeAt(governance: string, data: Readonly<Record<string, string>> = {}): Place {
  const card = CARD.replace('  timestamp:', '  reasons: reason\n  adverse: "1"\n  timestamp:').replace(
    '{ name: note, type: text }',
    '{ name: note, type: text }, { name: age, type: number, monitor: false }',
  )
  return scene(data, { 'policies/governance.yaml': governance, 'models/loans/card.yaml': card })
}

export function testVerb(url: string, clients: Clients): void {
  const here = placeAt(FILES['policies/governance.yaml'] ?? '', DATA)
  const there = placeAt(sql(url))

  test('the verb measures tables of the cluster as it measures files', async () => {
    const data = (name: string) => join(here.root, '.git', name)
    const pick = (...names: string[]) => COLUMNS.filter(({ name }) => names.includes(name))
    const features = COLUMNS.filter(({ name }) => name !== 'defaulted')
    await copy(clients, data('current.csv'), 'loans', features)
    await copy(clients, data('reference.csv'), 'loans_before', COLUMNS)
    await copy(clients, data('labels.csv'), 'labels', pick('id', 'branch', 'defaulted'))
    await copy(clients, data('shap.csv'), 'shap', [
      { name: 'income', kind: 'number' },
      { name: 'age', kind: 'number' },
    ])
    const files = {
      current: ['current.csv'],
      reference: ['reference.csv'],
      labels: ['labels.csv'],
      attributions: ['shap.csv'],
    }
    const tables = {
      current: ['loans'],
      reference: ['default.loans_before'],
      labels: ['labels'],
      attributions: ['shap'],
    }
    const [a, b] = [await observe(here, { ...files, ...ASKED }), await observe(there, { ...tables, ...ASKED })]
    assert.deepEqual(b.notes, a.notes)
    assert.deepEqual((b.json as { labels: unknown }).labels, (a.json as { labels: unknown }).labels)
    const [x, y] = [lineOf(a), lineOf(b)]
    assert.ok(x.measurements.length > 60)
    assert.deepEqual(
      { ...y, source: null, measurements: y.measurements.map(named) },
      { ...x, source: null, measurements: x.measurements.map(named) },
    )
    for (const [i, one] of x.measurements.entries()) requireAlike(one, y.measurements[i])
    assert.match(y.source.digest, /^sha256:/)
  })

  test('the same table again is no new snapshot; other rows correct the first', async () => {
    const tables = { current: ['loans'], ...ASKED }
    const place = placeAt(sql(url))
    await observe(place, tables)
    assert.match((await observe(place, tables)).text(), /unchanged since its last snapshot/)
    const text = without(csv(branched(rows(1)), FULL), 'defaulted')
    const more = scene({ 'more.csv': text })
    await copy(
      clients,
      join(more.root, '.git/more.csv'),
      'one_more',
      COLUMNS.filter(({ name }) => name !== 'defaulted'),
    )
    await clients.trino.query('INSERT INTO loans SELECT * FROM one_more')
    const { notes } = await observe(place, tables)
    assert.match(notes.join('\n'), /this snapshot corrects sha256:/)
  })

  test('a missing table, a missing column, a bad name, a refused password and a silent cluster are told', async () => {
    const of = (place: Place, name: string) => observe(place, { current: [name], ...ASKED })
    await assert.rejects(
      of(there, 'nothing'),
      fault('observe/unreadable', /'memory\.default\.nothing' does not exist; name it as/),
    )
    await assert.rejects(of(there, 'shap'), fault('observe/missing-column', /`"?shap"?` has no column `\w+`/))
    await assert.rejects(of(there, 'loans; DROP TABLE loans'), fault('observe/unreadable', /is no name of a table/))
    process.env.TUTELA_TEST_TRINO = 'hunter2-secret'
    const locked = placeAt(sql(url, ', password: "env:TUTELA_TEST_TRINO"'))
    await assert.rejects(of(locked, 'loans'), (error: Error & { hint?: string }) => {
      assert.doesNotMatch(`${error.message} ${error.hint} ${error.stack} ${String(error.cause)}`, /hunter2/)
      return fault('observe/refused', /refuses the user/)(error)
    })
    const unset = placeAt(sql(url, ', password: "env:TUTELA_TEST_UNSET"'))
    await assert.rejects(of(unset, 'loans'), fault('config/no-secret', /`TUTELA_TEST_UNSET` is not set/))
    const silent = placeAt(sql('http://127.0.0.1:9'))
    await assert.rejects(of(silent, 'loans'), fault('observe/unreachable', /Trino at `127\.0\.0\.1:9` does not answer/))
  })

  test('hostile column names are names on the cluster too', async () => {
    const name = 'x" FROM loans; DROP TABLE loans; --'
    await clients.trino.query(
      `CREATE TABLE hostile AS SELECT id AS "x"" FROM loans; DROP TABLE loans; --", refused FROM loans`,
    )
    const card = CARD.replace(/ {2}label.*\n {2}score.*\n {2}timestamp.*\n/, '')
      .replace(/features: .*/, `features: [{ name: '${name}', type: number }]`)
      .replace(/ {2}protected.*\n/, '')
    const place = scene({}, { 'policies/governance.yaml': sql(url), 'models/loans/card.yaml': card })
    const result = await observe(place, { current: ['hostile'], reference: ['hostile'], ...ASKED })
    assert.equal(
      lineOf(result).measurements.find(({ metric, feature }) => metric === 'drift.psi' && feature === name)?.value,
      0,
    )
    const [count] = await clients.trino.query('SELECT count(*) FROM loans')
    assert.ok(Number(count?.[0]) > 100)
  })
}

const named = (one: Measurement) => `${one.metric} ${subjectText(one)} ${one.definition ?? ''}`

function requireAlike(a: Measurement, b: Measurement | undefined): void {
  const near = (x: number | null | undefined, y: number | null | undefined) =>
    x === y || (typeof x === 'number' && typeof y === 'number' && Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), 1e-3))
  assert.ok(b !== undefined && a.n === b.n && a.reason === b.reason, `${named(a)}: ${JSON.stringify(b)}`)
  assert.ok(near(a.value, b.value), `${named(a)}: DuckDB ${a.value}, Trino ${b.value}`)
  for (const i of [0, 1] as const) assert.ok(near(a.interval?.[i], b.interval?.[i]), `${named(a)}: interval`)
  assert.deepEqual(b.groups, a.groups)
}
