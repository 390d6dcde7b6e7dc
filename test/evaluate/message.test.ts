// The words of findings: the policy's own where they fit, else a sentence for every outcome and cause, in two languages.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import type { Comparison, MetricRule, Policy, Rule } from '../../engine/domain/policy.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { messageDiagnostics } from '../../engine/evaluate/template.ts'
import { judgeRepository, onlyFinding, type World } from './judge-world.ts'
import { repositories } from './random-repository.ts'
import { auc, cardRule, logicRule, METRIC_LIST, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const AT_LEAST: Comparison = { op: 'atLeast', limit: 0.7 }
const AUC = metricRule({ metric: 'performance.auc', comparison: AT_LEAST })

function words(rule: Rule, measurements: readonly Measurement[], more: Partial<Policy> & Pick<World, 'language'> = {}) {
  const { language = 'en', ...rest } = more
  const snapshots = [snapshot(0, measurements), snapshot(1, [auc(0.75)])]
  return onlyFinding({ rulebook: rulebook([policy([rule], rest)]), snapshots, language }).message
}

const OWN = {
  en: '{metric} of {model}: {value} is under {limit} for {subject}',
  pt: '{metric} de {model}: {value} abaixo de {limit} para {subject}',
}

test('a failing value has the words of its policy, in the chosen language', () => {
  const message = OWN
  assert.equal(words(AUC, [auc(0.69)], { message }), 'metric performance.auc of `m`: 0.69 is under 0.70 for the model')
  const pt = words(AUC, [auc(0.69)], { message, language: 'pt' })
  assert.equal(pt, 'métrica performance.auc de `m`: 0,69 abaixo de 0,70 para o modelo')
})

test('a policy that lacks the chosen language has the default sentence in it', () => {
  const pt = words(AUC, [auc(0.69)], { message: { en: OWN.en }, language: 'pt' })
  assert.equal(pt, 'métrica performance.auc: 0,69, exigido: no mínimo 0,70')
})

test('a value that passes, is missing or is too small does not get the words of a failure', () => {
  const message = OWN
  assert.equal(words(AUC, [auc(0.9)], { message }), 'metric performance.auc: 0.90, as required: at least 0.70')
  assert.equal(
    words(AUC, [auc(null, { reason: 'no labels' })], { message }),
    'metric performance.auc: no value (no labels)',
  )
  const small = words({ ...AUC, minSample: 100 }, [auc(0.1, { n: 99 })], { message })
  assert.equal(small, 'metric performance.auc: 99 rows, at least 100 are needed to judge')
})

test('what makes a failing value warn stands behind the words of the policy', () => {
  const message = { en: '{value} < {limit}' }
  const uncertain: MetricRule = { ...AUC, confidence: 0.95 }
  const said = words(uncertain, [auc(0.69, { interval: [0.6, 0.8] })], { message })
  assert.equal(said, '0.69 < 0.70 (the interval 0.60 to 0.80 still reaches a passing value)')
})

test('a placeholder without a value in this finding gives way to the default sentence', () => {
  const message = { en: '{value} of {n} rows' }
  assert.equal(words(AUC, [auc(0.6)], { message }), 'metric performance.auc: 0.60, required: at least 0.70')
  assert.equal(words(AUC, [auc(0.6, { n: 12000 })], { message }), '0.60 of 12,000 rows')
})

test('unknown placeholders are left as they are, and warned of in each language', () => {
  const message = { en: '{valeu} {value}', pt: '{valeu}' }
  assert.equal(words(AUC, [auc(0.6)], { message }), '{valeu} 0.60')
  const warned = messageDiagnostics(rulebook([policy([AUC], { message })]))
  assert.deepEqual(
    warned.map((d) => [d.severity, d.file, d.message]),
    ['pt', 'en'].map((language) => [
      'warning',
      'policies/p.yaml',
      `unknown placeholder \`{valeu}\` in \`message.${language}\``,
    ]),
  )
})

const PLAIN: readonly [rule: Rule, measurements: readonly Measurement[], en: string, pt: string][] = [
  [AUC, [], 'metric performance.auc: not measured', 'métrica performance.auc: sem medição'],
  [
    { ...AUC, comparison: { op: 'between', limit: [0.5, 0.7] } },
    [auc(0.8)],
    'metric performance.auc: 0.80, required: between 0.50 and 0.70',
    'métrica performance.auc: 0,80, exigido: entre 0,50 e 0,70',
  ],
  [
    { ...AUC, warnAt: 0.8 },
    [auc(0.75)],
    'metric performance.auc: 0.75, as required: at least 0.70 (close to the limit: warns at 0.80)',
    'métrica performance.auc: 0,75, como exigido: no mínimo 0,70 (próximo do limite: avisa em 0,80)',
  ],
  [
    {
      ...AUC,
      comparison: null,
      versus: { kind: 'previous' },
      change: { direction: 'drops', amount: 0.05, relative: true },
    },
    [auc(0.6)],
    'metric performance.auc: 0.60 after 0.75 (-20%), required: a drop of at most 5% against the window before',
    'métrica performance.auc: 0,60 depois de 0,75 (-20 %), exigido: queda de no máximo 5 % contra a janela anterior',
  ],
  [
    { ...AUC, failsAfter: { kind: 'of-last', count: 3, of: 5 } },
    [auc(0.6)],
    'metric performance.auc: 0.60, required: at least 0.70 (1 failing so far, fails after 3 of the last 5 windows)',
    'métrica performance.auc: 0,60, exigido: no mínimo 0,70 (janelas em falha até aqui: 1; reprova com 3 das últimas 5 janelas)',
  ],
  [
    cardRule('data.features[].name', { op: 'noneOf', values: ['income', 'age'] }),
    [],
    '`data.features[].name`: `income`, `age` may not be used',
    '`data.features[].name`: não se pode usar `income`, `age`',
  ],
  [
    cardRule('privacy.ripd.ref', { op: 'present', wanted: true }),
    [],
    'the card lacks `privacy.ripd.ref`',
    'falta `privacy.ripd.ref` na ficha do modelo',
  ],
  [
    cardRule('review.last', { op: 'withinDays', limit: 30 }),
    [],
    '`review.last`: 2026-06-30 is more than 30 days ago',
    '`review.last`: 30/06/2026, há mais de 30 dias',
  ],
  [
    logicRule({ '==': [{ var: 'card.risk.tier' }, 'high'] }),
    [],
    'title of p: the condition of failure holds',
    'title of p: a condição de reprovação se verifica',
  ],
]
for (const [rule, measurements, en, pt] of PLAIN) {
  test(en, () => {
    const snapshots = [...(measurements.length > 0 ? [snapshot(0, measurements)] : []), ...history(rule)]
    const book = rulebook([policy([rule])])
    assert.equal(onlyFinding({ rulebook: book, snapshots, language: 'en' }).message, en)
    assert.equal(onlyFinding({ rulebook: book, snapshots, language: 'pt' }).message, pt)
  })
}

function history(rule: Rule) {
  return rule.form === 'metric' && rule.versus !== null ? [snapshot(1, [auc(0.75)])] : []
}

test('a stale finding says since when and not for how long, for it is kept between runs', () => {
  const book = rulebook([policy([AUC], { staleAfter: { amount: 4, unit: 'h' } })])
  const world = { rulebook: book, snapshots: [snapshot(0, [auc(0.9)])] }
  const message = 'metric performance.auc: stale since 2026-11-22 01:00, older than 4 hours'
  assert.equal(onlyFinding(world).message, message)
  assert.equal(onlyFinding({ ...world, now: Date.parse('2027-01-01T00:00:00Z') }).message, message)
  const pt = 'métrica performance.auc: medição vencida desde 22/11/2026 01:00 (vale por 4 horas)'
  assert.equal(onlyFinding({ ...world, language: 'pt' }).message, pt)
})

test('every finding of any repository has words that tell what and end without a stop', () => {
  fc.assert(
    fc.property(repositories, (repository) => {
      for (const { findings } of judgeRepository(repository, 'all')) {
        for (const { message } of findings) {
          assert.match(message, /\S/)
          assert.doesNotMatch(message, /undefined|null|NaN|\[object|\.$/)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('every metric of the small world has a title in both languages', () => {
  for (const { title } of METRIC_LIST.values()) assert.notEqual(title.pt, title.en)
})
