// MLflow's model registry over REST, read only, found and entered as MLflow's own clients do: by MLFLOW_TRACKING_URI,
// MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD.
import { Fault } from '../base/fault.ts'
import type { ModelRegistry, Process } from '../world.ts'
import { boundedGet } from './bounded-get.ts'

const DEADLINE_MS = 30_000
const LARGEST_REPLY = 8 * 1024 * 1024
const WHO = 'the MLflow registry'

/** Null where MLFLOW_TRACKING_URI is not set. */
export function openMlflowRegistry({ env }: Process): ModelRegistry | null {
  const address = env.MLFLOW_TRACKING_URI ?? ''
  if (address === '') return null
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new Fault(
      'registry/bad-url',
      '`MLFLOW_TRACKING_URI` is no web address',
      'only a tracking server can be asked',
    )
  }
  const headers = authorization(env)
  return {
    reply: async (path, query) => {
      const url = new URL(`${address.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      url.username = ''
      url.password = ''
      const answer = await boundedGet({ url, headers, timeoutMs: DEADLINE_MS, largestBytes: LARGEST_REPLY, who: WHO })
      if (answer.status === 200) return answer.bytes
      if (answer.status === 404) return null
      throw refused(answer.status, url)
    },
  }
}

function authorization(env: Process['env']): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env
  if (user !== undefined && user !== '') {
    return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
  }
  return token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }
}

function refused(status: number, url: URL): Fault {
  const isEntry = status === 401 || status === 403
  return new Fault(
    isEntry ? 'registry/refused' : 'registry/failed',
    `${WHO} at \`${url.host}\` answers with HTTP ${status}`,
    isEntry ? 'set `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`' : 'see its log',
  )
}
