// One POST to a witness that cannot hang, flood or lead elsewhere: a deadline, a largest size, no redirect.
import { Fault } from '../base/fault.ts'
import type { Witnesses } from '../world.ts'

const DEADLINE_MS = 10_000
/** A hundred signature lines are a third of this. */
const LARGEST_REPLY = 65_536

/** The answer, whatever its status. Faults `http/unreachable`, `http/too-large`, `http/bad-url`. */
export const postToWitness: Witnesses['post'] = async (address, body) => {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Fault('http/bad-url', `\`${address}\` is no web address of a witness`, 'write `https://…`')
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Uint8Array.from(body),
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    return { status: response.status, bytes: await bounded(response) }
  } catch (error) {
    if (error instanceof Fault) throw error
    const { name, cause } = error as { name?: string; cause?: { code?: string } }
    const reason = name === 'TimeoutError' ? `none within ${DEADLINE_MS / 1000} s` : (cause?.code ?? 'no connection')
    throw new Fault(
      'http/unreachable',
      `the witness at \`${url.host}\` gives no answer: ${reason}`,
      'is the address right, and can it be reached from here?',
    )
  }
}

async function bounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > LARGEST_REPLY)
      throw new Fault('http/too-large', `a witness answers with more than ${LARGEST_REPLY} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
