import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Finding, Outcome } from '../../engine/domain/finding.ts'
import type { PreviousRun } from '../../engine/domain/recorded-run.ts'
import { renderReport } from '../../engine/report/render-report.ts'
import { action, card, finding, plan, policy, reportInput, rulebook, verdict, waiver } from './sample-run.ts'

const earlier = (findings: readonly Finding[]): PreviousRun => ({
  run: '99887766554433aa',
  path: 'reports/2026-11-21/99887766554433aa',
  plan: plan(findings, { now: '2026-11-21T06:00:00Z', run: '99887766554433aa' }),
  findingsIn: new Map(),
  demands: [],
  notices: [],
  former: [],
})
const headings = (report: string) => report.split('\n').filter((line) => line.startsWith('## '))
const missing = (() => {
  const {
    value: _,
    margin: __,
    n: ___,
    ...rest
  } = finding({ id: 'b'.repeat(16), outcome: 'error', cause: 'missing', message: 'sem medição de idade' })
  return rest
})()

test('the first section is what changed, the second what is demanded, then the findings', () => {
  assert.deepEqual(headings(renderReport(reportInput(), 'pt')), [
    '## 1. O que mudou desde a última execução',
    '## 2. O que se exige, de quem e até quando',
    '## 3. Achados',
    '## 4. Controles que estes achados afetam',
    '## 5. Cobertura e o que não se sabe',
    '## 6. Exceções',
    '## 7. Método',
  ])
  assert.equal(headings(renderReport(reportInput(), 'en')).length, 7)
})

test('the head says how to recompute the digest: commit, now and command', () => {
  const report = renderReport(reportInput(), 'en')
  assert.match(
    report,
    /`tutela plan --ref 5c8b5d1f0c9e8b7a6d5c4b3a29181706f5e4d3c2 --now 2026-11-22T06:00:00Z --format json`/,
  )
  assert.match(report, /`sha256:e{64}`/)
  assert.match(report, /2026-11-22 03:00 \(`America\/Sao_Paulo`\)/)
})

test('numbers, days and words are Brazilian in Portuguese and plain in English', () => {
  const pt = renderReport(reportInput(), 'pt')
  const en = renderReport(reportInput(), 'en')
  assert.match(
    pt,
    /\| \*\*reprovado\*\* \| `impact-ratio` \| `sex` \| 0,742 \| ≥ 0,80 \| -0,058 \| 18\.234 \| 21\/11\/2026 \|/,
  )
  assert.match(
    en,
    /\| \*\*fail\*\* \| `impact-ratio` \| `sex` \| 0\.742 \| ≥ 0\.80 \| -0\.058 \| 18,234 \| 2026-11-21 \|/,
  )
})

test('a demand names its owner, its due day in business days, its escalation and its proposal', () => {
  const report = renderReport(reportInput({ plan: plan([finding()], { actions: [action()] }) }), 'pt')
  assert.match(
    report,
    /\| \*\*25\/11\/2026\*\*, exigido desde 22\/11\/2026; depois, reverter a partir de 02\/12\/2026 \| `team:credit-models` \| \*\*retreinar\*\* \(bloqueia\)/,
  )
  assert.match(report, /`ababababab`, aberta por esta execução/)
})

test('a deadline counts from the run that first recorded the demand, and then is overdue', () => {
  const previous = {
    ...earlier([finding()]),
    demands: [{ model: 'credit-default', environment: 'production', action: 'retrain', since: '2026-11-10T06:00:00Z' }],
  } as const
  const report = renderReport(reportInput({ previous }), 'en')
  assert.match(report, /\*\*2026-11-13\*\* \(overdue\), demanded since 2026-11-10/)
})

test('changes are told by kind: worse, new, resolved, and what is not judged any more', () => {
  const gone = finding({ id: '1'.repeat(16), subject: { attribute: 'age' } })
  const dropped = finding({ id: '2'.repeat(16), rule: 'old-rule', subject: { attribute: 'race' } })
  const warned = finding({ outcome: 'warn' })
  const previous = earlier([warned, gone, dropped])
  const before = {
    ...previous,
    plan: { ...previous.plan, verdicts: [verdict([warned], { outcome: 'warn', blocks: false })] },
  }
  const report = renderReport(
    reportInput({ previous: before, fileChanges: [{ kind: 'policy', id: 'credit-fairness', how: 'changed' }] }),
    'en',
  )
  assert.match(report, /\*\*Verdicts that got worse\*\* \(1\)\n\n- .*warning → fail, now blocks/)
  assert.match(report, /\*\*Findings with another outcome\*\* \(1\)\n\n- .*`sex`: warning → fail/)
  assert.match(report, /\*\*Resolved findings \(pass now\)\*\* \(1\)\n\n- .*`age`/)
  assert.match(report, /\*\*Findings not judged any more \(this is not a pass\)\*\* \(1\)\n\n- .*old-rule/)
  assert.match(report, /- policy `credit-fairness`: changed/)
})

test('a run without changes says so, and the first run that there is nothing to compare with', () => {
  assert.match(renderReport(reportInput({ previous: earlier([finding()]) }), 'en'), /Nothing changed: verdicts/)
  assert.match(renderReport(reportInput(), 'en'), /first recorded run: there is nothing to compare with/)
})

test('nothing conforms for lack of data: missing, skipped, unproven and waived checks have their own states', () => {
  const states: readonly (readonly [Finding, string])[] = [
    [missing, 'insufficient evidence'],
    [finding({ outcome: 'skip', cause: 'sample' }), 'insufficient evidence'],
    [finding({ outcome: 'warn', margin: -0.01 }), 'insufficient evidence'],
    [finding({ outcome: 'warn', cause: 'sample', margin: 0.1 }), 'insufficient evidence'],
    [finding({ waiver: { id: 'w-1', expires: '2026-12-31' } }), 'not conforming'],
    [finding({ outcome: 'warn', value: 0.82, margin: 0.02 }), 'conforming'],
  ]
  for (const [one, state] of states)
    assert.match(renderReport(reportInput({ plan: plan([one]) }), 'en'), new RegExp(`\`3\\.2\\.0\`: ${state}\n`))
})

test('a waived failure says so where its outcome stands, with who approved it and until when', () => {
  const waived = plan([finding({ waiver: { id: 'w-1', expires: '2026-12-31' } })])
  const known = renderReport(reportInput({ plan: waived, rulebook: rulebook({ waivers: [waiver()] }) }), 'en')
  assert.match(
    known,
    /\| \*\*fail, waived\*\* \| `impact-ratio` .*waived by `w-1`, approved by `user:lia`, until 2026-12-31;/,
  )
  assert.match(
    renderReport(reportInput({ plan: waived }), 'pt'),
    /\| \*\*reprovado, com exceção\*\* .*com a exceção `w-1` até 31\/12\/2026;/,
  )
})

test('a deployment without any check, and one to which no policy applies, do not conform', () => {
  const noChecks = verdict([], { outcome: 'pass', passes: 0 })
  const noPolicy = verdict([], { model: 'other', outcome: 'skip', cause: 'no-policy', passes: 0 })
  const report = renderReport(reportInput({ plan: plan([], { verdicts: [noChecks, noPolicy] }) }), 'en')
  assert.match(report, /\| conforming \| 0 of 2/)
  assert.match(report, /\| insufficient evidence \| 1 of 2/)
  assert.match(report, /\| not applicable \| 1 of 2/)
})

test('errors that block stand with those who must repair them', () => {
  const report = renderReport(reportInput({ plan: plan([missing]) }), 'pt')
  assert.match(report, /### Medições a corrigir[\s\S]*`team:credit-models`[\s\S]*`credit-fairness`: sem medição \(1\)/)
})

test('waivers are told with their standing: in force, about to expire, unused, future, expired', () => {
  const waivers = [
    waiver(),
    waiver({ id: 'w-soon', expires: '2026-11-30' }),
    waiver({ id: 'w-idle' }),
    waiver({ id: 'w-late', issued: '2026-12-01' }),
    waiver({ id: 'w-old', expires: '2026-11-21' }),
  ]
  const waived = finding({ waiver: { id: 'w-1', expires: '2026-12-31' } })
  const report = renderReport(reportInput({ plan: plan([waived]), rulebook: rulebook({ waivers }) }), 'en')
  assert.match(
    report,
    /`w-1` \| in force \| 2026-11-01 – 2026-12-31 .*failures: 1.*asked for by: `user:ana`, approved by: `user:lia`/,
  )
  assert.match(report, /`w-soon` \| expires within 14 days/)
  assert.match(report, /`w-idle` \| unused: excuses nothing today/)
  assert.match(report, /`w-late` \| not yet in force/)
  assert.match(report, /`w-old` \| expired: excuses nothing/)
})

test('a message in the other language is left out, unless the finding has nothing else to say', () => {
  const barred = (() => {
    const {
      value: _,
      limit: __,
      margin: ___,
      n: ____,
      ...rest
    } = finding({ rule: 'no-barred', message: 'atributos vedados: sex' })
    return rest
  })()
  const report = renderReport(reportInput({ plan: plan([finding(), barred]) }), 'en')
  assert.doesNotMatch(report, /Razão de impacto/)
  assert.match(report, /atributos vedados: sex/)
})

const HOSTILE = '|x|\n\n# y <script>@ana #1 [a](http://e.x) `z` \u202e\u200b'

test('hostile text of cards, policies, waivers and findings stays in its place', () => {
  const input = reportInput({
    plan: plan([finding({ message: HOSTILE, subject: { group: HOSTILE }, file: HOSTILE, environment: HOSTILE })], {
      actions: [action({ reason: HOSTILE })],
    }),
    cards: new Map([['credit-default', card({ title: HOSTILE, owners: [HOSTILE] })]]),
    rulebook: rulebook({
      policies: [policy({ title: HOSTILE })],
      waivers: [waiver({ reason: HOSTILE, ticket: HOSTILE, compensatingControl: HOSTILE })],
    }),
    proposals: [
      {
        id: HOSTILE,
        key: 'ab'.repeat(32),
        model: 'credit-default',
        environment: HOSTILE,
        action: 'retrain',
        openedAt: HOSTILE,
        url: HOSTILE,
      },
    ],
  })
  const report = renderReport(input, 'pt')
  const plain = renderReport(reportInput({ ...input, cards: new Map([['credit-default', card()]]) }), 'pt')
  assert.equal(headings(report).length, 7)
  assert.equal(report.split('\n').length, plain.split('\n').length)
  assert.doesNotMatch(report, /[\u202e\u200b]/)
  const outside = report.replace(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, '')
  assert.doesNotMatch(outside, /<script|@ana|http:/)
})

const anyFindings = fc
  .array(
    fc.record({
      model: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'error', 'skip'),
    }),
    { maxLength: 30 },
  )
  .map((list) => list.map((one, i) => finding({ ...one, id: i.toString(16).padStart(16, '0') })))

test('every finding that is no pass stands in the report, in the order given, and equal input gives equal bytes', () => {
  fc.assert(
    fc.property(anyFindings, (findings) => {
      const input = reportInput({ plan: plan(findings) })
      const report = renderReport(input, 'en')
      assert.equal(report, renderReport(structuredClone({ ...input }), 'en'))
      for (const { id, outcome } of findings) assert.equal(report.includes(`\`${id}\``), outcome !== 'pass')
    }),
    { numRuns: 40 },
  )
})

test('22,000 findings become a report of less than a megabyte that counts what it leaves out', () => {
  const findings = Array.from({ length: 22_000 }, (_, i) =>
    finding({
      model: `m${Math.floor(i / 22)}`,
      id: i.toString(16).padStart(16, '0'),
      outcome: i % 3 === 0 ? 'fail' : 'error',
    }),
  )
  const report = renderReport(reportInput({ plan: plan(findings) }), 'pt')
  assert.ok(report.length < 1_000_000, `${report.length}`)
  assert.match(
    report,
    /Este relatório lista 1\.000 achados, os piores de cada implantação primeiro\. Todos estão em `reports\/2026-11-22\/1122334455667788\/run\.json`/,
  )
  const failures = findings.slice(46 * 22).filter((one) => one.outcome === 'fail').length
  assert.equal(failures, 6996)
  assert.match(report, /Implantações cujos achados são apenas contados: 954\. reprovados: 6\.996, erros: 13\.992\./)
  assert.match(report, /Não listados aqui: mais 12 \(erros: 12\)\./)
})
