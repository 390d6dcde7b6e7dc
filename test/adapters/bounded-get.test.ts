// One question over HTTP against servers that mean harm: it ends, it is bounded, and the secret goes to nobody else.
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { boundedGet } from '../../engine/adapters/bounded-get.ts'
import { Fault } from '../../engine/base/fault.ts'

const SECRET = 'Bearer hush'
const servers: { close(): void; closeAllConnections(): void }[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
}

const get = (url: URL, timeoutMs = 20_000) =>
  boundedGet({ url, headers: { authorization: SECRET }, timeoutMs, largestBytes: 1_000_000, who: 'the server' })

const fault = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === code, String(error))
  assert.match(error.message, words)
  assert.doesNotMatch(`${error.message} ${error.hint}`, /hush/)
  return true
}

test('a redirect to another server is not followed, and the other one hears nothing', async () => {
  const heard: unknown[] = []
  const other = await serve((request, response) => {
    heard.push(request.headers.authorization)
    response.end('{}')
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const url = await serve((_, response) => response.writeHead(status, { location: other.href }).end())
    await assert.rejects(get(url), fault('http/unreachable', /gives no answer/))
  }
  assert.deepEqual(heard, [])
})

test('an answer that drips, or never begins, ends at the deadline', async () => {
  const drip = await serve((_, response) => {
    const timer = setInterval(() => response.write('{'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const silent = await serve(() => undefined)
  for (const url of [drip, silent]) {
    await assert.rejects(get(url, 200), fault('http/unreachable', /none within 0\.2 s/))
  }
})

test('what is small on the way and large when it is unpacked is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000))
  assert.ok(bomb.length < 1_000_000)
  const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
  await assert.rejects(get(url), fault('http/too-large', /larger than 1000000 bytes/))
})

test('a length that is a lie is no answer', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{}')
    setTimeout(() => request.socket.destroy(), 20)
  })
  await assert.rejects(get(url), fault('http/unreachable', /gives no answer/))
})
