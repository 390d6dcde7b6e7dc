// The registry's replies of a real server, in the card's terms; the cases' notes say which versions and aliases there are.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { registeredVersions } from '../../../engine/observe/importers/mlflow-registry.ts'
import { type JsonObject, readJson } from '../../../engine/observe/importers/read-json.ts'

const FOLDER = join(import.meta.dirname, '../../../../shared/vectors/imports/mlflow')
const skip = existsSync(FOLDER) ? false : 'the shared vectors are not here'
const read = (text: string) => registeredVersions(readJson(text) as JsonObject)

interface Noted {
  readonly versions: Readonly<Record<string, { readonly runId: string; readonly aliases: readonly string[] }>>
}

test('every version of every reply is one that the server had, and aliases are complete where the reply has them', {
  skip,
}, () => {
  let seen = 0
  for (const server of readdirSync(FOLDER)) {
    for (const kind of ['registered-model', 'alias', 'model-version', 'model-versions']) {
      const folder = join(FOLDER, server, kind)
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { note: string }
      const { versions } = JSON.parse(expected.note) as Noted
      for (const { version, runId, aliases } of read(readFileSync(join(folder, 'response.json'), 'utf8'))) {
        if (runId !== null) assert.equal(runId, versions[version]?.runId)
        if (kind !== 'model-versions') assert.deepEqual(aliases, versions[version]?.aliases)
        seen++
      }
    }
  }
  assert.ok(seen >= 12, `${seen} versions`)
})

test('a version that only an alias names is there', () => {
  const [one] = read('{"registered_model":{"name":"m","aliases":[{"alias":"champion","version":"3"}]}}')
  assert.deepEqual(one, { model: 'm', version: '3', runId: null, source: null, tags: new Map(), aliases: ['champion'] })
})

test('a version may be a number, and is text', () => {
  assert.equal(read('{"model_version":{"name":"m","version":7}}')[0]?.version, '7')
  assert.throws(() => read('{"model_version":{"name":"m","version":7.5}}'), /`version` is a number, not text/)
})

test('a reply of a hundred thousand versions and as many aliases is read in one pass', () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => String(i))
  const found = registeredVersions({
    registered_model: {
      name: 'credit',
      aliases: numbers.map((version) => ({ alias: `a${version}`, version })),
      latest_versions: numbers.slice(50_000).map((version) => ({ name: 'credit', version })),
    },
  })
  assert.equal(found.length, 100_000)
  assert.ok(found.every(({ version, aliases }) => aliases.length === 1 && aliases[0] === `a${version}`))
})
