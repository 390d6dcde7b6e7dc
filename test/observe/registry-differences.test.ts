// A card against what a registry holds.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ModelCard } from '../../engine/domain/model-card.ts'
import type { RegisteredVersion } from '../../engine/observe/importers/mlflow-registry.ts'
import { deployedModels, registryDifferences, registryPlace } from '../../engine/observe/registry-differences.ts'

const SHA = 'a'.repeat(64)

const card = (deployment: ModelCard['deployment'], sha256 = SHA): ModelCard =>
  ({
    id: 'credit',
    stage: 'production',
    versions: [
      { version: '3.2.0', artifact: { uri: 'mlflow:credit-default/7', sha256 } },
      { version: '3.1.4', artifact: { uri: 'models:/credit-default/6' } },
      { version: '3.0.0', artifact: { uri: 's3://bucket/model.bin' } },
    ],
    deployment,
  }) as unknown as ModelCard

const held = (
  version: string,
  aliases: readonly string[] = [],
  tags: readonly (readonly [string, string])[] = [],
): RegisteredVersion => ({
  model: 'credit-default',
  version,
  runId: 'r',
  source: 's',
  aliases,
  tags: new Map(tags),
})

const production = { environment: 'production', version: '3.2.0' }

test('where the registry serves what the card says, there is nothing to tell', () => {
  assert.deepEqual(registryDifferences(card(production), [held('7', ['production'], [['sha256', SHA]]), held('6')]), [])
  assert.deepEqual(registryDifferences(card(production), [held('7', ['champion'])]), [])
})

test('each way to differ is told, at its place in the card', () => {
  const cases: [string, ReturnType<typeof registryDifferences>, string, unknown, RegExp][] = [
    [
      'another version',
      registryDifferences(card(production), [held('7'), held('6', ['production'])]),
      'registry/serves-other',
      ['deployment', 'version'],
      /deploys 3\.2\.0, but .* serves 3\.1\.4, its version 6/,
    ],
    [
      'a version of no card',
      registryDifferences(card(production), [held('7'), held('9', ['champion'])]),
      'registry/serves-other',
      ['deployment', 'version'],
      /version 9, which the card does not list/,
    ],
    [
      'no such version',
      registryDifferences(card(production), [held('6', ['production'])]),
      'registry/no-version',
      ['versions', 0, 'artifact', 'uri'],
      /no version 7/,
    ],
    [
      'no alias',
      registryDifferences(card(production), [held('7', ['other'])]),
      'registry/no-alias',
      ['deployment', 'version'],
      /neither `production` nor `champion`/,
    ],
    [
      'another digest',
      registryDifferences(card(production), [held('7', ['production'], [['sha256', 'b'.repeat(64)]])]),
      'registry/other-digest',
      ['versions', 0, 'artifact', 'sha256'],
      /another `sha256`/,
    ],
    [
      'a challenger',
      registryDifferences(card([production, { environment: 'staging', version: '3.1.4', role: 'challenger' }]), [
        held('7', ['production', 'challenger']),
        held('6'),
      ]),
      'registry/serves-other',
      ['deployment', 1, 'version'],
      /alias `challenger`/,
    ],
  ]
  for (const [what, found, code, path, message] of cases) {
    assert.deepEqual(
      found.map((one) => [one.code, one.path]),
      [[code, path]],
      what,
    )
    assert.match(found[0]?.message ?? '', message, what)
  }
})

test('the environment’s alias is asked before the role’s', () => {
  assert.deepEqual(registryDifferences(card(production), [held('7', ['production']), held('6', ['champion'])]), [])
})

test('versions that lie elsewhere are not asked for', () => {
  assert.deepEqual(deployedModels(card({ environment: 'production', version: '3.0.0' })), [])
  assert.deepEqual(deployedModels(card(production)), ['credit-default'])
  assert.deepEqual(registryDifferences(card({ environment: 'production', version: '3.0.0' }), []), [])
})

test('a place in the registry is a name and a number, nothing else', () => {
  assert.deepEqual(registryPlace('models:/a b/12'), { model: 'a b', version: '12' })
  for (const uri of [
    undefined,
    '',
    'mlflow:a',
    'mlflow:a/',
    'mlflow:a/x',
    'mlflow:a/b/1',
    'models:/a@champion',
    'mlflow:/1',
    'xmlflow:a/1',
  ]) {
    assert.equal(registryPlace(uri), null, uri)
  }
})

describe('an address that pins no version', () => {
  const at = (uri: string) => ({
    ...card(production),
    versions: [{ version: '3.2.0', artifact: { uri } }] as unknown as NonNullable<ModelCard['versions']>,
  })
  const cases: [string, string, string, string, RegExp][] = [
    [
      'an alias',
      'models:/credit-default@champion',
      'registry/unpinned',
      'warning',
      /points, which serves version 7 now/,
    ],
    ['an alias, shortly', 'mlflow:credit-default@champion', 'registry/unpinned', 'warning', /serves version 7/],
    [
      'an unknown alias',
      'models:/credit-default@best',
      'registry/unpinned',
      'error',
      /which the registry does not have/,
    ],
    ['a stage', 'models:/credit-default/Production', 'registry/unknown-uri', 'warning', /names no version/],
    ['no version', 'mlflow:credit-default', 'registry/unknown-uri', 'warning', /names no version/],
    ['another scheme’s case', 'MODELS:/credit-default/7', 'registry/unknown-uri', 'warning', /names no version/],
  ]
  for (const [name, uri, code, severity, message] of cases) {
    test(name, () => {
      const [one, ...others] = registryDifferences(at(uri), [held('7', ['champion'])])
      assert.deepEqual([one?.code, one?.severity, one?.path], [code, severity, ['versions', 0, 'artifact', 'uri']])
      assert.match(one?.message ?? '', message)
      assert.match(one?.hint ?? '', /models:\/\S+\/\S+/)
      assert.deepEqual(others, [])
    })
  }

  test('an alias is asked about; a file elsewhere is not', () => {
    assert.deepEqual(deployedModels(at('models:/credit-default@champion')), ['credit-default'])
    assert.deepEqual(deployedModels(at('s3://bucket/models/a')), [])
    assert.deepEqual(registryDifferences(at('s3://bucket/models/a'), []), [])
  })
})
