import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command } from '../../engine/commands/explain.ts'
import { type HistoryPoint, sparkline } from '../../engine/commands/measured-history.ts'
import type { Finding, Verdict } from '../../engine/domain/finding.ts'
import { ask, FILES } from './reading-world.ts'

interface Explained {
  readonly explanations: readonly {
    readonly finding: Finding
    readonly steps: readonly { readonly step: string }[]
    readonly history: readonly HistoryPoint[]
    readonly controls: readonly { readonly id: string; readonly cites?: string }[]
  }[]
}

const explained = async (args: readonly string[]) => (await ask(command, { args })).json as Explained

test('a model shows its verdicts and every finding that is no pass, with ids', async () => {
  const { json, text, exit } = await ask(command, { args: ['credit-default'] })
  const { verdicts, findings } = json as { verdicts: Verdict[]; findings: Finding[] }
  assert.equal(exit, 0)
  assert.deepEqual(
    verdicts.map((v) => [v.environment, v.outcome, v.blocks]),
    [['production', 'fail', true]],
  )
  assert.deepEqual(
    findings.map((f) => [f.policy, f.rule, f.outcome]),
    [
      ['barred', 'no-barred', 'fail'],
      ['credit-fairness', 'impact-ratio', 'fail'],
    ],
  )
  for (const { id } of findings) assert.ok(text().includes(id))
})

test('a rule shows every subject, passes too, each with its steps, history and controls', async () => {
  const { explanations } = await explained(['credit-default', 'impact-ratio'])
  assert.deepEqual(
    explanations.map(({ finding }) => [finding.subject?.attribute, finding.outcome]),
    [
      ['race', 'pass'],
      ['sex', 'fail'],
    ],
  )
  const [, sex] = explanations
  assert.ok(sex?.steps.some(({ step }) => step === 'comparison'))
  assert.deepEqual(
    sex?.history.map(({ value }) => value),
    [0.86, null, 0.74],
  )
  assert.deepEqual(
    sex?.controls.map(({ id, cites }) => [id, cites]),
    [['lgpd/art-6-ix', 'Art. 6, IX']],
  )
})

test('a finding is found by its id or a unique start of it, and its text has value, limit, margin, place and advice', async () => {
  const { explanations } = await explained(['credit-default', 'credit-fairness/impact-ratio'])
  const id = explanations[1]?.finding.id ?? ''
  assert.deepEqual(await explained([id.slice(0, 6)]), await explained([id]))
  const text = (await ask(command, { args: [id] })).text()
  assert.match(text, /✗ reprovado {2}credit-fairness\/impact-ratio {2}sex/)
  assert.match(text, /valor 0,74, limite ≥ 0,80, margem -0,06/)
  assert.match(text, /instantâneo de 21\/11\/2026, models\/snapshots\/2026\/11\/21T00\/credit-default\.ndjson:1/)
  assert.match(text, /Histórico {2}█·▁/)
  assert.match(text, /policies\/credit-fairness\.yaml:\d+:\d+/)
  assert.match(
    text,
    /lgpd\/art-6-ix {2}LGPD, Art\. 6, IX: Não tratar dados para fins discriminatórios \(vigente e obrigatório\)/,
  )
  assert.match(text, /O que fazer agora\n {2}Leia a proposta/)
})

test('a card rule shows the values that it looked at', async () => {
  const text = (await ask(command, { args: ['credit-default', 'no-barred'], globals: { lang: 'en' } })).text()
  assert.match(text, /card: data\.features\[\]\.name = "income", "race"/)
  assert.match(text, /Correct the file at the place above\./)
})

const refused: readonly {
  readonly name: string
  readonly args: readonly string[]
  readonly code: string
  readonly hint: RegExp
}[] = [
  {
    name: 'a slip in a model',
    args: ['credit-defualt'],
    code: 'explain/unknown',
    hint: /did you mean `credit-default`/,
  },
  {
    name: 'a slip in a rule',
    args: ['credit-default', 'impact-ration'],
    code: 'explain/unknown',
    hint: /did you mean `impact-ratio`/,
  },
  { name: 'an unknown finding', args: ['ffffffffffffffff'], code: 'explain/unknown', hint: /tutela inventory/ },
  { name: 'a prototype key', args: ['__proto__'], code: 'explain/unknown', hint: /tutela/ },
]
for (const { name, args, code, hint } of refused)
  test(`${name} is a fault that says what to do`, () =>
    assert.rejects(ask(command, { args }), { name: 'Fault', code, hint }))

test('errors in the repository exit 3, and what can be judged is explained', async () => {
  const files = { ...FILES, 'models/other/card.yaml': 'apiVersion: tutela/v1\nkind: ModelCard\nid: wrong\n' }
  const { exit, text } = await ask(command, { args: ['credit-default'], files })
  assert.equal(exit, 3)
  assert.match(text(), /credit-default/)
})

test('of a model whose card has errors no rule was judged, and asking for one says why', async () => {
  const card = (FILES['models/credit-default/card.yaml'] ?? '').replace('tier: high', 'tier: hihg')
  const files = { ...FILES, 'models/credit-default/card.yaml': card }
  for (const args of [['credit-default', 'impact-ratio'], ['credit-default']]) {
    const { exit, json, text, diagnostics } = await ask(command, { args, files })
    assert.equal(exit, 3)
    assert.match(text(), /os arquivos são inválidos, portanto nada foi avaliado/)
    const places = (list: readonly { readonly file: string; readonly line: number }[]) =>
      list.map(({ file, line }) => `${file}:${line}`)
    assert.deepEqual(places(diagnostics ?? []), ['models/credit-default/card.yaml:9'])
    assert.deepEqual(places((json as { diagnostics: [] }).diagnostics), ['models/credit-default/card.yaml:9'])
  }
})

test('a sparkline has a bar a window, and a dot where nothing was measurable', () => {
  const points = [0, null, 0.5, 1].map((value) => ({ window: { start: '', end: '' }, value }))
  assert.equal(sparkline(points), '▁·▅█')
  assert.equal(sparkline(points.slice(0, 1)), '▄')
  assert.equal(sparkline([]), '')
})
