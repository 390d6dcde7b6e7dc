// The loans of the bundled example: equal to scikit-learn, Fairlearn and SciPy on the full data (../shared/data, where it exists),
// and what a live monitor would have known of their outcomes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import { PROJECT } from './counts-csv.ts'
import {
  checkGroups,
  checkPerformance,
  close,
  DATA,
  type ExpectedGroups,
  expectedWindows,
  figure,
  find,
  NO_DATA,
} from './expected-figures.ts'
import { LOAN_MONTHS, LOAN_REFERENCE, loanFile, observeLoans } from './observed-loans.ts'

function snapshotOf(month: string): Snapshot {
  const path = `models/snapshots/${month.replace('-', '/')}/01T00/small-business-credit.ndjson`
  return JSON.parse(readFileSync(join(PROJECT, path), 'utf8'))
}

test('each month has the figures of scikit-learn, Fairlearn and SciPy', { skip: NO_DATA }, () => {
  const windows = expectedWindows('sba-loans').filter(([name]) => !name.startsWith('1997'))
  assert.equal(windows.length, LOAN_MONTHS.length + 1)
  for (const [name, expected] of windows) {
    const snapshot = snapshotOf(name === 'reference' ? LOAN_REFERENCE : name)
    checkPerformance(snapshot, expected, ['accuracy', 'precision', 'recall', 'f1', 'auc', 'brier', 'log_loss'])
    checkGroups(snapshot, 'business', expected.business as ExpectedGroups)
    checkGroups(snapshot, 'area', expected.area as ExpectedGroups)
    if (name === 'reference') continue
    for (const [feature, { psi = Number.NaN, ...others }] of Object.entries(expected.drift)) {
      if (feature === 'score') {
        close(figure(snapshot, 'drift.prediction_psi'), psi, `${name} score`)
        continue
      }
      for (const [metric, value] of Object.entries({ psi, ...others }))
        close(figure(snapshot, `drift.${metric}`, { feature }), value, `${name} ${feature} ${metric}`)
    }
  }
})

test('the loans are those of the full data, byte for byte', { skip: NO_DATA }, () => {
  const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  for (const month of [LOAN_REFERENCE, ...LOAN_MONTHS]) {
    const name = month === LOAN_REFERENCE ? 'reference' : month
    assert.equal(sha256(join(PROJECT, loanFile(month))), sha256(join(DATA, `sba-loans/windows/${name}.parquet`)))
  }
})

test('a year later a live monitor knows one outcome of 1,767, a bad one: no AUC, and an estimate that is too high', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-loans-'))
  try {
    const current = join(folder, 'known.parquet')
    await writeKnown(join(PROJECT, loanFile('2005-01')), '2006-02-01', current)
    const options = { current: [current], reference: [loanFile(LOAN_REFERENCE)] }
    const live = await observeLoans('2005-01', options)
    const hindsight = snapshotOf('2005-01')
    assert.equal(figure(live, 'performance.support'), 1)
    assert.equal(figure(live, 'performance.label_rate'), 1)
    assert.equal(find(live, 'performance.auc')?.reason, 'one_class')
    assert.equal(figure(live, 'performance.estimated_auc'), figure(hindsight, 'performance.estimated_auc'))
    const band = find(live, 'performance.estimated_auc')?.interval
    assert.ok(band !== undefined && band[0] > figure(hindsight, 'performance.auc'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** The loans with the outcomes that were known before a day; a loan that is not charged off may still be. */
async function writeKnown(from: string, day: string, to: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const label = `CASE WHEN label_known_at < DATE '${day}' THEN label END AS label`
  await connection.run(`COPY (SELECT * REPLACE (${label}) FROM read_parquet('${from}')) TO '${to}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}
