import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digestOf } from '../../engine/base/canonical-json.ts'
import { listModels, loadCard, strayModelFiles } from '../../engine/load/load-models.ts'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { selectorMatches } from '../../engine/load/selector-matches.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import { CARD, GOVERNANCE, POLICY, placed, SOUND_FILES } from './sound-files.ts'

/** Everything that is said of the models of a tree. */
function loadAll(files: Readonly<Record<string, MemoryFile>>) {
  const tree = memoryTree({ ...SOUND_FILES, ...files })
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const matches = selectorMatches(rulebook)
  const cards = listModels(tree).map((model) => {
    const { loaded, deployed, diagnostics } = loadCard(tree, model, rulebook)
    if (loaded !== null) matches.see(loaded.card)
    return { id: model.id, loaded, deployed, diagnostics }
  })
  return { cards, across: matches.unmatched(), strays: strayModelFiles(tree) }
}

const ofCard = (card: string, files: Readonly<Record<string, MemoryFile>> = {}) =>
  placed(loadAll({ ...files, 'models/credit/card.yaml': card }).cards.flatMap(({ diagnostics }) => diagnostics))

describe('a card', () => {
  test('that is sound loads with the digest of its value', () => {
    const { cards, across, strays } = loadAll({})
    assert.deepEqual([cards[0]?.diagnostics, across, strays], [[], [], []])
    assert.equal(cards[0]?.loaded?.digest, digestOf(JSON.parse(JSON.stringify(cards[0]?.loaded?.card))))
  })

  const cases: { name: string; from: string; to: string; expected: string[] }[] = [
    {
      name: 'in a folder of another name',
      from: 'id: credit',
      to: 'id: credits',
      expected: ['3:5 load/id-and-folder'],
    },
    {
      name: 'whose validator owns it',
      from: 'validator: "team:risk"',
      to: 'validator: "team:CREDIT"',
      expected: ['8:12 load/validator-owns'],
    },
    {
      name: 'whose validator is in an owning team',
      from: 'validator: "team:risk"',
      to: 'validator: "user:Ana"',
      expected: ['8:12 load/validator-owns'],
    },
    {
      name: 'with a team that nobody is in',
      from: 'owners: ["team:credit"]',
      to: 'owners: ["team:credt"]',
      expected: ['7:10 load/unknown-team'],
    },
    {
      name: 'that deploys a version it does not have',
      from: 'production, version: "1.0.0"',
      to: 'production, version: "1.0.1"',
      expected: ['11:49 load/unknown-version'],
    },
    {
      name: 'with a version twice',
      from: '[{ version: "1.0.0" }]',
      to: '[{ version: "1.0.0" }, { version: "1.0.0" }]',
      expected: ['10:45 load/repeated-name'],
    },
    {
      name: 'with two champions',
      from: 'deployment: { environment: production, version: "1.0.0" }',
      to: 'deployment:\n  - { environment: production, version: "1.0.0" }\n  - { environment: production, version: "1.0.0" }',
      expected: ['13:20 load/two-champions'],
    },
    {
      name: 'with a challenger beside the champion',
      from: 'deployment: { environment: production, version: "1.0.0" }',
      to: 'deployment:\n  - { environment: production, version: "1.0.0" }\n  - { environment: production, version: "1.0.0", role: challenger }',
      expected: [],
    },
    {
      name: 'reviewed on a day that is none',
      from: 'versions:',
      to: 'review: { last: 2026-02-29, everyDays: 365 }\nversions:',
      expected: ['10:17 load/no-such-day'],
    },
    {
      name: 'whose criteria are not there',
      from: 'versions:',
      to: 'criteria: { pt: criteria.md }\nversions:',
      expected: ['10:17 load/missing-file'],
    },
    {
      name: 'whose trigger is not configured',
      from: 'versions:',
      to: 'retrain: { trigger: airflow, dag: x }\nversions:',
      expected: ['10:21 load/unknown-trigger'],
    },
    {
      name: 'with a feature twice',
      from: 'versions:',
      to: 'data:\n  kind: binary\n  prediction: p\n  features: [{ name: a, type: number }, { name: a, type: text }]\nversions:',
      expected: ['13:49 load/repeated-name'],
    },
    {
      name: 'with an empty range of values',
      from: 'versions:',
      to: 'data:\n  kind: binary\n  prediction: p\n  features: [{ name: a, type: number, min: 3, max: 1 }]\nversions:',
      expected: ['13:52 load/bad-range'],
    },
    {
      name: 'in production without a deployment',
      from: 'deployment: { environment: production, version: "1.0.0" }\n',
      to: '',
      expected: ['6:8 load/not-deployed'],
    },
    {
      name: 'with several faults has them all',
      from: 'tier: high',
      to: 'tier: hi',
      expected: ['9:15 load/not-allowed'],
    },
  ]
  for (const { name, from, to, expected } of cases) {
    test(name, () => {
      assert.ok(CARD.includes(from))
      assert.deepEqual(ofCard(CARD.replace(from, to)), expected)
    })
  }

  test('that breaks its schema and its meaning is told both', () => {
    const card = CARD.replace('tier: high', 'tier: hi').replace(
      'production, version: "1.0.0"',
      'production, version: "9"',
    )
    assert.deepEqual(ofCard(card), ['9:15 load/not-allowed', '11:49 load/unknown-version'])
  })

  test('with a version that is not in quotes is still held against its deployment', () => {
    const card = CARD.replace('{ version: "1.0.0"', '{ version: 1.10')
    const deployed = (version: string) =>
      card.replace('production, version: "1.0.0"', `production, version: "${version}"`)
    assert.deepEqual(
      ofCard(deployed('9.9.9')).map((told) => told.replace(/^.* /, '')),
      ['load/unquoted-version', 'load/unknown-version'],
    )
    assert.deepEqual(
      ofCard(deployed('1.10')).map((told) => told.replace(/^.* /, '')),
      ['load/unquoted-version'],
    )
  })

  test('with errors of meaning alone is there; with errors of form it is not', () => {
    const meaning = loadAll({ 'models/credit/card.yaml': CARD.replace('id: credit', 'id: other') })
    const form = loadAll({ 'models/credit/card.yaml': CARD.replace('tier: high', 'tier: hi') })
    assert.deepEqual([meaning.cards[0]?.loaded?.card.id, form.cards[0]?.loaded], ['other', null])
  })

  test('with errors of form still says where it is deployed, unless that is broken or over', () => {
    const deployedBy = (card: string) => loadAll({ 'models/credit/card.yaml': card }).cards[0]?.deployed
    const broken = CARD.replace('tier: high', 'tier: hi')
    assert.deepEqual(deployedBy(broken), [{ environment: 'production', version: '1.0.0' }])
    assert.deepEqual(deployedBy(broken.replace('version: "1.0.0" }\n', 'version: 1.0 }\n')), [])
    assert.deepEqual(deployedBy(broken.replace('stage: production', 'stage: retired')), [])
    assert.deepEqual(deployedBy('apiVersion: ['), [])
  })

  test('that is one repository error leaves the others alone', () => {
    const { cards } = loadAll({ 'models/other/card.yaml': 'apiVersion: [' })
    assert.deepEqual(
      cards.map(({ id, loaded }) => [id, loaded !== null]),
      [
        ['credit', true],
        ['other', false],
      ],
    )
  })
})

describe('the folder of models', () => {
  const cases: { name: string; files: Readonly<Record<string, MemoryFile>>; expected: string[] }[] = [
    {
      name: 'a folder without a card',
      files: { 'models/x/crad.yaml': '' },
      expected: ['1:1 load/stray-file', '1:1 load/no-card'],
    },
    {
      name: 'a card with another ending',
      files: { 'models/x/card.yml': CARD },
      expected: ['1:1 load/yml-file', '1:1 load/no-card'],
    },
    {
      name: 'a folder named as the card',
      files: { 'models/x/card.yaml/README.md': '', 'models/y/card.yaml/card.yaml': CARD },
      expected: ['1:1 load/not-a-file', '1:1 load/not-a-file'],
    },
    {
      name: 'documents and data beside cards',
      files: { 'models/docs/README.md': '', 'models/credit/monthly.csv': '' },
      expected: [],
    },
    { name: 'snapshots are no model', files: { 'models/snapshots/2026/11/21T00/credit.ndjson': '' }, expected: [] },
    {
      name: 'a card that is a link out of the repository',
      files: { 'models/x/card.yaml': { mode: 'link', content: '/etc/passwd' } },
      expected: ['1:1 load/link-outside'],
    },
    {
      name: 'a card that is a submodule',
      files: { 'models/x/card.yaml': { mode: 'submodule', content: '' } },
      expected: ['1:1 load/submodule'],
    },
  ]
  for (const { name, files, expected } of cases) {
    test(name, () => assert.deepEqual(placed(loadAll(files).cards.flatMap(({ diagnostics }) => diagnostics)), expected))
  }

  test('YAML directly in models/ is not read, and said so', () => {
    assert.deepEqual(placed(loadAll({ 'models/credit.yaml': CARD }).strays), ['1:1 load/stray-file'])
  })
})

describe('what only all cards together can tell', () => {
  test('a policy that selects no model', () => {
    const policy = POLICY.replace('require:', 'appliesTo: { risk.tier: low }\nrequire:')
    assert.deepEqual(placed(loadAll({ 'policies/drift.yaml': policy }).across), ['7:1 load/selects-nothing'])
  })
  test('a selector over a list, with and without `not`', () => {
    for (const selector of [
      '{ owners: "team:credit" }',
      '{ "owners[]": "team:credit" }',
      '{ not: { owners: "team:x" } }',
      '{ deployment.environment: production }',
    ]) {
      const policy = POLICY.replace('require:', `appliesTo: ${selector}\nrequire:`)
      assert.deepEqual(loadAll({ 'policies/drift.yaml': policy }).across, [], selector)
    }
  })
  test('an environment without an enforcement file', () => {
    const card = CARD.replace('environment: production', 'environment: staging')
    const { across } = loadAll({ 'models/credit/card.yaml': card })
    assert.deepEqual(
      across.map(({ file, code }) => [file, code]),
      [['policies/enforcement/staging.yaml', 'load/no-enforcement']],
    )
  })
  test('two models that were formerly one', () => {
    const second = (id: string, former: string) =>
      CARD.replace('id: credit', `id: ${id}`).replace('title', `formerly: [${former}]\ntitle`)
    const { across } = loadAll({
      'models/a/card.yaml': second('a', 'old'),
      'models/b/card.yaml': second('b', 'old'),
      'models/c/card.yaml': second('c', 'credit'),
    })
    assert.deepEqual(
      across.map(({ file, code }) => [file, code]),
      [
        ['models/b/card.yaml', 'load/former-id'],
        ['models/c/card.yaml', 'load/former-id'],
      ],
    )
  })
  test('a repository without any model blames no selector', () => {
    const tree = memoryTree({ 'policies/governance.yaml': GOVERNANCE, 'policies/drift.yaml': POLICY })
    assert.deepEqual(selectorMatches(loadRulebook(tree, { metrics: metricsById })).unmatched(), [])
  })
})
