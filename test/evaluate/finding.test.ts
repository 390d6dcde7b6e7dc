// The finding as it is printed, its id and order, and the digest of a plan (EVALUATION.md, A finding; Digest of a plan).
import assert from 'node:assert/strict'
import test from 'node:test'
import { digestOf } from '../../engine/base/canonical-json.ts'
import { modelDigest, planDigest } from '../../engine/evaluate/digest.ts'
import { findingId } from '../../engine/evaluate/finding.ts'
import { judge, onlyFinding } from './judge-world.ts'
import { auc, card, metricRule, policy, rulebook, snapshot, waiver } from './small-world.ts'

const AT_LEAST = { op: 'atLeast', limit: 0.7 } as const
const AUC = metricRule({ metric: 'performance.auc', comparison: AT_LEAST })

test('a finding has the fields of the contract, in its order', () => {
  const book = rulebook([policy([AUC], { controls: ['lgpd/art-20'] })], { waivers: [waiver()] })
  const judged = snapshot(0, [auc(0.5, { n: 900, interval: [0.4, 0.6] })])
  const finding = onlyFinding({ rulebook: book, snapshots: [judged] })
  const expected = {
    id: digestOf(['m', '1.0.0', 'production', 'p', 'r', null]).slice(7, 23),
    policy: 'p',
    rule: 'r',
    model: 'm',
    version: '1.0.0',
    environment: 'production',
    subject: null,
    outcome: 'fail',
    value: 0.5,
    limit: 0.7,
    margin: 0.5 - 0.7,
    unit: 'share',
    n: 900,
    interval: [0.4, 0.6],
    severity: 'high',
    enforcement: 'mandatory',
    controls: ['lgpd/art-20'],
    waiver: { id: 'w', expires: '2026-11-30' },
    message: 'metric performance.auc: 0.50, required: at least 0.70',
    file: 'policies/p.yaml',
    line: 7,
    column: 5,
    window: judged.snapshot.window,
    evidence: judged.digest,
  }
  assert.equal(JSON.stringify(finding), JSON.stringify(expected))
})

test('an id is of the deployment, policy, rule and subject text, and of nothing else', () => {
  const of = { model: 'm', version: '1.0.0', environment: 'production', policy: 'p', rule: 'r', subject: 'sex=F' }
  assert.equal(findingId(of), digestOf(['m', '1.0.0', 'production', 'p', 'r', 'sex=F']).slice(7, 23))
  assert.notEqual(findingId({ ...of, subject: null }), findingId({ ...of, subject: 'null' }))
})

test('half a surrogate pair in a subject stops nothing', () => {
  const rule = metricRule({ metric: 'sla.latency_p95_ms', each: 'endpoint', comparison: AT_LEAST })
  const snapshots = [snapshot(0, [{ metric: 'sla.latency_p95_ms', endpoint: '/a', value: 0.1 }])]
  const judged = judge({ rulebook: rulebook([policy([rule])]), snapshots }).map((j) => ({
    ...j,
    findings: j.findings.map((f) => ({ ...f, subject: { endpoint: '/\ud800' } })),
  }))
  assert.match(planDigest(modelDigest(judged)), /^sha256:[0-9a-f]{64}$/)
  assert.match(
    findingId({ model: 'm', version: null, environment: 'none', policy: 'p', rule: 'r', subject: '\ud800' }),
    /^[0-9a-f]{16}$/,
  )
})

test('findings stand in the order of policy, rule, subject, by code point', () => {
  const psi = (id: string) =>
    metricRule({ id, metric: 'drift.psi', each: 'feature', comparison: { op: 'atMost', limit: 0 } })
  const names = ['b', 'B', 'a', '\u{1F600}', '\uFB01', 'á']
  const features = names.map((name) => ({ name, type: 'number' as const }))
  const loaded = card({ data: { kind: 'binary', prediction: 'y', features } })
  const book = rulebook([policy([psi('z'), psi('a')], { id: 'q' }), policy([AUC], { id: 'p' })])
  const order = judge({ rulebook: book, loaded }).flatMap((j) =>
    j.findings.map((f) => [f.policy, f.rule, f.subject?.feature]),
  )
  const sorted = ['B', 'a', 'b', 'á', '\uFB01', '\u{1F600}']
  assert.deepEqual(order, [
    ['p', 'r', undefined],
    ...['a', 'z'].flatMap((rule) => sorted.map((name) => ['q', rule, name])),
  ])
})

test('the digest of a plan is made as the contract says', () => {
  const book = rulebook([policy([AUC])], { waivers: [waiver()] })
  const judged = judge({ rulebook: book, snapshots: [snapshot(0, [auc(0.5)])] })
  const { findings: _, ...verdict } = judged[0]?.verdict ?? { findings: [] }
  const d = digestOf([verdict, [['p', 'r', null, 'fail', null, 0.5, 0.7, 'w']]])
  assert.deepEqual(modelDigest(judged), [['m', 'production', '1.0.0', d]])
  assert.equal(planDigest(modelDigest(judged)), digestOf([['m', 'production', '1.0.0', d]]))
})

test('neither language nor passes change the digest, and any outcome does', () => {
  const book = rulebook([policy([AUC])])
  const digest = (value: number, more: Partial<Parameters<typeof judge>[0]> = {}) =>
    planDigest(modelDigest(judge({ rulebook: book, snapshots: [snapshot(0, [auc(value)])], ...more })))
  assert.equal(digest(0.5, { language: 'pt' }), digest(0.5))
  assert.equal(digest(0.9, { keep: 'not-pass' }), digest(0.9))
  assert.notEqual(digest(0.5), digest(0.51))
})

test('parts of a plan come in any order', () => {
  const parts = [
    ['b', 'production', '1', 'sha256:1'],
    ['a', 'production', null, 'sha256:2'],
    ['a', 'none', null, 'sha256:3'],
  ] as const
  assert.equal(planDigest(parts), planDigest([...parts].reverse()))
  assert.equal(planDigest(parts), digestOf([parts[2], parts[1], parts[0]]))
})
