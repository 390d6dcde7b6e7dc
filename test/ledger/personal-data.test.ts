import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../engine/base/fault.ts'
import { encodeEntry } from '../../engine/ledger/entry.ts'
import { findPersonalData } from '../../engine/ledger/personal-data.ts'

const REFUSED: readonly (readonly [object, string])[] = [
  [{ by: 'ana' }, '.by'],
  [{ by: 'user:ana' }, '.by'],
  [{ by: ['team:model-risk', 'rui'] }, '.by[1]'],
  [{ by: 'team:' }, '.by'],
  [{ note: 'asked by ana.lima@banco.example today' }, '.note'],
  [{ deep: [{ ref: 'user:ana' }] }, '.deep[0].ref'],
  [{ subject: 'customer 529.982.247-25' }, '.subject'],
  [{ subject: '52998224725' }, '.subject'],
  [{ count: 52998224725 }, '.count'],
  [{ note: 'call +55 11 91234-5678' }, '.note'],
  [{ email: 'x' }, '.email'],
  [{ reviewer: 'x' }, '.reviewer'],
  [{ 'ana@banco.example': 1 }, '.…'],
]

test('what could identify a person is found, with its place', () => {
  for (const [body, path] of REFUSED) assert.equal(findPersonalData(body)[0]?.path, path, JSON.stringify(body))
})

test('roles, digests, ids, dates and measurements are no personal data', () => {
  const bodies = [
    { by: 'team:model-risk' },
    { by: ['team:credit-models', 'team:model-risk'] },
    { approval: `sha256:${'0123456789'.repeat(6)}abcd` },
    { key: '52998224725'.padEnd(64, '0') },
    { value: 52998224725, limit: [52998224725, 1] },
    { at: '2026-11-22T06:00:00Z', subject: 'sex=F|race=B', expires: '2027-01-31' },
    { n: 12345678901, ref: '20261122060' },
    { cards: { 'customer-churn': `sha256:${'0'.repeat(64)}`, login: `sha256:${'1'.repeat(64)}` } },
    { version: '3.2.0', digest: null, path: 'reports/2026-11-22/00112233445566aa' },
  ]
  for (const body of bodies) assert.deepEqual(findPersonalData(body), [], JSON.stringify(body))
})

test('an entry with personal data is refused before it is written, and the fault does not repeat it', () => {
  for (const [body] of REFUSED) {
    const entry = {
      kind: 'incident',
      at: '2026-11-22T06:00:00Z',
      run: 'a'.repeat(16),
      commit: 'a'.repeat(40),
      body: { ...body },
    } as const
    assert.throws(
      () => encodeEntry(entry),
      (error) => error instanceof Fault && error.code === 'ledger/personal-data' && !/ana|529|9123/.test(error.message),
    )
  }
})

test('every CPF number is found in a text, in either form', () => {
  const property = fc.property(fc.integer({ min: 1, max: 999_999_998 }), (n) => {
    const base = String(n).padStart(9, '0')
    if (/^(\d)\1*$/.test(base)) return
    const digit = (digits: string): string => {
      const sum = [...digits].reduce((total, d, i) => total + Number(d) * (digits.length + 1 - i), 0)
      return String(((sum * 10) % 11) % 10)
    }
    const first = digit(base)
    const cpf = `${base}${first}${digit(base + first)}`
    assert.equal(findPersonalData([`id ${cpf}!`]).length, 1, cpf)
    assert.equal(findPersonalData([cpf.replace(/(\d{3})(\d{3})(\d{3})(\d{2})/, '$1.$2.$3-$4')]).length, 1, cpf)
  })
  fc.assert(property, { numRuns: 200 })
})

test('a long text is searched in time that grows with its length', () => {
  assert.deepEqual(findPersonalData(['a'.repeat(60_000), '1'.repeat(60_000), '.-@'.repeat(20_000)]), [])
})
