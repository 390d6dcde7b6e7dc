// What is held aside comes back as it was, also where the file takes no more, and plain data survives being kept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openScratchFile } from '../../engine/adapters/scratch-file.ts'
import { holdsFor } from '../../engine/cache/held-bytes.ts'
import { bareCopy, isExactInJson, parsePlain, plainJson } from '../../engine/cache/plain-value.ts'
import { BareObject } from '../../engine/load/bare-object.ts'
import type { ScratchFile } from '../../engine/world.ts'

const pieces = Array.from({ length: 400 }, (_, i) => Buffer.alloc((i * 977) % 20_000, i))

/** Takes some appends and then no more, as a disk that is full. */
function fullAfter(appends: number): ScratchFile {
  let bytes = Buffer.alloc(0)
  let left = appends
  return {
    append(more) {
      if (left-- <= 0) return false
      bytes = Buffer.concat([bytes, ...more])
      return true
    },
    read: (from, length) => Uint8Array.from(bytes.subarray(from, from + length)),
  }
}

for (const [name, open] of [
  ['a file', openScratchFile],
  ['no file', () => null],
  ['a disk that is full at once', () => fullAfter(0)],
  ['a disk that is full after a while', () => fullAfter(2)],
] as const) {
  test(`bytes laid aside come back, in any order: ${name}`, () => {
    const { bytes } = holdsFor(10_000, open)
    const readers = pieces.map((piece) => bytes(piece))
    for (const i of [399, 0, 200, 1, 398, 57]) assert.deepEqual(Buffer.from(readers[i]?.() ?? []), pieces[i])
    for (const [i, read] of readers.entries()) assert.deepEqual(Buffer.from(read()), pieces[i])
  })
}

test('of few models nothing is laid aside', () => {
  holdsFor(1999, () => assert.fail('a file was opened'))
})

const bare = (value: Record<string, unknown>) => Object.assign(new BareObject(), value)
const { value: plain } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc
      .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')), tie('value'))
      .map((o) => ({ ...o })),
    fc.dictionary(fc.string(), tie('value')).map(bare),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((members) => new Set(members)),
  ),
}))

test('plain data comes back equal in every part, with the prototypes that it had', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const json = plainJson(value, BareObject)
      assert.ok(json !== null)
      assert.deepStrictEqual(parsePlain(json, BareObject), value)
    }),
  )
})

test('what is no plain data is not kept', () => {
  for (const value of [() => 1, new Date(0), /a/, Symbol('a'), 1n, [{ a: () => 1 }], Object.create({ a: 1 })]) {
    assert.equal(plainJson(value, BareObject), null)
  }
})

test('a copy of JSON as the loader makes it reaches no prototype', () => {
  const copy = bareCopy(JSON.parse('{"a":[{"__proto__":{"b":1}}]}'), BareObject) as { a: { __proto__: unknown }[] }
  assert.ok(copy instanceof BareObject)
  assert.deepEqual(Object.keys(copy.a[0] ?? {}), ['__proto__'])
  assert.equal('toString' in copy, false)
})

test('JSON does not say all of a zero below zero', () => {
  assert.equal(isExactInJson({ a: [1, 'x', null, { b: 0 }] }), true)
  assert.equal(isExactInJson({ a: [1, { b: -0 }] }), false)
})
