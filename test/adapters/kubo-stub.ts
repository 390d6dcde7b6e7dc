// An HTTP server that answers as a Kubo node might, and as a healthy one never does. Counts what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What it does with one path (`dag/import`); left out: 404. `hang`: it takes the request and says nothing. */
export type Answer =
  | 'hang'
  | ((request: IncomingMessage, body: Buffer, url: URL, response: ServerResponse) => string | Buffer | number | null)

/** A running stub. */
export interface KuboStub {
  readonly url: string
  /** Paths with their queries, in order. */
  readonly asked: string[]
  readonly headers: Record<string, string | undefined>
  stop(): void
}

/** Listens on loopback until it is stopped. */
export async function startStub(answers: Readonly<Record<string, Answer>>): Promise<KuboStub> {
  const asked: string[] = []
  const headers: Record<string, string | undefined> = {}
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub')
    const path = url.pathname.replace('/api/v0/', '').replace(/^\//, '')
    asked.push(`${path}${url.search}`)
    headers.authorization = request.headers.authorization
    const answer = answers[path]
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (answer === 'hang') return
      const said = answer === undefined ? 404 : answer(request, Buffer.concat(parts), url, response)
      if (said === null) return
      if (typeof said === 'number') response.writeHead(said).end()
      else response.end(said)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
