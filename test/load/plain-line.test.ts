import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { readPlainLine } from '../../engine/load/plain-line.ts'
import { parseAnyLine } from '../../engine/load/snapshot-line.ts'
import { CATALOGUE, SNAPSHOT } from './snapshot-fixture.ts'

const MEASUREMENTS: readonly Measurement[] = [
  { metric: 'performance.auc', value: 0.8, interval: [0.75, 0.85], n: 100 },
  { metric: 'drift.psi', feature: 'salário [R$]', value: 0.21, n: 0, definition: 'psi/deciles' },
  {
    metric: 'fairness.demographic_parity_ratio',
    attribute: 'sex',
    value: 1,
    groups: [
      { group: 'F', n: 10, selected: 2 },
      { group: 'M', n: 12, selected: 3 },
    ],
  },
  { metric: 'fairness.selection_rate', attribute: 'sex', group: 'F', value: 2e-7 },
]
const DOCUMENTED = JSON.stringify({ ...SNAPSHOT, measurements: MEASUREMENTS })
const CANONICAL = canonicalJson({ ...SNAPSHOT, measurements: MEASUREMENTS })

/** Asserts that what is read the short way is what the long way reads; says whether it was. */
function isReadTheSame(text: string): boolean {
  const plain = readPlainLine(text, CATALOGUE)
  if (plain === null) return false
  const line = { file: 'f', number: 1, isTorn: false, bytes: () => Buffer.from(text) }
  assert.deepEqual(parseAnyLine(line, text, CATALOGUE), { kind: 'snapshot', snapshot: plain }, text)
  assert.equal(JSON.stringify(plain), JSON.stringify(JSON.parse(text)), 'in the same order')
  return true
}

describe('the short way through a snapshot line', () => {
  test('reads both orders in which lines are written, and a line without measurements', () => {
    for (const text of [DOCUMENTED, CANONICAL, canonicalJson({ ...SNAPSHOT, measurements: [] })])
      assert.ok(isReadTheSame(text), text)
  })

  const [auc] = MEASUREMENTS.map((measurement) => JSON.stringify(measurement))
  const LONG: readonly [name: string, text: string][] = [
    ['a measurement twice', DOCUMENTED.replace(`[${auc}`, `[${auc},${auc}`)],
    ['a key twice', DOCUMENTED.replace('"value":0.8', '"value":0.8,"value":0.8')],
    ['a key of a group twice', DOCUMENTED.replace('"n":10', '"n":10,"n":10')],
    ['a key of the head twice', DOCUMENTED.replace('"model":"credit"', '"model":"credit","model":"credit"')],
    ['two lists', DOCUMENTED.replace(/\}$/, ',"measurements":[]}')],
    ['a list elsewhere', DOCUMENTED.replace('"rows":{', '"rows":{"measurements":[],')],
    ['white space', DOCUMENTED.replace('"value":0.8', '"value": 0.8')],
    ['an escape', DOCUMENTED.replace('"feature":"', '"feature":"\\u0041')],
    ['an unknown metric', DOCUMENTED.replace('performance.auc', 'performance.cua')],
    ['another subject', DOCUMENTED.replace('"feature"', '"attribute"')],
    ['a value out of range', DOCUMENTED.replace('"value":1,', '"value":1.5,')],
    ['a value that is infinite', DOCUMENTED.replace('"value":0.21', '"value":1e999')],
    ['no value', DOCUMENTED.replace('"value":0.21,', '')],
    ['an interval that ends before it begins', DOCUMENTED.replace('0.75', '0.95')],
    ['a count of many digits', DOCUMENTED.replace('"n":100', '"n":1000000000000000')],
    ['a bracket in a group', DOCUMENTED.replace('"group":"M"', '"group":"]"')],
    ['an unknown field of the head', DOCUMENTED.replace('"rows"', '"raws"')],
    ['a carriage return', `${DOCUMENTED}\r`],
    ['nothing', ''],
  ]
  for (const [name, text] of LONG)
    test(`leaves to the long way: ${name}`, () => {
      assert.notEqual(text, DOCUMENTED)
      assert.equal(readPlainLine(text, CATALOGUE), null)
    })

  test('reads no line differently in which pieces were changed', () => {
    const pieces = [',', '"', ':', '{', '}', '[', ']', '0', '-1', 'e9', '.5', ' ', '\\', 'é', '\u0001', '"n":1,', ',{}']
    const names = ['"measurements":[', '"value":0.5', '"groups":[],', '"metric":"drift.psi",', 'drift.psi', 'null']
    const change = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...pieces, ...names, ''))
    let read = 0
    fc.assert(
      fc.property(
        fc.constantFrom(DOCUMENTED, CANONICAL),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (line, all) => {
          const changed = all.reduce((text, [place, cut, put]) => {
            const at = place % text.length
            return text.slice(0, at) + put + text.slice(at + cut)
          }, line)
          if (isReadTheSame(changed)) read++
        },
      ),
      { numRuns: 5000 },
    )
    assert.ok(read > 50, `only ${read} were read`)
  })
})
