// Data quality against pandas, from counts that SQL would give.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  duplicateShare,
  freshnessHours,
  missingShare,
  rangeViolationShare,
  rangeViolations,
  unseenCategoryShare,
} from '../../../engine/observe/metrics/data-quality.ts'
import { known, type Measured } from '../../../engine/observe/metrics/measured.ts'
import { assertMeasured, type ExpectedRecord, NO_VECTORS, type Row, type VectorCase, vectorCases } from './vectors.ts'

describe('data quality agrees with pandas', { skip: NO_VECTORS }, () => {
  for (const one of NO_VECTORS ? [] : vectorCases('data')) {
    test(one.name, () => {
      const rows = one.rows()
      for (const record of one.expected) {
        assertMeasured(measure(record, rows, one), record, `${record.metric} ${record.subject}`)
      }
    })
  }
})

test('a share of nothing is null with its reason', () => {
  assert.deepEqual(rangeViolationShare(0, 0), { value: null, reason: 'empty_window', n: 0 })
  assert.equal(rangeViolationShare(3, 12).value, 0.25)
  assert.deepEqual(known(Number.NaN, 7), { value: null, reason: 'non_finite', n: 7 })
})

function measure(record: ExpectedRecord, rows: readonly Row[], one: VectorCase): Measured {
  const columns = record.subject === null ? Object.keys(one.columns) : [record.subject]
  const cells = rows.flatMap((row) => columns.map((column) => row[column] ?? null))
  const present = cells.filter((cell) => cell !== null)
  const { min, max, categories } = one.expectations[columns[0] ?? ''] ?? {}
  switch (record.metric) {
    case 'data.rows':
      return known(rows.length, rows.length)
    case 'data.missing_share':
      return missingShare(cells.length - present.length, cells.length)
    case 'data.range_violations': {
      const [low, high] = [min ?? -Number.MAX_VALUE, max ?? Number.MAX_VALUE]
      return rangeViolations(present.filter((cell) => Number(cell) < low || Number(cell) > high).length, present.length)
    }
    case 'data.unseen_category_share':
      return unseenCategoryShare(present.filter((cell) => !categories?.includes(String(cell))).length, present.length)
    case 'data.duplicate_share':
      return duplicateShare(rows.length - new Set(rows.map((row) => JSON.stringify(row))).size, rows.length)
    case 'data.freshness_hours': {
      const times = present.map((cell) => Date.parse(String(cell)))
      const newest = times.length === 0 ? null : Math.max(...times)
      return freshnessHours(newest, Date.parse(String(record.parameters.asOf)), rows.length)
    }
    default:
      throw new Error(`no such metric: ${record.metric}`)
  }
}
