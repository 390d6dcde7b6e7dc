// `tutela observe` of Parquet in an S3 store: the same figures as from files, and what is said of each thing that goes wrong.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import type { Place } from '../../commands/import-scene.ts'
import { startStore } from './start-store.ts'

const store = await startStore()
after(store.stop)
const { defaultLimits, connect } = await import('../../../engine/adapters/duckdb/connection.ts')
const { csv, lineOf, observe, rows, scene } = await import('../../commands/observe-scene.ts')
const { fault } = await import('../../commands/import-scene.ts')

const KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_REGION: 'us-east-1' }
beforeEach(() => {
  Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: store.url })
})

const DATA = {
  'a.csv': csv(rows(90, { shift: 90 })),
  'b.csv': csv(rows(60, { from: 90, shift: 90 })),
  'reference.csv': csv(rows(200, { day: '2026-10-01' })),
}
const WINDOW = { window: '2026-11-20/2026-11-21' }
const here = scene(DATA)
const local = await parquet(here, ['a', 'b', 'reference'])
await upload('window/a.parquet', local.a)
await upload('window/b.parquet', local.b)
await upload('reference.parquet', local.reference)
await upload('odd name/ção=1.parquet', local.reference)

/** Writes Parquet beside the CSV files of a scene; answers where. */
async function parquet<Name extends string>(place: Place, names: readonly Name[]): Promise<Record<Name, string>> {
  const duckdb = await connect(defaultLimits(1))
  const files: [Name, string][] = []
  for (const name of names) {
    const [from, to] = [`${name}.csv`, `${name}.parquet`].map((file) => join(place.root, '.git', file))
    await duckdb.run(`COPY (FROM '${from}') TO '${to}' (FORMAT parquet)`)
    files.push([name, String(to)])
  }
  duckdb.close()
  return Object.fromEntries(files) as Record<Name, string>
}

async function upload(key: string, file: string | Uint8Array): Promise<void> {
  const { readFileSync } = await import('node:fs')
  const body = typeof file === 'string' ? readFileSync(file) : file
  const answer = await fetch(`${store.url}/lake/${encodeURI(key)}`, { method: 'PUT', body: new Uint8Array(body) })
  assert.ok(answer.ok, `${key}: ${answer.status} ${await answer.text()}`)
}

test('objects are measured as files are', async () => {
  const files = await observe(here, { ...WINDOW, current: [local.a, local.b], reference: [local.reference] })
  const addresses = { current: ['s3://lake/window/*.parquet'], reference: ['s3://lake/reference.parquet'] }
  const objects = await observe(here, { ...WINDOW, ...addresses })
  assert.ok(lineOf(files).measurements.length > 40)
  assert.deepEqual(lineOf(objects).measurements, lineOf(files).measurements)
})

test('a key with spaces, accents and an equals sign', async () => {
  const odd = await observe(here, { window: '2026-10-01/2026-10-02', current: ['s3://lake/odd name/ção=1.parquet'] })
  assert.equal(lineOf(odd).measurements.find(({ metric }) => metric === 'data.rows')?.value, 200)
})

const faults: [string, string, Readonly<Record<string, string>>, RegExp][] = [
  [
    'a key that the store does not know',
    's3://lake/window/a.parquet',
    { AWS_ACCESS_KEY_ID: 'hush-hush' },
    /403.*AWS_SECRET_ACCESS_KEY/,
  ],
  ['a key that is not there', 's3://lake/nothing.parquet', {}, /nothing\.parquet/],
  ['a pattern that matches nothing', 's3://lake/nothing/*.parquet', {}, /nothing/],
  ['a bucket that is not there', 's3://elsewhere/a.parquet', {}, /elsewhere/],
  ['a store that does not answer', 's3://lake/window/a.parquet', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, /lake/],
]
for (const [name, address, env, told] of faults) {
  test(`${name} is a fault that tells the address and no secret`, async () => {
    Object.assign(process.env, env)
    await assert.rejects(observe(here, { ...WINDOW, current: [address] }), (error) => {
      fault('observe/object-store', told)(error)
      assert.doesNotMatch(String(error), /hush-hush|S3RVER/)
      return true
    })
  })
}

test('an object that is no Parquet, or half of one', async () => {
  const { readFileSync } = await import('node:fs')
  const whole = readFileSync(local.a)
  await upload('half.parquet', whole.subarray(0, whole.length / 2))
  await upload('text.parquet', Buffer.from('id,x\n1,2\n'))
  for (const key of ['half', 'text']) {
    await assert.rejects(
      observe(here, { ...WINDOW, current: [`s3://lake/${key}.parquet`] }),
      fault('observe/bad-parquet', new RegExp(key)),
    )
  }
})
