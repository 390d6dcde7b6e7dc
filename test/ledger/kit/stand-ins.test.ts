// What stands in for Node in the page answers as Node does, on everything that the verifier's code asks of it.
import assert from 'node:assert/strict'
import { hash as nodeHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { verifyEd25519 as nodeVerify } from '../../../engine/base/ed25519.ts'
import { answerSignatures, verifyEd25519 } from '../../../engine/ledger/kit/browser/ed25519.ts'
import { PageBuffer } from '../../../engine/ledger/kit/browser/node-buffer.ts'
import { hash } from '../../../engine/ledger/kit/browser/node-crypto.ts'
import { SIGNER } from '../memory-log.ts'

test('SHA-256 is Node’s at every length around its blocks, of text too', () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255)
    assert.equal(hash('sha256', bytes, 'hex'), nodeHash('sha256', bytes, 'hex'), `${length} bytes`)
  }
  const long = Buffer.alloc(1_000_003, 'é')
  assert.deepEqual(Buffer.from(hash('sha256', long, 'buffer')), nodeHash('sha256', long, 'buffer'))
  assert.equal(hash('sha256', 'ação\u{1F600}', 'hex'), nodeHash('sha256', 'ação\u{1F600}', 'hex'))
})

test('SHA-256 is Node’s for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      assert.equal(hash('sha256', bytes, 'hex'), nodeHash('sha256', bytes, 'hex'))
    }),
  )
})

const ENCODINGS = ['utf8', 'hex', 'base64', 'latin1'] as const

test('bytes to text and back are Node’s in every encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const [page, node] = [PageBuffer.from(bytes), Buffer.from(bytes)]
      for (const encoding of ENCODINGS) {
        const text = node.toString(encoding)
        assert.equal(page.toString(encoding), text)
        assert.deepEqual([...PageBuffer.from(text, encoding)], [...Buffer.from(text, encoding)])
      }
      assert.equal(page.toString('hex', 1, 4), node.toString('hex', 1, 4))
    }),
  )
})

test('base64 that is not canonical never comes back as itself, which is what the strict reader asks', () => {
  const texts = [
    '',
    'A',
    'AA',
    'AA=',
    'AA==',
    'AB==',
    'AAA=',
    'AAAA',
    ' AAAA',
    'AAAA\n',
    'AA-_',
    'AA==AA==',
    '====',
    'é',
    'AAAA='.repeat(3),
  ]
  for (const text of texts) {
    const isCanonical = (bytes: { toString(encoding: 'base64'): string }) => bytes.toString('base64') === text
    assert.equal(isCanonical(PageBuffer.from(text, 'base64')), isCanonical(Buffer.from(text, 'base64')), text)
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AZaz09+/=-_ \n') }), (text) => {
      const canonical = Buffer.from(text, 'base64').toString('base64') === text
      assert.equal(PageBuffer.from(text, 'base64').toString('base64') === text, canonical)
    }),
  )
})

test('joining, comparing, finding and numbers are Node’s', () => {
  const bytes = fc.uint8Array({ maxLength: 12 })
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.deepEqual([...PageBuffer.concat([a, b])], [...Buffer.concat([a, b])])
      assert.equal(PageBuffer.compare(a, b), Buffer.compare(a, b))
      assert.equal(PageBuffer.from(a).indexOf('\n\n'), Buffer.from(a).indexOf('\n\n'))
      assert.equal(PageBuffer.from(a).indexOf(7), Buffer.from(a).indexOf(7))
    }),
  )
  const eight = Uint8Array.of(255, 1, 2, 3, 4, 5, 6, 7)
  assert.equal(PageBuffer.from(eight).readBigUInt64BE(), Buffer.from(eight).readBigUInt64BE())
  assert.equal(PageBuffer.from(eight.buffer, 0, 8).readBigUInt64BE(), Buffer.from(eight).readBigUInt64BE())
  assert.deepEqual([...PageBuffer.alloc(3, 1)], [1, 1, 1])
  assert.deepEqual([...PageBuffer.from('a\u{1F600}')], [...Buffer.from('a\u{1F600}')])
  const view = PageBuffer.from(eight).subarray(1, 3)
  assert.ok(view instanceof PageBuffer)
  const [page, node] = [PageBuffer.alloc(4), Buffer.alloc(4)]
  PageBuffer.from(eight).copy(page, 1, 5, 8)
  Buffer.from(eight).copy(node, 1, 5, 8)
  assert.deepEqual([...page], [...node])
})

test('Ed25519: first no and a question, then WebCrypto’s answer, which is Node’s', async () => {
  const message = Buffer.from('a checkpoint')
  const signature = SIGNER.sign(message)
  const { publicKey } = SIGNER.key
  const flipped = Uint8Array.from(signature, (byte, i) => (i === 9 ? byte ^ 1 : byte))
  const cases: [Uint8Array, Uint8Array, Uint8Array][] = [
    [publicKey, message, signature],
    [publicKey, message, flipped],
    [publicKey, Buffer.from('another'), signature],
    [Uint8Array.from(publicKey, (byte) => byte ^ 1), message, signature],
    [new Uint8Array(32), message, signature],
    [publicKey, message, signature.subarray(1)],
    [publicKey.subarray(1), message, signature],
    [new Uint8Array(32).fill(255), message, new Uint8Array(64)],
  ]
  for (const one of cases) assert.equal(verifyEd25519(...one), false)
  assert.deepEqual(await answerSignatures(), { asked: true, supported: true })
  for (const [i, one] of cases.entries()) assert.equal(verifyEd25519(...one), nodeVerify(...one), `case ${i}`)
  assert.deepEqual(await answerSignatures(), { asked: false, supported: true })
})
