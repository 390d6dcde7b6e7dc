// Lines beyond what DuckDB reads: refused with file and line, never left out, and a line at the limit is read.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { lineGauge } from '../../../engine/adapters/duckdb/long-lines.ts'
import { fault, read, write } from './data-files.ts'

const long = (bytes: number) => `1,${'x'.repeat(bytes - 2)}`
const csv = (...lines: string[]) => `a,b\n1,x\n${lines.join('\n')}`
const ndjson = (text: string) => `${JSON.stringify({ a: 1, b: text })}\n`

describe('a line that is too long is refused by its number', () => {
  const cases: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
    [
      'the last one, without an end',
      'last.csv',
      csv(long(40_000_000)),
      /line 3 has 40000000 bytes, and the limit is 1999999/,
    ],
    ['the last one, of blanks', 'blank.csv', csv(' '.repeat(40_000_000)), /line 3 has 40000000 bytes/],
    ['one in the middle', 'middle.csv', csv(long(40_000_000), '2,y', ''), /line 3 has 40000000 bytes/],
    ['one byte beyond', 'byte.csv', csv('2,y', long(2_000_000), ''), /line 4 has 2000000 bytes/],
    ['in a gzip file', 'zip.csv.gz', gzipSync(csv('2,y', long(2_000_000)), { level: 1 }), /line 4 has 2000000 bytes/],
    [
      'of NDJSON',
      'last.ndjson',
      `${ndjson('x')}${ndjson('x'.repeat(17_000_000))}`,
      /line 2 has 170000\d\d bytes, and the limit is 16777215/,
    ],
  ]
  for (const [name, file, content, words] of cases) {
    test(name, async () => {
      await assert.rejects(read([write(file, content)]), fault('observe/long-line', words))
    })
  }
})

test('a run of blank lines that DuckDB gives up on is told by its file', async () => {
  const path = write('lines.csv', csv('\n'.repeat(40_000_000)))
  await assert.rejects(read([path]), fault('observe/bad-csv', /`lines\.csv` is no well-formed CSV/))
})

test('a gauge finds the long line wherever the pieces end', () => {
  const text = Buffer.from(`ab\n${'c'.repeat(50)}\nd\n${'e'.repeat(30)}`)
  for (const piece of [7, 8, 10, 29]) {
    const gauge = lineGauge()
    for (let at = 0; at < text.length; at += piece) gauge.add(text.subarray(at, at + piece))
    assert.deepEqual(gauge.longest(), { start: 3, length: 50 }, `pieces of ${piece}`)
  }
})
