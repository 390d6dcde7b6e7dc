// The bundled example, judged month by month: the policies load without a word, and find what is really in the data.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openFolderTree } from '../../engine/adapters/git/open-store.ts'
import type { Judgement } from '../../engine/domain/finding.ts'
import { judgeRepository } from '../../engine/judge-repository.ts'
import { PROJECT } from './counts-csv.ts'

const tree = openFolderTree(PROJECT)

function judge(day: string) {
  const now = Date.parse(`${day}T12:00:00Z`)
  return judgeRepository({ tree, now, language: 'en', keep: 'not-pass', windowsAfterNow: 'leave-out' })
}

function judgementOf(model: string, day: string): Judgement {
  const found = judge(day).models.find(({ id }) => id === model)?.judgements[0]
  assert.ok(found, `${model} is judged`)
  return found
}

/** `fail policy/rule subject`, waived ones as `waived`. */
function saidOf({ findings }: Judgement): string[] {
  return findings
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'error')
    .map((f) => {
      const subject = f.subject?.attribute ?? f.subject?.feature
      const word = f.waiver === undefined ? f.outcome : 'waived'
      return `${word} ${f.policy}/${f.rule}${subject === undefined ? '' : ` ${subject}`}`
    })
}

test('the bundled policies, cards and snapshots have no problem on the day after the last window', () => {
  const { diagnostics, rulebook } = judge('2015-01-02')
  assert.deepEqual(
    diagnostics.filter(({ code }) => code !== 'evaluate/unused-waiver'),
    [],
  )
  assert.equal(rulebook.frameworks.length, 8)
})

test('every policy binds in production, speaks both languages, names its controls and whom it tells', () => {
  const { rulebook } = judge('2015-01-02')
  const production = rulebook.enforcement.get('production')
  for (const policy of rulebook.policies) {
    assert.ok(production?.has(policy.id), `${policy.id} has an enforcement`)
    assert.ok(policy.message.pt && policy.message.en, `${policy.id} has both messages`)
    assert.ok(policy.controls.length > 0 && policy.notify.length > 0, `${policy.id} has controls and routes`)
  }
})

test('nobody has checked a control against the official text, and none says so', () => {
  const controls = judge('2015-01-02').rulebook.frameworks.flatMap((framework) => framework.controls)
  assert.deepEqual(
    controls.filter(({ sourcing }) => sourcing !== 'secondary' && sourcing !== 'open'),
    [],
  )
})

const CREDIT: readonly [day: string, outcome: string, demand: string, fails: readonly string[]][] = [
  ['2004-11-02', 'warn', 'none', []],
  ['2004-12-02', 'warn', 'none', []],
  ['2005-01-03', 'fail', 'none', ['fail credit-inputs/feature-shift jobs_retained']],
  [
    '2005-02-02',
    'fail',
    'retrain',
    [
      'fail credit-calibration/log-loss-rise',
      'fail credit-inputs/feature-shift jobs_created',
      'fail credit-inputs/feature-shift jobs_retained',
      'fail performance/auc-drop',
    ],
  ],
]

test('the credit model decays: a warning in December 2004, a demand to retrain in January 2005', () => {
  for (const [day, outcome, demand, fails] of CREDIT) {
    const judgement = judgementOf('small-business-credit', day)
    assert.deepEqual([judgement.verdict.outcome, judgement.verdict.demand], [outcome, demand], day)
    assert.deepEqual(saidOf(judgement), fails, day)
    assert.equal(judgement.verdict.blocks, false, day)
  }
})

test('in February 2006 it ranks no better than the floor allows: mandatory, so it blocks and demands a hold', () => {
  const judgement = judgementOf('small-business-credit', '2006-03-02')
  assert.ok(saidOf(judgement).includes('fail performance-floor/auc-floor'))
  assert.deepEqual([judgement.verdict.blocks, judgement.verdict.demand], [true, 'hold'])
})

test('without a measurement for years nothing passes: every figure is stale, and that blocks', () => {
  const judgement = judgementOf('small-business-credit', '2013-05-02')
  const measured = judgement.findings.filter(({ cause }) => cause === 'stale')
  assert.ok(measured.length > 20 && measured.every(({ outcome }) => outcome === 'error'))
  assert.equal(judgement.verdict.blocks, true)
})

test('COMPAS: unfair from the second month on, excused for ages while the waiver holds, and no day longer', () => {
  const may = saidOf(judgementOf('compas', '2013-06-02'))
  assert.deepEqual(may, ['fail fairness/adverse-rate-gap age_cat'])
  const september = saidOf(judgementOf('compas', '2013-10-01'))
  for (const attribute of ['age_cat', 'race'])
    assert.ok(september.includes(`fail fairness/adverse-rate-gap ${attribute}`))
  assert.deepEqual(saidOf(judgementOf('compas', '2013-12-02')), ['waived fairness/adverse-rate-gap age_cat'])
  assert.equal(judgementOf('compas', '2013-12-02').verdict.outcome, 'warn')
  const december = saidOf(judgementOf('compas', '2014-01-02'))
  assert.ok(december.includes('fail fairness/adverse-rate-gap age_cat'))
})

test('COMPAS: the broken label of April 2014 is a failure of the label, and the AUC that is lost afterwards an error', () => {
  const april = judgementOf('compas', '2014-05-02')
  assert.ok(saidOf(april).includes('fail label-integrity/label-rate'))
  const rest = saidOf(judgementOf('compas', '2015-01-02'))
  assert.ok(rest.includes('fail label-integrity/label-rate'))
  assert.ok(rest.includes('error performance-floor/auc-floor'))
})
