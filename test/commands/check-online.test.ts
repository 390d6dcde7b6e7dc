// `check --online` against a server of our own that answers as MLflow's API does; the real one is in test/components/mlflow.
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { openMlflowRegistry } from '../../engine/adapters/mlflow-registry.ts'
import { Fault } from '../../engine/base/fault.ts'
import { checkOnline } from '../../engine/commands/check-online.ts'
import type { ModelRegistry } from '../../engine/world.ts'
import { memoryTree } from '../memory-tree.ts'
import { GOVERNED_FILES } from '../run/governed-repository.ts'

/** Its deployed version lies at `mlflow:credit/7`. */
const CARD = GOVERNED_FILES['models/credit/card.yaml'] ?? ''
const tree = memoryTree({
  'policies/governance.yaml': GOVERNED_FILES['policies/governance.yaml'] ?? '',
  'models/credit/card.yaml': CARD,
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  after(() => server.close())
  return await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
    })
  })
}

function registryAt(url: string, more: Readonly<Record<string, string>> = {}): ModelRegistry {
  const registry = openMlflowRegistry({ env: { MLFLOW_TRACKING_URI: url, ...more } })
  assert.ok(registry !== null)
  return registry
}

test('another version than the card’s is an error at the card’s line', async () => {
  const seen: string[] = []
  const url = await serve((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`)
    const model = {
      name: 'credit',
      latest_versions: [{ name: 'credit', version: '8', source: 's' }],
      aliases: [{ alias: 'production', version: '8' }],
    }
    const body =
      request.url?.includes('registered-models') === true
        ? { registered_model: model }
        : { model_version: { name: 'credit', version: '7', source: 's' } }
    response.end(JSON.stringify(body))
  })
  const { diagnostics, models } = await checkOnline(tree, registryAt(`${url}/`, { MLFLOW_TRACKING_TOKEN: 'geheim' }))
  assert.equal(models, 1)
  assert.deepEqual(
    diagnostics.map(({ file, code, severity }) => [file, code, severity]),
    [['models/credit/card.yaml', 'registry/serves-other', 'error']],
  )
  const lines = CARD.split('\n')
  assert.match(lines[(diagnostics[0]?.line ?? 0) - 1] ?? '', /^deployment:/)
  assert.deepEqual(seen, [
    '/api/2.0/mlflow/registered-models/get?name=credit Bearer geheim',
    '/api/2.0/mlflow/model-versions/get?name=credit&version=7 Bearer geheim',
  ])
})

test('a model that the registry lacks is told; nothing else is', async () => {
  const url = await serve((_, response) => response.writeHead(404).end('{"error_code":"RESOURCE_DOES_NOT_EXIST"}'))
  const { diagnostics } = await checkOnline(tree, registryAt(url))
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['registry/no-version'],
  )
})

test('a card that points to an alias, or to what is no version, is told and never passed over', async () => {
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(request.url ?? '')
    const model = { name: 'credit', latest_versions: [], aliases: [{ alias: 'champion', version: '9' }] }
    response.end(JSON.stringify({ registered_model: model }))
  })
  const told = async (uri: string) => {
    const files = {
      'policies/governance.yaml': GOVERNED_FILES['policies/governance.yaml'] ?? '',
      'models/credit/card.yaml': CARD.replaceAll('mlflow:credit/7', uri),
    }
    const { diagnostics, models } = await checkOnline(memoryTree(files), registryAt(url))
    return [models, ...diagnostics.map(({ code, message }) => `${code} ${/version \d+/.exec(message)?.[0]}`)]
  }
  assert.deepEqual(await told('models:/credit@champion'), [1, 'registry/unpinned version 9'])
  assert.equal(asked.length, 1)
  assert.deepEqual(await told('models:/credit/Staging'), [0, 'registry/unknown-uri undefined'])
  assert.equal(asked.length, 1)
})

test('whatever else a server answers is a fault without the secret in it', async () => {
  const answers: [string, RequestListener, string][] = [
    ['no entry', (_, response) => response.writeHead(401).end(), 'registry/refused'],
    ['broken', (_, response) => response.writeHead(500).end(), 'registry/failed'],
    ['a login page', (_, response) => response.end('<html>sign in</html>'), 'registry/failed'],
    ['torn JSON', (_, response) => response.end('{"registered_model": {'), 'registry/failed'],
    [
      'led elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'http/unreachable',
    ],
    ['a flood', (_, response) => response.end(Buffer.alloc(9 * 1024 * 1024, 32)), 'http/too-large'],
    ['cut off', (request) => request.socket.destroy(), 'http/unreachable'],
  ]
  for (const [what, listener, code] of answers) {
    const url = await serve(listener)
    const env = { MLFLOW_TRACKING_USERNAME: 'ana', MLFLOW_TRACKING_PASSWORD: 'geheim' }
    await assert.rejects(checkOnline(tree, registryAt(url, env)), (error) => {
      assert.ok(error instanceof Fault, `${what}: ${String(error)}`)
      assert.equal(error.code, code, what)
      assert.doesNotMatch(`${error.message}${error.hint}`, /geheim|ana:/)
      return true
    })
  }
})

test('without an address there is no registry; a file store is refused', () => {
  assert.equal(openMlflowRegistry({ env: {} }), null)
  assert.throws(() => openMlflowRegistry({ env: { MLFLOW_TRACKING_URI: 'file:///mlruns' } }), {
    code: 'registry/bad-url',
  })
  assert.throws(() => openMlflowRegistry({ env: { MLFLOW_TRACKING_URI: 'databricks' } }), { code: 'registry/bad-url' })
})
