// The checks by hand and the published schema: what the schema refuses, the checks refuse; what they refuse beyond it is
// listed here, since a schema cannot say it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkMeasurement } from '../../engine/load/measurement-check.ts'
import { isPlain } from '../../engine/load/plain-measurement.ts'
import { checkSnapshot } from '../../engine/load/snapshot-check.ts'
import { validatorOf } from '../../engine/load/validators.ts'
import { CATALOGUE, SNAPSHOT } from './snapshot-fixture.ts'

const RICH = {
  ...SNAPSHOT,
  supersedes: SNAPSHOT.source.digest,
  measurements: [
    { metric: 'performance.auc', value: 0.8, n: 100, interval: [0.7, 0.9], level: 0.95, reference: 0.9 },
    { metric: 'fairness.selection_rate', attribute: 'sex', group: 'F', value: null, reason: 'empty' },
    {
      metric: 'fairness.demographic_parity_ratio',
      attribute: 'sex',
      value: 0.9,
      groups: [{ group: 'F', n: 8, suppressed: true }],
    },
    { metric: 'drift.psi', feature: 'income', value: 0.1, definition: 'psi/x' },
  ],
}

/** Codes that only the checks can give. */
const BEYOND = new Set([
  'load/unknown-metric',
  'load/wrong-subject',
  'load/out-of-range',
  'load/duplicate-measurement',
  'load/window-order',
  'load/bad-instant',
  'load/bad-interval',
  'load/not-finite',
])
const VALUES = [
  null,
  true,
  0,
  -1,
  0.5,
  2,
  2 ** 60,
  '',
  ' ',
  'x',
  'a b',
  '0.8',
  [],
  {},
  [1],
  [2, 1],
  { a: 1 },
  '2026-11-21T00:00:00Z',
  '2026-02-30T00:00:00Z',
  'performance.auc',
  'nothing.known',
  `sha256:${'a'.repeat(64)}`,
]

type Place = { readonly holder: unknown; readonly key: string | number }

/** Every place of a value that can be replaced or removed, and some where a field can be added. */
function placesOf(value: unknown, holder: unknown = null, key: string | number = ''): Place[] {
  const here: Place[] = holder === null ? [] : [{ holder, key }]
  if (typeof value !== 'object' || value === null) return here
  const inner = Object.entries(value).flatMap(([name, v]) =>
    placesOf(v, value, Array.isArray(value) ? Number(name) : name),
  )
  return Array.isArray(value) ? [...here, ...inner] : [...here, ...inner, { holder: value, key: 'added' }]
}

test('the checks and the published schema agree on every small change of a good snapshot', () => {
  const validate = validatorOf('snapshot')
  assert.deepEqual(checkSnapshot(RICH, CATALOGUE), [])
  assert.equal(validate(RICH), true)
  const count = placesOf(RICH).length
  let refused = 0
  let plain = 0
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(count), fc.option(fc.constantFrom(...VALUES), { nil: undefined })), {
        minLength: 1,
        maxLength: 2,
      }),
      (edits) => {
        const twisted = structuredClone(RICH)
        for (const [at, value] of edits) {
          const place = placesOf(twisted)[at]
          if (place === undefined) continue
          const { holder, key } = place as { holder: Record<string | number, unknown>; key: string | number }
          if (value === undefined && !Array.isArray(holder)) delete holder[key]
          else holder[key] = structuredClone(value) ?? null
        }
        const told = checkSnapshot(twisted, CATALOGUE)
        plain += holdTogether(twisted.measurements)
        if (validate(twisted)) {
          const unexplained = told.filter(
            ({ code, path }) => !BEYOND.has(code) && !isFigureOfGroup(path) && !isUnsafe(code),
          )
          assert.deepEqual(unexplained, [])
        } else {
          refused++
          assert.notDeepEqual(told, [], JSON.stringify(validate.errors))
        }
      },
    ),
    { numRuns: 1500 },
  )
  assert.ok(refused > 300 && plain > 300)
})

/** The schema leaves the figures of a group open. */
const isFigureOfGroup = (path: readonly (string | number)[]) => path[2] === 'groups' && path.length === 5
/** Whole numbers beyond 2^53 and long or control characters are no matter of the schema. */
const isUnsafe = (code: string) => code === 'load/bad-number'

test('what a snapshot lacks is told with what it belongs to', () => {
  const bare = { ...SNAPSHOT, source: { tool: 'sql' }, measurements: [{ n: 3 }] }
  Reflect.deleteProperty(bare, 'version')
  const told = checkSnapshot(bare, CATALOGUE)
    .filter(({ code }) => code === 'load/missing-field')
    .map(({ message }) => message)
    .sort()
  assert.deepEqual(told, [
    '`measurements[0]` lacks `metric`',
    '`measurements[0]` lacks `value`',
    '`source` lacks `digest`',
    '`source` lacks `version`',
    'the snapshot lacks `version`',
  ])
})

/** What goes the short way has nothing wrong the long way; the number that went it. */
function holdTogether(measurements: unknown): number {
  const list: readonly unknown[] = Array.isArray(measurements) ? measurements : []
  const plain = list.filter((m): m is Record<string, unknown> => isPlain(m, CATALOGUE))
  for (const m of plain)
    checkMeasurement(m, [], CATALOGUE, (problem) => assert.fail(`${problem.code} in ${JSON.stringify(m)}`))
  return plain.length
}
