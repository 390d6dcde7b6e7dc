// Fairness metrics against Fairlearn and AIF360: every case of the public vectors, from counts by group, prediction and label.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allRows, type Confusion, confusionOf } from '../../../engine/observe/metrics/confusion.ts'
import {
  demographicParityDifference,
  demographicParityRatio,
  equalizedOddsDifference,
  equalOpportunityDifference,
  widestGap,
} from '../../../engine/observe/metrics/fairness-gaps.ts'
import { type Group, groupRate, groupsByUse, RATE_NAMES } from '../../../engine/observe/metrics/group-rates.ts'
import { known, type Measured } from '../../../engine/observe/metrics/measured.ts'
import { SIGNED_NAMES, signedFairness, theilIndex } from '../../../engine/observe/metrics/signed-fairness.ts'
import { pairInterval } from '../../vectors/metrics-fairness.ts'
import { assertMeasured, type ExpectedRecord, NO_VECTORS, type Row, vectorCases } from './vectors.ts'

describe('fairness metrics agree with Fairlearn and AIF360', { skip: NO_VECTORS }, () => {
  for (const one of NO_VECTORS ? [] : vectorCases('fairness')) {
    test(one.name, () => {
      const rows = one.rows()
      let attribute = ''
      for (const record of one.expected) {
        // A Theil index names no attribute, but was computed on the rows that have the one before it in the list.
        attribute = String(record.details?.attribute ?? attribute)
        const where = `${record.metric} ${record.subject} ${JSON.stringify(record.parameters)} ${record.variant ?? ''}`
        assertMeasured(measure(record, rows, attribute), record, where)
      }
      assert.ok(one.expected.length > 10)
    })
  }
})

function measure(record: ExpectedRecord, rows: readonly Row[], attribute: string): Measured {
  const name = record.metric.slice('fairness.'.length)
  if (name === 'theil_index') return theilIndex(confusion(rows.filter((row) => row[attribute] !== null)))
  const groups = groupsOf(rows, attribute)
  const minimumGroupSize = Number(record.parameters.minimumGroupSize ?? 0)
  const { compared, reported, suppressed } = groupsByUse(groups, { minimumGroupSize, missingGroup: 'exclude' })
  if (name === 'group_size') return known(suppressed.find((g) => g.group === record.subject)?.n ?? -1, 0)
  const rate = RATE_NAMES.find((r) => r === name)
  if (rate !== undefined) {
    const group = reported.find((g) => g.group === record.subject)
    assert.ok(group, `${record.subject} is reported`)
    return groupRate(rate, group.counts)
  }
  const signed = SIGNED_NAMES.find((s) => s === name)
  if (signed !== undefined) return signedFairness(signed, compared, [String(record.parameters.privileged)])
  return gap(name, record, compared)
}

function gap(name: string, record: ExpectedRecord, groups: readonly Group[]): Measured {
  if (name === 'equalized_odds_difference') {
    return equalizedOddsDifference(groups, record.variant === 'mean' ? 'mean' : 'worst')
  }
  const extremes = widestGap(name === 'equal_opportunity_difference' ? 'tpr' : 'selection_rate', groups)
  if (record.value !== null) {
    assert.equal(extremes?.highest.group, record.details?.maxGroup)
    assert.equal(extremes?.lowest.group, record.details?.minGroup)
  }
  const { interval: _, ...measured } = { interval: null, ...gapOf(name, groups) }
  const interval = extremes === null ? null : pairInterval(record.metric, extremes)
  return measured.value === null || interval === null ? measured : { ...measured, interval }
}

function gapOf(name: string, groups: readonly Group[]): Measured {
  if (name === 'demographic_parity_difference') return demographicParityDifference(groups)
  if (name === 'demographic_parity_ratio') return demographicParityRatio(groups)
  assert.equal(name, 'equal_opportunity_difference')
  return equalOpportunityDifference(groups)
}

/** Counts by group, as SQL would group them; rows without the attribute belong to no group of these vectors. */
function groupsOf(rows: readonly Row[], attribute: string): Group[] {
  const nameOf = (row: Row) => (attribute === 'pair' ? `sex=${row.sex}|race=${row.race}` : row[attribute])
  const byGroup = Map.groupBy(
    rows.filter((row) => nameOf(row) !== null),
    (row) => String(nameOf(row)),
  )
  return [...byGroup].map(([group, members]) => ({ group, counts: confusion(members) }))
}

function confusion(rows: readonly Row[]): Confusion {
  return confusionOf(
    rows.map((r) => ({
      prediction: r.prediction === 1 ? 1 : 0,
      label: r.label === null ? null : r.label === 1 ? 1 : 0,
      n: 1,
    })),
  )
}

test('a missing protected value is a group of its own, in the gaps unless the card excludes it', () => {
  const counts = (tp: number, fn: number): Confusion =>
    confusionOf([
      { prediction: 1, label: 1, n: tp },
      { prediction: 0, label: 1, n: fn },
    ])
  const groups: Group[] = [
    { group: 'missing', counts: counts(1, 19) },
    { group: 'F', counts: counts(10, 10) },
    { group: 'M', counts: counts(12, 8) },
    { group: 'X', counts: counts(3, 2) },
  ]
  const report = groupsByUse(groups, { minimumGroupSize: 10, missingGroup: 'report' })
  const exclude = groupsByUse(groups, { minimumGroupSize: 10, missingGroup: 'exclude' })
  assert.deepEqual(report.suppressed, [{ group: 'X', n: 5 }])
  assert.deepEqual(
    exclude.reported.map((g) => g.group),
    ['F', 'M', 'missing'],
  )
  assert.deepEqual(
    exclude.compared.map((g) => g.group),
    ['F', 'M'],
  )
  assert.equal(demographicParityDifference(exclude.compared).value, 12 / 20 - 10 / 20)
  assert.equal(demographicParityDifference(report.compared).value, 12 / 20 - 1 / 20)
  assert.equal(
    report.reported.reduce((sum, g) => sum + allRows(g.counts), 0),
    60,
  )
})
