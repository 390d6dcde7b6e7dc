// `tutela observe` of a window in which no row lies, and of a candidate that the card does not list yet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csv, lineOf, observe, POLICY, rows, scene, value } from './observe-scene.ts'

test('a window beside the data is written, and a warning at its line says what the data cover', async () => {
  const place = scene({ 'current.csv': csv(rows(30)) })
  const empty = await observe(place, { window: '2026-05-01/2026-06-01' })
  assert.equal(empty.exit, 0)
  assert.deepEqual(lineOf(empty).rows, { current: 0 })
  const [only, ...others] = empty.diagnostics ?? []
  assert.deepEqual(
    [only?.code, only?.severity, only?.file, only?.line, others.length],
    ['observe/empty-window', 'warning', 'models/snapshots/2026/05/01T00/loans.ndjson', 1, 0],
  )
  assert.match(
    only?.message ?? '',
    /^no row of the data lies in the window 2026-05-01T00:00:00Z to 2026-06-01T00:00:00Z/,
  )
  assert.match(
    only?.hint ?? '',
    /^the data cover 2026-11-20T00:00:00Z to 2026-11-20T23:00:00Z: did you mean `--window 2026-11-20\/2026-11-21`\?$/,
  )
  assert.deepEqual((await observe(place, { window: '2026-11-20/2026-11-21' })).diagnostics, [])
})

test('of a header alone there is nothing to cover', async () => {
  const { exit, diagnostics } = await observe(scene({ 'current.csv': csv([]) }), { window: '2026-05-01/2026-06-01' })
  assert.deepEqual([exit, diagnostics], [0, []])
})

test('a candidate is measured before the card lists it: for validation, or to a file', async () => {
  const place = scene({ 'current.csv': csv(rows(30)) })
  for (const options of [{ out: '-' }, { purpose: 'validation' }]) {
    const { exit, diagnostics } = await observe(place, { version: '2.0.0', environment: 'production', ...options })
    assert.equal(exit, 0)
    assert.ok((diagnostics ?? []).every(({ severity }) => severity === 'warning'))
  }
})

test('freshness counts to now, and an old window says so where a rule reads it', async () => {
  const rule = '  - { id: fresh, metric: data.freshness_hours, atMost: 48 }\n'
  const place = scene({ 'current.csv': csv(rows(30)) }, { 'policies/even.yaml': `${POLICY}${rule}` })
  const soon = await observe(place, { out: '-' })
  assert.ok(!soon.notes.some((note) => note.includes('freshness')))
  assert.equal(value(soon, 'data.freshness_hours'), 31)
  const late = await observe(place, { out: '-' }, { now: Date.parse('2036-11-22T06:00:00Z') })
  assert.equal(value(late, 'data.freshness_hours'), 31 + 24 * 3653)
  assert.ok(
    late.notes.some((note) => /`data\.freshness_hours` counts to now, 3654 days after/.test(note)),
    late.notes.join('\n'),
  )
  const unread = await observe(
    scene({ 'current.csv': csv(rows(30)) }),
    { out: '-' },
    { now: Date.parse('2036-11-22T06:00:00Z') },
  )
  assert.ok(!unread.notes.some((note) => note.includes('freshness')))
})
