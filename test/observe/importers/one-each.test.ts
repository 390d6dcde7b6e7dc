// Numbers that no file can have measured: refused by their subject, whichever tool says so.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { importSource } from '../../../engine/observe/importers/import-source.ts'

const group = (count: string, more = '') => `[{"sex":"F","selection_rate":0.5,"count":${count}}${more}]`
const sample = (at: string) => `{"status":"success","data":{"resultType":"scalar","result":[${at},"0.1"]}}`
const result = (count: string) =>
  `{"success":true,"statistics":{},"meta":{},"results":[{"success":true,"exception_info":{"raised_exception":false},"expectation_config":{"expectation_type":"expect_column_values_to_not_be_null","kwargs":{"column":"income"}},"result":{"element_count":${count},"unexpected_count":0,"unexpected_percent":0}}]}`

describe('a file that lies about rows and times is refused', () => {
  const cases: readonly (readonly [string, string, string, string, RegExp])[] = [
    ['rows below 0', 'fairlearn', group('-5'), 'range', /a count of rows of group `sex=F` is -5$/],
    ['half a row', 'fairlearn', group('50.5'), 'range', /is 50\.5$/],
    ['rows without end', 'fairlearn', group('Infinity'), 'range', /is Infinity$/],
    ['more rows than numbers count', 'fairlearn', group('1e300'), 'range', /is 1e\+300$/],
    ['rows of another tool', 'great-expectations', result('-10'), 'range', /rows of feature `income` is -10$/],
    ['a time that is none', 'prometheus', sample('NaN'), 'range', /a time of the model is NaN$/],
    ['a time without end', 'prometheus', sample('1e999'), 'range', /a time of the model is Infinity$/],
    [
      'two sizes of one group',
      'fairlearn',
      group('50', ',{"sex":"F","selection_rate":0.5,"count":60}'),
      'conflict',
      /stands twice, as of 50 rows and as of 60$/,
    ],
  ]
  for (const [name, tool, text, why, words] of cases) {
    test(name, () => {
      const { outcome, message } = importSource(tool, { name: 'result.json', bytes: Buffer.from(text) })
      assert.equal(outcome, `refused:${why}`)
      assert.match(message ?? '', words)
    })
  }

  test('and the same group twice, with all alike, is one', () => {
    const text = group('50', ',{"sex":"F","selection_rate":0.5,"count":50}')
    const { outcome, measurements } = importSource('fairlearn', { name: 'result.json', bytes: Buffer.from(text) })
    assert.deepEqual([outcome, measurements.length], ['ok', 1])
  })
})
