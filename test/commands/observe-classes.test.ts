// Two classes are two: what a third value in prediction or label does, and what the fault tells.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { CARD, csv, observe, rows, scene, value } from './observe-scene.ts'

const NAMED = { 'models/loans/card.yaml': CARD.replace('kind: binary', 'kind: binary\n  positive: sim') }
const classes = (of: (cell: string, i: number, side: 'prediction' | 'label') => string) =>
  csv(
    rows(60).map((line, i) => {
      const cells = line.split(',')
      return [...cells.slice(0, 7), of(cells[7] ?? '', i, 'prediction'), of(cells[8] ?? '', i, 'label')].join(',')
    }),
  )
const plain = (cell: string) => (cell === '1' ? 'sim' : 'nao')

describe('a class that is named', () => {
  const WRONG: readonly (readonly [string, Parameters<typeof classes>[0], RegExp])[] = [
    [
      'a third value of the label',
      (cell, i, side) => (side === 'label' && i === 7 ? 'talvez-joana' : plain(cell)),
      /^`defaulted` of `current\.csv` has 3 different values, .*; the rarest is at `current\.csv`, line 9$/,
    ],
    [
      'a third value of the prediction',
      (cell, i, side) => (side === 'prediction' && i === 7 ? 'Sim-joana' : plain(cell)),
      /^`refused` of `current\.csv` has 3 different values, .*; the rarest is at `current\.csv`, line 9$/,
    ],
    [
      'another spelling in the other column',
      (cell, _, side) => (side === 'label' && cell !== '1' ? 'não-joana' : plain(cell)),
      /^`refused` and `defaulted` of `current\.csv` together have 3 different values/,
    ],
  ]
  for (const [name, of, message] of WRONG) {
    test(`${name} is refused, and not told`, async () => {
      await assert.rejects(observe(scene({ 'current.csv': classes(of) }, NAMED)), (error) => {
        assert.ok(error instanceof Fault)
        assert.equal(error.code, 'observe/not-binary')
        assert.match(error.message, message)
        assert.doesNotMatch(`${error.message}${error.hint}`, /joana/)
        return true
      })
    })
  }

  test('of two values is measured; a label that has not come is none', async () => {
    const data = classes((cell, i, side) => (side === 'label' && i < 9 ? '' : plain(cell)))
    const result = await observe(scene({ 'current.csv': data }, NAMED))
    assert.equal(value(result, 'performance.label_coverage'), 51 / 60)
  })

  test('in the reference too', async () => {
    const place = scene(
      { 'current.csv': classes(plain), 'reference.csv': classes((cell, i) => (i === 3 ? '?' : plain(cell))) },
      NAMED,
    )
    await assert.rejects(observe(place, { reference: ['reference.csv'] }), /`reference\.csv` has 3 different values/)
  })
})

describe('a value that is neither 0 nor 1 is told by its line', () => {
  const WRONG = classes((cell, i) => (i === 11 || i === 30 ? '2' : cell))
  const message = async (options: Record<string, string | string[]>, files: Record<string, string>) => {
    try {
      await observe(scene(files), options)
    } catch (error) {
      assert.ok(error instanceof Fault && error.code === 'observe/not-binary', String(error))
      return error.message
    }
    assert.fail('it was measured')
  }

  test('of the window, of its days, of labels that came later, of the reference', async () => {
    assert.equal(
      await message({}, { 'current.csv': WRONG }),
      '`current.csv`, line 13: 2 rows have a value in `refused` that is neither 0 nor 1, this one the first',
    )
    assert.match(
      await message({ window: '2026-11-20T00:00:00Z/2026-11-20T07:00:00Z' }, { 'current.csv': WRONG }),
      /^`current\.csv`, line 32: one row has a value in `refused`/,
    )
    const labels = 'id,defaulted\n1,0\n\n2,maybe\n'
    assert.match(
      await message({ labels: 'labels.csv' }, { 'current.csv': csv(rows(30)), 'labels.csv': labels }),
      /^`labels\.csv`, line 4: one row has a value in `defaulted`/,
    )
    assert.match(
      await message({ reference: ['old.csv'] }, { 'current.csv': csv(rows(60)), 'old.csv': WRONG }),
      /^`old\.csv`, line 13: /,
    )
  })
})
