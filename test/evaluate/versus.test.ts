// Changes against a baseline, the window before, or a mean over days (EVALUATION.md, Comparing, `versus`).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { MetricRule, Versus } from '../../engine/domain/policy.ts'
import { onlyFinding, outcomes, says } from './judge-world.ts'
import { auc, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const drops = (amount: number, relative: boolean) => ({ direction: 'drops', amount, relative }) as const
const rises = (amount: number, relative: boolean) => ({ direction: 'rises', amount, relative }) as const

const CHANGES: readonly [change: NonNullable<MetricRule['change']>, before: number, now: number, expected: string][] = [
  [drops(0.25, true), 1, 0.75, 'pass'],
  [drops(0.25, true), 1, 0.74, 'fail'],
  [drops(0.25, true), 0.8, 0.95, 'pass'],
  [drops(0.25, false), 0.75, 0.5, 'pass'],
  [drops(0.25, false), 0.75, 0.49, 'fail'],
  [rises(0.5, true), 0.5, 0.75, 'pass'],
  [rises(0.5, true), 0.5, 0.76, 'fail'],
  [rises(0.25, false), 0.5, 0.76, 'fail'],
  [drops(0.25, true), 0, 0.5, 'error not-evaluable'],
  [drops(0.25, true), -1, 0.5, 'error not-evaluable'],
  [drops(0.25, false), 0, -0.2, 'pass'],
]
for (const [change, before, now, expected] of CHANGES) {
  const amount = change.relative ? `${change.amount * 100} %` : change.amount
  test(`${now} after ${before} is a ${expected} where it ${change.direction} at most ${amount}`, () => {
    assert.equal(says({ versus: { kind: 'previous' }, change }, [auc(now)], [[auc(before)]]), expected)
  })
}

test('a change tells the value before, the change with its sign, and the margin in the unit of the metric', () => {
  const rule = metricRule({ metric: 'performance.auc', versus: { kind: 'previous' }, change: drops(0.25, true) })
  const snapshots = [snapshot(0, [auc(0.5)]), snapshot(1, [auc(1)])]
  const finding = onlyFinding({ rulebook: rulebook([policy([rule])]), snapshots })
  assert.deepEqual(finding.versus, { value: 1, change: -0.5 })
  assert.equal(finding.margin, -0.25)
  assert.equal(finding.limit, 0.25)
})

test('`warnAt` and `confidence` work on changes as on limits', () => {
  const rule = { versus: { kind: 'previous' }, change: drops(0.2, false) } as const
  assert.equal(says({ ...rule, warnAt: 0.1 }, [auc(0.75)], [[auc(0.9)]]), 'warn')
  assert.equal(says({ ...rule, confidence: 0.95 }, [auc(0.5, { interval: [0.4, 0.71] })], [[auc(0.9)]]), 'warn')
  assert.equal(says({ ...rule, confidence: 0.95 }, [auc(0.5, { interval: [0.4, 0.6] })], [[auc(0.9)]]), 'fail')
})

function against(versus: Versus, snapshots: Parameters<typeof snapshot>[]): string | undefined {
  const book = rulebook([policy([metricRule({ metric: 'performance.auc', versus, change: drops(0.25, false) })])])
  return outcomes({ rulebook: book, snapshots: snapshots.map((s) => snapshot(...s)) })[0]
}

const baseline = { purpose: 'baseline' } as const
const VERSUS: readonly [what: string, versus: Versus, snapshots: Parameters<typeof snapshot>[], expected: string][] = [
  [
    'the newest baseline',
    { kind: 'baseline' },
    [
      [0, [auc(0.5)]],
      [9, [auc(1)], baseline],
      [20, [auc(0.1)], baseline],
    ],
    'fail',
  ],
  [
    'a baseline goes before the reference',
    { kind: 'baseline' },
    [
      [0, [auc(0.5, { reference: 1 })]],
      [9, [auc(0.5)], baseline],
    ],
    'pass',
  ],
  ['the reference stands in for a baseline', { kind: 'baseline' }, [[0, [auc(0.5, { reference: 1 })]]], 'fail'],
  [
    'a baseline that does not measure it leaves the reference',
    { kind: 'baseline' },
    [
      [0, [auc(0.5, { reference: 1 })]],
      [9, [{ metric: 'sla.error_rate', value: 0 }], baseline],
    ],
    'fail',
  ],
  [
    'a baseline of another version is none',
    { kind: 'baseline' },
    [
      [0, [auc(0.5)]],
      [9, [auc(1)], { ...baseline, version: '0.9.0' }],
    ],
    'error missing',
  ],
  ['no baseline is missing data', { kind: 'baseline' }, [[0, [auc(0.5)]]], 'error missing'],
  [
    'a baseline of null is missing data',
    { kind: 'baseline' },
    [
      [0, [auc(0.5)]],
      [9, [auc(null)], baseline],
    ],
    'error missing',
  ],
  [
    'a baseline of another definition is not compared',
    { kind: 'baseline' },
    [
      [0, [auc(0.5)]],
      [9, [auc(1, { definition: 'other' })], baseline],
    ],
    'error definition',
  ],
  [
    'of two definitions in the baseline the like one is compared',
    { kind: 'baseline' },
    [
      [0, [auc(0.5)]],
      [9, [auc(1, { definition: 'other' }), auc(0.5)], baseline],
    ],
    'pass',
  ],
  [
    'the window before',
    { kind: 'previous' },
    [
      [0, [auc(0.5)]],
      [1, [auc(1)]],
      [2, [auc(0.5)]],
    ],
    'fail',
  ],
  [
    'the window before that measures it',
    { kind: 'previous' },
    [
      [0, [auc(0.5)]],
      [1, []],
      [2, [auc(1)]],
    ],
    'fail',
  ],
  [
    'an older window does not fill in for a null before',
    { kind: 'previous' },
    [
      [0, [auc(0.5)]],
      [1, [auc(null)]],
      [2, [auc(1)]],
    ],
    'error missing',
  ],
  ['no window before is missing data', { kind: 'previous' }, [[0, [auc(0.5)]]], 'error missing'],
  [
    'the mean of the days before',
    { kind: 'rolling', days: 30 },
    [
      [0, [auc(0.5)]],
      [1, [auc(0.75)]],
      [30, [auc(1)]],
    ],
    'fail',
  ],
  [
    'days further back do not count',
    { kind: 'rolling', days: 30 },
    [
      [0, [auc(0.5)]],
      [1, [auc(0.75)]],
      [31, [auc(1)]],
    ],
    'pass',
  ],
  ['the current window is left out', { kind: 'rolling', days: 30 }, [[0, [auc(0.5)]]], 'error missing'],
  [
    'windows of null are passed over',
    { kind: 'rolling', days: 30 },
    [
      [0, [auc(0.5)]],
      [1, [auc(null)]],
      [2, [auc(1)]],
    ],
    'fail',
  ],
  [
    'a window of another definition spoils a mean',
    { kind: 'rolling', days: 30 },
    [
      [0, [auc(0.5)]],
      [1, [auc(0.75)]],
      [2, [auc(1, { definition: 'other' })]],
    ],
    'error definition',
  ],
]
for (const [what, versus, snapshots, expected] of VERSUS) {
  test(`versus ${versus.kind}: ${what}`, () => {
    assert.equal(against(versus, snapshots), `- ${expected}`)
  })
}
