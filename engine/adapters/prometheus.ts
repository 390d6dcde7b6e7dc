// Range queries to Prometheus, or to what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics). Secrets come from the
// environment: TUTELA_PROMETHEUS_TOKEN, or TUTELA_PROMETHEUS_USER and _PASSWORD. Redirects are not followed.
import { Fault } from '../base/fault.ts'
import type { MetricsServer, Process } from '../world.ts'
import { boundedGet } from './bounded-get.ts'

const DEADLINE_MS = 30_000
const LARGEST_REPLY = 32 * 1024 * 1024
const WHO = 'Prometheus'

/** Faults `observe/bad-url`. */
export function openPrometheus(address: string, { env }: Process): MetricsServer {
  const base = baseOf(address)
  const headers = authorization(env)
  return {
    async queryRange(parameters) {
      const url = new URL(`${base}/api/v1/query_range`)
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      const answer = await boundedGet({ url, headers, timeoutMs: DEADLINE_MS, largestBytes: LARGEST_REPLY, who: WHO })
      // 400 and 422 come with a document that says what is wrong with the query.
      if ([200, 400, 422].includes(answer.status)) return answer.bytes
      throw refused(answer.status, url)
    },
  }
}

function baseOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Fault('observe/bad-url', '`--prometheus` is no web address', 'write `http://host:9090` or `https://…`')
  }
  if (url.username !== '' || url.password !== '') {
    const hint = 'set `TUTELA_PROMETHEUS_USER` and `TUTELA_PROMETHEUS_PASSWORD`: addresses end up in logs'
    throw new Fault('observe/bad-url', 'the address in `--prometheus` has a password in it', hint)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function authorization(env: Process['env']): Record<string, string> {
  const { TUTELA_PROMETHEUS_TOKEN: token, TUTELA_PROMETHEUS_USER: user, TUTELA_PROMETHEUS_PASSWORD: password } = env
  if (token !== undefined && token !== '') return { authorization: `Bearer ${token}` }
  if (user === undefined || user === '') return {}
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}

function refused(status: number, url: URL): Fault {
  const isEntry = status === 401 || status === 403
  const hint = isEntry
    ? 'set `TUTELA_PROMETHEUS_TOKEN`, or `TUTELA_PROMETHEUS_USER` and `_PASSWORD`'
    : 'is it the address of a Prometheus server, with the path that stands before `/api/v1`?'
  return new Fault('observe/metrics-server', `${WHO} at \`${url.host}\` answers with HTTP ${status}`, hint)
}
