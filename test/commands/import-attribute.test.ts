// `tutela import --attribute`, and attributes that the card does not name: no option is ignored, and no measurement is out of
// reach of its rules without a word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault, importFile, PATH, REPORT, repository } from './import-scene.ts'

const byGroup = (...columns: string[]) =>
  JSON.stringify(
    ['F', 'M'].map((value) => ({
      ...Object.fromEntries(columns.map((column) => [column, value])),
      selection_rate: 0.5,
      count: 200,
    })),
  )
const BY_COLUMNS = JSON.stringify({ selection_rate: { F: 0.5, M: 0.4 }, count: { F: 200, M: 200 } })
const AIF360 = JSON.stringify({ metric: 'Disparate Impact', message: 'Disparate impact: 0.8' })
const FACETS = JSON.stringify({
  version: '1.0',
  post_training_bias_metrics: {
    label: 'y',
    facets: { gender: [{ value_or_threshold: 'F', metrics: [{ name: 'DI', description: 'x', value: 0.9 }] }] },
  },
})

const attributesIn = ({ json }: { json: unknown }) => {
  const { line } = json as { line: { measurements: { attribute?: string }[] } }
  return [...new Set(line.measurements.map(({ attribute }) => attribute))]
}

test('the card’s name is given to an attribute that the file calls otherwise, whatever the tool, and it is told', async () => {
  const { root } = repository()
  for (const [tool, text, own] of [
    ['fairlearn', byGroup('sexo'), 'sexo'],
    ['sagemaker', FACETS, 'gender'],
  ] as const) {
    const told = await importFile(root, text, { attribute: 'sex', out: '-' }, tool)
    assert.deepEqual(attributesIn(told), ['sex'], tool)
    assert.deepEqual(
      told.notes.filter((note) => note.includes('of the file')),
      [`note: \`${own}\` of the file is \`sex\` here`],
    )
  }
})

test('where the file names none, or the same, there is nothing to tell', async () => {
  const { root } = repository()
  for (const [tool, text] of [
    ['fairlearn', BY_COLUMNS],
    ['aif360', AIF360],
    ['fairlearn', byGroup('sex')],
  ] as const) {
    const told = await importFile(root, text, { attribute: 'sex', out: '-' }, tool)
    assert.deepEqual(attributesIn(told), ['sex'])
    assert.deepEqual(told.notes, [])
  }
})

const REFUSED: readonly (readonly [string, string, string, Readonly<Record<string, string>>, string, RegExp])[] = [
  [
    'one attribute for a file of two',
    'fairlearn',
    byGroup('cor', 'sexo'),
    { attribute: 'sex' },
    'observe/attribute',
    /names `cor`, `sexo`: `--attribute sex` may stand for any of them/,
  ],
  [
    'another name for an attribute that the card has',
    'fairlearn',
    byGroup('race'),
    { attribute: 'sex' },
    'observe/attribute',
    /is of `race`, which the card has: `--attribute sex` says otherwise; .*name `race`/,
  ],
  [
    'an attribute for a file of features',
    'evidently',
    REPORT,
    { attribute: 'sex' },
    'observe/attribute',
    /no number in it is of a protected attribute/,
  ],
  [
    'a query for a report',
    'evidently',
    REPORT,
    { query: 'up' },
    'cli/bad-option',
    /`--query` .*it is for `prometheus`/,
  ],
  ['features by name', 'evidently', REPORT, { features: 'a,b' }, 'cli/bad-option', /for `alibi-detect` and `shap`/],
  ['a chunk of none', 'evidently', REPORT, { chunk: '[0:10]' }, 'observe/window', /no chunks in it/],
  ['a run of none', 'evidently', REPORT, { run: 'abc' }, 'observe/window', /no runs in it/],
]
for (const [name, tool, text, options, code, words] of REFUSED) {
  test(`an option that means nothing is refused: ${name}`, async () => {
    const { root, store } = repository()
    await assert.rejects(importFile(root, text, options, tool), fault(code, words))
    assert.deepEqual(store.dirtyIn(['models']), [])
  })
}

test('an attribute that the card has not is written with a warning that names both', async () => {
  const { root } = repository()
  const { exit, diagnostics } = await importFile(root, byGroup('sexo'), {}, 'fairlearn')
  assert.equal(exit, 0)
  const [only, ...others] = diagnostics ?? []
  assert.deepEqual(
    [only?.code, only?.severity, only?.file, only?.line, others.length],
    ['observe/unknown-attribute', 'warning', PATH, 1, 0],
  )
  assert.equal(only?.message, '`sexo` is no protected attribute of `credit-default`')
  assert.match(
    only?.hint ?? '',
    /^the card has `sex`, `race`; rules of `each: protected` read no other: .*`--attribute`$/,
  )
  const pair = await importFile(repository().root, byGroup('sex', 'race'), {}, 'fairlearn')
  assert.deepEqual(pair.diagnostics, [])
})
