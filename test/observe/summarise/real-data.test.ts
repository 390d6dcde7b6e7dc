// Performance, fairness and attribution drift of real data (../shared/data), window by window, against the numbers that
// scikit-learn, Fairlearn and the published formulas give for them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import type { Measurement } from '../../../engine/domain/snapshot.ts'
import { explainMeasurements } from '../../../engine/observe/metrics/explain-measurements.ts'
import { groupMeasurements } from '../../../engine/observe/metrics/group-measurements.ts'
import { outcomeMeasurements } from '../../../engine/observe/metrics/outcome-measurements.ts'
import {
  type GroupsRequest,
  summariseAttributions,
  summariseGroups,
  summariseOutcomes,
} from '../../../engine/observe/summarise/table-summary.ts'
import type { SqlTable } from '../../../engine/world-sql.ts'

const DATA = join(import.meta.dirname, '../../../../shared/data')
const NO_DATA = existsSync(DATA) ? false : 'the real data (../shared/data) are not on this machine'

const engine = await openFileEngine()
after(() => engine.close())

const OUTCOMES = { kind: 'binary', prediction: 'prediction', label: 'label', score: 'score' } as const
/** As the Python side calls them; Fairlearn has 0 for a rate without a denominator. */
const RATES = ['selection_rate', 'tpr', 'fpr', 'fnr'] as const
const GAPS = ['demographic_parity_difference', 'demographic_parity_ratio'] as const

interface Expected {
  readonly performance: Readonly<Record<string, number | null>>
  readonly explain?: {
    readonly mean_abs_shap: Readonly<Record<string, number>>
    readonly against_reference: Record<string, number>
  }
  readonly [attribute: string]: unknown
}

interface Groups {
  readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly [gap: string]: unknown
}

for (const set of ['bank-marketing', 'compas', 'taiwan-credit', 'sba-loans']) {
  describe(`the windows of ${set}`, { skip: NO_DATA }, () => {
    const windows = NO_DATA ? {} : windowsOf(set)
    for (const [name, expected] of Object.entries(windows)) {
      test(name, async () => {
        const names = Object.keys(expected).filter((one) => isGroups(expected[one]))
        const table = await openWindow(set, name, [...new Set(names.flatMap((one) => one.split(' x ')))])
        const found = outcomeMeasurements(await summariseOutcomes(engine, table, OUTCOMES))
        for (const metric of ['accuracy', 'recall', 'f1', 'auc', 'brier', 'log_loss', 'label_rate']) {
          const value = expected.performance[metric]
          if (typeof value === 'number') near(measuredOf(found, `performance.${metric}`, {}), value, metric)
        }
        const pairs = names.flatMap((one) => (one.includes(' x ') ? [one.split(' x ') as [string, string]] : []))
        const attributes = [...new Set(names.flatMap((one) => one.split(' x ')))]
        await compareGroups(table, { outcomes: OUTCOMES, attributes, pairs }, expected, names)
      })
    }
  })
}

describe('attributions', { skip: NO_DATA }, () => {
  for (const set of ['bank-marketing', 'taiwan-credit', 'sba-loans']) {
    test(`of ${set} drift from the reference as they do`, async () => {
      const baseline = await attributionsOf(set, 'reference')
      let compared = 0
      for (const [name, { explain }] of Object.entries(windowsOf(set))) {
        if (explain === undefined) continue
        const live = await attributionsOf(set, name)
        const found = explainMeasurements({ live, baseline }, 3)
        for (const [feature, value] of Object.entries(explain.mean_abs_shap)) {
          near(measuredOf(found, 'explain.mean_abs_shap', { feature }), value, `${name} ${feature}`)
        }
        for (const [metric, value] of Object.entries(explain.against_reference)) {
          near(measuredOf(found, `explain.${metric.replace('top_3', 'top_k')}`, {}), value, `${name} ${metric}`)
          compared++
        }
      }
      assert.ok(compared >= 3)
    })
  }
})

async function compareGroups(
  table: SqlTable,
  request: GroupsRequest,
  expected: Expected,
  names: readonly string[],
): Promise<void> {
  const summary = await summariseGroups(engine, table, request)
  const found = groupMeasurements(summary, {
    minimumGroupSize: 0,
    protected: request.attributes.map((name) => ({ name, missingGroup: 'exclude' })),
  })
  for (const name of names) {
    const { groups, ...gaps } = expected[name] as Groups
    const parts = name.split(' x ')
    for (const [group, rates] of Object.entries(groups)) {
      const values = group.split(' x ')
      const place =
        parts.length === 1
          ? { attribute: name, group }
          : { group: parts.map((part, i) => `${part}=${values[i]}`).join('|') }
      near(measuredOf(found, 'fairness.group_size', place), rates.n ?? -1, `${group} n`)
      for (const rate of RATES)
        near(measuredOf(found, `fairness.${rate}`, place) ?? 0, rates[rate] ?? -1, `${group} ${rate}`)
    }
    // Two groups of many were chosen there; the gaps are then over others.
    if (
      Object.keys(groups).length !==
      summary.attributes.find((one) => one.attributes.join(' x ') === name)?.groups.length
    )
      continue
    for (const gap of GAPS) {
      const value = measuredOf(found, `fairness.${gap}`, { attribute: parts.join(' × ') })
      if (typeof gaps[gap] === 'number' && value !== null) near(value, gaps[gap], `${name} ${gap}`)
    }
  }
}

function windowsOf(set: string): Readonly<Record<string, Expected>> {
  return JSON.parse(readFileSync(join(DATA, set, 'expected.json'), 'utf8')).windows
}

async function openWindow(set: string, name: string, attributes: readonly string[]): Promise<SqlTable> {
  const numbers = ['prediction', 'label', 'score'].map((column) => ({ name: column, kind: 'number' }) as const)
  const categories = attributes.map((column) => ({ name: column, kind: 'category' }) as const)
  const files = [join(DATA, set, 'windows', `${name}.parquet`)]
  return await engine.open({ role: 'current', files, columns: [...numbers, ...categories] })
}

async function attributionsOf(set: string, name: string) {
  const features = Object.keys(windowsOf(set).reference?.explain?.mean_abs_shap ?? {})
  const columns = features.map((column) => ({ name: column, kind: 'number' }) as const)
  const files = [join(DATA, set, 'shap', `${name}.parquet`)]
  return (await summariseAttributions(engine, await engine.open({ role: 'shap', files, columns }))).attributions
}

function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null && 'groups' in value
}

function measuredOf(found: readonly Measurement[], metric: string, place: Partial<Measurement>): number | null {
  const one = found.find(
    (m) =>
      m.metric === metric && m.attribute === place.attribute && m.group === place.group && m.feature === place.feature,
  )
  assert.ok(one, `${metric} ${JSON.stringify(place)} is measured`)
  return one.value
}

function near(got: number | null, expected: number, where: string): void {
  assert.ok(
    got !== null && Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${where}: ${got} instead of ${expected}`,
  )
}
