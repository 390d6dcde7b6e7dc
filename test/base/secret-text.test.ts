import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutSecrets } from '../../engine/base/secret-text.ts'
import { sortDiagnostics } from '../../engine/domain/diagnostic.ts'

const SECRETS = [
  'AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS',
  'PRIVATE+KEY+bank.example/log+1234abcd+AQIDBA==',
  'ghp_0123456789abcdefghij0123456789abcdef',
  'xoxb-123-456-abc',
  'AKIAIOSFODNN7EXAMPLE',
  '-----BEGIN OPENSSH PRIVATE KEY-----',
]

test('a diagnostic that would quote a secret says that there is one', () => {
  for (const secret of SECRETS) {
    const at = { file: 'policies/governance.yaml', line: 1, column: 1, severity: 'error', code: 'load/x' } as const
    const [told] = sortDiagnostics([{ ...at, message: `\`${secret}\` is no recipient`, hint: `not \`${secret}\`` }])
    assert.ok(!JSON.stringify(told).includes(secret.slice(8, 24)), told?.message)
    assert.match(told?.message ?? '', /^`?\(a secret\).* is no recipient$/)
  }
})

test('what only resembles a secret stays', () => {
  for (const text of ['age1qyqszqgp', 'a public+key+x', 'the ghost_writer', 'AKIA'])
    assert.equal(withoutSecrets(text), text)
})
