import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../engine/domain/finding.ts'
import type { Plan } from '../../engine/domain/plan.ts'
import { type PreviousRun, runFolder } from '../../engine/domain/recorded-run.ts'
import { readLatestRun, readRecordedRun, recordedFolders } from '../../engine/report/read-recorded.ts'
import { runJson, runJsonText } from '../../engine/report/run-json.ts'
import { memoryTree } from '../memory-tree.ts'
import { finding, plan } from './sample-run.ts'

const KEPT = {
  demands: [{ model: 'a', environment: 'production', action: 'retrain', since: '2026-11-20T06:00:00Z' }],
  notices: [{ channel: 'file', model: 'a', environment: 'production', pairs: '0'.repeat(16) }],
} as const

/** Records plans one after the other, each compared with the one before; returns the files and what was read back. */
function recordAll(plans: readonly Plan[]): { files: Record<string, string>; latest: PreviousRun | null } {
  const files: Record<string, string> = {}
  let latest: PreviousRun | null = null
  for (const one of plans) {
    const folder = runFolder(Date.parse(one.now), one.run)
    files[`${folder}/run.json`] = runJsonText(runJson(one, latest, KEPT))
    files['reports/latest.json'] = JSON.stringify({ run: one.run, path: folder })
    latest = readLatestRun(memoryTree(files))
  }
  return { files, latest }
}

const run = (day: string, findings: readonly Finding[]) =>
  plan(findings, { now: `${day}T06:00:00Z`, run: day.replaceAll('-', '').padStart(16, '0') })
const a = finding({ model: 'a', id: 'a'.repeat(16) })
const b = finding({ model: 'b', id: 'b'.repeat(16) })

test('a verdict that did not change names the last recorded run and the file that has its findings', () => {
  const { files } = recordAll([
    run('2026-11-20', [a, b]),
    run('2026-11-21', [a, { ...b, value: 0.5 }]),
    run('2026-11-22', [a, { ...b, value: 0.5 }]),
  ])
  const third = JSON.parse(files['reports/2026-11-22/0000000020261122/run.json'] ?? '') as {
    verdicts: { unchanged?: object }[]
    findings: unknown[]
  }
  assert.deepEqual(
    third.verdicts.map((v) => v.unchanged),
    [
      { run: '0000000020261121', findingsIn: 'reports/2026-11-20/0000000020261120' },
      { run: '0000000020261121', findingsIn: 'reports/2026-11-21/0000000020261121' },
    ],
  )
  assert.deepEqual(third.findings, [])
})

test('an unchanged verdict keeps its counts', () => {
  const { files } = recordAll([run('2026-11-20', [a]), run('2026-11-21', [a])])
  const second = JSON.parse(files['reports/2026-11-21/0000000020261121/run.json'] ?? '') as {
    verdicts: { counts: object; findings?: object }[]
  }
  assert.deepEqual(second.verdicts[0]?.counts, { pass: 3, warn: 0, fail: 1, error: 0, skip: 0 })
  assert.equal(second.verdicts[0]?.findings, undefined)
})

test('reading back gives the whole plan, whatever was left out, with demands and notices', () => {
  const last = run('2026-11-22', [a, b])
  const { latest } = recordAll([run('2026-11-20', [a]), run('2026-11-21', [a, b]), last])
  assert.deepEqual(latest?.plan, JSON.parse(JSON.stringify(last)))
  assert.deepEqual(latest?.demands, KEPT.demands)
  assert.deepEqual(latest?.notices, KEPT.notices)
})

test('findings that pass are not recorded', () => {
  const recorded = runJson(run('2026-11-20', [finding({ outcome: 'pass' }), b]), null, KEPT)
  assert.deepEqual(recorded.findings, [b])
})

test('a verdict whose recorded findings were lost is written whole again', () => {
  const { files } = recordAll([run('2026-11-20', [a]), run('2026-11-21', [a])])
  delete files['reports/2026-11-20/0000000020261120/run.json']
  const latest = readLatestRun(memoryTree(files))
  const next = runJson(run('2026-11-22', [a]), latest, KEPT)
  assert.deepEqual(next.findings, [a])
})

test('every verdict, finding and action stands on a line of its own', () => {
  const text = runJsonText(runJson(run('2026-11-20', [a, b]), null, KEPT))
  assert.equal(text.split('\n').filter((line) => line.includes('"rule":')).length, 2)
  assert.ok(text.endsWith('}\n'))
})

test('before the first run there is none', () => assert.equal(readLatestRun(memoryTree({})), null))

const broken: Readonly<Record<string, Record<string, string>>> = {
  'latest.json is not JSON': { 'reports/latest.json': '{' },
  'latest.json names a place outside reports/': { 'reports/latest.json': '{"path":"../x"}' },
  'latest.json names a run that is not there': {
    'reports/latest.json': '{"path":"reports/2026-11-20/0000000020261120"}',
  },
  'run.json is no run': {
    'reports/latest.json': '{"path":"reports/2026-11-20/0000000020261120"}',
    'reports/2026-11-20/0000000020261120/run.json': '{"verdicts":1}',
  },
}
for (const [name, files] of Object.entries(broken))
  test(`a fault names the file where ${name}`, () =>
    assert.throws(() => readLatestRun(memoryTree(files)), { name: 'Fault', code: 'report/unreadable' }))

test('folders of runs are found by their form alone', () => {
  const paths = [
    'reports/2026-11-21/00000000000000aa/run.json',
    'reports/latest.json',
    'reports/2026-11-20/00000000000000bb/run.json',
    'reports/x/run.json',
  ]
  assert.deepEqual(recordedFolders(paths), [
    'reports/2026-11-20/00000000000000bb',
    'reports/2026-11-21/00000000000000aa',
  ])
})

test('an older run is read by its folder', () => {
  const { files } = recordAll([run('2026-11-20', [a]), run('2026-11-21', [b])])
  assert.deepEqual(readRecordedRun(memoryTree(files), 'reports/2026-11-20/0000000020261120').plan.findings, [a])
})

test('the last verdict on a version that is not deployed any more is carried from run to run', () => {
  const newer = { ...a, version: '9.0.0' }
  const { latest } = recordAll([run('2026-11-20', [a]), run('2026-11-21', [newer]), run('2026-11-22', [newer])])
  assert.deepEqual(latest?.former, [{ model: 'a', environment: a.environment, version: a.version, outcome: 'fail' }])
})
