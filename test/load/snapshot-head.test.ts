// The cheap reading of a head never says anything else than the full parse, however a line is twisted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { checkSnapshot } from '../../engine/load/snapshot-check.ts'
import { readSnapshotHead } from '../../engine/load/snapshot-head.ts'
import { CATALOGUE, SNAPSHOT } from './snapshot-fixture.ts'

const RICH = {
  ...SNAPSHOT,
  measurements: [
    { metric: 'performance.auc', value: 0.8, n: 100, interval: [0.7, 0.9] },
    {
      metric: 'fairness.demographic_parity_ratio',
      attribute: 'sex',
      value: 0.9,
      groups: [
        { group: 'F', n: 8 },
        { group: 'M', n: 9 },
      ],
    },
    { metric: 'drift.psi', feature: 'income', value: 0.1, definition: 'psi/reference-deciles/eps=1e-4' },
  ],
}
const { measurements, ...FRONT } = RICH
const FORMS = [canonicalJson(RICH), JSON.stringify({ ...FRONT, measurements })]

const WINDOW = '"window":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"}'
/** What could fool a reader that looks at the ends of a line only. */
const PIECES = [
  `],${WINDOW},"x":[`,
  `}],${WINDOW},"measurements":[{`,
  `,${WINDOW}`,
  WINDOW,
  `"groups":[${WINDOW}`,
  '"interval":[',
  '"groups":[',
  '[',
  ']',
  '{',
  '}',
  ']}',
  '"',
  '\\"',
  '\\u0077',
  ',',
  ':',
  ' ',
  '"a":1,',
  '"a]"',
  '"["',
  '"],"',
  '{}',
  '[]',
  '"supersedes":"x",',
  '"version":"9",',
  'é',
]

function agree(line: string): boolean {
  const head = readSnapshotHead(Buffer.from(line).toString('latin1'))
  if (head === null) return false
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return false // Told when it is parsed; until then it stands for nothing.
  }
  const said = value as typeof SNAPSHOT
  const { model, version, environment, purpose, window, supersedes } = head
  assert.deepEqual(
    { model, version, environment, purpose, window, supersedes },
    {
      model: said.model,
      version: said.version,
      environment: said.environment,
      purpose: said.purpose,
      window: said.window,
      supersedes: said.supersedes ?? null,
    },
    line,
  )
  const ofHead = checkSnapshot(value, CATALOGUE).filter(
    ({ path, code }) => path[0] !== 'measurements' && code !== 'load/window-order',
  )
  assert.deepEqual(ofHead, [], line)
  return true
}

test('both written forms are read without a parse', () => {
  for (const form of FORMS) assert.equal(agree(form), true)
})

test('any pieces put anywhere into a line are read as the full parse reads them, or not at all', () => {
  let cheap = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...FORMS),
      fc.array(fc.tuple(fc.nat(1200), fc.constantFrom(...PIECES), fc.nat(3)), { minLength: 1, maxLength: 4 }),
      (form, edits) => {
        let line = form
        for (const [at, piece, cut] of edits) line = line.slice(0, at) + piece + line.slice(at + cut)
        if (agree(line)) cheap++
      },
    ),
    { numRuns: 3000 },
  )
  assert.ok(cheap > 20, `only ${cheap} lines were read cheaply`)
})

test('a line that closes its measurements early is never read cheaply', () => {
  for (const form of FORMS) {
    for (let at = form.indexOf('"measurements":[') + 16; at <= form.length; at++) {
      for (const piece of [`],${WINDOW},"x":[`, `}],${WINDOW},"x":[{`, `}],${WINDOW},"groups":[{"group":"x"`])
        agree(form.slice(0, at) + piece + form.slice(at))
    }
  }
})

test('brackets in strings that balance an array closed early are seen', () => {
  const forged = (open: string, close: string) => {
    const first = `{"group":"${open}","metric":"performance.auc","value":0}`
    const inner = `${first}],${WINDOW},"x":[{"group":"${close}"}`
    return FORMS.map((form) => form.replace(/"measurements":\[.*\](?=}$|,"model")/, `"measurements":[${inner}]`))
  }
  for (const line of [
    ...forged('[', ']'),
    ...forged('[', '],'),
    ...forged('\\"groups\\":[', ']}'),
    ...forged('x', 'y'),
  ]) {
    assert.ok(Object.hasOwn(JSON.parse(line), 'x'), line)
    assert.equal(readSnapshotHead(line), null, line)
  }
})
