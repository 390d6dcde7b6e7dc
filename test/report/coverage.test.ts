// What a report says of what it could not judge: nothing that was not judged reads as a pass, and every check is counted once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Outcome } from '../../engine/domain/finding.ts'
import { renderReport } from '../../engine/report/render-report.ts'
import { card, finding, plan, reportInput, verdict } from './sample-run.ts'

const brokenVerdict = (model: string, changes = {}) =>
  verdict([], { model, outcome: 'error', cause: 'invalid', passes: 0, ...changes })

test('models whose files are broken are counted first, have somebody to repair them, and make nothing pass', () => {
  const sound = verdict([], { passes: 4 })
  const here = brokenVerdict('fraud', { blocks: true })
  const nowhere = brokenVerdict('score', { environment: 'none', version: null })
  const diagnostics = [
    {
      ...({
        file: 'models/fraud/card.yaml',
        line: 3,
        column: 5,
        severity: 'error',
        code: 'load/unknown-field',
      } as const),
      message: 'unknown field `ownr`',
      hint: 'did you mean `owners`?',
    },
  ]
  const cards = new Map([
    ['credit-default', card()],
    ['fraud', card({ id: 'fraud', owners: ['team:fraud'] })],
  ])
  const input = reportInput({ plan: plan([], { verdicts: [sound, here, nowhere], diagnostics }), cards })
  const report = renderReport(input, 'pt')
  assert.match(
    report,
    /\*\*Modelos de que nada se pôde avaliar, porque seus arquivos são inválidos: 2 de 3 \(66,7 %\)\.\*\*/,
  )
  assert.match(report, /\| evidência insuficiente \| 1 de 2/)
  assert.match(
    report,
    /\| `team:fraud` \| `fraud` · `production` · `3\.2\.0` \| \*\*corrigir o arquivo\*\* \(bloqueia\) \| `models\/fraud\/card\.yaml:3:5` unknown field `ownr` \|/,
  )
  assert.match(report, /\| não se sabe: a ficha não pode ser lida \| `score` · sem implantação \|/)
  assert.match(report, /Todas as verificações feitas foram aprovadas\. Modelos de que nada foi avaliado: 2\./)
  assert.match(report, /Nada foi avaliado destes modelos, porque seus arquivos são inválidos: `fraud`, `score`\./)
  assert.match(report, /\| Modelos cadastrados \| 3 \|/)
  assert.match(report, /`load\/unknown-field` \(erro\): unknown field `ownr`/)
  assert.doesNotMatch(report, /Nada é exigido|Todas as verificações foram aprovadas/)
})

test('a model that is not deployed is no deployment', () => {
  const alone = verdict([], { environment: 'none', version: null, passes: 2 })
  const report = renderReport(reportInput({ plan: plan([], { verdicts: [alone] }) }), 'pt')
  assert.match(report, /\| Situação \| Modelos sem implantação \(só regras de ficha\) \|/)
  assert.match(report, /\| conforme \| 1 de 1/)
  assert.match(report, /\| Implantações avaliadas \| 0 \|/)
  assert.doesNotMatch(report, /Implantações bloqueadas/)
  const both = renderReport(reportInput({ plan: plan([finding()], { verdicts: [verdict([finding()]), alone] }) }), 'en')
  assert.match(both, /\| State \| Deployments \| Models that are not deployed \(card rules only\) \|/)
  assert.match(both, /\| not conforming \| 1 of 1 \(100%\) \| 0 of 1 \(0%\) \|/)
})

test('checks without a result that differ in rule and subject alone are one row, after the failures', () => {
  const stale = ['amount', 'jobs', 'sector', 'term'].map((feature, i) => {
    const {
      value: _,
      margin: __,
      ...rest
    } = finding({
      ...{ id: `${i}`.repeat(16), outcome: 'error', cause: 'stale', message: `${feature}: stale`, policy: 'a-inputs' },
      rule: feature === 'term' ? 'freshness' : 'missing-values',
      subject: feature === 'term' ? null : { feature },
    })
    return rest
  })
  const report = renderReport(reportInput({ plan: plan([...stale, finding()]) }), 'en')
  assert.match(
    report,
    /### .*\n\n.*\n\n\*\*`credit-fairness`\*\*[\s\S]*\*\*fail\*\*[\s\S]*\*\*Checks without a result, by reason\*\*/,
  )
  assert.match(
    report,
    /\| \*\*error\*\* \| `a-inputs` \(mandatory\) \| 4 \| 2026-11-21 \| measurement too old \| `missing-values`: `amount` `0{16}`, `jobs` `1{16}`, `sector` `2{16}`; `freshness`: `3{16}` \|/,
  )
  assert.equal(report.match(/measurement too old/g)?.length, 3)
})

const CHECKS = /of these, with a result \| ([\d,]+) of ([\d,]+)/
const UNKNOWN = /### Not known, by cause\n\n([\s\S]*?)\n\n###/

test('each check is counted in one class: outcomes, and results with what is not known, add up to all', () => {
  const anyCheck = fc
    .array(
      fc.record({
        outcome: fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'error', 'skip'),
        cause: fc.constantFrom('missing', 'stale', 'sample', undefined),
        margin: fc.constantFrom(0.1, -0.1),
        model: fc.constantFrom('a', 'b'),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((list) =>
      list.map(({ cause, ...one }, i) =>
        finding({ ...one, ...(cause !== undefined && { cause }), id: i.toString(16).padStart(16, '0') }),
      ),
    )
  const sum = (cells: Iterable<RegExpMatchArray>) => [...cells].reduce((all, [, count]) => all + Number(count), 0)
  fc.assert(
    fc.property(anyCheck, (findings) => {
      const verdicts = [...Map.groupBy(findings, ({ model }) => model).values()].map((own) =>
        verdict(own, { passes: 0 }),
      )
      const passed = findings.filter(({ outcome }) => outcome === 'pass').length
      const report = renderReport(reportInput({ plan: plan(findings, { verdicts }) }), 'en')
      const [, withResult = '', all = ''] = CHECKS.exec(report) ?? []
      const unknown = sum((UNKNOWN.exec(report)?.[1] ?? '').matchAll(/\| (\d+) of \d+ \([^|]*\|$/gm))
      const outcomes = sum(report.matchAll(/^\| (?:failed|errors|warnings|not judged|passed) \| (\d+) of/gm))
      const rows = sum(report.matchAll(/^\| `[ab]` \| `production` \|[^|]*\|[^|]*\| (\d+) of/gm))
      assert.deepEqual(
        [Number(all), outcomes, Number(withResult) + unknown, rows],
        [findings.length, findings.length, findings.length, Number(withResult)],
      )
      assert.ok(Number(withResult) >= passed)
    }),
    { numRuns: 60 },
  )
})
