// Every case of shared/vectors/imports through the runner that `npm run vectors` uses, and the runner's own eyes.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Imported, importSource } from '../../../engine/observe/importers/import-source.ts'
import { metricsById } from '../../../engine/observe/metrics/catalogue.ts'
import { type ExpectedImport, importDifferences } from '../../vectors/import-differences.ts'
import { runVectors } from '../../vectors/imports.ts'

const FOLDER = join(import.meta.dirname, '../../../../shared/vectors/imports')
const skip = existsSync(FOLDER) ? false : 'the shared vectors are not here'

test('every case gives what it expects, and none is skipped', { skip }, async () => {
  const failed: string[] = []
  let passed = 0
  for await (const result of runVectors(FOLDER)) {
    if (result.state === 'passed') passed++
    else failed.push(`${result.name}: ${result.state === 'failed' ? result.differences.join('; ') : result.reason}`)
  }
  assert.deepEqual(failed, [])
  assert.ok(passed >= 147, `${passed} cases`)
})

const SOURCE = JSON.stringify({
  version: '0.6.7',
  metrics: [
    {
      metric: 'ColumnDriftMetric',
      result: {
        column_name: 'idade',
        column_type: 'num',
        stattest_name: 'K-S p_value',
        stattest_threshold: 0.05,
        drift_score: 0.2,
        drift_detected: false,
      },
    },
    { metric: 'ColumnSummaryMetric', result: {} },
  ],
})

function got(): Imported {
  return importSource('evidently', { name: 'report.json', bytes: Buffer.from(SOURCE) })
}

const EXPECTED: ExpectedImport = {
  tool: 'evidently',
  toolVersion: '0.6.7',
  shape: 'evidently-report',
  source: 'report.json',
  sha256: { 'report.json': got().digest.slice('sha256:'.length) },
  outcome: 'ok',
  measurements: [
    {
      metric: 'drift.ks_p',
      subject: { kind: 'feature', name: 'idade' },
      value: 0.2,
      reason: null,
      worse: 'low',
      threshold: 0.05,
      flagged: false,
      definition: 'evidently:K-S p_value',
    },
  ],
  ignored: ['ColumnSummaryMetric'],
  dropped: [],
}
const [ONE] = EXPECTED.measurements

test('a case as it should be has no difference', () => {
  assert.deepEqual(importDifferences(EXPECTED, got()), [])
})

const ONE_OF = (change: object) => ({ measurements: [{ ...ONE, ...change }] })
const PLANTED: readonly (readonly [string, object, RegExp])[] = [
  ['a value that is off by 2e-9', ONE_OF({ value: 0.2 * (1 + 2e-9) }), /idade.*: expected 0\.2\d+, got 0\.2$/],
  ['a null for a value', ONE_OF({ value: null, reason: 'not-a-number' }), /expected null, got 0\.2/],
  ['another direction', ONE_OF({ worse: 'high' }), /worse: expected "high", got "low"/],
  ['a verdict that is not told', ONE_OF({ flagged: undefined }), /flagged: expected null, got false/],
  ['a sample size that is invented', ONE_OF({ n: 5 }), /n: expected 5, got null/],
  ['another subject', ONE_OF({ subject: { kind: 'feature', name: 'x' } }), /expected 0\.2, got nothing/],
  ['another definition', ONE_OF({ definition: 'evidently:PSI' }), /expected nothing, got 0\.2/],
  ['a field that nobody knows', ONE_OF({ bias: 1 }), /fields that are not known here: bias/],
  ['a measurement too few', { measurements: [] }, /expected nothing, got 0\.2/],
  ['another outcome', { outcome: 'refused:syntax' }, /outcome: expected refused:syntax, got ok/],
  ['another shape', { shape: 'evidently-snapshot' }, /shape: expected evidently-snapshot/],
  ['another digest', { sha256: { 'report.json': '00' } }, /sha256: expected sha256:00/],
  ['a part that is not ignored', { ignored: [] }, /ignored: expected \[\], got \["ColumnSummaryMetric"\]/],
  ['a key that is dropped', { dropped: ['data'] }, /dropped: expected \["data"\]/],
  ['a check', { checks: [{ name: 'x', status: 'pass' }] }, /check "x": expected pass/],
]
for (const [name, change, words] of PLANTED) {
  test(`the runner sees ${name}`, () => {
    assert.match(importDifferences({ ...EXPECTED, ...change } as ExpectedImport, got()).join('\n'), words)
  })
}

test('a shown name does not move the cursor', () => {
  const wrong = {
    ...EXPECTED,
    ...ONE_OF({ subject: { kind: 'feature', name: 'a\u001b[31m\u202e' } }),
  } as ExpectedImport
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  assert.doesNotMatch(importDifferences(wrong, got()).join('\n'), /[\u001b\u202e]/)
})

test('no definition of a tool is one of ours', { skip }, () => {
  const ours = new Set([...metricsById.values()].flatMap(({ id, definition }) => [id, definition]))
  const cases = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('/expected.json'),
  )
  const theirs = cases.flatMap((path) => {
    const { measurements } = JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as ExpectedImport
    return measurements.map(({ definition }) => definition ?? '')
  })
  assert.ok(theirs.length > 900)
  assert.deepEqual(
    theirs.filter((definition) => ours.has(definition)),
    [],
  )
})
