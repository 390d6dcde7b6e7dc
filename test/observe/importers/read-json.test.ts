// The reader of JSON: what JSON.parse reads it reads alike, Python's bare words besides; doubled keys and depth it refuses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../../engine/observe/importers/imported.ts'
import { readJson } from '../../../engine/observe/importers/read-json.ts'

const refusal = (why: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.equal(error.why, why)
  assert.match(error.message, words)
  return true
}

test('law: it reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      assert.deepEqual(readJson(text), JSON.parse(text))
    }),
    { numRuns: 200 },
  )
})

test('law: an object that is cut off anywhere is refused', () => {
  const text = '{"a": [1, -2.5e3, "x\\u00e9\\"", NaN, true], "b": {"c": null, "d": "ção"}}'
  for (let end = 0; end < text.length; end++) {
    assert.throws(() => readJson(text.slice(0, end)), Refusal, `at ${end}`)
  }
})

test('law: whatever stands in a text, it is read or refused', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', '-', 'e', '\\', 'NaN', 'null', ' ', '\n', 'é')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        readJson(pieces.join(''))
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('bare words of Python are numbers', () => {
  assert.deepEqual(readJson('[NaN, Infinity, -Infinity, 1e999]'), [NaN, Infinity, -Infinity, Infinity])
})

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['{"a":1,"a":1}', 'duplicate-key', /`a` stands twice in one object, at line 1, column 8/],
  ['{"a":{"b":1,"\\u0062":2}}', 'duplicate-key', /`b` stands twice/],
  ['{"a":1}\n{"b":2}', 'syntax', /after the end of the JSON value, at line 2, column 1/],
  ['{"a":01}', 'syntax', /`,` or `}` was expected, at line 1, column 7/],
  ["{'a':1}", 'syntax', /a key in quotes was expected/],
  ['{"a":1,}', 'syntax', /a key in quotes was expected/],
  ['{"a":"\t"}', 'syntax', /a control character stands in a string/],
  ['{"a":"\\x"}', 'syntax', /a bad escape/],
  ['{"a":"\\ud800"}', 'encoding', /half a surrogate pair/],
  ['hello', 'not-json', /a value was expected, at line 1, column 1/],
  ['['.repeat(100_000), 'depth', /deeper than 200/],
  ['{"a":'.repeat(100_000), 'depth', /deeper than 200/],
]
for (const [text, why, words] of REFUSED) {
  test(`\`${text.slice(0, 24).replace(/\s/g, ' ')}\` is refused: ${why}`, () => {
    assert.throws(() => readJson(text), refusal(why, words))
  })
}

test('a key may be called __proto__, and nothing is inherited from it', () => {
  const value = readJson('{"__proto__":{"polluted":true},"b":1}') as Record<string, unknown>
  assert.deepEqual(Object.keys(value), ['__proto__', 'b'])
  assert.equal(value.polluted, undefined)
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})
