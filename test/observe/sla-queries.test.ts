// One value from the samples of Prometheus, and no value where a part may be missing.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { SlaQuery } from '../../engine/domain/model-card.ts'
import { answeredQuery, rangeParameters, rangeQueries } from '../../engine/observe/sla-queries.ts'

const HOUR = 3_600_000
const SPAN = { from: Date.parse('2026-11-20T00:00:00Z'), to: Date.parse('2026-11-21T00:00:00Z') }

function query(asked: string | SlaQuery = 'up', metric = 'sla.latency_p95_ms') {
  const [first] = rangeQueries({ [metric]: asked }, SPAN)
  assert.ok(first)
  return first
}

type Series = readonly [labels: Readonly<Record<string, string>>, ...values: string[]]

const reply = (series: readonly Series[], more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: series.map(([metric, ...values]) => ({
          metric,
          values: values.map((value, i) => [SPAN.from / 1000 + i, value]),
        })),
      },
      ...more,
    }),
  )

const fault = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error))
  assert.equal(error.code, code)
  assert.match(`${error.message}; ${error.hint}`, words)
  return true
}

const VALUES: readonly (readonly [string, readonly string[], SlaQuery['over'], object])[] = [
  ['the mean, where nothing is said', ['1', '2', '6'], undefined, { value: 3, n: 3 }],
  ['the largest', ['1', '6', '2'], 'max', { value: 6, n: 3 }],
  ['the smallest', ['3', '1', '6'], 'min', { value: 1, n: 3 }],
  ['the last', ['3', '1', '6'], 'last', { value: 6, n: 3 }],
  ['moments without traffic are left out', ['NaN', '4', 'NaN'], undefined, { value: 4, n: 1 }],
  ['nothing but such moments', ['NaN', 'NaN'], undefined, { value: null, reason: 'empty_window', n: 0 }],
  ['out of bounds once', ['1', '+Inf'], 'min', { value: null, reason: 'non_finite', n: 1 }],
  ['below all bounds', ['-Inf'], undefined, { value: null, reason: 'non_finite', n: 0 }],
]
describe('the value of samples', () => {
  for (const [name, samples, over, expected] of VALUES) {
    test(name, () => {
      const asked = query(over === undefined ? 'q' : { query: 'q', over })
      const { measurements } = answeredQuery(asked, reply([[{}, ...samples]]))
      const definition = `prometheus:q/step=173s/${over ?? 'mean'}`
      assert.deepEqual(measurements, [{ metric: 'sla.latency_p95_ms', ...expected, definition }])
    })
  }
})

test('a reply with warnings has no value, and the warnings are told; advice does no harm', () => {
  const series: readonly Series[] = [[{}, '1']]
  const partial = answeredQuery(query(), reply(series, { warnings: ['remote_read: \u001b[31mrefused'] }))
  assert.deepEqual([partial.measurements[0]?.value, partial.measurements[0]?.reason], [null, 'partial_result'])
  assert.deepEqual(partial.notes, ['Prometheus on `sla.latency_p95_ms`: remote_read: refused'])
  assert.equal(answeredQuery(query(), reply(series, { infos: ['not a counter'] })).measurements[0]?.value, 1)
})

test('bare words of Python beside the samples do no harm', () => {
  const text = reply([[{}, '1']])
    .toString()
    .replace('{"status"', '{"took":NaN,"status"')
  assert.equal(answeredQuery(query(), Buffer.from(text)).measurements[0]?.value, 1)
})

test('a reply that says it is partial has no value (VictoriaMetrics), and a sum beyond all numbers is none', () => {
  const partial = answeredQuery(query(), reply([[{}, '1']], { isPartial: true }))
  assert.equal(partial.measurements[0]?.reason, 'partial_result')
  assert.equal(answeredQuery(query(), reply([[{}, '1']], { isPartial: false })).measurements[0]?.value, 1)
  const large = answeredQuery(query(), reply([[{}, '1e308', '1e308']]))
  assert.deepEqual([large.measurements[0]?.value, large.measurements[0]?.reason], [null, 'non_finite'])
})

test('samples outside the half-open window are left out, and told', () => {
  const { from, to } = SPAN
  const values = [from / 1000 - 1, from / 1000, to / 1000 - 1, to / 1000].map((at, i) => [at, String(10 ** i)])
  const result = [{ metric: {}, values }]
  const bytes = Buffer.from(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }))
  const { measurements, notes } = answeredQuery(query({ query: 'up', over: 'max' }), bytes)
  assert.deepEqual([measurements[0]?.value, measurements[0]?.n], [100, 2])
  assert.match(notes.join(), /2 samples outside the window are left out/)
})

test('an empty reply is no measurement, and is told', () => {
  const { measurements, notes } = answeredQuery(query(), reply([]))
  assert.deepEqual(measurements, [])
  assert.match(notes.join(), /no sample of `sla\.latency_p95_ms`/)
})

test('endpoints are measured each, in order; several series of one are refused', () => {
  const { measurements } = answeredQuery(
    query(),
    reply([
      [{ handler: '/b' }, '2'],
      [{ handler: '/a' }, '1'],
    ]),
  )
  assert.deepEqual(
    measurements.map(({ endpoint, value }) => [endpoint, value]),
    [
      ['/a', 1],
      ['/b', 2],
    ],
  )
  const twins = reply([
    [{ instance: 'a' }, '2'],
    [{ instance: 'b' }, '1'],
  ])
  assert.throws(
    () => answeredQuery(query(), twins),
    fault('observe/metrics-server', /several series of one subject \(labels `instance`\); add them up/),
  )
})

test('the window is asked for without its end, in steps that are few enough', () => {
  assert.deepEqual(rangeParameters(query('up')), { query: 'up', start: '1795132800', end: '1795219199', step: '173' })
  const [short] = rangeQueries({ 'sla.throughput': 'q' }, { from: SPAN.from, to: SPAN.from + HOUR })
  assert.equal(short?.stepSeconds, 15)
  const many = { query: 'q', stepSeconds: 1 }
  assert.throws(
    () => rangeQueries({ 'sla.throughput': many }, SPAN),
    fault('observe/bad-step', /at least 8 for this window/),
  )
})

test('a metric that is none is refused', () => {
  assert.throws(
    () => rangeQueries({ 'sla.latency_p95': 'q' }, SPAN),
    fault('observe/unknown-metric', /did you mean `sla\.latency_p95_ms`\?/),
  )
})

test('a long query stands in the definition by its digest', () => {
  const { measurements } = answeredQuery(query('x'.repeat(2000)), reply([[{}, '1']]))
  assert.match(measurements[0]?.definition ?? '', /^prometheus:sha256:[0-9a-f]{64}\/step=173s\/mean$/)
})

const RECORDED = join(import.meta.dirname, '../../../shared/vectors/imports/prometheus/2.42.0')
describe('recorded replies of Prometheus 2.42', {
  skip: existsSync(RECORDED) ? false : 'the public vectors are not here',
}, () => {
  const whenever = (asked: ReturnType<typeof query>) => ({ ...asked, from: 0, to: Date.parse('2100-01-01T00:00:00Z') })
  const recorded = (name: string) => readFileSync(join(RECORDED, name, 'response.json'))

  test('a range is averaged', () => {
    const { measurements } = answeredQuery(whenever(query('q', 'sla.error_rate')), recorded('range-error-rate'))
    assert.deepEqual(
      measurements.map(({ value, n }) => [value, n]),
      [[0.0196078431372549, 4]],
    )
  })

  test('a query that is refused is a fault with what the server says', () => {
    assert.throws(
      () => answeredQuery(query('sum('), recorded('bad-query-400')),
      fault(
        'observe/metrics-server',
        /bad_data: .*unclosed left parenthesis; mend `sla\.queries` of the card: `sum\(`/,
      ),
    )
    assert.throws(() => answeredQuery(query(), recorded('execution-422')), fault('observe/metrics-server', /execution/))
  })

  test('warnings, an infinity and an empty result', () => {
    assert.equal(answeredQuery(whenever(query()), recorded('warnings')).measurements[0]?.reason, 'partial_result')
    assert.equal(answeredQuery(whenever(query()), recorded('p99-latency-inf')).measurements[0]?.reason, 'non_finite')
    assert.deepEqual(answeredQuery(query(), recorded('empty')).measurements, [])
  })
})

test('what is no reply of Prometheus is a fault', () => {
  for (const text of ['', '<html>', '{}', '[1]', '{"status":"success"}']) {
    assert.throws(() => answeredQuery(query(), Buffer.from(text)), fault('observe/metrics-server', /is not understood/))
  }
})
