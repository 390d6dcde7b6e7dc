import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../engine/base/fault.ts'
import { commitTo } from '../../engine/ledger/commitment.ts'
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
  [{ note: 'CNPJ 11.222.333/0001-81' }, '.note'],
  [{ note: 'CNPJ 12.ABC.345/01DE-35' }, '.note'],
  [{ ref: 'card 4111 1111 1111 1111' }, '.ref'],
  [{ ref: '5555555555554444' }, '.ref'],
  [{ note: 'ligue (11) 91234-5678' }, '.note'],
  [{ ref: 'http://10.1.2.3:8080/run/5' }, '.ref'],
  [{ ref: 'from 2001:db8::8a2e:370:7334' }, '.ref'],
  [{ ref: '::ffff:192.0.2.128' }, '.ref'],
  [{ subject: '５２９９８２２４７２５' }, '.subject'],
  [{ subject: '529982\u200b24725' }, '.subject'],
  [{ cpf: `sha256:${'0'.repeat(64)}` }, '.cpf'],
  [{ who: { cpf: `sha256:${'0'.repeat(64)}` } }, '.who.cpf'],
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
    { cpf: `hmac-sha256:${'0'.repeat(64)}`, subjectId: `hmac-sha256:${'1'.repeat(64)}` },
    { files: { ip: `sha256:${'0'.repeat(64)}` }, version: '10.1.2.3', engine: '1.2.3.4' },
    { note: '11.222.333/0001-82 and 12.ABC.345/01DE-36', ref: '4111 1111 1111 1112 20261122063000' },
    { note: 'std::vector 06:00:00 1:2', path: 'a.b.c.d 1.2.3 1.2.3.4.5 300.1.1.1' },
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

const NUMBERS = [
  { what: 'CPF', make: cpfOf, form: /^(\d{3})(\d{3})(\d{3})(\d{2})$/, written: '$1.$2.$3-$4', digits: 11 },
  { what: 'CNPJ', make: cnpjOf, form: /^(.{2})(.{3})(.{3})(.{4})(.{2})$/, written: '$1.$2.$3/$4-$5', digits: 14 },
] as const

for (const { what, make, form, written, digits } of NUMBERS) {
  test(`a ${what} with either check digit changed is an ordinary number`, () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 999_999_998 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 2 }),
      (n, by, from) => {
        const sound = make(n)
        assert.equal(sound.length, digits)
        const at = digits - from
        const other = `${sound.slice(0, at)}${(Number(sound[at]) + by) % 10}${sound.slice(at + 1)}`
        if (what === 'CPF') assert.deepEqual(findPersonalData([`n ${other} m`]), [], other)
        else assert.deepEqual(findPersonalData([other.replace(form, written)]), [], other)
        assert.equal(findPersonalData([sound.replace(form, written)]).length, 1, sound)
      },
    )
    fc.assert(property, { numRuns: 200 })
  })
}

test('what is found stands at its path, however deep, and nothing else is found', () => {
  const body = fc.array(fc.constantFrom('a', 'b', 'list'), { minLength: 1, maxLength: 5 })
  const property = fc.property(
    body,
    fc.constantFrom('ana@banco.example', '529.982.247-25', 'user:ana'),
    (way, datum) => {
      const nested = way.reduceRight<unknown>(
        (inner, name) => (name === 'list' ? [1, inner] : { n: 0, [name]: inner }),
        datum,
      )
      const path = way.map((name) => (name === 'list' ? '[1]' : `.${name}`)).join('')
      assert.deepEqual(
        findPersonalData(nested).map((found) => found.path),
        [path],
      )
    },
  )
  fc.assert(property, { numRuns: 200 })
})

test('a commitment hides what it was made of wherever it stands, a digest of the same does not', () => {
  const property = fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
    const commitment = commitTo('529.982.247-25', key)
    assert.deepEqual(findPersonalData({ cpf: commitment, titular: [commitment] }), [])
    assert.equal(findPersonalData({ cpf: `sha256:${commitment.slice(-64)}` }).length, 1)
  })
  fc.assert(property, { numRuns: 50 })
})

function cpfOf(n: number): string {
  const base = String(n).padStart(9, '0')
  const digit = (digits: string): string => {
    const sum = [...digits].reduce((total, d, i) => total + Number(d) * (digits.length + 1 - i), 0)
    return String(((sum * 10) % 11) % 10)
  }
  const first = digit(base)
  return `${base}${first}${digit(base + first)}`
}

/** By the weights as the Receita Federal prints them. */
function cnpjOf(n: number): string {
  const base = String(n).padStart(12, '0')
  const digit = (digits: string): string => {
    const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2].slice(-digits.length)
    const rest = [...digits].reduce((total, d, i) => total + Number(d) * (weights[i] ?? 0), 0) % 11
    return String(rest < 2 ? 0 : 11 - rest)
  }
  const first = digit(base)
  return `${base}${first}${digit(base + first)}`
}

test('a long text is searched in time that grows with its length', () => {
  assert.deepEqual(findPersonalData(['a'.repeat(60_000), '1'.repeat(60_000), '.-@'.repeat(20_000)]), [])
})
