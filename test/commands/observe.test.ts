// `tutela observe` from data to a snapshot: what is measured over which rows, and that rules judge it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { globalsAt } from '../ask-command.ts'
import { fault, linesIn } from './import-scene.ts'
import { CARD, csv, figures, lineOf, observe, rows, scene, value, without } from './observe-scene.ts'
import { NOW } from './reading-world.ts'

const PATH = 'models/snapshots/2026/11/20T00/loans.ndjson'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('one canonical line in the file of its hour, and `plan` judges it', async () => {
  const current = csv(rows(200, { shift: 900 }))
  const place = scene({ 'current.csv': current, 'reference.csv': csv(rows(300, { day: '2026-10-01' })) })
  const result = await observe(place, { reference: ['reference.csv'] })
  assert.equal(result.exit, 0)
  const [line = '', rest] = linesIn(place.root, PATH)
  assert.equal(rest, '')
  assert.equal(line, canonicalJson(lineOf(result)))
  const { version, environment, purpose, window, rows: counted, source } = lineOf(result)
  assert.deepEqual([version, environment, purpose], ['1.0.0', 'production', 'monitoring'])
  assert.deepEqual(window, { start: '2026-11-20T00:00:00Z', end: '2026-11-20T23:00:01Z' })
  assert.deepEqual(counted, { current: 200, reference: 300 })
  assert.equal(source.tool, 'tutela')
  assert.match(result.text(), /^metric +subject +value +95% interval +n/)
  assert.match(result.text(), /\ndrift\.psi +income +[\d.]+ +200\n/)
  const globals = globalsAt(place.root, { now: NOW })
  const judged = await plan.run({ world: assembleWorld(NOW), globals, args: [], options: {}, note: () => undefined })
  assert.match(judged.text(), /fail(ed)? +loans +even\/psi.*income/)
})

test('the figures are those of the rows', async () => {
  const lines = rows(100)
  const result = await observe(scene({ 'current.csv': csv(lines) }))
  const cells = lines.map((line) => line.split(','))
  const right = cells.filter((row) => row[7] === row[8]).length
  assert.equal(value(result, 'data.rows'), 100)
  assert.equal(value(result, 'performance.accuracy'), right / 100)
  assert.equal(value(result, 'performance.label_coverage'), 1)
  const selected = cells.filter((row) => row[5] === 'F' && row[7] === '1').length
  const rate = figures(result, 'fairness.selection_rate').find(({ group }) => group === 'F')
  assert.deepEqual([rate?.value, rate?.n], [selected / 50, 50])
  assert.deepEqual(figures(result, 'drift.psi'), [])
  assert.match(result.notes.join('\n'), /without `--reference` no drift is measured/)
})

test('the digest of one file is that of its bytes; of several parts, of theirs', async () => {
  const [current, reference] = [csv(rows(50)), csv(rows(60))]
  const place = scene({ 'current.csv': current, 'reference.csv': reference })
  const alone = await observe(place, { out: '-' })
  assert.equal(lineOf(alone).source.digest, `sha256:${sha256(current)}`)
  const both = await observe(place, { out: '-', reference: ['reference.csv'] })
  const parts = { current: `sha256:${sha256(current)}`, reference: `sha256:${sha256(reference)}` }
  assert.equal(lineOf(both).source.digest, `sha256:${sha256(canonicalJson(parts))}`)
})

describe('the window', () => {
  test('is taken from the option; rows outside and rows without a time are left out, and told', async () => {
    const lines = [...rows(48), ...rows(24, { day: '2026-11-19' }), ',,1000,N,x,F,0.1,0,0']
    const result = await observe(scene({ 'current.csv': csv(lines) }), { window: '2026-11-20/2026-11-21' })
    assert.deepEqual(lineOf(result).window, { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' })
    assert.equal(value(result, 'data.rows'), 48)
    assert.match(
      result.notes.join('\n'),
      /24 rows outside the window by `decided_at`: left out\nnote: one row without a time/,
    )
    assert.equal((result.json as { window: { chosenBy: string } }).window.chosenBy, 'option')
  })

  test('is of whole days where the times are days', async () => {
    const result = await observe(scene({ 'current.csv': csv(rows(30)).replaceAll(/T\d\d:00:00Z/g, '') }))
    assert.deepEqual(lineOf(result).window, { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' })
  })

  test('of rows in the future is refused, and none is named', async () => {
    const place = scene({ 'current.csv': csv([...rows(30), ...rows(1, { day: '2031-01-01' })]) })
    const wanted = fault(
      'observe/future-rows',
      /one row of `current\.csv` is later than now by `decided_at`; is a clock or a time zone wrong\?/,
    )
    await assert.rejects(observe(place), wanted)
    const { exit } = await observe(place, { window: '2026-11-20/2026-11-21' })
    assert.equal(exit, 0)
  })

  test('must be given where the card has no timestamp column, or no row has one', async () => {
    const card = CARD.replace('  timestamp: decided_at\n', '')
    const timeless = scene({ 'current.csv': csv(rows(30)) }, { 'models/loans/card.yaml': card })
    await assert.rejects(observe(timeless), fault('observe/no-window', /no `data\.timestamp` column; give `--window/))
    const { notes } = await observe(timeless, { window: '2026-11-20/2026-11-21' })
    assert.match(notes.join(), /all rows are taken to be of the window/)
    await assert.rejects(
      observe(scene({ 'current.csv': csv([]) })),
      fault('observe/no-window', /`current\.csv` has no rows.*is it a header only\?/),
    )
    const untimed = scene({ 'current.csv': csv([',,1000,N,x,F,0.1,0,0']) })
    await assert.rejects(
      observe(untimed),
      fault('observe/no-window', /no row of `current\.csv` has a time in `decided_at`/),
    )
  })
})

describe('little data', () => {
  test('a header alone is an empty window: null with the reason, never 0 by accident', async () => {
    const place = scene({ 'current.csv': csv([]), 'reference.csv': csv(rows(100)) })
    const result = await observe(place, { window: '2026-11-20/2026-11-21', reference: ['reference.csv'] })
    assert.equal(result.exit, 0)
    assert.equal(value(result, 'data.rows'), 0)
    const others = lineOf(result).measurements.filter(
      ({ n, metric }) => n === 0 && !/^(data\.rows|performance\.support)/.test(metric),
    )
    assert.ok(others.length > 10)
    assert.deepEqual(
      others.filter((one) => one.value !== null || one.reason === undefined),
      [],
    )
  })

  test('one row', async () => {
    const result = await observe(scene({ 'current.csv': csv(rows(1)), 'reference.csv': csv(rows(1)) }), {
      reference: ['reference.csv'],
    })
    assert.equal(result.exit, 0)
    assert.ok(lineOf(result).measurements.every(({ value: one }) => one === null || Number.isFinite(one)))
    assert.deepEqual(
      figures(result, 'performance.auc').map(({ reason }) => reason),
      ['one_class'],
    )
  })
})

test('the same data a second time, at once or an hour later, are unchanged: exit 0, and nothing is written', async () => {
  const place = scene({ 'current.csv': csv(rows(30)) })
  await observe(place)
  const before = linesIn(place.root, PATH)
  for (const now of [NOW, NOW + 3_600_000]) {
    const { exit, text, json } = await observe(place, {}, { now })
    assert.equal(exit, 0)
    assert.match(text(), /^loans: unchanged since its last snapshot: nothing was written$/)
    const { state, ok, model } = json as { state: string; ok: boolean; model: string }
    assert.deepEqual([state, ok, model], ['unchanged', true, 'loans'])
  }
  assert.deepEqual(linesIn(place.root, PATH), before)
})

describe('the reference that was kept', () => {
  const data = { 'current.csv': csv(rows(200)), 'reference.csv': csv(rows(300)) }
  const cacheOf = (root: string) => {
    const folder = join(root, '.git/tutela/cache')
    return readdirSync(folder)
      .filter((name) => name.startsWith('reference-'))
      .map((name) => join(folder, name))
  }

  test('changes no byte of the snapshot, there or not', async () => {
    const place = scene(data)
    const first = await observe(place, { reference: ['reference.csv'], out: '-' })
    const [kept = '', more] = cacheOf(place.root)
    assert.equal(more, undefined)
    const bytes = readFileSync(kept)
    const second = await observe(place, { reference: ['reference.csv'], out: '-' })
    assert.deepEqual(readFileSync(kept), bytes)
    rmSync(kept)
    const third = await observe(place, { reference: ['reference.csv'], out: '-' })
    assert.equal(second.text(), first.text())
    assert.equal(third.text(), first.text())
  })

  test('is not used for other data, and a damaged one is not used at all', async () => {
    const place = scene({ ...data, 'other.csv': csv(rows(250, { shift: 50 })) })
    const fresh = await observe(scene({ ...data, 'other.csv': csv(rows(250, { shift: 50 })) }), {
      reference: ['other.csv'],
      out: '-',
    })
    await observe(place, { reference: ['reference.csv'], out: '-' })
    for (const file of cacheOf(place.root)) {
      const bytes = readFileSync(file)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      writeFileSync(file, bytes)
    }
    const again = await observe(place, { reference: ['reference.csv'], out: '-' })
    assert.equal(lineOf(again).rows?.reference, 300)
    assert.equal((await observe(place, { reference: ['other.csv'], out: '-' })).text(), fresh.text())
  })
})

test('a label that has not come: no coverage, told, and no performance', async () => {
  const result = await observe(scene({ 'current.csv': without(csv(rows(100)), 'defaulted') }))
  assert.equal(result.exit, 0)
  assert.equal(value(result, 'performance.label_coverage'), 0)
  assert.equal(value(result, 'performance.accuracy'), null)
  assert.match(result.notes.join(), /the current data have no column `defaulted`: no label has come yet/)
})
