// `ledger/` and `reports/` of the project: proven, and still what the engine says of the bundled policies and models.
// When one of these fails after a change of the example or of what a run writes: `npm run example` makes both again.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFolderTree } from '../../engine/adapters/git/open-store.ts'
import { COMPAS_MONTHS, CREDIT_MONTHS } from '../../engine/demo/story.ts'
import type { RecordedRun } from '../../engine/domain/recorded-run.ts'
import { decodeEntry } from '../../engine/ledger/entry.ts'
import { decodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { readAnchors } from '../../engine/ledger/ipfs/anchors.ts'
import { cidText } from '../../engine/ledger/ipfs/cid.ts'
import { logDag } from '../../engine/ledger/ipfs/log-dag.ts'
import { readPolicy } from '../../engine/ledger/log-policy.ts'
import { readLogFile, readLogFolder } from '../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { planRepository } from '../../engine/pipeline.ts'
import { PROJECT } from './counts-csv.ts'

const LEDGER = join(PROJECT, 'ledger')
const days = readdirSync(join(PROJECT, 'reports')).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))

function latest(): { readonly run: RecordedRun; readonly path: string } {
  const { path } = JSON.parse(readFileSync(join(PROJECT, 'reports/latest.json'), 'utf8')) as { path: string }
  return { path, run: JSON.parse(readFileSync(join(PROJECT, path, 'run.json'), 'utf8')) as RecordedRun }
}

test('the ledger of the example is proven, whole, and signed by the key that its policy names', () => {
  const answer = verifyLog(readLogFolder(LEDGER), readPolicy(readLogFile(join(LEDGER, 'policy'))), {})
  assert.deepEqual(answer.problems, [])
  assert.ok(answer.entries > 50)
})

test('its directory has the CID that the last run wrote, and every run but the last has its anchor entry', () => {
  const anchors = readAnchors(readLogFile(join(LEDGER, 'anchors.ndjson')))
  assert.equal(anchors.length, CREDIT_MONTHS.length + COMPAS_MONTHS.length)
  const { read } = readLogFolder(LEDGER)
  const last = anchors.at(-1)
  assert.equal(cidText(logDag({ read, size: last?.size ?? 0 }).cid), last?.cid)
  const paths = readdirSync(join(LEDGER, 'tile/entries'), { recursive: true, encoding: 'utf8' }).sort()
  const entries = paths.flatMap((path) => decodeBundle(read(`tile/entries/${path}`) ?? new Uint8Array(0)) ?? [])
  const told = entries.map((bytes) => decodeEntry(bytes)).filter((entry) => entry?.kind === 'anchor')
  assert.deepEqual(
    told.map((entry) => entry?.body?.cid),
    anchors.slice(0, -1).map(({ cid }) => cid),
  )
})

test('there is a report of every run, in both languages, one run a month', () => {
  assert.equal(days.length, CREDIT_MONTHS.length + COMPAS_MONTHS.length)
  for (const day of days) {
    const [run = '', ...more] = readdirSync(join(PROJECT, 'reports', day))
    assert.deepEqual(more, [])
    for (const name of ['report.pt.md', 'report.en.md', 'run.json']) {
      assert.ok(existsSync(join(PROJECT, 'reports', day, run, name)), `${day} ${name}`)
    }
  }
})

test('judged today, the bundled repository has the verdicts of the last recorded run', () => {
  const { run } = latest()
  const base = openFolderTree(PROJECT)
  const { plan } = planRepository({
    base,
    record: base,
    now: Date.parse(run.now),
    language: null,
    keep: 'not-pass',
    proposals: [],
    sent: new Set(),
  })
  assert.equal(plan.digest, run.digest)
})

test('nothing of the machine that made them is in them', () => {
  const texts = [readFileSync(join(LEDGER, 'policy'), 'utf8'), JSON.stringify(latest().run)]
  for (const day of days) {
    const [run = ''] = readdirSync(join(PROJECT, 'reports', day))
    texts.push(readFileSync(join(PROJECT, 'reports', day, run, 'report.en.md'), 'utf8'))
  }
  for (const text of texts) assert.doesNotMatch(text, /\/tmp\/|\/home\/|\/work\/|PRIVATE/)
})
