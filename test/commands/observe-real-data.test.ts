// Real data (../shared/data) from the verb to the verdict: drift as SciPy has it, alarms where river has them, a quiet set that
// stays quiet, and a broken label that is called one. Performance and groups of all windows: observe/summarise/real-data.test.ts.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { command as plan } from '../../engine/commands/plan.ts'
import type { Finding } from '../../engine/domain/finding.ts'
import { askCommand } from '../ask-command.ts'
import {
  checkPerformance,
  close,
  DATA,
  type ExpectedWindow,
  expectedWindows,
  figure,
  NO_DATA,
} from '../example/expected-figures.ts'
import type { Place } from './import-scene.ts'
import { lineOf, observe, scene, value } from './observe-scene.ts'

const NUMBERS = (...names: string[]) => names.map((name) => `{ name: ${name}, type: number }`)
const CATEGORIES = (...names: string[]) => names.map((name) => `{ name: ${name}, type: category }`)

interface RealSet {
  readonly folder: string
  readonly timestamp: string
  readonly features: readonly string[]
  readonly attributes: readonly string[]
  readonly windows: readonly string[]
}

const SETS: Readonly<Record<string, RealSet>> = {
  bank: {
    folder: 'bank-marketing',
    timestamp: 'called_at',
    features: [
      ...NUMBERS('age', 'campaign', 'previous', 'euribor3m'),
      ...CATEGORIES('job', 'education', 'default', 'housing', 'loan', 'contact'),
    ],
    attributes: ['age_band', 'marital'],
    windows: ['2009-03', '2010-03'],
  },
  cards: {
    folder: 'taiwan-credit',
    timestamp: 'scored_at',
    features: [...NUMBERS('limit_bal', 'age', 'pay_0', 'bill_amt1', 'pay_amt1'), ...CATEGORIES('marriage')],
    attributes: ['sex', 'education'],
    windows: ['2005-10', '2005-11'],
  },
  compas: {
    folder: 'compas',
    timestamp: 'screened_at',
    features: [...NUMBERS('age', 'priors_count', 'decile_score'), ...CATEGORIES('charge_degree')],
    attributes: ['race', 'sex', 'age_cat'],
    windows: ['2014-03', '2014-04'],
  },
  loans: {
    folder: 'sba-loans',
    timestamp: 'approved_at',
    features: [...NUMBERS('employees', 'amount', 'guaranteed_share'), ...CATEGORIES('revolving', 'low_doc', 'sector')],
    attributes: ['business', 'area'],
    windows: ['1997-04'],
  },
}

const card = (
  id: string,
  { timestamp, features, attributes }: Omit<RealSet, 'folder' | 'windows'>,
) => `apiVersion: tutela/v1
kind: ModelCard
id: ${id}
title: ${id}
purpose: Is measured
stage: production
owners: ["team:credit-models"]
risk: { tier: high, automation: sole, domain: credit }
data:
  kind: binary
  prediction: prediction
  label: label
  score: score
  timestamp: ${timestamp}
  features: [${features.join(', ')}]
  protected: [${attributes.map((name) => `{ name: ${name} }`).join(', ')}]
versions: [{ version: "1.0.0" }]
deployment: { environment: production, version: "1.0.0" }
`

const POLICY = `apiVersion: tutela/v1
kind: Policy
id: even
title: Monitoring
owner: "team:risk-committee"
severity: high
require:
  - { id: psi, metric: drift.psi, each: feature, atMost: 0.1 }
  - { id: ratio, metric: fairness.demographic_parity_ratio, each: protected, atLeast: 0.8, confidence: 0.95, minSample: 20 }
  - { id: ranks, metric: performance.auc, atLeast: 0.6 }
  - { id: labels, metric: performance.label_rate, between: [0.02, 0.6] }
`

const place = scene(
  {},
  {
    'policies/even.yaml': POLICY,
    ...Object.fromEntries(Object.entries(SETS).map(([id, set]) => [`models/${id}/card.yaml`, card(id, set)])),
  },
)

/** What `plan` says on the day after the newest window, as `outcome rule subject`. */
async function judged(at: Place, model: string, day: string): Promise<string[]> {
  const now = `${day}T00:00:00Z`
  const { json } = await askCommand(plan, at.root, { now, options: { model }, globals: { format: 'json' } })
  return (json as { readonly findings: readonly Finding[] }).findings.map(({ outcome, rule, subject }) =>
    `${outcome} ${rule} ${subject?.feature ?? subject?.attribute ?? ''}`.trim(),
  )
}

describe('drift is what SciPy says', { skip: NO_DATA }, () => {
  for (const [model, { folder, windows }] of Object.entries(SETS)) {
    for (const window of windows) {
      test(`${folder} ${window}`, async () => {
        const file = (name: string) => join(DATA, folder, `windows/${name}.parquet`)
        const result = await observe(place, { model, current: [file(window)], reference: [file('reference')] })
        assert.equal(result.exit, 0)
        checkDrift(result, windowOf(folder, window))
      })
    }
  }
})

describe('the verdict', { skip: NO_DATA }, () => {
  test('on the quiet set: groups by sex warn and do not fail, since the interval still reaches 0.8', async () => {
    const said = await judged(place, 'cards', '2005-11-17')
    assert.deepEqual(said, ['fail ratio education', 'warn ratio sex', 'fail ratio sex × education'])
  })

  test('on COMPAS after the follow-up ended: the label broke', async () => {
    assert.ok((await judged(place, 'compas', '2014-05-01')).includes('fail labels'))
  })

  test('on calls in a crisis: nothing is as it was', async () => {
    const said = await judged(place, 'bank', '2010-03-03')
    for (const one of ['fail psi euribor3m', 'fail psi previous', 'fail ranks']) assert.ok(said.includes(one), one)
  })
})

describe('elec2', { skip: NO_DATA }, () => {
  const features = NUMBERS('period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer')
  const elec = scene(
    {},
    {
      'models/elec/card.yaml': card('elec', { timestamp: 'at', features, attributes: [] }).replace(
        / {2}protected.*\n/,
        '',
      ),
    },
  )
  const current = [join(DATA, 'elec2/scored.parquet')]
  const reference = join(elec.root, '.git/reference.parquet')
  before(() => writeReference(reference))

  test('alarms where river does, over the whole stream', async () => {
    const result = await observe(elec, { model: 'elec', current, window: '1996-06-04/1998-12-07', out: '-' })
    const { detectors, rows } = JSON.parse(readFileSync(join(DATA, 'elec2/expected.json'), 'utf8')).stream
    assert.equal(value(result, 'data.rows'), rows)
    const { alarms } = result.json as { readonly alarms: readonly { readonly metric: string; readonly at: number[] }[] }
    for (const [metric, name] of Object.entries(DETECTORS)) {
      const expected = detectors[name].at
      assert.deepEqual(alarms.find((one) => one.metric === metric)?.at, expected, name)
      assert.equal(value(result, metric), expected.length)
    }
  })

  for (const [month, end] of [
    ['1997-05', '1997-06'],
    ['1998-03', '1998-04'],
  ]) {
    test(`${month}: features that were one constant, and wake up, drift`, async () => {
      const window = `${month}-01/${end}-01`
      const result = await observe(elec, { model: 'elec', current, reference: [reference], window })
      const expected = windowOf('elec2', month ?? '')
      checkPerformance(lineOf(result), expected, ['accuracy', 'f1', 'auc', 'brier'])
      checkDrift(result, expected)
      assert.ok(figure(lineOf(result), 'drift.psi', { feature: 'vicprice' }) > 9)
      assert.match(
        result.text(),
        /\nconcept\.adwin alarms at \d+.* \(rows with a label in order of time, the first is 0\)\n/,
      )
    })
  }

  test('and `plan` says so', async () => {
    const said = await judged(elec, 'elec', '1998-04-02')
    assert.ok(['vicprice', 'vicdemand', 'transfer'].every((one) => said.some((finding) => finding.endsWith(one))))
  })
})

const DETECTORS = {
  'concept.adwin': 'ADWIN(delta=0.002, clock=32, max_buckets=5, min_window_length=5, grace_period=10)',
  'concept.ddm': 'DDM(warm_start=30, warning_threshold=2.0, drift_threshold=3.0)',
  'concept.page_hinkley': 'PageHinkley(min_instances=30, delta=0.005, threshold=50, alpha=0.9999, mode=both)',
}

function windowOf(folder: string, name: string): ExpectedWindow {
  const found = expectedWindows(folder).find(([window]) => window === name)?.[1]
  assert.ok(found, `${folder} has ${name}`)
  return found
}

function checkDrift(result: Awaited<ReturnType<typeof observe>>, { drift }: ExpectedWindow): void {
  const line = lineOf(result)
  for (const [feature, figures] of Object.entries(drift)) {
    if (feature === 'score') close(figure(line, 'drift.prediction_psi'), figures.psi ?? Number.NaN, 'score')
    else
      for (const [metric, expected] of Object.entries(figures))
        close(figure(line, `drift.${metric}`, { feature }), expected, `${feature} ${metric}`)
  }
}

/** June and July 1996, without the rows of the training. */
async function writeReference(to: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = `SELECT * FROM read_parquet('${join(DATA, 'elec2/scored.parquet')}') WHERE "at" >= '1996-06-04' AND "at" < '1996-08-01'`
  await connection.run(`COPY (${rows}) TO '${to}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}
