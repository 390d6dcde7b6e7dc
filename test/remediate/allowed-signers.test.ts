import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAllowedSigners, signerOf } from '../../engine/remediate/allowed-signers.ts'
import { ana, rui } from './signers.ts'

const ZONE = 'America/Sao_Paulo'
const NOON = Date.UTC(2026, 10, 22, 12)
const at = (text: string, instant = NOON, namespace = 'tutela-approval') => {
  const found = signerOf(parseAllowedSigners(text, ZONE), { publicKey: ana.publicKey, namespace, at: [instant] })
  return typeof found === 'string' ? found : found.principals[0]
}

const CASES: readonly {
  name: string
  line: string
  expected: string | undefined
  instant?: number
  namespace?: string
}[] = [
  { name: 'a name and a key', line: `ana ${ana.publicLine}`, expected: 'ana' },
  { name: 'a comment after the key', line: `ana ${ana.publicLine} ana@laptop`, expected: 'ana' },
  { name: 'tabs and spaces', line: `  ana\t${ana.publicLine}`, expected: 'ana' },
  { name: 'several names: the first is meant', line: `ana,ana@example.org ${ana.publicLine}`, expected: 'ana' },
  { name: 'names in quotes', line: `"ana,ana@example.org" ${ana.publicLine}`, expected: 'ana' },
  {
    name: 'the namespace of approvals',
    line: `ana namespaces="git,tutela-approval" ${ana.publicLine}`,
    expected: 'ana',
  },
  { name: 'a namespace by a pattern', line: `ana namespaces="tutela-*" ${ana.publicLine}`, expected: 'ana' },
  { name: 'another namespace', line: `ana namespaces="git" ${ana.publicLine}`, expected: 'other-namespace' },
  {
    name: 'a dot in a pattern is a dot',
    line: `ana namespaces="tutela.approval" ${ana.publicLine}`,
    expected: 'other-namespace',
  },
  { name: 'before its day', line: `ana valid-after="20261123Z" ${ana.publicLine}`, expected: 'not-valid-then' },
  { name: 'on its day', line: `ana valid-after="20261122Z" ${ana.publicLine}`, expected: 'ana' },
  { name: 'to the minute', line: `ana valid-after="202611221201Z" ${ana.publicLine}`, expected: 'not-valid-then' },
  { name: 'to the second', line: `ana valid-after="20261122120000Z" ${ana.publicLine}`, expected: 'ana' },
  {
    name: 'the end is no part of it',
    line: `ana valid-before="20261122120000Z" ${ana.publicLine}`,
    expected: 'not-valid-then',
  },
  {
    name: 'a day without a zone is the institution’s',
    line: `ana valid-after="20261122" ${ana.publicLine}`,
    instant: Date.UTC(2026, 10, 22, 2, 59),
    expected: 'not-valid-then',
  },
  {
    name: 'options in any case, several',
    line: `ana Namespaces="tutela-approval",VALID-BEFORE="20270101Z" ${ana.publicLine}`,
    expected: 'ana',
  },
  {
    name: 'an unknown option gives nobody a key',
    line: `ana verify-required ${ana.publicLine}`,
    expected: 'unknown-key',
  },
  {
    name: 'a certificate authority gives nobody a key',
    line: `* cert-authority ${ana.publicLine}`,
    expected: 'unknown-key',
  },
  { name: 'a pattern names nobody', line: `*@example.org ${ana.publicLine}`, expected: 'unknown-key' },
  { name: 'no day of the calendar', line: `ana valid-before="20270230Z" ${ana.publicLine}`, expected: 'unknown-key' },
  { name: 'another type of key', line: 'ana ssh-rsa AAAAB3NzaC1yc2E=', expected: 'unknown-key' },
  { name: 'the key of another', line: `rui ${rui.publicLine}`, expected: 'unknown-key' },
  { name: 'a line that is a comment', line: `# ana ${ana.publicLine}`, expected: 'unknown-key' },
  { name: 'nothing', line: '', expected: 'unknown-key' },
]

for (const { name, line, expected, instant, namespace } of CASES) {
  test(name, () => assert.equal(at(line, instant, namespace), expected))
}

test('a renewed key counts by whichever of its lines holds', () => {
  const text = `ana valid-before="20260101Z" ${ana.publicLine}\nana valid-after="20260101Z" ${ana.publicLine}\n`
  assert.equal(at(text), 'ana')
})

test('lines that give nobody a key are told, with their numbers', () => {
  const { skipped } = parseAllowedSigners(`\n* ${ana.publicLine}\r\nana ssh-rsa AAAA\nana ${ana.publicLine}\n`, ZONE)
  assert.deepEqual(
    skipped.map(({ line }) => line),
    [2, 3],
  )
})

test('hostile lines end', () => {
  for (const text of [
    '"'.repeat(50_000),
    `a ${','.repeat(50_000)} x`,
    `${'\u202e'.repeat(1000)} namespaces="${'*'.repeat(30)}a" ${ana.publicLine}`,
  ]) {
    assert.equal(at(text, NOON, 'tutela-approva'.repeat(3)) === 'ana', false)
  }
})

test('a namespace of many stars is compared in no time, and rightly', () => {
  const found = (pattern: string) =>
    signerOf(parseAllowedSigners(`ana namespaces="${pattern}" ${ana.publicLine}`, 'UTC'), {
      publicKey: ana.publicKey,
      namespace: 'tutela-approval',
      at: [0],
    })
  for (const pattern of ['*', '*'.repeat(5000), 'tutela-*', '*approval', 't?tela*a*l', `${'*?'.repeat(15)}*`]) {
    assert.equal(typeof found(pattern), 'object', pattern)
  }
  for (const pattern of [`${'*'.repeat(5000)}x`, `${'*?'.repeat(16)}`, 'tutela', '*-', `${'*a'.repeat(40)}`, '?']) {
    assert.equal(found(pattern), 'other-namespace', pattern)
  }
})
