import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { policyText, readPolicy, requireNamed } from '../../engine/ledger/log-policy.ts'
import { parseVerifierKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { isQuorum, type ParsedPolicy, parsePolicy } from '../../engine/ledger/trust-policy.ts'
import { SIGNER } from './memory-log.ts'
import { LEDGER, readJson, skipWithoutVectors } from './vectors.ts'

interface Index {
  readonly valid: readonly { readonly file: string; readonly satisfied: Readonly<Record<string, boolean>> }[]
  readonly invalid: readonly { readonly why: string; readonly text: string }[]
  readonly many: string
}

test('published policies give the published verdict for each set of cosigning witnesses', {
  skip: skipWithoutVectors,
}, () => {
  const { valid } = readJson(join(LEDGER, 'tlog-policy/index.json')) as Index
  for (const { file, satisfied } of valid) {
    const parsed: ParsedPolicy = parsePolicy(readFileSync(join(LEDGER, 'tlog-policy', file)))
    assert.ok(parsed.ok, file)
    const { witnesses, quorum } = parsed.trust
    for (const [names, verdict] of Object.entries(satisfied)) {
      const cosigned = witnesses.filter(({ name }) =>
        names.includes(name.slice('witness'.length, 'witness'.length + 1)),
      )
      assert.equal(isQuorum(quorum, new Set(cosigned)), verdict, `${file} ${names}`)
    }
  }
})

test('published faulty policies are refused with their line', { skip: skipWithoutVectors }, () => {
  const { invalid } = readJson(join(LEDGER, 'tlog-policy/index.json')) as Index
  assert.equal(invalid.length, 18)
  for (const { why, text } of invalid) {
    const parsed = parsePolicy(Buffer.from(text))
    assert.equal(parsed.ok, false, why)
    if (!parsed.ok) assert.ok(parsed.problem.line >= 1 && parsed.problem.line <= text.split('\n').length, why)
  }
})

test('32 logs, witnesses and groups are read', { skip: skipWithoutVectors }, () => {
  const { many } = readJson(join(LEDGER, 'tlog-policy/index.json')) as Index
  const parsed = parsePolicy(Buffer.from(many))
  assert.ok(parsed.ok)
  assert.deepEqual([parsed.trust.logs.length, parsed.trust.witnesses.length], [32, 32])
})

test('a policy is refused for control characters, a witness key as log key, and a second quorum', () => {
  const vkey = 'vectors.tutela.example/log+227a75a8+AY3AXoYBQKo2lAmrCl9FEO+HHpyB/EVF5+xUHgXPbJou'
  const witness = 'witness1.vectors.tutela.example+061e1c5d+BBE3rdl5395w8IE6GlZQHcB9NO89IRGOtDXCSfL3dbFJ'
  for (const [text, line] of [
    [`log ${vkey}\r\nquorum none\n`, 1],
    [`log ${witness}\nquorum none\n`, 1],
    [`log ${vkey}\nwitness w ${vkey}\nquorum w\n`, 2],
    [`log ${vkey}\nquorum none\nquorum none\n`, 3],
    [`log ${vkey} url more\nquorum none\n`, 1],
    ['', 1],
  ] as const) {
    const parsed = parsePolicy(Buffer.from(text))
    assert.deepEqual(parsed.ok ? null : parsed.problem.line, line, text)
  }
})

const WITNESSES = [
  'witness1.vectors.tutela.example+061e1c5d+BBE3rdl5395w8IE6GlZQHcB9NO89IRGOtDXCSfL3dbFJ',
  {
    key: 'witness2.vectors.tutela.example+eab7eedc+BJqK5PiVAVcgVGltzc2fBSoWMEmwR6jk02PvRhBqAakY',
    url: 'https://w2.example/',
  },
]

test('the policy of a repository says what governance.yaml says', () => {
  const plain = policyText({ raw: {} }, [SIGNER.key])
  assert.match(plain, /^log test\.tutela\.example\/log\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\nquorum none\n$/)
  const both = readPolicy(Buffer.from(policyText({ raw: { witnesses: WITNESSES, quorum: 'all' } }, [SIGNER.key])))
  const [one] = WITNESSES.map((w) => parseVerifierKey(typeof w === 'string' ? w : w.key))
  assert.ok(one)
  assert.equal(isQuorum(both.quorum, new Set(both.witnesses)), true)
  assert.equal(isQuorum(both.quorum, new Set(both.witnesses.slice(0, 1))), false)
  const any = readPolicy(Buffer.from(policyText({ raw: { witnesses: WITNESSES, quorum: 1 } }, [SIGNER.key])))
  assert.equal(isQuorum(any.quorum, new Set(any.witnesses.slice(1))), true)
})

test('witnesses and quorums that cannot be are faults', () => {
  for (const settings of [
    { witnesses: 'w' },
    { witnesses: ['w'] },
    { quorum: 1 },
    { quorum: 'all' },
    { witnesses: WITNESSES, quorum: 3 },
    { quorum: {} },
  ]) {
    assert.throws(
      () => policyText({ raw: settings }, [SIGNER.key]),
      (error) => error instanceof Fault && error.code === 'ledger/bad-witnesses',
    )
  }
})

test('a key that the policy does not name is refused', () => {
  const policy = Buffer.from(policyText({ raw: {} }, [SIGNER.key]))
  assert.deepEqual(
    requireNamed(policy, SIGNER).logs.map(({ id }) => id),
    [SIGNER.key.id],
  )
  const other = signerOfSeed(SIGNER.key.name, Buffer.alloc(32, 9))
  const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
  assert.throws(() => requireNamed(policy, other), hasCode('ledger/key-not-named'))
  assert.throws(() => requireNamed(null, SIGNER), hasCode('ledger/no-policy'))
  assert.throws(() => requireNamed(Buffer.from('log x\n'), SIGNER), hasCode('ledger/bad-policy'))
})
