// A Parquet file of a few bytes that stands for gigabytes of text is not read into memory.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readParquet } from '../../../engine/adapters/duckdb/read-parquet.ts'
import { textLiteral } from '../../../engine/base/sql-text.ts'
import { engineOf, FOLDER } from './data-files.ts'

test('texts of a dictionary count as often as they stand there', async () => {
  const engine = await engineOf()
  const path = join(FOLDER, 'bomb.parquet')
  await engine.query(`COPY (SELECT repeat('x', 3000) AS t FROM range(100000)) TO ${textLiteral(path)} (FORMAT parquet)`)
  assert.equal(await readParquet(readFileSync(path), { largestCells: 20_000_000 }), null)
})
