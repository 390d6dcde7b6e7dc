// Figures of the service: from columns of the data, and from a server that speaks Prometheus' API.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { after, describe, test } from 'node:test'
import { openPrometheus } from '../../engine/adapters/prometheus.ts'
import { fault } from './import-scene.ts'
import { CARD, csv, figures, lineOf, observe, rows, scene, value } from './observe-scene.ts'

const servers: { close(): void }[] = []
after(() => {
  for (const server of servers) server.close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

const QUERIES = `sla:
  queries:
    sla.error_rate: 'sum(rate(errors[5m])) / sum(rate(requests[5m]))'
    sla.latency_p95_ms: { query: 'histogram_quantile(0.95, latency)', over: max, stepSeconds: 3600 }
`
const card = (more: string) => ({ 'models/loans/card.yaml': `${CARD}${more}` })
const data = { 'current.csv': csv(rows(48)) }
const matrix = (...values: string[]) =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric: {}, values: values.map((one, i) => [1795132800 + i, one]) }] },
  })

describe('from Prometheus', () => {
  test('the queries of the card over the window, with the secret of the environment', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      asked.push(`${request.headers.authorization} ${request.url}`)
      response.end(request.url?.includes('histogram') ? matrix('120', '80') : matrix('0.02', 'NaN', '0.04'))
    })
    process.env.TUTELA_PROMETHEUS_TOKEN = 'hush'
    try {
      const result = await observe(scene(data, card(QUERIES)), {
        prometheus: `${url}/prom/`,
        window: '2026-11-20/2026-11-21',
      })
      assert.equal(value(result, 'sla.error_rate'), 0.03)
      assert.equal(value(result, 'sla.latency_p95_ms'), 120)
      assert.equal(
        figures(result, 'sla.latency_p95_ms')[0]?.definition,
        'prometheus:histogram_quantile(0.95, latency)/step=3600s/max',
      )
      assert.equal(asked.length, 2)
      const [first = '', second = ''] = asked
      assert.match(
        first,
        /^Bearer hush \/prom\/api\/v1\/query_range\?query=sum%28rate.*&start=1795132800&end=1795219199&step=173$/,
      )
      assert.match(second, /&step=3600$/)
      assert.doesNotMatch(JSON.stringify(result.json) + result.text(), /hush/)
    } finally {
      delete process.env.TUTELA_PROMETHEUS_TOKEN
    }
  })

  const REPLIES: readonly (readonly [
    string,
    (request: IncomingMessage, response: ServerResponse) => void,
    string,
    RegExp,
  ])[] = [
    ['a page', (_, response) => response.end('<html>'), 'observe/metrics-server', /is not understood/],
    [
      'another status',
      (_, response) => response.writeHead(503).end(),
      'observe/metrics-server',
      /answers with HTTP 503/,
    ],
    [
      'no entry',
      (_, response) => response.writeHead(401).end(),
      'observe/metrics-server',
      /HTTP 401; set `TUTELA_PROMETHEUS_TOKEN`/,
    ],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://example.org/' }).end(),
      'http/unreachable',
      /gives no answer/,
    ],
    ['a torn connection', (request) => request.socket.destroy(), 'http/unreachable', /gives no answer/],
    [
      'an endless answer',
      (_, response) => {
        const piece = Buffer.alloc(1 << 20)
        const more = () => {
          while (!response.destroyed && response.write(piece));
        }
        response.on('drain', more)
        more()
      },
      'http/too-large',
      /larger than 33554432 bytes/,
    ],
  ]
  for (const [name, answer, code, words] of REPLIES) {
    test(`${name} is a fault, and nothing is written`, async () => {
      const place = scene(data, card(QUERIES))
      await assert.rejects(observe(place, { prometheus: await serve(answer) }), fault(code, words))
      assert.deepEqual(place.store.dirtyIn(['models']), [])
    })
  }

  test('an address that is none, or that holds a password', () => {
    const refused = (url: string, words: RegExp) =>
      assert.throws(() => openPrometheus(url, { env: {} }), fault('observe/bad-url', words))
    refused('file:///etc/passwd', /is no web address/)
    refused('prometheus:9090', /is no web address/)
    refused('http://ana:hush@localhost:9090', /has a password in it; set `TUTELA_PROMETHEUS_USER`/)
  })
})

describe('from columns of the data', () => {
  const HEADER = 'took,failed,path'
  const lines = rows(40).map((line, i) => `${line},${i + 1},${i % 10 === 0},${i % 4 === 0 ? '/few' : '/many'}`)
  const current = csv(lines, `id,decided_at,income,region,note,sex,score,refused,defaulted,${HEADER}`)
  const columns = `objectives: { availability: 0.95 }\nsla: { columns: { latency: took, error: failed, endpoint: path } }\n`

  test('quantiles as NumPy has them, shares with intervals, each endpoint of enough rows', async () => {
    const place = scene({ 'current.csv': current }, card(columns))
    const result = await observe(place, { window: '2026-11-20/2026-11-21' })
    assert.equal(result.exit, 0)
    assert.equal(value(result, 'sla.latency_p50_ms'), 20.5)
    assert.equal(value(result, 'sla.latency_p95_ms'), 38.05)
    assert.equal(value(result, 'sla.error_rate'), 0.1)
    assert.equal(value(result, 'sla.availability'), 0.9)
    assert.ok(Math.abs((value(result, 'sla.burn_rate') ?? 0) - 2) < 1e-9)
    assert.equal(value(result, 'sla.throughput'), 40 / 86_400)
    assert.deepEqual(
      figures(result, 'sla.error_rate').map(({ endpoint, n }) => [endpoint, n]),
      [
        [undefined, 40],
        ['/few', 10],
        ['/many', 30],
      ],
    )
    assert.equal(
      lineOf(result).measurements.find(({ metric }) => metric === 'sla.error_rate')?.definition,
      'data-column',
    )
  })

  test('an endpoint of few rows is left out', async () => {
    const few = current.replaceAll('/few', (_, at: number) => (at % 2 === 0 ? '/a' : '/b'))
    const result = await observe(scene({ 'current.csv': few }, card(columns)))
    assert.deepEqual(
      figures(result, 'sla.error_rate').map(({ endpoint }) => endpoint),
      [undefined, '/many'],
    )
  })
})
