import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sha256, sha256Into } from '../../engine/base/sha256.ts'
import * as page from '../../engine/ledger/kit/browser/sha256.ts'

test('SHA-256 by way of text loses no byte, here and in the page, whatever the bytes', () => {
  const seen = new Set<number>()
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 255)
    const expected = createHash('sha256').update(bytes).digest()
    for (const byte of expected) seen.add(byte)
    const row = Buffer.alloc(34, 0xee)
    for (const { sha256: hash, sha256Into: into } of [{ sha256, sha256Into }, page]) {
      assert.deepEqual(Buffer.from(hash(bytes)), expected)
      into(row.fill(0xee), 1, bytes)
      assert.deepEqual(row, Buffer.concat([Buffer.of(0xee), expected, Buffer.of(0xee)]))
    }
  }
  assert.equal(seen.size, 256)
})
