// Whom the gate names for a change: not the owners of a file alone, but whoever answers for what the change does.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GOVERNANCE, GOVERNED_FILES, snapshotLine } from '../run/governed-repository.ts'
import { type Changes, CREDIT, cardText, DAY, gateScene, SILENT } from './gate-scene.ts'

const scene = gateScene({
  ...SILENT,
  'tools/train/run.sh': 'x\n',
  'policies/governance.yaml': `${GOVERNANCE.replace('[node, retrain.mjs, "{model}"]', '[node, ./retrain.mjs, --steps=tools/train/run.sh, "{model}"]')}`,
})
const named = async (changes: Changes) => (await scene.ask(scene.head(changes))).reviewers

const [OWNERS, VALIDATOR, COMMITTEE] = ['team:credit-models', 'team:model-risk', 'team:risk-committee'] as const
const DEPLOYED = 'deployment: { environment: production, version: "3.2.0" }\n'

describe('a deployment that leaves the reach of a policy is looked at by its owners, its validator and the policy’s owner', () => {
  const CASES: readonly { name: string; changes: Changes }[] = [
    {
      name: 'another environment',
      changes: { [CREDIT]: cardText('credit', ['environment: production', 'environment: prod']) },
    },
    {
      name: 'retired',
      changes: { [CREDIT]: cardText('credit', ['stage: production', 'stage: retired'], [DEPLOYED, '']) },
    },
    {
      name: 'no champion any more',
      changes: { [CREDIT]: cardText('credit', ['"3.2.0" }\n', '"3.2.0", role: challenger }\n']) },
    },
    {
      name: 'an attribute left out',
      changes: { [CREDIT]: cardText('credit', ['  protected: [{ name: sex, privileged: [M] }]\n', '']) },
    },
    { name: 'an attribute renamed', changes: { [CREDIT]: cardText('credit', ['name: sex', 'name: gender']) } },
  ]
  for (const { name, changes } of CASES) {
    test(name, async () => {
      assert.deepEqual(await named(changes), [
        { path: CREDIT, owners: [OWNERS, VALIDATOR, COMMITTEE], escapes: ['fairness'] },
      ])
    })
  }

  test('a title is for the owners alone', async () => {
    assert.deepEqual(await named({ [CREDIT]: cardText('credit', ['Model credit', 'A model']) }), [
      { path: CREDIT, owners: [OWNERS] },
    ])
  })

  test('so is a group that a newer window measures no more', async () => {
    const rule =
      '  - id: selection\n    metric: fairness.selection_rate\n    each: group\n    atLeast: 0.05\nstaleAfter'
    const rates = (day: number, groups: readonly string[]) => {
      const measurements = groups.map((group) => ({
        metric: 'fairness.selection_rate',
        attribute: 'sex',
        group,
        value: 0.4,
        n: 500,
      }))
      return `${JSON.stringify({ ...(JSON.parse(snapshotLine('fraud', day, 0.9)) as object), measurements })}\n`
    }
    const grouped = gateScene({
      ...SILENT,
      'policies/fairness.yaml': GOVERNED_FILES['policies/fairness.yaml']?.replace('staleAfter', rule) ?? null,
      'models/snapshots/2026/11/20T00/fraud.x.ndjson': rates(20, ['F', 'M']),
    })
    const path = `${DAY}/fraud.x.ndjson`
    const { reviewers } = await grouped.ask(grouped.head({ [path]: rates(21, ['M']) }))
    assert.deepEqual(reviewers, [
      { path, owners: [OWNERS, VALIDATOR, COMMITTEE], measures: ['fraud'], escapes: ['fairness'] },
    ])
  })
})

describe('another artifact or data set under the name of a version is looked at as another version is', () => {
  const of = (version: string, uri: string) => `versions:\n  - { version: "${version}", artifact: { uri: "${uri}" } }`
  const listed = gateScene({ ...SILENT, [CREDIT]: cardText('credit', ['versions:', of('4.0.0', 'mlflow:credit/8')]) })
  const card = (...changes: Parameters<typeof cardText>[1][]) =>
    cardText('credit', ['versions:', of('4.0.0', 'mlflow:credit/8')], ...changes)
  const ARTIFACT = 'version: "3.2.0", artifact: { uri: "mlflow:credit/7" }'
  const CASES: readonly { name: string; text: string; owners: readonly string[]; replaces: readonly string[] }[] = [
    {
      name: 'the artifact of the deployed version',
      text: card([ARTIFACT, ARTIFACT.replace('credit/7', 'evil/99')]),
      owners: [OWNERS, VALIDATOR, COMMITTEE],
      replaces: ['3.2.0'],
    },
    {
      name: 'its digest',
      text: card([ARTIFACT, ARTIFACT.replace(' }', `, sha256: "${'e'.repeat(64)}" }`)]),
      owners: [OWNERS, VALIDATOR, COMMITTEE],
      replaces: ['3.2.0'],
    },
    {
      name: 'its data set',
      text: card([ARTIFACT, `${ARTIFACT}, dataset: { uri: "s3:other" }`]),
      owners: [OWNERS, VALIDATOR, COMMITTEE],
      replaces: ['3.2.0'],
    },
    {
      name: 'a version that no policy binds yet',
      text: card(['mlflow:credit/8', 'mlflow:evil/99']),
      owners: [OWNERS, VALIDATOR],
      replaces: ['4.0.0'],
    },
    {
      name: 'one that is deployed by the same change',
      text: card(['mlflow:credit/8', 'mlflow:evil/99'], ['version: "3.2.0" }\n', 'version: "4.0.0" }\n']),
      owners: [OWNERS, VALIDATOR, COMMITTEE],
      replaces: ['4.0.0'],
    },
  ]
  for (const { name, text, owners, replaces } of CASES) {
    test(name, async () => {
      const found = await listed.ask(listed.head({ [CREDIT]: text }))
      assert.deepEqual(found.reviewers, [{ path: CREDIT, owners, replaces }])
      assert.match(found.text, /another artifact or data set under `/)
    })
  }

  test('the order of the versions, and a version more, are for the owners alone', async () => {
    const more = of('5.0.0', 'mlflow:credit/9')
    assert.deepEqual((await listed.ask(listed.head({ [CREDIT]: card(['versions:', more]) }))).reviewers, [
      { path: CREDIT, owners: [OWNERS] },
    ])
  })
})

test('every line that is added is looked at by who owns and who validates what it measures', async () => {
  const path = 'models/snapshots/2026/11/21T12/credit.x.ndjson'
  const forged = snapshotLine('credit', 21, 0.99)
    .replaceAll('T00:00:00Z', 'T12:00:00Z')
    .replace('2026-11-22T12', '2026-11-22T00')
  assert.deepEqual(await named({ [path]: forged }), [{ path, owners: [OWNERS, VALIDATOR], measures: ['credit'] }])
})

test('what decides outside policies/ is for those who own policies', async () => {
  const paths = [
    '.gitattributes',
    '.gitea/workflows/x.yml',
    '.github/workflows/x.yml',
    'CODEOWNERS',
    'ledger/policy',
    'policies/allowed-signers',
    'retrain.mjs',
    'tools/train/lib.py',
    'tools/train/run.sh',
  ]
  const changes = Object.fromEntries([...paths, 'README.md', 'tools/other.py'].map((path) => [path, 'y\n']))
  assert.deepEqual(
    await named(changes),
    paths.map((path) => ({ path, owners: [COMMITTEE] })),
  )
})

test('a model that the base does not know is for those who own policies, and for who owned it before', async () => {
  const renamed = cardText('fraud', ['id: fraud', 'id: fraud2\nformerly: [fraud]'], ['team:credit-models', 'user:eve'])
  const changes = {
    'models/fraud/card.yaml': null,
    'models/fraud2/card.yaml': renamed,
    'models/new/card.yaml': cardText('fraud', ['id: fraud', 'id: new'], [DEPLOYED, '']),
  }
  assert.deepEqual(await named(changes), [
    { path: 'models/fraud/card.yaml', owners: [OWNERS] },
    { path: 'models/fraud2/card.yaml', owners: [OWNERS, COMMITTEE] },
    { path: 'models/new/card.yaml', owners: [COMMITTEE] },
  ])
})
