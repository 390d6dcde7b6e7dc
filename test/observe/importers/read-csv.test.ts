// The reader of CSV, against what pandas writes; what is cut off or doubled is refused with its line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../../engine/observe/importers/imported.ts'
import { readCsv } from '../../../engine/observe/importers/read-csv.ts'

const cell = fc.string({ maxLength: 6 }).map((text) => text.replaceAll('\r', ''))
const written = (text: string) => (/[",\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text)

test('law: it reads what is written with quotes doubled', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const text = [['a', 'b'], ...rows].map((row) => row.map(written).join(',') + end).join('')
      assert.deepEqual(readCsv(text), { columns: ['a', 'b'], rows })
    }),
    { numRuns: 200 },
  )
})

test('a quoted empty cell is a row, a blank line is none', () => {
  assert.deepEqual(readCsv('a\n""\n\n1\n').rows, [[''], ['1']])
})

const REFUSED: readonly (readonly [string, string, string, RegExp])[] = [
  ['fewer cells than the header', 'a,b\n1,2\n3\n', 'row-width', /line 3 has 1 cells, the header has 2/],
  ['more cells than the header', 'a,b\n1,2,3\n4,5\n', 'row-width', /line 2 has 3 cells/],
  ['a line number that counts lines within quotes', 'a,b\n"x\ny",2\n3\n', 'row-width', /line 4 has 1 cells/],
  ['a column that stands twice', 'a,b,a\n1,2,3\n', 'duplicate-column', /`a` stands twice/],
  ['a last line that is not ended', 'a,b\n1,2', 'syntax', /not ended/],
  ['a quote that is never closed', 'a,b\n"1,2\n', 'syntax', /line 2: a quote is opened/],
  ['text after a closing quote', 'a,b\n"1"x,2\n', 'syntax', /line 2: something stands after/],
]
for (const [name, text, why, words] of REFUSED) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => readCsv(text),
      (error) => error instanceof Refusal && error.why === why && words.test(error.message),
    )
  })
}
