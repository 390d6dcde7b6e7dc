// Performance by SQL against the definitions written out over every pair of rows: ties, gaps, infinities, NaN, one class.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { outcomeMeasurements } from '../../../engine/observe/metrics/outcome-measurements.ts'
import { aucStandardError } from '../../../engine/observe/metrics/score-sums.ts'
import { type OutcomeColumns, summariseOutcomes } from '../../../engine/observe/summarise/table-summary.ts'
import type { ColumnKind } from '../../../engine/world-sql.ts'
import { type Row, type Value, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const BINARY: OutcomeColumns = { kind: 'binary', prediction: 'p', label: 'y', score: 's' }

/** By metric: value, or the reason of null. */
async function measured(outcomes: OutcomeColumns, kinds: Readonly<Record<string, ColumnKind>>, rows: readonly Row[]) {
  const summary = await summariseOutcomes(engine, valuesTable(kinds, rows), outcomes)
  const all = outcomeMeasurements(summary)
  const found = all
    .filter(({ group }) => group === undefined)
    .map(({ metric, value, reason }) => [metric.slice('performance.'.length), value ?? reason])
  return { summary, all, by: new Map(found as [string, number | string][]) }
}

const bit = fc.constantFrom(0, 1, 1, null)
const probability = fc.oneof(
  fc.constantFrom(0, 0.1, 0.5, 0.5, 0.9, 1, null, Number.NaN),
  fc.double({ min: 0, max: 1, noNaN: true }),
)
const anyScore = fc.oneof(probability, fc.constantFrom(-3, 7, Infinity, -Infinity, 1e300))
const NUMBERS = { p: 'number', y: 'number', s: 'number' } as const

function close(got: unknown, expected: number | null, where: string): void {
  if (expected === null) {
    assert.equal(typeof got, 'string', `${where}: ${got} instead of null`)
    return
  }
  assert.equal(typeof got, 'number', `${where}: ${got} instead of ${expected}`)
  assert.ok(
    Math.abs(Number(got) - expected) <= 1e-11 * Math.max(1, Math.abs(expected)),
    `${where}: ${got} instead of ${expected}`,
  )
}

const isNumber = (value: Value | undefined): value is number => typeof value === 'number' && !Number.isNaN(value)
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole)
const mean = (values: readonly number[]) =>
  ratio(
    values.reduce((sum, x) => sum + x, 0),
    values.length,
  )

describe('a binary model', () => {
  test('has the rates, AUC, scores and calibration of their definitions, over pairs of rows', async () => {
    const row = fc.record({ p: bit, y: bit, s: probability })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 24 }), async (rows) => {
        const { by, summary } = await measured(BINARY, NUMBERS, rows)
        const both = rows.filter(({ p, y }) => p !== null && y !== null)
        const count = (p: number, y: number) => both.filter((row) => row.p === p && row.y === y).length
        const [tp, fp, fn, tn] = [count(1, 1), count(1, 0), count(0, 1), count(0, 0)]
        const predicted = rows.filter(({ p }) => p !== null).length
        close(by.get('support'), both.length, 'support')
        close(by.get('label_coverage'), ratio(both.length, predicted), 'coverage')
        close(by.get('label_rate'), ratio(tp + fn, both.length), 'label rate')
        close(by.get('accuracy'), ratio(tp + tn, both.length), 'accuracy')
        close(by.get('precision'), ratio(tp, tp + fp), 'precision')
        close(by.get('recall'), ratio(tp, tp + fn), 'recall')
        close(by.get('f1'), ratio(2 * tp, 2 * tp + fp + fn), 'f1')
        const scored = rows.flatMap(({ y, s }) => (y === null || !isNumber(s) ? [] : [{ y, s }]))
        const { auc, error } = delong(scored)
        close(by.get('auc'), auc, 'auc')
        assert.ok(summary.kind === 'binary' && summary.scores !== null)
        if (auc !== null) close(aucStandardError(summary.scores.ranks) ?? 'none', error, 'standard error')
        close(by.get('brier'), mean(scored.map(({ y, s }) => (s - y) ** 2)), 'brier')
        close(by.get('log_loss'), mean(scored.map(logLoss)), 'log loss')
        close(by.get('ece'), calibrationError(scored), 'ece')
      }),
      { numRuns: 60 },
    )
  })

  test('ranks scores that are no probabilities, infinities too, and says that they are none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ p: bit, y: bit, s: anyScore }), { maxLength: 16 }), async (rows) => {
        const { by } = await measured(BINARY, NUMBERS, rows)
        const scored = rows.flatMap(({ y, s }) => (y === null || !isNumber(s) ? [] : [{ y, s }]))
        close(by.get('auc'), delong(scored).auc, 'auc')
        if (scored.every(({ s }) => s >= 0 && s <= 1)) return
        for (const metric of ['log_loss', 'brier', 'ece']) assert.equal(by.get(metric), 'not_probabilities')
      }),
      { numRuns: 40 },
    )
  })

  test('reads 0 and 1, true and false, or one named class', async () => {
    const numbers: Row[] = [
      { p: 1, y: 1, s: 0.9 },
      { p: 0, y: 1, s: 0.2 },
      { p: 0, y: null, s: 0.1 },
    ]
    const expected = await measured(BINARY, NUMBERS, numbers)
    const as = (yes: Value, no: Value) =>
      numbers.map(({ p, y, s }) => ({ p: p === 1 ? yes : no, y: y === null ? null : y === 1 ? yes : no, s: s ?? null }))
    const cases: [ColumnKind, Row[], string?][] = [
      ['boolean', as(true, false)],
      ['category', as('1', '0')],
      ['category', as('True', 'false')],
      ['text', as('1.0', '0.0')],
      ['category', as("l'approved", 'refused'), "l'approved"],
      ['number', as(2, 1), '2'],
    ]
    for (const [kind, rows, positive] of cases) {
      const outcomes = positive === undefined ? BINARY : { ...BINARY, positive }
      const got = await measured(outcomes, { p: kind, y: kind, s: 'number' }, rows)
      assert.deepEqual(got.by, expected.by, `${kind} ${positive}`)
    }
  })

  test('without a label yet has all its metrics, null with the reason', async () => {
    const { by } = await measured({ ...BINARY, label: null }, NUMBERS, [{ p: 1, s: 0.5 }])
    assert.deepEqual([by.get('support'), by.get('label_coverage')], [0, 0])
    for (const metric of ['accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss', 'brier', 'ece'])
      assert.equal(by.get(metric), 'empty_window', metric)
  })

  test('tells label coverage for either decision: labels may come for one alone', async () => {
    const rows = [
      { p: 1, y: 1 },
      { p: 1, y: 0 },
      { p: 0, y: null },
      { p: 0, y: 1 },
      { p: null, y: 1 },
    ]
    const { all } = await measured(BINARY, NUMBERS, rows)
    const coverage = all.filter(({ metric, group }) => metric === 'performance.label_coverage' && group !== undefined)
    assert.deepEqual(
      coverage.map(({ attribute, group, value, n }) => [attribute, group, value, n]),
      [
        ['p', '0', 0.5, 2],
        ['p', '1', 1, 2],
      ],
    )
  })

  test('refuses what is neither, and says what to do', async () => {
    const cases: [Partial<OutcomeColumns>, Readonly<Record<string, ColumnKind>>, Row, string, RegExp][] = [
      [
        {},
        { ...NUMBERS, p: 'category' },
        { p: 'approved', y: 1 },
        'observe/not-binary',
        /one row .* `p` .* neither 0 nor 1/,
      ],
      [{}, NUMBERS, { p: 1, y: 0.5 }, 'observe/not-binary', /`y`/],
      [{}, NUMBERS, { p: 1, y: Infinity }, 'observe/not-binary', /`y`/],
      [{ score: 't' }, { ...NUMBERS, t: 'text' }, { p: 1, y: 1, t: 'x' }, 'observe/wrong-type', /`t` is a text column/],
      [{ label: 'lable' }, NUMBERS, { p: 1 }, 'observe/missing-column', /no column `lable`/],
      [{ positive: 'yes' }, NUMBERS, { p: 1, y: 1 }, 'observe/wrong-type', /positive class `yes`/],
    ]
    for (const [more, kinds, row, code, text] of cases) {
      await assert.rejects(measured({ ...BINARY, ...more }, kinds, [row]), (error) => {
        assert.ok(error instanceof Fault && error.code === code, String(error))
        assert.match(error.message, text)
        assert.ok(error.hint)
        return true
      })
    }
  })

  test('refuses a class that no row has, for all would be 0 and all right', async () => {
    const kinds = { p: 'category', y: 'category', s: 'number' } as const
    const rows = ['yes', 'no'].map((word) => ({ p: word, y: word, s: 0.5 }))
    await assert.rejects(
      measured({ ...BINARY, positive: 'yess' }, kinds, rows),
      /no row of `p` is `yess`, and it has 2 other values/,
    )
    const { by } = await measured({ ...BINARY, positive: 'yes' }, kinds, rows.slice(1))
    assert.deepEqual([by.get('accuracy'), by.get('recall')], [1, 'no_positives'])
  })

  test('takes names that look like SQL for names', async () => {
    const [p, y] = ['p" FROM x; --', "y'); DROP TABLE t"]
    const outcomes = { kind: 'binary', prediction: p, label: y, score: 's' } as const
    const { by } = await measured(outcomes, { [p]: 'number', [y]: 'number', s: 'number' }, [{ [p]: 1, [y]: 1, s: 1 }])
    assert.equal(by.get('accuracy'), 1)
  })
})

test('scores alone have no rates, and their label is counted', async () => {
  const rows = [
    { p: 0.2, y: 0 },
    { p: 0.9, y: 1 },
    { p: 0.9, y: null },
  ]
  const { by } = await measured(
    { kind: 'score', prediction: 'p', label: 'y', score: null },
    { p: 'number', y: 'number' },
    rows,
  )
  assert.deepEqual([...by.keys()], ['support', 'label_coverage', 'label_rate', 'auc', 'log_loss', 'brier', 'ece'])
  assert.equal(by.get('label_rate'), 0.5)
  assert.deepEqual([by.get('support'), by.get('label_coverage'), by.get('auc')], [2, 2 / 3, 1])
})

test('a class of many is one class whether it is written as 1 or 1.0', async () => {
  const outcomes = { kind: 'multiclass', prediction: 'p', label: 'y', score: null } as const
  const rows = [
    { p: 1, y: 1 },
    { p: -0, y: 0 },
    { p: 2, y: Number.NaN },
    { p: null, y: 2 },
  ]
  const { by, summary } = await measured(outcomes, { p: 'number', y: 'number' }, rows)
  assert.deepEqual([by.get('accuracy'), by.get('support'), by.get('label_coverage')], [1, 2, 2 / 3])
  assert.ok(summary.kind === 'multiclass' && summary.withoutPrediction === 1)
})

test('numbers of many values are no classes', async () => {
  const table = { from: '(SELECT i AS p, i AS y FROM range(250001) AS r(i)) AS t', digest: null }
  const columns = ['p', 'y'].map((name) => ({ name, kind: 'number' }) as const)
  const outcomes = { kind: 'multiclass', prediction: 'p', label: 'y', score: null } as const
  await assert.rejects(summariseOutcomes(engine, { ...table, columns }, outcomes), (error) => {
    assert.ok(error instanceof Fault && error.code === 'observe/too-many-classes')
    return true
  })
})

interface Scored {
  readonly y: number
  readonly s: number
}

/** By the placements of each row among the rows of the other class. */
function delong(rows: readonly Scored[]): { auc: number | null; error: number | null } {
  const [positives, negatives] = [rows.filter(({ y }) => y === 1), rows.filter(({ y }) => y === 0)]
  if (positives.length === 0 || negatives.length === 0) return { auc: null, error: null }
  const wins = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0)
  const ofPositives = positives.map(({ s }) => mean(negatives.map((other) => wins(s, other.s))) ?? 0)
  const ofNegatives = negatives.map(({ s }) => mean(positives.map((other) => wins(other.s, s))) ?? 0)
  const auc = mean(ofPositives) ?? 0
  if (positives.length < 2 || negatives.length < 2) return { auc, error: null }
  const variance = (of: readonly number[]) =>
    of.reduce((sum, x) => sum + (x - auc) ** 2, 0) / (of.length - 1) / of.length
  return { auc, error: Math.sqrt(variance(ofPositives) + variance(ofNegatives)) }
}

function logLoss({ y, s }: Scored): number {
  const p = Math.min(Math.max(s, 2 ** -52), 1 - 2 ** -52)
  return y === 1 ? -Math.log(p) : -Math.log(1 - p)
}

function calibrationError(rows: readonly Scored[]): number | null {
  if (rows.length === 0) return null
  const bins = Map.groupBy(rows, ({ s }) => [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((k) => s > k * (1 / 10)).length)
  const gap = (bin: readonly Scored[]) => Math.abs(bin.reduce((sum, { y, s }) => sum + s - y, 0)) / rows.length
  return [...bins.values()].reduce((sum, bin) => sum + gap(bin), 0)
}
