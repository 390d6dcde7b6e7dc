import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { Fault } from '../../engine/base/fault.ts'
import { decodeEntry, ENTRY_KINDS, encodeEntry, type NewEntry } from '../../engine/ledger/entry.ts'
import { decodeBundle, encodeBundle } from '../../engine/ledger/entry-bundle.ts'

const HEAD = { at: '2026-11-22T06:00:00Z', run: '00112233445566aa', commit: 'c'.repeat(40) } as const

function incident(body: Record<string, unknown>): NewEntry {
  return { ...HEAD, kind: 'incident', body }
}

test('an entry is exactly v, kind, at, run, commit and body, canonical', () => {
  const bytes = encodeEntry(incident({ b: 1, a: [true, null, 'é'] }))
  assert.equal(
    Buffer.from(bytes).toString(),
    `{"at":"2026-11-22T06:00:00Z","body":{"a":[true,null,"é"],"b":1},"commit":"${'c'.repeat(40)}","kind":"incident","run":"00112233445566aa","v":1}`,
  )
  assert.deepEqual(decodeEntry(bytes)?.body, { a: [true, null, 'é'], b: 1 })
})

test('the list of kinds has no kind twice', () => {
  assert.equal(new Set(ENTRY_KINDS).size, ENTRY_KINDS.length)
  assert.equal(ENTRY_KINDS.length, 22)
})

test('an entry of 65,535 bytes is written, a longer one is a fault', () => {
  const empty = encodeEntry(incident({ x: '' })).length
  assert.equal(
    encodeEntry(incident({ x: 'é'.repeat((65_535 - empty) >> 1) + 'x'.repeat((65_535 - empty) % 2) })).length,
    65_535,
  )
  const tooLong = incident({ x: 'x'.repeat(65_536 - empty) })
  assert.throws(
    () => encodeEntry(tooLong),
    (error) => error instanceof Fault && error.code === 'ledger/entry-too-long',
  )
})

test('a moment that is no whole second of UTC, a run or a commit of another form is a bug', () => {
  for (const wrong of [
    { at: '2026-11-22T06:00:00.5Z' },
    { at: '2026-11-22T06:00:00+00:00' },
    { at: '2026-02-30T00:00:00Z' },
    { run: 'r' },
    { commit: 'HEAD' },
  ]) {
    assert.throws(() => encodeEntry({ ...incident({}), ...wrong }), /internal error/)
  }
})

test('entries of later versions are kept: unknown kinds, unknown body fields, encrypted bodies', () => {
  const text = (members: object) => Buffer.from(canonicalJson({ v: 1, kind: 'later', ...HEAD, ...members }))
  assert.equal(decodeEntry(text({ body: { new: 1 } }))?.kind, 'later')
  assert.equal(decodeEntry(text({ age: 'YWdl' }))?.age, 'YWdl')
})

test('anything but the canonical form of an entry is no entry', () => {
  const good = { v: 1, kind: 'incident', ...HEAD, body: {} }
  const texts = [
    '',
    'null',
    '[]',
    '{}',
    canonicalJson({ ...good, v: 2 }),
    canonicalJson({ ...good, extra: 1 }),
    canonicalJson({ ...good, age: 'YWdl' }),
    canonicalJson({ ...good, body: [] }),
    canonicalJson({ ...good, body: null }),
    canonicalJson({ ...good, at: '2026-11-22' }),
    canonicalJson({ ...good, run: 5 }),
    `${canonicalJson(good)}\n`,
    JSON.stringify(good),
    canonicalJson(good).replace('"v":1', '"v":1.0'),
    canonicalJson(good).replace('{}', '{"a":1,"a":1}'),
    canonicalJson(good).replace('{}', '{"a":1e999}'),
    canonicalJson(good).replace('{}', '{"a":"\\ud800"}'),
    canonicalJson(good).replace('{}', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    `\ufeff${canonicalJson(good)}`,
  ]
  for (const text of texts) assert.equal(decodeEntry(Buffer.from(text)), null, text.slice(0, 80))
  assert.equal(decodeEntry(Buffer.concat([Buffer.from(canonicalJson(good)), Buffer.of(0xff)])), null)
  assert.notEqual(decodeEntry(Buffer.from(canonicalJson(good))), null)
})

test('brackets and quotes in strings do not count as nesting', () => {
  assert.notEqual(decodeEntry(encodeEntry(incident({ a: `${'[{"'.repeat(500)}\\` }))), null)
})

test('any body survives', () => {
  const body = fc.dictionary(
    fc.string({ maxLength: 5 }).filter((key) => !/^(by|ip|rg|cpf|nome)$/i.test(key)),
    // Below eleven digits, where no number can be a CPF or a card.
    fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
  )
  const property = fc.property(body, (value) => {
    const bytes = encodeEntry(incident(value))
    assert.equal(canonicalJson(decodeEntry(bytes)?.body), canonicalJson(value))
  })
  fc.assert(property, { numRuns: 100 })
})

test('a bundle gives its entries back, and refuses a length that runs past its end', () => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
    const bundle = encodeBundle(entries)
    assert.deepEqual(
      decodeBundle(bundle)?.map((entry) => Buffer.from(entry)),
      entries.map((entry) => Buffer.from(entry)),
    )
    if (entries.length > 0) assert.equal(decodeBundle(bundle.subarray(0, -1))?.length === entries.length, false)
  })
  fc.assert(property, { numRuns: 100 })
  assert.equal(decodeBundle(Buffer.of(0)), null)
  assert.equal(decodeBundle(Buffer.of(0, 2, 1)), null)
})
