import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataProblem } from '../../../engine/adapters/duckdb/data-problem.ts'

// As DuckDB 1.5.5 with httpfs said them (test/components/s3).
const MESSAGES: [string, string, RegExp][] = [
  [
    "HTTP Error: HTTP GET error reading 'http://127.0.0.1:9000/lake/a.parquet' in region 'us-east-1' (HTTP 403 Forbidden)\n\nInvalid Access Key: \"AKIA\"",
    'observe/object-store',
    /^`http:\/\/127\.0\.0\.1:9000\/lake\/a\.parquet` cannot be read from the object store: .*HTTP 403 Forbidden/,
  ],
  [
    "IO Error: Could not connect to server error for HTTP GET to 'http://127.0.0.1:9/lake/?list-type=2&prefix=a%2F'\n\nLINE 1: …",
    'observe/object-store',
    /^`http:\/\/127\.0\.0\.1:9\/lake\/` cannot be read from the object store: .*Could not connect to server/,
  ],
  [
    'IO Error: No files found that match the pattern "s3://lake/nothing/*.parquet"',
    'observe/object-store',
    /^`s3:\/\/lake\/nothing\/\*\.parquet` cannot be read/,
  ],
  [
    "Invalid Input Error: No magic bytes found at end of file 's3://lake/text.parquet'",
    'observe/bad-parquet',
    /^`s3:\/\/lake\/text\.parquet` is no whole Parquet file/,
  ],
]

for (const [message, code, told] of MESSAGES) {
  test(`what an object store answers, told as ${code}: ${message.slice(0, 40)}`, () => {
    const fault = dataProblem(new Error(message), () => 'another file')
    assert.equal(fault.code, code)
    assert.match(fault.message, told)
    assert.doesNotMatch(`${fault.message} ${fault.hint}`, /AKIA|list-type/)
  })
}
