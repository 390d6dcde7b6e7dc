// `--out FILE` replaces its own earlier line and nothing else.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fault } from './import-scene.ts'
import { csv, lineOf, observe, rows, scene } from './observe-scene.ts'

const DATA = { 'current.csv': csv(rows(30)) }

test('a new file, an empty one and an earlier snapshot take the line', async () => {
  const place = scene({ ...DATA, 'empty.json': '' })
  for (const out of ['new.json', 'new.json', 'empty.json']) {
    const result = await observe(place, { out })
    assert.deepEqual(JSON.parse(readFileSync(join(place.root, '.git', out), 'utf8')), lineOf(result))
  }
})

for (const [name, out, message] of [
  ['the data', 'current.csv', /`--out current\.csv` exists and is no snapshot/],
  ['a policy', '../policies/governance.yaml', /exists and is no snapshot/],
  ['a file of several snapshots', 'two.ndjson', /exists and is no snapshot/],
  ['a folder that is not there', 'a/b/new.json', /there is no folder/],
  ['the snapshots of the repository', '../models/snapshots/2026/11/20T00/loans.ndjson', /lies among the snapshots/],
] as const) {
  test(`${name}: refused before anything is measured, and left as it was`, async () => {
    const place = scene({ ...DATA, 'two.ndjson': '{"kind":"Snapshot"}\n{"kind":"Snapshot"}\n' })
    const path = join(place.root, '.git', out)
    if (out.includes('20T00')) {
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, '{"kind":"Snapshot"}\n')
    }
    const before = existsSync(path) ? readFileSync(path, 'utf8') : null
    await assert.rejects(observe(place, { out, current: ['absent.csv'] }), fault('observe/out-file', message))
    assert.equal(existsSync(path) ? readFileSync(path, 'utf8') : null, before)
    assert.ok(!existsSync(join(place.root, '.git/a')))
  })
}
