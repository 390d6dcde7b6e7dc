import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRepository } from '../../engine/commands/check-repository.ts'
import { judgeRepository } from '../../engine/judge-repository.ts'
import { PLANTED_FAULTS, PLANTED_FILES } from '../load/planted-faults.ts'
import { FILE, lineOf } from '../load/snapshot-fixture.ts'
import { CARD, ENFORCEMENT, policyWith, SOUND_FILES } from '../load/sound-files.ts'
import { memoryTree } from '../memory-tree.ts'

const NOW = Date.parse('2026-11-22T06:00:00Z')

describe('checkRepository', () => {
  test('finds thirty planted faults and more in one run, each at its line and column', () => {
    const { diagnostics } = checkRepository(memoryTree(PLANTED_FILES), { now: NOW })
    const found = diagnostics.filter(({ severity }) => severity === 'error')
    assert.deepEqual(
      found.map(({ file, line, column, code }) => ({ file, line, column, code })),
      PLANTED_FAULTS,
    )
    assert.ok(PLANTED_FAULTS.length >= 30)
    // The types ask for a hint of every diagnostic; an empty one would say nothing.
    for (const { code, hint } of diagnostics) assert.match(hint, /^(?!.*undefined)\S.{8,}$/s, code)
    assert.ok(new Set(PLANTED_FAULTS.map(({ code }) => code)).size >= 28)
  })

  test('a test on a window of more than 100,000 rows is a warning here and when judged, at its rule', () => {
    const measurements = [{ metric: 'drift.ks_p', feature: 'income', value: 0.5, n: 180_000 }]
    const tree = memoryTree({
      ...SOUND_FILES,
      'policies/drift.yaml': policyWith('  - id: same\n    metric: drift.ks_p\n    each: feature\n    atLeast: 0.05\n'),
      'policies/enforcement/production.yaml': ENFORCEMENT,
      [FILE]: `${lineOf({ version: '1.0.0', measurements })}\n`,
    })
    const checked = checkRepository(tree, { now: NOW })
    const judged = judgeRepository({ tree, now: NOW, language: null, keep: 'not-pass' })
    for (const { diagnostics } of [checked, judged]) {
      const [only, ...others] = diagnostics.filter(({ code }) => code === 'evaluate/large-sample')
      assert.deepEqual([only?.file, only?.line, only?.severity], ['policies/drift.yaml', 8, 'warning'])
      assert.match(only?.message ?? '', /rule `same` tests `drift\.ks_p`.* `credit` has 180000 rows/)
      assert.deepEqual(others, [])
    }
  })

  test('a newest window of features that the card has not is a warning at its line', () => {
    const told = (...features: string[]) => {
      const measurements = features.map((feature) => ({ metric: 'drift.psi', feature, value: 0.1, n: 100 }))
      const tree = memoryTree({
        ...SOUND_FILES,
        'models/credit/card.yaml': `${CARD}data: { kind: binary, prediction: y, features: [{ name: income, type: number }] }\n`,
        [FILE]: `${lineOf({ version: '1.0.0', measurements })}\n`,
      })
      return checkRepository(tree, { now: NOW }).diagnostics.filter(({ code }) => code === 'observe/unknown-feature')
    }
    const [only, ...others] = told('INCOME', 'shoe')
    assert.deepEqual([only?.file, only?.line, only?.severity, others.length], [FILE, 1, 'warning', 0])
    assert.match(only?.message ?? '', /is one of `credit`: `INCOME`, `shoe`$/)
    assert.deepEqual(told('shoe', 'income'), [])
    assert.deepEqual(told(), [])
  })

  test('a newest window of an attribute that the card has not is a warning at its line', () => {
    const told = (attribute: string) => {
      const measurements = [{ metric: 'fairness.demographic_parity_ratio', attribute, value: 0.9, n: 100 }]
      const tree = memoryTree({
        ...SOUND_FILES,
        'models/credit/card.yaml': `${CARD}data: { kind: binary, prediction: y, features: [], protected: [{ name: sexo }, { name: cor }] }\n`,
        [FILE]: `${lineOf({ version: '1.0.0', measurements })}\n`,
      })
      return checkRepository(tree, { now: NOW }).diagnostics.filter(({ code }) => code === 'observe/unknown-attribute')
    }
    const [only, ...others] = told('sex')
    assert.deepEqual([only?.file, only?.line, only?.severity, others.length], [FILE, 1, 'warning', 0])
    assert.match(only?.hint ?? '', /^the card has `sexo`, `cor`;/)
    for (const known of ['sexo', 'sexo × cor', 'y']) assert.deepEqual(told(known), [], known)
  })

  test('each line of allowed-signers that gives nobody a key is a warning at that line', () => {
    const tree = memoryTree({ ...SOUND_FILES, 'policies/allowed-signers': '# people\n\nana garbage\n\u0000\n' })
    const told = checkRepository(tree, { now: NOW }).diagnostics.filter(({ code }) => code === 'load/bad-signer')
    assert.deepEqual(
      told.map(({ file, line, severity }) => `${file}:${line} ${severity}`),
      ['policies/allowed-signers:3 warning', 'policies/allowed-signers:4 warning'],
    )
  })

  test('a secret in a file of the repository is an error where it is named', () => {
    const governance = SOUND_FILES['policies/governance.yaml']
    const keys = ['policies/k', './k', 'a/../k', '~/k', '../k', '/etc/tutela/k', '.git/tutela/ledger.key']
    const isTold = (key: string) =>
      checkRepository(
        memoryTree({ ...SOUND_FILES, 'policies/governance.yaml': `${governance}ledger: { key: "file:${key}" }\n` }),
        { now: NOW },
      ).diagnostics.some(({ code }) => code === 'load/secret-in-repository')
    assert.deepEqual(keys.filter(isTold), keys.slice(0, 4))
  })
})
