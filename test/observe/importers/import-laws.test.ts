// Laws of every importer: hostile bytes and values of the wrong type are read or refused, never a fault of ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { importSource } from '../../../engine/observe/importers/import-source.ts'
import { TOOLS } from '../../../engine/observe/importers/tools.ts'

const read = (tool: string, value: unknown) =>
  importSource(tool, { name: 'source.json', bytes: Buffer.from(JSON.stringify(value)) })

const NAMES = ['source.json', 'source.csv', 'source.parquet']

test('law: whatever the bytes, every importer answers', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"metrics"',
    '"tests"',
    '"data"',
    '"run"',
    '"features"',
    ':',
    ',',
    '1',
    'null',
    'a,b\n',
    '1,2\n',
    '\u0000',
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.array(piece, { maxLength: 14 })),
      fc.constantFrom(...NAMES),
      (content, name) => {
        const bytes = content instanceof Uint8Array ? content : Buffer.from(content.join(''))
        for (const tool of TOOLS.keys()) assert.ok(importSource(tool, { name, bytes }).outcome)
      },
    ),
    { numRuns: 150 },
  )
})

/** A value of the right type replaced by one of another, anywhere. */
test('law: whatever stands where a value was expected, it is read or refused', () => {
  const sources: readonly (readonly [string, unknown])[] = [
    [
      'evidently',
      {
        version: '0.6.7',
        metrics: [
          {
            metric: 'DataDriftTable',
            result: {
              drift_by_columns: {
                a: {
                  column_name: 'a',
                  column_type: 'cat',
                  stattest_name: 'PSI',
                  drift_score: 0.1,
                  stattest_threshold: 0.1,
                  drift_detected: true,
                  current: { small_distribution: { x: [0], y: [5] } },
                },
              },
            },
          },
        ],
      },
    ],
    [
      'evidently',
      {
        metrics: [
          {
            id: '1',
            metric_name: 'ValueDrift(column=a)',
            config: { column: 'a', method: 'PSI', threshold: 0.1 },
            value: 0.2,
          },
        ],
        tests: [],
      },
    ],
    [
      'great-expectations',
      {
        success: true,
        statistics: {},
        results: [
          {
            success: true,
            expectation_config: { type: 'x', kwargs: { column: 'a' } },
            result: { observed_value: 1 },
            exception_info: {},
          },
        ],
      },
    ],
    [
      'sagemaker',
      {
        version: 0,
        dataset: { item_count: 5 },
        features: [{ name: 'a', numerical_statistics: { common: { num_present: 4, num_missing: 1 } } }],
      },
    ],
    [
      'alibi-detect',
      { data: { is_drift: [1], distance: [0.5], p_val: [0.1], threshold: 0.05 }, meta: { name: 'KSDrift' } },
    ],
    [
      'deepchecks',
      {
        type: 'SuiteResult',
        results: [
          {
            type: 'CheckResult',
            check: { name: 'Feature Drift' },
            value: { a: { 'Drift score': 0.1, Method: 'PSI' } },
            conditions_results: [{ Status: 'PASS' }],
          },
        ],
      },
    ],
    [
      'mlflow',
      { run: { info: { run_id: 'r' }, data: { metrics: [{ key: 'f1', value: 0.5, timestamp: '1', step: 1 }] } } },
    ],
    [
      'prometheus',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '0.5'] }] } },
    ],
    ['shap', { values: [[0.1, 0.2]], feature_names: ['a', 'b'] }],
    [
      'whylogs',
      {
        a: { algorithm: 'ks', pvalue: 0.1, statistic: 0.2, thresholds: { DRIFT: [0, 0.05] }, drift_category: 'DRIFT' },
      },
    ],
    ['fairlearn', [{ sex: 'F', selection_rate: 0.5, count: 20 }]],
  ]
  for (const [tool, value] of sources) {
    assert.equal(read(tool, value).outcome, 'ok', tool)
    for (const path of pathsOf(value)) {
      for (const other of [null, true, 7, 'x', [], {}, [null], { '': 1 }]) {
        assert.ok(read(tool, replaced(value, path, other)).outcome, `${tool} ${path.join('.')}`)
      }
    }
  }
})

function pathsOf(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...at]]
  return [[...at], ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...at, key]))]
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) }
  copy[key] = replaced(copy[key], rest, by)
  return copy
}
