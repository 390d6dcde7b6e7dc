// Random snapshots for the laws of evaluation. Values are few, so that limits are hit and ties happen.
import * as fc from 'fast-check'
import { digestOf } from '../../engine/base/canonical-json.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import type { StoredSnapshot } from '../reference-evaluator/repository.ts'
import { DAY, snapshot } from './small-world.ts'

export const VALUE = fc.constantFrom(0, 0.01, 0.04, 0.05, 0.2, 0.5, 0.7, 0.75, 0.8, 0.85, 1)
export const LIMIT = fc.constantFrom(0.05, 0.2, 0.7, 0.75, 0.8)
export const FEATURES = ['income', 'age', 'region'] as const
export const ATTRIBUTES = ['sex', 'race'] as const
export const PAIRS = ['sex × race', 'sex × age'] as const
export const GROUPS = ['F', 'M', 'missing'] as const
export const ENDPOINTS = ['/v1/score', '/v1.2/score'] as const
export const MODELS = ['m', 'n'] as const
export const SHARE_METRICS = ['performance.auc', 'sla.error_rate'] as const

/** Present or absent, without a key of value undefined. */
export function maybe<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> {
  return fc.oneof(fc.constant({} as Partial<T>), arbitrary)
}

/** Once in `times`, else nothing. */
export function rarely<T extends object>(value: T, times: number): fc.Arbitrary<Partial<T>> {
  return fc.constantFrom<Partial<T>>(value, ...Array.from({ length: times - 1 }, () => ({})))
}

export function mostly<T>(value: T, other: T): fc.Arbitrary<T> {
  return fc.constantFrom(other, ...Array.from({ length: 7 }, () => value))
}

type OfSubject = Pick<Measurement, 'metric' | 'feature' | 'attribute' | 'group' | 'endpoint'>

const SUBJECTS: readonly OfSubject[] = [
  ...SHARE_METRICS.map((metric) => ({ metric })),
  ...['drift.psi', 'drift.ks_p'].flatMap((metric) => FEATURES.map((feature) => ({ metric, feature }))),
  { metric: 'drift.psi', feature: 'sex' },
  ...[...ATTRIBUTES, ...PAIRS].map((attribute) => ({ metric: 'fairness.demographic_parity_ratio', attribute })),
  ...ATTRIBUTES.flatMap((attribute) =>
    GROUPS.map((group) => ({ metric: 'fairness.selection_rate', attribute, group })),
  ),
  { metric: 'fairness.selection_rate', group: 'sex=F|race=B' },
  ...ENDPOINTS.map((endpoint) => ({ metric: 'sla.latency_p95_ms', endpoint })),
]

const groupCount = fc.record(
  { group: fc.constantFrom(...GROUPS), n: fc.constantFrom(5, 50, 199, 200, 900), suppressed: fc.boolean() },
  { requiredKeys: ['group', 'n'] },
)

const measured: fc.Arbitrary<Omit<Measurement, 'metric'>> = fc
  .tuple(
    fc.oneof({ weight: 12, arbitrary: VALUE }, { weight: 1, arbitrary: fc.constant(null) }),
    fc.constantFrom({ n: 50 }, { n: 200 }, { n: 200 }, { n: 1000 }, { n: 1000 }, {}),
    maybe(fc.record({ interval: fc.tuple(VALUE, VALUE).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const) })),
    maybe(fc.record({ level: fc.constantFrom(0.9, 0.95) })),
    rarely({ definition: 'other' }, 60),
    maybe(fc.record({ reference: VALUE })),
    fc.uniqueArray(groupCount, { selector: (g) => g.group, maxLength: 3 }),
  )
  .map(([value, n, interval, level, definition, reference, groups]) => ({
    value,
    ...(value === null && { reason: 'no labels' }),
    ...n,
    ...(value !== null && interval),
    ...level,
    ...definition,
    ...reference,
    ...(groups.length > 0 && { groups }),
  }))

/** Most subjects of most metrics; groups only where a measurement has them. */
const measurements: fc.Arbitrary<Measurement[]> = fc
  .tuple(
    fc.subarray([...SUBJECTS], { minLength: SUBJECTS.length - 6 }),
    fc.array(measured, { minLength: SUBJECTS.length, maxLength: SUBJECTS.length }),
  )
  .map(([subjects, values]) =>
    subjects.map((subject, i) => {
      const { groups, ...value } = values[i] ?? { value: null }
      const hasGroups = subject.attribute !== undefined && subject.group === undefined && groups !== undefined
      return { ...subject, ...value, ...(hasGroups && { groups }) }
    }),
  )

/** Windows of one day, some of seven that end on the same one; a few of other versions, places and purposes. */
const storedSnapshot: fc.Arbitrary<StoredSnapshot> = fc
  .tuple(
    fc.constantFrom(0, 0, 1, 1, 2, 2, 3, 4, 5, 9, -1),
    measurements,
    mostly('m', 'n'),
    mostly('1.0.0', '1.1.0'),
    mostly('production', 'staging'),
    fc.constantFrom('monitoring', 'monitoring', 'monitoring', 'monitoring', 'baseline', 'validation'),
    rarely({ long: true }, 5),
  )
  .map(([day, list, model, version, environment, purpose, { long = false }]) => {
    const plain = snapshot(day, list, { model, version, environment, purpose })
    if (!long) return plain
    const start = new Date(Date.parse(plain.snapshot.window.start) - 6 * DAY).toISOString().replace('.000', '')
    return snapshot(day, list, { model, version, environment, purpose, window: { ...plain.snapshot.window, start } })
  })

/** Some are corrected; twice the same measurement in a window is left out, as it would be a diagnostic. */
export const snapshots: fc.Arbitrary<StoredSnapshot[]> = fc
  .tuple(
    fc.array(storedSnapshot, { minLength: 4, maxLength: 14, size: 'max' }),
    fc.array(fc.nat(20), { maxLength: 2 }),
    measurements,
  )
  .map(([list, corrected, others]) => {
    const corrections = corrected.flatMap((at) => {
      const wrong = list[at % Math.max(1, list.length)]
      if (wrong === undefined) return []
      const { digest, snapshot: s } = wrong
      return [restore({ ...s, measurements: others, supersedes: digest })]
    })
    return withoutTwice([...list, ...corrections])
  })

function restore(s: StoredSnapshot['snapshot']): StoredSnapshot {
  return { digest: digestOf(s), file: 'models/snapshots/s.ndjson', line: 2, snapshot: s }
}

function withoutTwice(list: readonly StoredSnapshot[]): StoredSnapshot[] {
  const seen = new Set<string>()
  return list.map(({ snapshot: s }) => {
    const kept = s.measurements.filter((m) => {
      const of = [s.model, s.version, s.environment, s.purpose, s.window.start, s.window.end]
      const key = JSON.stringify([...of, m.metric, m.feature, m.attribute, m.group, m.endpoint, m.definition])
      return !seen.has(key) && seen.add(key)
    })
    return restore({ ...s, measurements: kept })
  })
}
