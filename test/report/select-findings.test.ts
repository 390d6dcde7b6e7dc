import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Outcome } from '../../engine/domain/finding.ts'
import { cutCount, selectFindings } from '../../engine/report/select-findings.ts'
import { finding } from './sample-run.ts'

const list = (...outcomes: Outcome[]) =>
  outcomes.map((outcome, i) => finding({ id: `${i}`.padStart(16, '0'), outcome }))

test('the worst are listed, in the order of the plan', () => {
  const [one] = selectFindings(list('warn', 'fail', 'skip', 'error'), { perDeployment: 2, whole: 10 })
  assert.deepEqual(
    one?.listed.map((f) => f.outcome),
    ['fail', 'error'],
  )
  assert.deepEqual(one?.cut, { warn: 1, skip: 1 })
})

test('a waived failure stands behind an error', () => {
  const waived = finding({ id: 'w'.padStart(16, '0'), waiver: { id: 'w-1', expires: '2026-12-31' } })
  const [one] = selectFindings([waived, ...list('error')], { perDeployment: 1, whole: 10 })
  assert.deepEqual(
    one?.listed.map((f) => f.outcome),
    ['error'],
  )
})

test('places go first to the deployments with the worst findings', () => {
  const selected = selectFindings([finding({ model: 'a', outcome: 'skip' }), finding({ model: 'b' })], {
    perDeployment: 5,
    whole: 1,
  })
  assert.deepEqual(
    selected.map((d) => d.listed.length),
    [0, 1],
  )
})

test('listed and cut together are all findings that are no pass, within the limits', () => {
  const findings = fc.array(
    fc.record({
      model: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'error', 'skip'),
    }),
  )
  fc.assert(
    fc.property(findings, fc.nat(6), fc.nat(12), (shapes, perDeployment, whole) => {
      const all = shapes.map((shape) => finding(shape))
      const selected = selectFindings(all, { perDeployment, whole })
      const listed = selected.reduce((sum, d) => sum + d.listed.length, 0)
      const cut = selected.reduce((sum, d) => sum + cutCount(d.cut), 0)
      assert.equal(listed + cut, all.filter((f) => f.outcome !== 'pass').length)
      assert.ok(listed <= whole && selected.every((d) => d.listed.length <= perDeployment))
    }),
  )
})
