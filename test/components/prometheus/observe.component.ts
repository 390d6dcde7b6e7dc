// The queries of a card, answered by Prometheus from what it scraped: shares, quantiles, endpoints, no traffic, refusals.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPrometheus } from '../../../engine/adapters/prometheus.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { answeredQuery, rangeParameters, rangeQueries } from '../../../engine/observe/sla-queries.ts'
import { startPrometheus } from './start-prometheus.ts'

/** One request in ten fails; nine in ten take less than 100 ms, all less than a second. */
let scrapes = 0
const service = createServer((_, response) => {
  const n = 100 * ++scrapes
  response.setHeader('content-type', 'text/plain; version=0.0.4')
  response.end(`# TYPE requests_total counter
requests_total{endpoint="/score",code="200"} ${(n * 9) / 10}
requests_total{endpoint="/score",code="500"} ${n / 10}
# TYPE latency_ms histogram
latency_ms_bucket{le="100"} ${(n * 9) / 10}
latency_ms_bucket{le="1000"} ${n}
latency_ms_bucket{le="+Inf"} ${n}
latency_ms_sum ${n}
latency_ms_count ${n}
`)
})
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
const address = service.address()
assert.ok(typeof address === 'object' && address !== null)
const from = Math.floor(Date.now() / 1000) * 1000
const prometheus = await startPrometheus(`127.0.0.1:${address.port}`)
after(() => {
  prometheus.stop()
  service.closeAllConnections()
  service.close()
})
while (scrapes < 12) await sleep(250)
const server = openPrometheus(prometheus.url, { env: {} })
const span = { from, to: Math.floor(Date.now() / 1000) * 1000 }

async function ask(metric: string, query: string) {
  const [asked] = rangeQueries({ [metric]: { query, stepSeconds: 1 } }, span)
  assert.ok(asked)
  return answeredQuery(asked, await server.queryRange(rangeParameters(asked)))
}

test('a share by endpoint, although there was no traffic at first', async () => {
  const rate = (code: string) => `sum by (endpoint) (rate(requests_total{${code}}[3s]))`
  const { measurements, notes } = await ask('sla.error_rate', `${rate('code="500"')} / ${rate('')}`)
  assert.deepEqual(notes, [])
  assert.deepEqual(
    measurements.map(({ endpoint }) => endpoint),
    ['/score'],
  )
  assert.ok(Math.abs((measurements[0]?.value ?? 0) - 0.1) < 1e-9)
  assert.ok((measurements[0]?.n ?? 0) >= 2)
})

test('a quantile of a histogram', async () => {
  const { measurements } = await ask(
    'sla.latency_p95_ms',
    'histogram_quantile(0.95, sum by (le) (rate(latency_ms_bucket[3s])))',
  )
  assert.ok(Math.abs((measurements[0]?.value ?? 0) - 550) < 1e-6)
})

test('zero by zero is no value, beyond the last bucket is none either', async () => {
  const nothing =
    'sum(rate(requests_total{code="404"}[3s]) or vector(0)) / sum(rate(requests_total{code="404"}[3s]) or vector(0))'
  assert.equal((await ask('sla.error_rate', nothing)).measurements[0]?.reason, 'empty_window')
  const infinite = 'histogram_quantile(2, sum by (le) (rate(latency_ms_bucket[3s])))'
  assert.equal((await ask('sla.latency_p99_ms', infinite)).measurements[0]?.reason, 'non_finite')
})

test('a series that is nowhere is no measurement', async () => {
  const { measurements, notes } = await ask('sla.throughput', 'nobody_total')
  assert.deepEqual(measurements, [])
  assert.match(notes.join(), /no sample of `sla\.throughput`/)
})

test('a query that is none is refused in the words of the server', async () => {
  await assert.rejects(
    ask('sla.throughput', 'sum('),
    (error) => error instanceof Fault && /bad_data.*parse error/.test(error.message),
  )
})
