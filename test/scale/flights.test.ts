// Three million real flights through `tutela observe`, month by month: the figures are scikit-learn's and Fairlearn's, memory
// does not follow the rows, and with half a million of them a rule must ask for effects and not for p-values.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Finding } from '../../engine/domain/finding.ts'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import {
  checkGroups,
  checkPerformance,
  close,
  type ExpectedGroups,
  expectedWindows,
  figure,
  find,
  NO_DATA,
} from '../example/expected-figures.ts'
import { type FlightsScene, MONTHS, openFlights, REFERENCE } from './flights-scene.ts'

let flights: FlightsScene
const snapshots = new Map<string, Snapshot>()
const told: string[] = []

before(async () => {
  const started = performance.now()
  flights = await openFlights()
  told.push(`windows written in ${seconds(started)}`)
  for (const month of [REFERENCE, ...MONTHS]) {
    const since = performance.now()
    snapshots.set(month, await flights.observe(month))
    told.push(`${month} measured in ${seconds(since)}`)
  }
  told.push(`peak memory of all ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
})
after(() => flights.close())

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`

function snapshotOf(month: string): Snapshot {
  const found = snapshots.get(month)
  assert.ok(found, month)
  return found
}

test('each month is measured whole', (t) => {
  for (const line of told) t.diagnostic(line)
  const rows = [REFERENCE, ...MONTHS].map((month) => snapshotOf(month).rows?.current ?? 0)
  assert.deepEqual(rows, [508_239, 458_170, 511_502, 501_030, 518_831, 502_222])
})

describe('the figures of scikit-learn, Fairlearn and SciPy', { skip: NO_DATA }, () => {
  for (const month of [REFERENCE, ...MONTHS]) {
    test(month, () => {
      const snapshot = snapshotOf(month)
      const expected = expectedWindows('flights').find(([name]) => name === month)?.[1]
      assert.ok(expected)
      checkPerformance(snapshot, expected, ['accuracy', 'precision', 'recall', 'f1', 'auc', 'brier', 'log_loss'])
      checkGroups(snapshot, 'haul', expected.haul as ExpectedGroups)
      checkGroups(snapshot, 'airport', expected.airport as ExpectedGroups)
      if (month === REFERENCE) return
      for (const [feature, figures] of Object.entries(expected.drift)) {
        if (feature === 'score') close(figure(snapshot, 'drift.prediction_psi'), figures.psi ?? Number.NaN, 'score')
        else
          for (const [metric, value] of Object.entries(figures))
            close(figure(snapshot, `drift.${metric}`, { feature }), value, `${month} ${feature} ${metric}`)
      }
    })
  }
})

test('the service is measured from columns: how late, how often very late, and how fast the budget burns', async () => {
  const month = '2001-06'
  const snapshot = snapshotOf(month)
  for (const airport of [undefined, 'hub', 'other']) {
    const place = airport === undefined ? {} : { endpoint: airport }
    const value = (metric: string) => figure(snapshot, `sla.${metric}`, place)
    const where = airport === undefined ? 'TRUE' : `airport = '${airport}'`
    const p95 = value('latency_p95_ms')
    const sql = `SELECT count(*)::DOUBLE, count(*) FILTER (very_late)::DOUBLE, count(*) FILTER (late_ms <= ${p95})::DOUBLE, count(*) FILTER (late_ms < ${p95})::DOUBLE FROM '${flights.monthFile(month)}' WHERE ${where}`
    const [counts = []] = await flights.query(sql)
    const [rows = 0, failed = 0, atMost = 0, below = 0] = counts.map(Number)
    assert.ok(below <= 0.95 * rows && 0.95 * rows <= atMost, `95 % of ${rows} are at most ${p95} ms late`)
    close(value('error_rate'), failed / rows, 'error rate')
    close(value('availability'), 1 - failed / rows, 'availability')
    close(value('burn_rate'), failed / rows / 0.02, 'burn rate')
    close(value('throughput'), rows / (30 * 86_400), 'throughput')
  }
  const order = ['p50', 'p95', 'p99'].map((name) => figure(snapshot, `sla.latency_${name}_ms`))
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
})

const POLICY = `apiVersion: tutela/v1
kind: Policy
owner: "team:operations"
severity: medium
onMissing: skip
staleAfter: 62d
`
const POLICIES = {
  'policies/effects.yaml': `${POLICY}id: effects
title: The schedule is what it was, and the outcomes are near what they were
require:
  - { id: psi, metric: drift.psi, each: feature, atMost: 0.1 }
  - { id: ks, metric: drift.ks, each: feature, atMost: 0.05 }
  - { id: share, metric: drift.share_drifted, atMost: 0 }
  - { id: output, metric: drift.prediction_psi, atMost: 0.1 }
  - { id: even, metric: fairness.demographic_parity_ratio, each: protected, atLeast: 0.8, confidence: 0.95 }
`,
  'policies/tests-alone.yaml': `${POLICY}id: tests-alone
title: Nothing moves at all
require:
  - { id: ks-p, metric: drift.ks_p, each: feature, atLeast: 0.05 }
`,
}

test('with half a million rows effects alarm for a pair of groups alone, and a rule on p-values for nothing, of which it is warned', async () => {
  const { json, diagnostics = [] } = await flights.plan(POLICIES)
  const { findings } = json as { readonly findings: readonly Finding[] }
  const failed = findings.filter(({ outcome }) => outcome === 'fail')
  assert.deepEqual(
    failed.map(({ policy, rule, subject }) => `${policy}/${rule} ${subject?.feature ?? subject?.attribute}`),
    ['effects/even haul × airport', 'tests-alone/ks-p distance', 'tests-alone/ks-p hour'],
  )
  const warned = diagnostics.filter(({ code }) => code === 'evaluate/large-sample')
  assert.deepEqual(
    warned.map(({ file }) => file),
    ['policies/tests-alone.yaml'],
  )
  assert.match(warned[0]?.message ?? '', /502222 rows: above 100000, differences that do not matter are significant/)
})

test('what moves is the outcome: the share of late arrivals, while no feature does', () => {
  const rates = [REFERENCE, ...MONTHS].map((month) => figure(snapshotOf(month), 'performance.label_rate').toFixed(3))
  assert.deepEqual(rates, ['0.205', '0.233', '0.210', '0.179', '0.161', '0.213'])
  for (const month of MONTHS) {
    assert.equal(figure(snapshotOf(month), 'drift.share_drifted'), 0)
    assert.ok(figure(snapshotOf(month), 'drift.psi', { feature: 'origin' }) < 0.01)
  }
  const narrow = find(snapshotOf('2001-02'), 'fairness.demographic_parity_ratio', { attribute: 'airport' })
  assert.ok(narrow?.value && narrow.value < 0.8 && narrow.interval && narrow.interval[1] > 0.8)
})
