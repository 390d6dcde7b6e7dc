import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Comparison } from '../../engine/domain/policy.ts'
import { contains, intersection, intervalOf, isEmpty } from '../../engine/load/value-interval.ts'

/** Integers, compared at integers and halves: enough to tell open ends from closed ones. */
const limit = fc.integer({ min: -3, max: 3 })
const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({
    op: fc.constantFrom('atLeast', 'atMost', 'below', 'above', 'equals'),
    limit,
  }) as fc.Arbitrary<Comparison>,
  fc.record({ op: fc.constant('between' as const), limit: fc.tuple(limit, limit) }),
)
const POINTS = Array.from({ length: 21 }, (_, i) => (i - 10) / 2)

function holds({ op, limit }: Comparison, value: number): boolean {
  const [low, high] = typeof limit === 'number' ? [limit, limit] : limit
  const tests = {
    atLeast: value >= low,
    above: value > low,
    atMost: value <= high,
    below: value < high,
    equals: value === low,
    between: value >= low && value <= high,
  }
  return tests[op]
}

test('two comparisons contradict when no value satisfies both', () => {
  fc.assert(
    fc.property(comparison, comparison, (a, b) => {
      const both = POINTS.some((value) => holds(a, value) && holds(b, value))
      assert.equal(isEmpty(intersection(intervalOf(a), intervalOf(b))), !both)
    }),
  )
})

test('one comparison contains another when all that satisfy the other satisfy it', () => {
  fc.assert(
    fc.property(comparison, comparison, (a, b) => {
      fc.pre(!isEmpty(intervalOf(b)))
      const all = POINTS.every((value) => !holds(b, value) || holds(a, value))
      assert.equal(contains(intervalOf(a), intervalOf(b)), all)
    }),
  )
})
