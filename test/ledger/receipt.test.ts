import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPolicy } from '../../engine/ledger/log-policy.ts'
import { proveInclusion } from '../../engine/ledger/prove.ts'
import { formatReceipt, isReceipt, parseReceipt, verifyReceipt } from '../../engine/ledger/receipt.ts'
import { append, type MemoryLog, sampleEntries, sampleEntry, TRUST } from './memory-log.ts'
import { LEDGER, readJson, skipWithoutVectors } from './vectors.ts'

interface ReceiptCase {
  readonly file: string
  readonly entry: string
  readonly expect: string
  readonly policy: string
}

test('the published receipts are accepted or rejected as published', { skip: skipWithoutVectors }, () => {
  const folder = join(LEDGER, 'tlog-proof')
  const { cases } = readJson(join(folder, 'index.json')) as { cases: ReceiptCase[] }
  assert.equal(cases.length, 29)
  for (const { file, entry, expect, policy } of cases) {
    const trust = readPolicy(readFileSync(join(LEDGER, 'tlog-policy', policy)))
    const bytes = readFileSync(join(folder, file))
    const { ok, problems } = verifyReceipt(bytes, Buffer.from(entry), trust)
    assert.equal(ok, expect === 'accept', `${file} ${JSON.stringify(problems)}`)
    const parsed = parseReceipt(bytes)
    if (ok && parsed !== null) assert.deepEqual(formatReceipt(parsed), bytes, file)
  }
})

test('a receipt made here proves its entry and no other, and every flipped byte of it is detected', () => {
  const log: MemoryLog = new Map()
  append(log, sampleEntries(0, 300))
  const read = (path: string) => log.get(path) ?? null
  const checkpoint = read('checkpoint')
  const proof = proveInclusion(read, 270, 300)
  assert.ok(checkpoint && proof)
  const receipt = formatReceipt({ index: 270n, proof, checkpoint })
  assert.equal(isReceipt(receipt), true)
  assert.equal(verifyReceipt(receipt, sampleEntry(270), TRUST).ok, true)
  assert.deepEqual(verifyReceipt(receipt, sampleEntry(271), TRUST).problems, [
    { code: 'ledger/not-included', where: 'entry 270' },
  ])
  for (let at = 0; at < receipt.length; at++) {
    const flipped = Buffer.from(receipt)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
    assert.equal(verifyReceipt(flipped, sampleEntry(270), TRUST).ok, false, `byte ${at}`)
  }
})
