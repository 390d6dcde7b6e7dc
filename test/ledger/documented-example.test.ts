import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cosign } from '../../engine/ledger/cosignature.ts'
import { ENTRY_KINDS } from '../../engine/ledger/entry.ts'
import { formatFraud, parseFraud, verifyFraud } from '../../engine/ledger/fraud.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { formatVerifierKey, parseVerifierKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { proveInclusion } from '../../engine/ledger/prove.ts'
import { formatReceipt, verifyReceipt } from '../../engine/ledger/receipt.ts'
import { leafHash } from '../../engine/ledger/tree-hash.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { verifyCheckpoint } from '../../engine/ledger/verify-checkpoint.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, filesOf, type MemoryLog } from './memory-log.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8')

function block(name: string): string {
  const found = new RegExp(`\`\`\`${name}\n(.*?)\`\`\``, 's').exec(page)?.[1]
  assert.ok(found, name)
  return found
}

test('the example of docs/ledger.md is what the engine writes, and verifies', () => {
  const entries = block('entries')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line))
  const leaves = Buffer.from(block('leaves').replaceAll('\n', ''), 'hex')
  assert.deepEqual(Buffer.concat(entries.map(leafHash)), leaves)
  const log: MemoryLog = new Map()
  append(log, entries)
  assert.deepEqual(Buffer.from(log.get('tile/0/000.p/3') ?? []), leaves)
  assert.equal(Buffer.from(log.get('checkpoint') ?? []).toString(), block('checkpoint'))
  const key = parseVerifierKey(block('vkey').trim())
  assert.ok(key)
  assert.equal(verifyLog(filesOf(log), trustInKey(key)).ok, true)
  const proof = proveInclusion((path) => log.get(path) ?? null, 2, 3)
  assert.ok(proof)
  const receipt = formatReceipt({ index: 2n, proof, checkpoint: Buffer.from(block('checkpoint')) })
  assert.equal(Buffer.from(receipt).toString(), block('receipt'))
  assert.equal(verifyReceipt(Buffer.from(block('receipt')), entries[2] ?? Buffer.of(), trustInKey(key)).ok, true)
})

test('the cosignature and the fraud bundle of docs/ledger.md are what the engine writes, and hold', () => {
  const checkpoint = Buffer.from(block('checkpoint'))
  const log = parseVerifierKey(block('vkey').trim())
  const witness = signerOfSeed('witness.tutela.example', Buffer.alloc(32, 9), 'cosignature')
  assert.ok(log)
  assert.equal(formatVerifierKey(witness.key), block('wkey').trim())
  assert.equal(cosign(parseNote(checkpoint)?.text ?? '', witness, 1_795_000_000n), block('cosignature'))
  const trust = { logs: [log], witnesses: [witness.key], quorum: { kind: 'witness', key: witness.key } } as const
  const cosigned = Buffer.concat([checkpoint, Buffer.from(block('cosignature'))])
  assert.deepEqual(verifyCheckpoint(cosigned, trust, 'checkpoint').problems, [])
  const fraud = Buffer.from(block('fraud'))
  assert.deepEqual(verifyFraud(fraud, trustInKey(log)).problems, [])
  assert.deepEqual(formatFraud(parseFraud(fraud) ?? assert.fail()), fraud)
})

test('docs/ledger.md names every kind of entry', () => {
  const kinds = page.slice(page.indexOf('| kind | body |'), page.indexOf('A digest is'))
  const named = ENTRY_KINDS.filter((kind) => !kinds.includes(kind) && !kinds.includes(kind.replace(/^proposal/, '')))
  assert.deepEqual(named, [])
})
