// A Parquet file is turned down by the memory that its cells would take, before they are read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../../../engine/observe/importers/read-source.ts'

test('the cells of a Parquet file take no more than 256 MiB, and what has more is refused with the number', async () => {
  const bytes = Buffer.from('PAR1....PAR1')
  let most = 0
  const read = await readSource({ name: 'a.parquet', bytes }, async (_, { largestCells }) => {
    most = largestCells
    return null
  })
  assert.ok(most > 0 && most * 130 <= 256 * 1024 * 1024, `${most} cells of doubles, 130 bytes each once read`)
  assert.equal(read.unreadable?.why, 'too-large')
  assert.match(read.unreadable?.message ?? '', new RegExp(`more than ${most} cells`))
})
