// Fairness by SQL against groups that are counted row by row: missing values, late labels, pairs, and names made to mislead.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { subjectText } from '../../../engine/domain/snapshot.ts'
import { groupMeasurements, groupName, pairName } from '../../../engine/observe/metrics/group-measurements.ts'
import { type GroupsRequest, summariseGroups } from '../../../engine/observe/summarise/table-summary.ts'
import { type Row, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const KINDS = { p: 'number', y: 'number', sex: 'category', age: 'number', old: 'boolean' } as const
const REQUEST: GroupsRequest = {
  outcomes: { kind: 'binary', prediction: 'p', label: 'y', score: null },
  attributes: ['sex', 'age', 'old'],
  pairs: [['sex', 'old']],
}

const row = fc.record({
  p: fc.constantFrom(0, 1, null),
  y: fc.constantFrom(0, 1, null),
  sex: fc.constantFrom('F', 'M', 'missing', "'missing'", 'F|old=true', null),
  age: fc.constantFrom(18, 18.5, 60, Number.NaN, null),
  old: fc.constantFrom(true, false, null),
})

const summarise = (rows: readonly Row[], request = REQUEST) =>
  summariseGroups(engine, valuesTable(KINDS, rows), request)

describe('the groups of a table', () => {
  test('are those of its rows, a missing value a group of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        const { all, attributes } = await summarise(rows)
        assert.deepEqual(
          Object.values(all).reduce((sum, n) => sum + n, 0),
          rows.length,
        )
        for (const one of attributes) {
          const byName = Map.groupBy(rows, (r) =>
            JSON.stringify(one.attributes.map((name) => textOf(r[name as keyof typeof r]))),
          )
          assert.equal(one.groups.length, byName.size)
          for (const { values, counts } of one.groups) {
            const members = byName.get(JSON.stringify(values)) ?? []
            const count = (p: number, y: number | null) => members.filter((r) => (r.p ?? 0) === p && r.y === y).length
            assert.deepEqual(counts, {
              tp: count(1, 1),
              fp: count(1, 0),
              fn: count(0, 1),
              tn: count(0, 0),
              unlabelledSelected: count(1, null),
              unlabelledOther: count(0, null),
            })
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  test('are the same in any order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 20 }), async (rows) => {
        assert.deepEqual(await summarise(rows), await summarise(rows.toReversed()))
      }),
      { numRuns: 15 },
    )
  })

  test('never share a subject, whatever their values are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        const found = groupMeasurements(await summarise(rows), { minimumGroupSize: 0, protected: [] })
        const subjects = found.map((one) => JSON.stringify([one.metric, one.definition, subjectText(one)]))
        assert.deepEqual([...new Set(subjects)], subjects)
      }),
      { numRuns: 50 },
    )
  })

  test('of more than a thousand values are no groups', async () => {
    const rows = Array.from({ length: 1001 }, (_, i) => ({ p: 1, y: 1, age: i }))
    await assert.rejects(summarise(rows, { ...REQUEST, pairs: [] }), (error) => {
      assert.ok(error instanceof Fault && error.code === 'observe/too-many-groups')
      assert.match(error.message, /`age` has 1001 groups/)
      return true
    })
    assert.equal((await summarise(rows.slice(1), { ...REQUEST, pairs: [] })).attributes[1]?.groups.length, 1000)
  })

  test('of a number for each row are refused before they are all read', async () => {
    const rows = Array.from({ length: 6000 }, (_, i) => ({ p: 1, y: 1, age: i, sex: 'F' }))
    await assert.rejects(summarise(rows), /`age` has 6000 groups/)
  })

  test('need outcomes that are 0 or 1', async () => {
    await assert.rejects(summarise([{ p: 2, y: 1, sex: 'F' }]), /one row has a value in `p`/)
    await assert.rejects(
      summarise([
        { p: 1, y: 3 },
        { p: 1, y: 3 },
        { p: 1, y: 1 },
      ]),
      /2 rows have a value in `y`/,
    )
  })
})

describe('fairness measurements', () => {
  const rows: Row[] = [
    ...Array.from({ length: 10 }, (_, i) => ({ p: i < 5 ? 1 : 0, y: i % 2, sex: 'F' })),
    ...Array.from({ length: 10 }, (_, i) => ({ p: i < 8 ? 1 : 0, y: i % 2, sex: 'M' })),
    ...Array.from({ length: 10 }, () => ({ p: 0, y: null, sex: null })),
    ...Array.from({ length: 3 }, () => ({ p: 1, y: 1, sex: 'X' })),
  ]
  const measure = async (missingGroup: 'report' | 'exclude') =>
    groupMeasurements(await summarise(rows, { ...REQUEST, attributes: ['sex'], pairs: [] }), {
      minimumGroupSize: 10,
      protected: [{ name: 'sex', privileged: ['M'], missingGroup }],
    })
  const gapOf = (list: Awaited<ReturnType<typeof measure>>) =>
    list.find(({ metric }) => metric === 'fairness.demographic_parity_difference')

  test('leave the missing group in the gaps unless the card excludes it', async () => {
    assert.equal(gapOf(await measure('report'))?.value, 0.8)
    assert.ok(Math.abs((gapOf(await measure('exclude'))?.value ?? 0) - 0.3) < 1e-15)
    const rate = (await measure('exclude')).find(
      ({ metric, group }) => metric === 'fairness.selection_rate' && group === 'missing',
    )
    assert.equal(rate?.value, 0)
  })

  test('tell of a suppressed group its size and nothing else', async () => {
    const found = await measure('report')
    const about = found.filter(({ group }) => group === 'X')
    assert.deepEqual(about, [{ metric: 'fairness.group_size', attribute: 'sex', group: 'X', value: 3, n: 3 }])
    assert.deepEqual(
      gapOf(found)?.groups?.find(({ group }) => group === 'X'),
      { group: 'X', n: 3, suppressed: true },
    )
  })
})

test('a real value is never named as the missing one is', () => {
  const names = [null, 'missing', "'missing'", "''missing''"].map(groupName)
  assert.deepEqual(names, ['missing', "'missing'", "''missing''", "'''missing'''"])
  const pairs = [
    pairName(['a', 'b'], ['x|b=y', 'z']),
    pairName(['a', 'b'], ['x', 'y|b=z']),
    pairName(['a', 'b'], ['x\\', 'y']),
    pairName(['a', 'b'], ['x', '\\y']),
  ]
  assert.equal(new Set(pairs).size, 4)
  assert.deepEqual(['a|b=c', 'a\\'].map(groupName), ['a\\|b=c', 'a\\'])
  assert.equal(pairName(['sex', 'race'], ['F', null]), 'sex=F|race=missing')
})

function textOf(value: string | number | boolean | null): string | null {
  return value === null || Number.isNaN(value) ? null : String(value)
}
