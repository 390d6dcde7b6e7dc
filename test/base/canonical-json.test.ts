import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, digestOf, hashOf, sha256Hex } from '../../engine/base/canonical-json.ts'

const JCS = join(import.meta.dirname, '../../../shared/vectors/jcs')
const skip = existsSync(JCS) ? false : 'the public vectors are not beside the project'

test('the published documents have the published canonical bytes, and stay as they are the second time', {
  skip,
}, () => {
  const names = readdirSync(join(JCS, 'input'))
  assert.equal(names.length, 6)
  for (const name of names) {
    const expected = readFileSync(join(JCS, 'output', name))
    const canonical = canonicalJson(JSON.parse(readFileSync(join(JCS, 'input', name), 'utf8')))
    assert.deepEqual(Buffer.from(canonical), expected, name)
    assert.equal(canonicalJson(JSON.parse(canonical)), canonical, name)
    const hex = readFileSync(join(JCS, 'outhex', name.replace('.json', '.txt')), 'utf8').replaceAll(/\s/g, '')
    assert.equal(Buffer.from(canonical).toString('hex'), hex, name)
  }
})

test('10,000 published doubles have the published text', { skip }, () => {
  const lines = readFileSync(join(JCS, 'es6-numbers-10000.txt'), 'utf8').trimEnd().split('\n')
  assert.equal(lines.length, 10_000)
  for (const line of lines) {
    const [hex = '', expected] = line.split(',')
    const value = Buffer.from(hex.padStart(16, '0'), 'hex').readDoubleBE()
    assert.equal(canonicalJson(value), expected, hex)
  }
})

test('what has no canonical form is refused', () => {
  const refused = [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udfff': 1 }, undefined, () => 1, 1n, Symbol('s')]
  for (const value of refused) assert.throws(() => canonicalJson(value), /internal error/)
})

test('keys stand in the order of their UTF-16 units, and undefined members are left out', () => {
  assert.equal(
    canonicalJson({ '\ue000': 1, '😀': 2, b: undefined, a: -0, 10: 3, 9: 4 }),
    '{"10":3,"9":4,"a":0,"😀":2,"\ue000":1}',
  )
  assert.equal(canonicalJson(JSON.parse('{"__proto__":1,"constructor":2}')), '{"__proto__":1,"constructor":2}')
})

test('any JSON value is read back from its canonical text, whatever the order of its keys', () => {
  const property = fc.property(fc.json({ maxDepth: 4 }), (text) => {
    const value: unknown = JSON.parse(text)
    const canonical = canonicalJson(value)
    assert.deepEqual(JSON.parse(canonical), JSON.parse(JSON.stringify(value)))
    assert.equal(canonicalJson(reversed(value)), canonical)
  })
  fc.assert(property, { numRuns: 300 })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

test('digests are the SHA-256 of the canonical text', () => {
  assert.equal(digestOf({ b: 1, a: 2 }), `sha256:${sha256Hex('{"a":2,"b":1}')}`)
  assert.equal(hashOf(['x', null]), sha256Hex('["x",null]'))
  assert.equal(sha256Hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})
