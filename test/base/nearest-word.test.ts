// "Did you mean": near slips are found, strangers are not.
import assert from 'node:assert/strict'
import test from 'node:test'
import { nearestWord } from '../../engine/base/nearest-word.ts'

const WORDS = Object.freeze(['owners', 'validator', 'performance.auc', 'performance.f1', 'and', 'or'])

const TABLE: readonly [unknown: string, expected: string | undefined][] = [
  ['ownr', 'owners'],
  ['owner', 'owners'],
  ['onwers', 'owners'],
  ['Owners', 'owners'],
  ['performance.acu', 'performance.auc'],
  ['performnce.auc', 'performance.auc'],
  ['adn', 'and'],
  ['xyz', undefined],
  ['something else', undefined],
  ['', undefined],
  ['o'.repeat(101), undefined],
]
for (const [unknown, expected] of TABLE) {
  test(`\`${unknown.slice(0, 20)}\` is near ${expected}`, () => assert.equal(nearestWord(unknown, WORDS), expected))
}

test('of equally near words the first is taken', () => {
  assert.equal(nearestWord('car', ['cat', 'bar']), 'cat')
})
