import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import { CARD, ENFORCEMENT, GOVERNANCE, POLICY, placed, policyWith, SOUND_FILES } from './sound-files.ts'

const load = (files: Readonly<Record<string, MemoryFile>>) => loadRulebook(memoryTree(files), { metrics: metricsById })

describe('files and names', () => {
  const waiver = (change: (text: string) => string) =>
    change(
      'apiVersion: tutela/v1\nkind: Waiver\nid: w\npolicy: drift\nrule: shift\nmodel: credit\nreason: known\nrequestedBy: "user:ana"\napprovedBy: "user:lia"\nissued: 2026-01-01\nexpires: 2026-04-01\n',
    )
  const cases: { name: string; files: Readonly<Record<string, MemoryFile>>; expected: string[] }[] = [
    { name: 'a waiver of 90 days', files: { 'policies/waivers/w.yaml': waiver((t) => t) }, expected: [] },
    {
      name: 'a waiver of 91 days',
      files: { 'policies/waivers/w.yaml': waiver((t) => t.replace('04-01', '04-02')) },
      expected: ['11:10 load/waiver-days'],
    },
    {
      name: 'a waiver that ends before it begins',
      files: { 'policies/waivers/w.yaml': waiver((t) => t.replace('2026-04-01', '2025-12-31')) },
      expected: ['11:10 load/waiver-days'],
    },
    {
      name: 'a waiver on a day that is none',
      files: { 'policies/waivers/w.yaml': waiver((t) => t.replace('04-01', '02-30')) },
      expected: ['11:10 load/no-such-day'],
    },
    ...(
      [
        ['user:ana', 'team:credit', ['9:13 load/same-person']],
        ['team:credit', 'user:ana', ['9:13 load/same-person']],
        ['team:credit', 'user:a.na', ['9:13 load/same-person']],
        ['team:credit', 'team:risk', []],
        ['user:ana', 'user:ghost', ['9:13 load/unknown-person']],
        ['user:ana', 'team:ghosts', ['9:13 load/unknown-team']],
      ] as const
    ).map(([asked, approved, expected]) => ({
      name: `a waiver that ${asked} asked for and ${approved} approved`,
      files: {
        'policies/waivers/w.yaml': waiver((t) => t.replace('user:ana', asked).replace('user:lia', approved)),
      },
      expected: [...expected],
    })),
    {
      name: 'a waiver in another file',
      files: { 'policies/waivers/x.yaml': waiver((t) => t) },
      expected: ['3:5 load/id-and-file'],
    },
    {
      name: 'a policy that is not listed',
      files: { 'policies/enforcement/production.yaml': ENFORCEMENT.replace('{ drift: approval }', '{}') },
      expected: ['4:1 load/not-enforced'],
    },
    {
      name: 'a policy without rules',
      files: { 'policies/drift.yaml': policyWith('').replace('require:\n', 'require: []\n') },
      expected: ['7:10 load/wrong-count'],
    },
    { name: 'a file with another ending', files: { 'policies/waivers/x.yml': '' }, expected: ['1:1 load/yml-file'] },
    {
      name: 'folders named as files, each once, whatever is in them',
      files: {
        'policies/x.yaml/README.md': '',
        'policies/x.yaml/x.yaml': POLICY,
        'policies/waivers/w.yml/a/b.yaml': '',
      },
      expected: ['1:1 load/not-a-file', '1:1 load/not-a-file'],
    },
    { name: 'a folder that nobody reads', files: { 'policies/waiver/x.yaml': '' }, expected: ['1:1 load/stray-file'] },
    {
      name: 'a link out of the repository',
      files: { 'policies/x.yaml': { mode: 'link', content: '../../etc/passwd' } },
      expected: ['1:1 load/link-outside'],
    },
    {
      name: 'a link to an absolute path',
      files: { 'policies/x.yaml': { mode: 'link', content: '/etc/passwd' } },
      expected: ['1:1 load/link-outside'],
    },
    {
      name: 'a link to nothing',
      files: { 'policies/x.yaml': { mode: 'link', content: 'nothing.yaml' } },
      expected: ['1:1 load/broken-link'],
    },
    {
      name: 'a pointer of Git LFS',
      files: { 'policies/enforcement/production.yaml': 'version https://git-lfs.github.com/spec/v1\n' },
      expected: ['1:1 load/lfs-pointer'],
    },
    {
      name: 'a team that nobody is in',
      files: { 'policies/drift.yaml': POLICY.replace('team:risk', 'team:rsk') },
      expected: ['5:8 load/unknown-team'],
    },
    {
      name: 'teams are compared without regard to case',
      files: { 'policies/drift.yaml': POLICY.replace('team:risk', 'team:RISK') },
      expected: [],
    },
    {
      name: 'a policy named as formerly another',
      files: { 'policies/drift.yaml': POLICY.replace('title', 'formerly: [drift]\ntitle') },
      expected: ['1:1 load/former-id'],
    },
  ]
  for (const { name, files, expected } of cases) {
    test(name, () => assert.deepEqual(placed(load({ ...SOUND_FILES, ...files }).diagnostics), expected))
  }

  test('a waiver that a person whom nobody knows approved is an error, also where the name only looks alike', () => {
    for (const approved of ['user:ghost', 'user:li\u0430']) {
      const files = { ...SOUND_FILES, 'policies/waivers/w.yaml': waiver((t) => t.replace('user:lia', approved)) }
      assert.deepEqual(
        load(files).diagnostics.map(({ severity, code }) => [severity, code]),
        [['error', 'load/unknown-person']],
      )
    }
  })

  test('a link within the repository is followed', () => {
    const files = {
      ...SOUND_FILES,
      'policies/drift.yaml': { mode: 'link', content: '../shared/drift.yaml' },
      'shared/drift.yaml': POLICY,
    } as const
    const { policies, diagnostics } = load(files)
    assert.deepEqual([policies.map(({ id }) => id), diagnostics], [['drift'], []])
  })

  test('without governance.yaml, the rest is told all the same', () => {
    const { 'policies/governance.yaml': _, ...rest } = SOUND_FILES
    const { diagnostics } = load({ ...rest, 'policies/drift.yaml': POLICY.replace('0.25', '-1') })
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['load/never-holds', 'load/no-governance'],
    )
  })

  test('an empty repository is an invalid one', () => {
    assert.deepEqual(placed(load({}).diagnostics), ['1:1 load/no-governance'])
  })
})

describe('the digest', () => {
  const digest = (files: Readonly<Record<string, MemoryFile>>) => load({ ...SOUND_FILES, ...files }).digest
  const before = digest({})
  test('does not see comments, quotes, order of keys or line ends', () => {
    const restyled = POLICY.replace('kind: Policy\n', '')
      .replace('apiVersion', 'kind: "Policy" # so\napiVersion')
      .replaceAll('\n', '\r\n')
    assert.equal(digest({ 'policies/drift.yaml': restyled }), before)
  })
  test('does not see policy tests, cards or documents', () => {
    const files = {
      'policies/tests/t.yaml': 'apiVersion: tutela/v1\nkind: PolicyTest\nid: t\ncases: [{ name: n, expect: {} }]\n',
      'policies/README.md': 'x',
      'models/credit/card.yaml': CARD,
    }
    assert.equal(digest(files), before)
  })
  test('sees every value', () => {
    const changed = [
      digest({ 'policies/drift.yaml': POLICY.replace('0.25', '0.24') }),
      digest({ 'policies/enforcement/production.yaml': ENFORCEMENT.replace('approval', 'mandatory') }),
      digest({ 'policies/governance.yaml': GOVERNANCE.replace('lia', 'rui') }),
    ]
    assert.equal(new Set([before, ...changed]).size, 4)
  })
})
