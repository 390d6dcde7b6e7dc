// What holds of every importer: bounded, no raw rows kept, refusals that say what was seen. Laws: import-laws.test.ts.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { importSource } from '../../../engine/observe/importers/import-source.ts'
import type { Told } from '../../../engine/observe/importers/imported.ts'

const read = (tool: string, value: unknown, name = 'source.json', told: Told = {}) =>
  importSource(tool, { name, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }, { told })

test('a file above the limit is refused before it is parsed', () => {
  const bytes = Buffer.from('{'.repeat(2000))
  const { outcome, message } = importSource('evidently', { name: 'x.json', bytes }, { largest: 1000 })
  assert.equal(outcome, 'refused:too-large')
  assert.match(message ?? '', /too large, the limit is 1000 bytes/)
})

test('a report of 20 MB is read within 512 MB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-large-'))
  try {
    const file = join(folder, 'report.json')
    writeFileSync(file, largeReport(20_000_000))
    const script = `
      import { readFileSync } from 'node:fs'
      import { importSource } from ${JSON.stringify(join(import.meta.dirname, '../../../engine/observe/importers/import-source.ts'))}
      const { outcome, measurements } = importSource('evidently', { name: 'report.json', bytes: readFileSync(${JSON.stringify(file)}) })
      console.log(outcome, measurements.length > 20000, process.resourceUsage().maxRSS < 512 * 1024)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    assert.equal(stdout, 'ok true true\n', stderr)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function largeReport(size: number): string {
  const bars = {
    small_distribution: {
      x: Array.from({ length: 11 }, (_, i) => i / 7),
      y: Array.from({ length: 10 }, (_, i) => i / 13),
    },
  }
  const columns: string[] = []
  for (let length = 0, i = 0; length < size; i++) {
    const column = {
      column_name: `c${i}`,
      column_type: 'num',
      stattest_name: 'K-S p_value',
      stattest_threshold: 0.05,
      drift_score: 0.5,
      drift_detected: false,
      current: bars,
      reference: bars,
    }
    const text = `"c${i}":${JSON.stringify(column)}`
    columns.push(text)
    length += text.length
  }
  return `{"version":"0.6.7","metrics":[{"metric":"DataDriftTable","result":{"drift_by_columns":{${columns.join(',')}}}}]}`
}

test('row values, paths and tracebacks are in nothing that an importer keeps', () => {
  const PLANTED = '529.982.247-25'
  const result = {
    element_count: 4,
    unexpected_count: 1,
    unexpected_percent: 25,
    partial_unexpected_list: [PLANTED],
    partial_unexpected_counts: [{ value: PLANTED, count: 1 }],
    unexpected_list: [PLANTED],
    unexpected_index_list: [{ cpf: PLANTED }],
    partial_unexpected_index_list: [PLANTED],
  }
  const raised = {
    k: { raised_exception: true, exception_traceback: `File "/home/${PLANTED}/x.py"`, exception_message: PLANTED },
  }
  const kept = [
    read('great-expectations', {
      success: false,
      statistics: {},
      results: [
        {
          success: false,
          expectation_config: {
            type: 'expect_column_values_to_be_in_set',
            kwargs: { column: 'a', value_set: [PLANTED] },
          },
          result,
          exception_info: { raised_exception: false },
        },
        {
          success: false,
          expectation_config: { type: 'y', kwargs: { column: 'b' } },
          result: {},
          exception_info: raised,
        },
      ],
    }),
    read('shap', { values: [[0.5], [0.25]], data: [[PLANTED], [PLANTED]], feature_names: ['a'] }),
    read(
      'whylogs',
      `column,counts/n,counts/null,frequent_items/frequent_strings\na,5,1,"[FrequentItem(value='${PLANTED}')]"\n`,
      'p.csv',
    ),
    read('whylogs', [{ name: 'c', passed: 0, failed: 1, summary: { max: PLANTED } }]),
    read('evidently', {
      tests: [
        { name: 'Drift', status: 'ERROR', description: `failed on ${PLANTED}`, parameters: {} },
        { name: 'Max Value', status: 'FAIL', description: '**x**', parameters: { value: 1 } },
      ],
    }),
    read('deepchecks', {
      type: 'SuiteResult',
      results: [{ type: 'CheckFailure', check: { name: 'X' }, exception: PLANTED }],
    }),
  ]
  for (const one of kept) {
    assert.equal(one.outcome, 'ok', one.message ?? '')
    assert.doesNotMatch(JSON.stringify(one), new RegExp(PLANTED))
  }
  assert.ok(kept[0]?.dropped.includes('unexpected_list'))
})

test('a file of another tool is refused by its keys, and the owner is named', () => {
  const { outcome, message, hint } = read('great-expectations', {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] },
  })
  assert.equal(outcome, 'refused:unknown-shape')
  assert.match(message ?? '', /`data`, `status`/)
  assert.match(hint ?? '', /`prometheus`/)
})

test('a native histogram of Prometheus is no number', () => {
  const series = { metric: {}, histogram: [1, { count: '5' }] }
  const { outcome, message } = read('prometheus', {
    status: 'success',
    data: { resultType: 'vector', result: [series] },
  })
  assert.equal(outcome, 'refused:unknown-shape')
  assert.match(message ?? '', /`histogram`, `metric`; a sample needs `value`/)
})

test('what the file does not name must be told', () => {
  const explanation = { metric: 'Disparate Impact', message: 'Disparate impact (a / b): 0.5' }
  assert.equal(read('aif360', explanation).outcome, 'refused:not-told')
  assert.deepEqual(read('aif360', explanation, 'x.json', { attribute: 'sex' }).measurements[0]?.subject, {
    kind: 'attribute',
    name: 'sex',
  })
})

test('the setting of a metric ends where the next begins, whatever the names hold', () => {
  const name = 'ValueDrift(column=a, b (c),method=Wasserstein distance (normed),threshold=0.2)'
  const [one] = read('evidently', { metrics: [{ id: '1', metric_id: name, value: 0.3 }], tests: [] }).measurements
  assert.deepEqual(
    [one?.subject, one?.metric, one?.threshold, one?.flagged],
    [{ kind: 'feature', name: 'a, b (c)' }, 'drift.wasserstein_normed', 0.2, true],
  )
})

test('a column named like a method is split at the last one', () => {
  const text =
    'chunk_key,chunk_start_index,chunk_end_index,chunk_start_date,chunk_end_date,chunk_period,chi2_chi2_value,chi2_chi2_alert\n[0:9],0,9,,,analysis,3.5,True\n'
  const [one] = read('nannyml', text, 'u.csv').measurements
  assert.deepEqual(
    [one?.subject, one?.name, one?.n, one?.window],
    [{ kind: 'feature', name: 'chi2' }, 'nannyml.chi2_statistic', 10, { key: '[0:9]', start: null, end: null }],
  )
})

test('a prediction over twenty thousand features is read in one pass', () => {
  const values = Array.from({ length: 20_000 }, () => 0.5)
  const text = JSON.stringify({ data: { is_drift: 0, p_val: values, distance: values }, meta: { name: 'KSDrift' } })
  const { outcome, measurements } = importSource('alibi-detect', { name: 'a.json', bytes: Buffer.from(text) })
  assert.deepEqual([outcome, measurements.length], ['ok', 40_001])
})
