import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignRows, displayWidth } from '../../engine/base/text-columns.ts'

test('combining marks take no column, wide characters two', () => {
  const widths = ['abc', 'não', 'na\u0303o', '漢字', '한글', 'ｆｕｌｌ', '😀', '✗ ok', ''].map(displayWidth)
  assert.deepEqual(widths, [3, 3, 3, 4, 4, 8, 2, 4, 0])
})

test('columns stand under each other whatever the width of characters, without trailing space', () => {
  const rows = [['漢字', 'a', '1'], ['x', 'bcd', '22'], ['né']]
  assert.deepEqual(alignRows(rows, ['left', 'left', 'right']), ['漢字  a     1', 'x     bcd  22', 'né'])
})
