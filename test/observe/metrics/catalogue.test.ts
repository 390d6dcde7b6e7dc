import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { compareText } from '../../../engine/base/order.ts'
import { findMetric, METRICS } from '../../../engine/observe/metrics/catalogue.ts'
import { DRIFT_VARIANTS } from '../../../engine/observe/metrics/drift-variants.ts'

const VECTORS = join(import.meta.dirname, '../../../../shared/vectors/metrics')
const NO_VECTORS = existsSync(VECTORS) ? false : 'the public vectors are not beside the project'

describe('the catalogue', () => {
  test('has each metric once, sorted by id, with the family as the first word', () => {
    const ids = METRICS.map(({ id }) => id)
    assert.deepEqual(ids, [...new Set(ids)].sort())
    for (const { id, family } of METRICS) assert.match(id, new RegExp(`^${family}\\.[a-z0-9_]+$`))
    assert.equal(findMetric('drift.psi')?.definition, 'psi/reference-deciles/eps=1e-4')
    assert.equal(findMetric('drift.psy'), undefined)
  })

  test('has titles in two languages, a source, and a range that is one', () => {
    for (const { id, title, range, source, unit } of METRICS) {
      assert.ok(title.pt.trim() !== '' && title.en.trim() !== '' && source !== '' && unit !== '', id)
      const [low, high] = range
      assert.ok(low === null || high === null || low < high, id)
    }
  })

  test('has one title for one metric', () => {
    for (const language of ['pt', 'en'] as const) {
      const titles = METRICS.map(({ title }) => title[language])
      assert.deepEqual(
        titles.filter((title, i) => titles.indexOf(title) !== i),
        [],
      )
    }
  })

  test('has every named variant that observe measures, and each definition once', () => {
    const variants = METRICS.filter(({ family }) => family === 'drift').flatMap(({ id, variants = [] }) =>
      variants.map((one) => ({ metric: id, ...one })),
    )
    const measured = new Map(Object.values(DRIFT_VARIANTS).map((one) => [one.definition, one]))
    assert.deepEqual(
      variants
        .filter(({ variant }) => variant !== 'binned')
        .map(({ features: _, source, ...one }) => ({ ...one, source: typeof source === 'string' ? source : source.en }))
        .sort((a, b) => compareText(a.definition, b.definition)),
      [...measured.values()].sort((a, b) => compareText(a.definition, b.definition)),
    )
    const definitions = variants.map(({ definition }) => definition)
    assert.deepEqual(definitions, [...new Set(definitions)])
  })

  test('says of which features a metric is, for metrics of features alone', () => {
    for (const { id, subject, features, variants = [] } of METRICS) {
      if (features !== undefined || variants.some((one) => one.features)) assert.equal(subject, 'feature', id)
    }
  })

  test('has p-values from 0 to 1 that are worse when they fall', () => {
    const p = METRICS.filter(({ unit }) => unit === 'p-value')
    assert.deepEqual(
      p.map(({ id }) => id),
      ['drift.chi2_p', 'drift.ks_p', 'drift.z_p'],
    )
    for (const { range, worse } of p) assert.deepEqual([range, worse], [[0, 1], 'down'])
  })

  test('has every metric of the public vectors, and their values in its ranges', { skip: NO_VECTORS }, () => {
    // A choice of test, not a measurement.
    const strangers = new Set(['drift.default_test'])
    let count = 0
    for (const { metric, value } of vectorRecords()) {
      if (strangers.has(metric)) continue
      const found = findMetric(metric)
      assert.ok(found, metric)
      if (typeof value !== 'number') continue
      const [low, high] = found.range
      assert.ok((low ?? -Infinity) <= value && value <= (high ?? Infinity), `${metric}: ${value}`)
      count++
    }
    assert.ok(count > 500)
  })
})

function* vectorRecords(): Generator<{ readonly metric: string; readonly value: unknown }> {
  for (const family of readdirSync(VECTORS)) {
    if (family.includes('.')) continue
    for (const name of readdirSync(join(VECTORS, family))) {
      const file = join(VECTORS, family, name, 'expected.json')
      if (existsSync(file))
        yield* (JSON.parse(readFileSync(file, 'utf8')) as { expected: { metric: string; value: unknown }[] }).expected
    }
  }
}
