// Of several measurements, those of the one window: chunks, samples, runs. What is not clear is said.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ImportedMeasurement, MODEL } from '../../../engine/observe/importers/imported.ts'
import { pickWindow } from '../../../engine/observe/importers/pick-window.ts'

const DAY = Date.parse('2026-03-06T00:00:00Z')
const WANTED = { start: DAY, end: DAY + 86_400_000, chunk: null, run: null }

const one = (more: Partial<ImportedMeasurement>): ImportedMeasurement => ({
  metric: 'custom',
  name: 'x.y',
  subject: MODEL,
  value: 1,
  reason: null,
  worse: null,
  definition: 'x',
  ...more,
})
const chunk = (key: string, start: string | null, end: string | null) => one({ window: { key, start, end } })

function picked(list: readonly ImportedMeasurement[], wanted = {}): readonly ImportedMeasurement[] {
  const result = pickWindow(list, { ...WANTED, ...wanted })
  if (result.kind === 'unclear') throw new Error(`${result.message}: ${result.hint}`)
  return result.measurements
}

const BEFORE = chunk('a', '2026-03-05 00:00:00', '2026-03-05 23:45:00')
const OF_DAY = chunk('b', '2026-03-06 00:00:00', '2026-03-06 23:45:00')
const ACROSS = chunk('c', '2026-03-06 12:00:00', '2026-03-07 01:00:00')

test('the chunk that lies within the window is taken, whole', () => {
  assert.deepEqual(picked([BEFORE, OF_DAY, OF_DAY, ACROSS]), [OF_DAY, OF_DAY])
})

test('dates alone, fractions and zones are read', () => {
  assert.equal(picked([chunk('a', '2026-03-06', '2026-03-06 23:59:59.999')]).length, 1)
  assert.equal(picked([chunk('a', '2026-03-05 22:00:00-03:00', '2026-03-06 12:00:00-03:00')]).length, 1)
})

test('a chunk across the end of the window is not its measurement', () => {
  assert.throws(() => picked([BEFORE, ACROSS]), /no chunk lies within the window.*`c` \(2026-03-06 12:00:00 to/)
})

test('two chunks within the window are unclear, until one is named', () => {
  const list = [chunk('a', '2026-03-06 00:00:00', '2026-03-06 01:00:00'), OF_DAY]
  assert.throws(() => picked(list), /more than one chunk/)
  assert.deepEqual(picked(list, { chunk: 'b' }), [OF_DAY])
  assert.throws(() => picked(list, { chunk: 'z' }), /no chunk is called `z`/)
})

test('an undated chunk is taken only when it is the only one, or is named', () => {
  const [a, b] = [chunk('[0:9]', null, null), chunk('[10:19]', null, null)]
  assert.deepEqual(picked([a]), [a])
  assert.throws(() => picked([a, b]), /more than one chunk/)
  assert.deepEqual(picked([a, b], { chunk: '[10:19]' }), [b])
})

test('of each series the newest sample up to the end of the window counts', () => {
  const at = (seconds: number, labels = {}) => one({ at: DAY / 1000 + seconds, labels })
  const list = [at(0), at(60), at(86_400), at(86_401), at(30, { endpoint: '/v1' })]
  assert.deepEqual(picked(list), [at(86_400), at(30, { endpoint: '/v1' })])
  assert.throws(() => picked([at(86_401)]), /no sample lies within the window: the samples are of 2026-03-07T00:00:01/)
})

test('of several runs one must be named', () => {
  const [a, b] = [one({ run: 'a' }), one({ run: 'b' })]
  assert.deepEqual(picked([a]), [a])
  assert.throws(() => picked([a, b]), /holds 2 runs: choose one with `--run`: a, b/)
  assert.deepEqual(picked([a, b], { run: 'b' }), [b])
  assert.throws(() => picked([a, b], { run: 'c' }), /no run is called `c`/)
})
