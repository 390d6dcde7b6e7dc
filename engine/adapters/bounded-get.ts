// One GET over HTTP that cannot hang, flood or lead elsewhere: a deadline, a largest size, no redirect. Secrets in headers or
// address are in no message.
import { Fault } from '../base/fault.ts'

export interface GetRequest {
  readonly url: URL
  /** `POST` without a body, where a server takes questions so. */
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly largestBytes: number
  /** What is asked, for people: `the MLflow registry`. */
  readonly who: string
}

export interface GetAnswer {
  readonly status: number
  readonly bytes: Uint8Array
}

/** Any status is an answer. Faults `http/unreachable`, `http/too-large`, `http/bad-url`. */
export async function boundedGet({
  url,
  method = 'GET',
  headers,
  timeoutMs,
  largestBytes,
  who,
}: GetRequest): Promise<GetAnswer> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Fault('http/bad-url', `the address of ${who} is \`${url.protocol}\``, 'write `https://…`')
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method, headers: { ...headers }, redirect: 'error', signal })
    return { status: response.status, bytes: await readBody(response, largestBytes, who) }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault(
      'http/unreachable',
      `${who} at \`${url.host}\` gives no answer: ${reasonOf(error, timeoutMs)}`,
      'is the address right, and can it be reached from here?',
    )
  }
}

async function readBody(response: Response, largest: number, who: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > largest) throw new Fault('http/too-large', `the answer of ${who} is larger than ${largest} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** `fetch` hides the reason in its cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return `none within ${timeoutMs / 1000} s`
  return cause?.code ?? cause?.message ?? 'the connection failed'
}
