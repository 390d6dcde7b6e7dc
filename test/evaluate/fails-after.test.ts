// `failsAfter` in its three forms, and the windows that it passes over (EVALUATION.md, Comparing).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Comparison, FailsAfter } from '../../engine/domain/policy.ts'
import { outcomes, says } from './judge-world.ts'
import { auc, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const AT_LEAST: Comparison = { op: 'atLeast', limit: 0.7 }

const HISTORIES: readonly [
  failsAfter: FailsAfter,
  newestFirst: readonly (number | null | 'none' | 'small')[],
  expected: string,
][] = [
  [{ kind: 'consecutive', count: 2 }, [0.5], 'warn'],
  [{ kind: 'consecutive', count: 2 }, [0.5, 0.5], 'fail'],
  [{ kind: 'consecutive', count: 2 }, [0.5, 0.9, 0.5], 'warn'],
  [{ kind: 'consecutive', count: 2 }, [0.5, null, 0.5], 'fail'],
  [{ kind: 'consecutive', count: 2 }, [0.5, 'none', 0.5], 'fail'],
  [{ kind: 'consecutive', count: 2 }, [0.5, 'small', 0.5], 'fail'],
  [{ kind: 'consecutive', count: 2 }, [0.9, 0.5, 0.5], 'pass'],
  [{ kind: 'consecutive', count: 3 }, [0.5, 0.5, 0.9, 0.5], 'warn'],
  [{ kind: 'of-last', count: 3, of: 5 }, [0.5, 0.9, 0.5, 0.9, 0.5], 'fail'],
  [{ kind: 'of-last', count: 3, of: 5 }, [0.5, 0.9, 0.5, 0.9, 0.9, 0.5], 'warn'],
  [{ kind: 'of-last', count: 3, of: 5 }, [0.5, null, 0.5, 0.9, 0.9, 0.5], 'fail'],
  [{ kind: 'of-last', count: 3, of: 5 }, [0.9, 0.5, 0.5, 0.5], 'pass'],
  [{ kind: 'within-days', count: 2, days: 3 }, [0.5, 0.9, 0.9, 0.5], 'fail'],
  [{ kind: 'within-days', count: 2, days: 3 }, [0.5, 0.9, 0.9, 0.9, 0.5], 'warn'],
  [{ kind: 'within-days', count: 1, days: 1 }, [0.5], 'fail'],
]
for (const [failsAfter, history, expected] of HISTORIES) {
  test(`fails after ${JSON.stringify(failsAfter)}: ${history.join(', ')} is a ${expected}`, () => {
    const lists = history.map((value) => {
      if (value === 'none') return [{ metric: 'sla.error_rate', value: 0 }]
      return [value === 'small' ? auc(0.9, { n: 5 }) : auc(value, { n: 900 })]
    })
    const [now = [], ...earlier] = lists
    assert.equal(says({ comparison: AT_LEAST, minSample: 100, failsAfter }, now, earlier), expected)
  })
}

test('a window that only warns by itself breaks a row', () => {
  const rule = { comparison: AT_LEAST, confidence: 0.95, failsAfter: { kind: 'consecutive', count: 2 } } as const
  assert.equal(says(rule, [auc(0.5)], [[auc(0.5, { interval: [0.4, 0.8] })], [auc(0.5)]]), 'warn')
})

test('missing data is not made milder by `failsAfter`', () => {
  const rule = metricRule({
    metric: 'performance.auc',
    comparison: AT_LEAST,
    failsAfter: { kind: 'consecutive', count: 3 },
  })
  const book = rulebook([policy([rule], { onMissing: 'fail' })])
  assert.deepEqual(outcomes({ rulebook: book, snapshots: [snapshot(0, [auc(null)])] }), ['- fail missing'])
})
