// The HTTP side of a witness: `POST <prefix>/add-checkpoint` and nothing else, with deadlines and limits against whoever
// can reach the port. What is answered is not decided here. TLS is for what stands before it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { errorCode } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import type { Witnesses } from '../world.ts'

const LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
}
const MOST_CONNECTIONS = 128
/** How long answers that are under way may take when the process is told to stop. */
const GRACE_MS = 2_000

type Options = Parameters<Witnesses['serve']>[0]

/** Listens on host and port until SIGINT or SIGTERM. Faults `witness/cannot-listen`. */
export const serveWitness: Witnesses['serve'] = async (options) => {
  const server = createServer(LIMITS, (request, response) => {
    void handle(options, request, response)
  })
  server.maxConnections = MOST_CONNECTIONS
  await listen(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { address: `http://${host}:${port}`, stopped: untilStopped(server) }
}

function listen(server: Server, { host, port }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const hint = 'is the port in use? `--port` names another, 0 takes a free one'
      reject(
        new Fault('witness/cannot-listen', `\`${host}:${port}\` cannot be listened on (${errorCode(error)})`, hint),
      )
    })
    server.listen(port, host, resolve)
  })
}

function untilStopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      server.close(() => resolve())
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
}

async function handle(options: Options, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (!path.endsWith('/add-checkpoint')) return reply(response, 404, 'only add-checkpoint is served\n')
  if (request.method !== 'POST') return reply(response, 405, 'only POST is served\n')
  try {
    const body = await readBody(request, options.largestBytes)
    if (body === null) {
      response.setHeader('connection', 'close')
      return reply(response, 413, 'the request is too large\n')
    }
    const { status, type, body: text } = options.answer(body, Math.floor(Date.now() / 1000))
    reply(response, status, text, type)
  } catch (error) {
    if (request.destroyed && !request.complete) return
    options.failed(error)
    reply(response, 500, 'the witness cannot answer\n')
  }
}

async function readBody(request: IncomingMessage, largest: number): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > largest) return null
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largest) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function reply(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
