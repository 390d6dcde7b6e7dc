// `check --online` and `import mlflow` against a server that holds two versions of a model, one of them served.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openMlflowRegistry } from '../../../engine/adapters/mlflow-registry.ts'
import { checkOnline } from '../../../engine/commands/check-online.ts'
import { importSource } from '../../../engine/observe/importers/import-source.ts'
import { memoryTree } from '../../memory-tree.ts'
import { GOVERNED_FILES } from '../../run/governed-repository.ts'
import { startMlflow } from './start-mlflow.ts'

const server = await startMlflow()
after(server.stop)
const registry = openMlflowRegistry({ env: { MLFLOW_TRACKING_URI: server.url } })
assert.ok(registry !== null)

async function post(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${path}: ${text}`)
  return JSON.parse(text)
}

const { run } = await post('runs/create', { experiment_id: '0', start_time: 1 })
const { run_id: runId, artifact_uri: artifacts } = (run as { info: { run_id: string; artifact_uri: string } }).info
await post('runs/log-metric', { run_id: runId, key: 'roc_auc', value: 0.81, timestamp: 1 })
await post('registered-models/create', { name: 'credit-default' })
for (let version = 1; version <= 2; version++) {
  await post('model-versions/create', { name: 'credit-default', run_id: runId, source: `${artifacts}/model` })
}
await post('registered-models/alias', { name: 'credit-default', alias: 'production', version: '1' })
await post('model-versions/set-tag', { name: 'credit-default', version: '2', key: 'sha256', value: 'b'.repeat(64) })

function tree(versions: string) {
  const card = (GOVERNED_FILES['models/credit/card.yaml'] ?? '').replace(/^versions:\n.*$/m, `versions: ${versions}`)
  return memoryTree({ 'models/credit/card.yaml': card })
}

const codesOf = async (versions: string) =>
  (await checkOnline(tree(versions), registry)).diagnostics.map(({ code }) => code)

test('the card is held against what is served', async () => {
  assert.deepEqual(await codesOf('[{ version: "3.2.0", artifact: { uri: "mlflow:credit-default/1" } }]'), [])
  assert.deepEqual(await codesOf('[{ version: "3.2.0", artifact: { uri: "mlflow:credit-default/2" } }]'), [
    'registry/serves-other',
  ])
  assert.deepEqual(
    await codesOf(`[{ version: "3.2.0", artifact: { uri: "mlflow:credit-default/2", sha256: "${'a'.repeat(64)}" } }]`),
    ['registry/other-digest', 'registry/serves-other'],
  )
  assert.deepEqual(await codesOf('[{ version: "3.2.0", artifact: { uri: "mlflow:credit-default/9" } }]'), [
    'registry/no-version',
  ])
  assert.deepEqual(await codesOf('[{ version: "3.2.0", artifact: { uri: "mlflow:nobody/1" } }]'), [
    'registry/no-version',
  ])
})

test('the replies of the server are those that `import mlflow` reads', async () => {
  const run = await fetch(`${server.url}/api/2.0/mlflow/runs/get?run_id=${runId}`)
  const measured = importSource('mlflow', { bytes: Buffer.from(await run.arrayBuffer()), name: 'run.json' })
  assert.deepEqual(
    measured.measurements.map(({ metric, value }) => [metric, value]),
    [['performance.auc', 0.81]],
  )
  const model = await registry.reply('registered-models/get', { name: 'credit-default' })
  assert.ok(model !== null)
  assert.equal(importSource('mlflow', { bytes: model, name: 'model.json' }).shape, 'mlflow-registry')
})
