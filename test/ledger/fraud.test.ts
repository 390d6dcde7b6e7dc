import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fraud, findFraud, formatFraud, isFraud, parseFraud, verifyFraud } from '../../engine/ledger/fraud.ts'
import { signerOfSeed } from '../../engine/ledger/note-key.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { append, filesOf, type MemoryLog, SIGNER, sampleEntries, TRUST } from './memory-log.ts'

/** A log of `size` entries, of which number `changed` is another one than in the others. */
function logOf(size: number, changed: number | null = null): MemoryLog {
  const log: MemoryLog = new Map()
  const entries = sampleEntries(0, size)
  if (changed !== null) entries[changed] = sampleEntries(9999, 10_000)[0] ?? new Uint8Array(0)
  append(log, entries)
  return log
}

const headOf = (log: MemoryLog): Uint8Array => log.get('checkpoint') ?? new Uint8Array(0)
const found = (log: MemoryLog, older: MemoryLog) => findFraud(filesOf(log).read, headOf(older), TRUST)

/** `older`, `newer`: sizes. */
const CASES: readonly { readonly older: number; readonly newer: number; readonly claim: Fraud['claim'] }[] = [
  { older: 1, newer: 1, claim: 'two-roots' },
  { older: 300, newer: 300, claim: 'two-roots' },
  { older: 1, newer: 2, claim: 'rewritten' },
  { older: 255, newer: 256, claim: 'rewritten' },
  { older: 256, newer: 257, claim: 'rewritten' },
  { older: 257, newer: 600, claim: 'rewritten' },
  { older: 512, newer: 513, claim: 'rewritten' },
]

for (const { older, newer, claim } of CASES) {
  test(`a log of ${newer} entries that changed one of the ${older} signed before is ${claim}, for anybody to check`, () => {
    const fraud = found(logOf(newer, 0), logOf(older))
    assert.equal(fraud?.claim, claim)
    const bytes = formatFraud(fraud ?? assert.fail())
    assert.ok(isFraud(bytes))
    assert.deepEqual(verifyFraud(bytes, TRUST).problems, [])
    assert.deepEqual(formatFraud(parseFraud(bytes) ?? assert.fail()), bytes)
    const stranger = trustInKey(signerOfSeed(SIGNER.key.name, Buffer.alloc(32, 8)).key)
    assert.equal(verifyFraud(bytes, stranger).ok, false)
  })
}

test('a log that only appended is no fraud, whatever its sizes', () => {
  for (const [older, newer] of [
    [0, 0],
    [0, 5],
    [5, 5],
    [255, 600],
    [256, 257],
  ] as const) {
    assert.equal(found(logOf(newer), logOf(older)), null)
  }
})

test('a smaller log than before is told with both heads, and is no proof by itself', () => {
  const fraud = found(logOf(5), logOf(9))
  assert.equal(fraud?.claim, 'rolled-back')
  assert.deepEqual(
    verifyFraud(formatFraud(fraud ?? assert.fail()), TRUST).problems.map(({ code }) => code),
    ['ledger/no-fraud'],
  )
})

test('tiles that are wrong themselves prove nothing against the holder of the key', () => {
  const log = logOf(300)
  const tile = log.get('tile/0/000')
  log.set('tile/0/000', Buffer.from(tile ?? []).fill(1, 0, 1))
  assert.equal(found(log, logOf(200)), null)
})

test('no honest pair of heads, and no changed byte, makes a bundle that proves another fraud', () => {
  const honest: Fraud = { claim: 'rewritten', older: headOf(logOf(200)), newer: headOf(logOf(300)) }
  const real = found(logOf(300, 0), logOf(200)) ?? assert.fail()
  const forged: Fraud[] = [
    honest,
    { ...honest, claim: 'two-roots' },
    { ...honest, newer: honest.older },
    { ...honest, ...(real.shown !== undefined && { shown: real.shown }) },
  ]
  for (const fraud of forged) assert.equal(verifyFraud(formatFraud(fraud), TRUST).ok, false)
  const bytes = formatFraud(real)
  const heads = JSON.stringify([parseFraud(bytes)?.older, parseFraud(bytes)?.newer, parseFraud(bytes)?.shown])
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 7))
    if (!verifyFraud(flipped, TRUST).ok) continue
    // The words about it, and what the claim is called, may change: what is proven may not.
    const parsed = parseFraud(flipped)
    assert.equal(JSON.stringify([parsed?.older, parsed?.newer, parsed?.shown]), heads, `byte ${at}`)
  }
})

test('what is no bundle is said to be none', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"kind":"Fraud"}',
    `{"apiVersion":"tutela/v1","kind":"Fraud","claim":"__proto__","older":"","newer":""}`,
  ]) {
    assert.deepEqual(
      verifyFraud(Buffer.from(text), TRUST).problems.map(({ code }) => code),
      ['ledger/bad-fraud'],
      text,
    )
  }
})
