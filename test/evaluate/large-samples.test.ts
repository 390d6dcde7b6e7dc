// A test on very many rows finds every difference significant: told when loaded (METRICS.md).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { MetricRule } from '../../engine/domain/policy.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { foldLargeSamples, largeSamples, pValueRules } from '../../engine/evaluate/large-samples.ts'
import type { StoredSnapshot } from '../reference-evaluator/repository.ts'
import { card, historyOf, metricRule, NOW, policy, snapshot } from './small-world.ts'

const AT_LEAST = { op: 'atLeast', limit: 0.05 } as const
const RULE = metricRule({ metric: 'drift.ks_p', each: 'feature', comparison: AT_LEAST })

function ks(n: number | undefined, feature = 'income', more: Partial<Measurement> = {}): Measurement {
  return { metric: 'drift.ks_p', feature, value: 0.5, ...(n !== undefined && { n }), ...more }
}

function warnings(snapshots: readonly StoredSnapshot[], rule: MetricRule = RULE, of = card()) {
  return largeSamples(pValueRules([policy([rule])]), of.card, historyOf(snapshots, of.card.id, NOW))
}

const WARNED: readonly [name: string, snapshots: readonly StoredSnapshot[], rows: number | null][] = [
  ['100,000 rows are few enough', [snapshot(0, [ks(100_000)])], null],
  ['one more is not', [snapshot(0, [ks(100_001)])], 100_001],
  ['the largest of the subjects counts', [snapshot(0, [ks(5), ks(200_000, 'age'), ks(150_000, 'note')])], 200_000],
  ['an older window does not count', [snapshot(0, [ks(5)]), snapshot(1, [ks(200_000)])], null],
  ['of windows, the newest that measures the metric', [snapshot(0, []), snapshot(1, [ks(200_000)])], 200_000],
  ['tools that share a window count alike', [snapshot(0, [ks(5)]), snapshot(0, [ks(200_000, 'age')])], 200_000],
  ['another metric does not count', [snapshot(0, [{ metric: 'drift.psi', feature: 'age', value: 1, n: 1e6 }])], null],
  ['rows that are not told are none', [snapshot(0, [ks(undefined)])], null],
  ['a baseline is no window', [snapshot(0, [ks(200_000)], { purpose: 'baseline' })], null],
  ['nor is one of another version', [snapshot(0, [ks(200_000)], { version: '0.9.0' })], null],
  ['nothing is measured', [], null],
]
for (const [name, snapshots, rows] of WARNED) {
  test(name, () => {
    const found = warnings(snapshots)
    assert.equal(found.length, rows === null ? 0 : 1)
    for (const { severity, code, line, message } of found) {
      assert.deepEqual([severity, code, line], ['warning', 'evaluate/large-sample', RULE.place.line])
      assert.ok(message.includes(`the newest window of \`m\` has ${rows} rows`), message)
    }
  })
}

test('a rule of one definition reads the windows of that definition', () => {
  const snapshots = [snapshot(0, [ks(5, 'age', { definition: 'other' })]), snapshot(1, [ks(200_000)])]
  assert.equal(warnings(snapshots, { ...RULE, definition: 'other' }).length, 0)
  assert.equal(warnings(snapshots, { ...RULE, definition: 'drift.ks_p' }).length, 1)
})

test('where no rule on p-values applies, no window is looked at', () => {
  const untouched = {
    windows: () => {
      throw new Error('asked')
    },
  }
  const psi = metricRule({ metric: 'drift.psi', each: 'feature', comparison: { op: 'atMost', limit: 0.2 } })
  assert.deepEqual(pValueRules([policy([psi])]), [])
  const others = policy([RULE], { appliesTo: { all: [{ path: ['id'], anyOf: ['other'] }], not: null } })
  assert.deepEqual(largeSamples(pValueRules([others]), card().card, untouched), [])
})

test('of a challenger, too, and of many models one warning a rule that counts them', () => {
  const both = card({
    deployment: [
      { environment: 'production', version: '1.0.0' },
      { environment: 'production', version: '2.0.0', role: 'challenger' },
    ],
  })
  const [first] = warnings([snapshot(0, [ks(200_000)], { version: '2.0.0' })], RULE, both)
  assert.ok(first !== undefined)
  const named = (model: string) => ({ ...first, message: first.message.replace('`m`', `\`${model}\``) })
  const other = { ...first, code: 'load/other' } as const
  assert.deepEqual(foldLargeSamples([named('b')]), [named('b')])
  const folded = foldLargeSamples([named('b'), other, named('c'), named('a')])
  assert.deepEqual(
    folded.map(({ message }) => message),
    [other.message, `${named('a').message}; so it is with 2 more models`],
  )
})
