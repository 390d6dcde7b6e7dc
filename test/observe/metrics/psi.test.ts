// The native PSI against the definition written once more in Python: bins, counts and value of every column of the drift vectors.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missingDrift, missingShare } from '../../../engine/observe/metrics/data-quality.ts'
import { psi } from '../../../engine/observe/metrics/psi.ts'
import {
  type CategoryCounts,
  categoryBins,
  countCategories,
  countNumbers,
  type NumberCounts,
  numberBins,
} from '../../../engine/observe/metrics/psi-bins.ts'
import { assertMeasured, type Cell, NO_VECTORS, vectorCases } from './vectors.ts'

describe('PSI has the bins, counts and values of its definition', { skip: NO_VECTORS }, () => {
  for (const one of NO_VECTORS ? [] : vectorCases('drift')) {
    test(one.name, () => {
      const [reference, current] = [one.rows('reference.csv'), one.rows('current.csv')]
      const wanted = one.expected.filter((r) => r.variant === null && WANTED.has(r.metric))
      for (const record of wanted) {
        const column = record.subject ?? ''
        const sides = [reference, current].map((rows) => rows.map((row) => row[column] ?? null)) as [Cell[], Cell[]]
        const got =
          record.metric === 'drift.missing'
            ? { measured: missingDrift(missing(sides[0]), missing(sides[1])), bins: undefined, counts: undefined }
            : psiOf(one.columns[column] === 'number', ...sides)
        assertMeasured(got.measured, record, `${record.metric} ${column}`)
        if (record.details?.bins === undefined) continue
        assert.deepEqual(got.bins, record.details.bins, `${column}: bins`)
        assert.deepEqual(got.counts, record.details.counts, `${column}: counts`)
      }
      assert.ok(wanted.length > 0)
    })
  }
})

const WANTED = new Set(['drift.psi', 'drift.prediction_psi', 'drift.missing'])

function psiOf(isNumber: boolean, reference: readonly Cell[], current: readonly Cell[]) {
  if (isNumber) {
    const sides = [numberCounts(reference), numberCounts(current)] as const
    const bins = numberBins(sides[0])
    return answer(bins, countNumbers(bins, sides[0]), countNumbers(bins, sides[1]))
  }
  const sides = [categoryCounts(reference), categoryCounts(current)] as const
  const bins = categoryBins(sides[0])
  return answer(bins, countCategories(bins, sides[0]), countCategories(bins, sides[1]))
}

function answer(bins: ReturnType<typeof numberBins>, before: readonly number[], now: readonly number[]) {
  return { measured: psi(bins, before, now), bins, counts: before.map((n, i) => [n, now[i]]) }
}

function missing(cells: readonly Cell[]) {
  return missingShare(cells.filter((cell) => cell === null).length, cells.length)
}

function numberCounts(cells: readonly Cell[]): NumberCounts {
  const numbers = cells.filter((cell) => typeof cell === 'number')
  const finite = Map.groupBy(
    numbers.filter(Number.isFinite).map((value) => value + 0),
    (value) => value,
  )
  return {
    values: [...finite].map(([value, same]) => ({ value, n: same.length })).sort((a, b) => a.value - b.value),
    infinite: numbers.filter((value) => !Number.isFinite(value)).length,
    missing: cells.length - numbers.length,
  }
}

function categoryCounts(cells: readonly Cell[]): CategoryCounts {
  const texts = cells.filter((cell) => cell !== null)
  return {
    values: [...Map.groupBy(texts, String)].map(([value, same]) => ({ value, n: same.length })),
    missing: cells.length - texts.length,
  }
}
