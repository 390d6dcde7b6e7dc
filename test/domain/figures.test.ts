import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  dueDay,
  formatBeside,
  formatDay,
  formatMoment,
  formatNumber,
  formatPercent,
  formatShare,
  formatWindow,
} from '../../engine/domain/figures.ts'
import { addDuration } from '../../engine/domain/instant.ts'

const numbers: readonly { readonly value: number; readonly unit?: string; readonly pt: string; readonly en: string }[] =
  [
    { value: 0.74, pt: '0,74', en: '0.74' },
    { value: 0.8, unit: 'ratio', pt: '0,80', en: '0.80' },
    { value: 1, unit: 'share', pt: '1,00', en: '1.00' },
    { value: 0.742193, pt: '0,7422', en: '0.7422' },
    { value: 18234, pt: '18.234', en: '18,234' },
    { value: -1234567, pt: '-1.234.567', en: '-1,234,567' },
    { value: 1234.56, pt: '1.235', en: '1,235' },
    { value: -0.05, unit: 'difference', pt: '-0,05', en: '-0.05' },
    { value: -0, pt: '0', en: '0' },
    { value: 120, unit: 'ms', pt: '120 ms', en: '120 ms' },
    { value: 1.23456e-9, unit: 'p-value', pt: '1,235e-9', en: '1.235e-9' },
    { value: 3e21, pt: '3e+21', en: '3e+21' },
    { value: 0, unit: 'share', pt: '0,00', en: '0.00' },
  ]

for (const { value, unit, pt, en } of numbers)
  test(`${value} ${unit ?? ''} is written ${pt} and ${en}`, () => {
    const form = unit === undefined ? {} : { unit }
    assert.equal(formatNumber(value, { language: 'pt', ...form }), pt)
    assert.equal(formatNumber(value, { language: 'en', ...form }), en)
  })

test('a value never looks like a limit that it does not equal', () => {
  assert.equal(formatBeside(0.79999, [0.8], { language: 'pt', unit: 'ratio' }), '0,79999')
  assert.equal(formatBeside(0.8, [0.8], { language: 'pt', unit: 'ratio' }), '0,80')
  assert.equal(formatBeside(0.1 + 0.2, [0.3], { language: 'en' }), '0.30000000000000004')
})

test('a value stands beside its limits as four digits of it, or as many as tell them apart', () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer().map((n) => n / 1000),
  )
  fc.assert(
    fc.property(numbers, fc.array(numbers, { maxLength: 2 }), fc.boolean(), (value, given, isClose) => {
      const limits = isClose ? given.map((limit) => value + (limit % 1e-4)) : given
      const shown = formatBeside(value, limits, { language: 'en' })
      const read = Number(shown.replaceAll(',', ''))
      const digits = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
      const isApart = (n: number) =>
        limits.every((limit) => limit === value || Number(limit.toPrecision(n)) !== Number(value.toPrecision(n)))
      const wanted = digits.find(isApart) ?? 17
      const whole = Number.isInteger(value) && Math.abs(value) < 1e15
      assert.equal(read, whole ? value + 0 : Number(value.toPrecision(wanted)))
      if (!whole)
        assert.ok(
          limits.every((limit) => limit === value || formatBeside(limit, [value], { language: 'en' }) !== shown),
        )
    }),
  )
})

test('a share has its denominator, is never rounded to all or nothing, and nothing has no percentage', () => {
  assert.equal(formatShare(12, 15, 'pt'), '12 de 15 (80 %)')
  assert.equal(formatShare(9999, 10000, 'en'), '9,999 of 10,000 (99.9%)')
  assert.equal(formatShare(1, 10000, 'en'), '1 of 10,000 (0.1%)')
  assert.equal(formatShare(0, 0, 'pt'), '0 de 0')
  assert.equal(formatPercent(0.05, 'pt'), '5 %')
})

test('days and moments are local, and Brazilian in Portuguese', () => {
  const at = Date.parse('2026-11-22T02:30:00Z')
  assert.equal(formatDay('2026-11-22', 'pt'), '22/11/2026')
  assert.equal(formatDay('2026-11-22', 'en'), '2026-11-22')
  assert.equal(formatMoment(at, 'America/Sao_Paulo', 'pt'), '21/11/2026 23:30')
  assert.equal(formatMoment(at, 'UTC', 'en'), '2026-11-22 02:30')
})

test('a deadline in business days is shown as its last day, not as the midnight after it', () => {
  const calendar = { timeZone: 'America/Sao_Paulo', holidays: ['2026-11-24'] }
  const friday = Date.parse('2026-11-20T15:00:00Z')
  const due = addDuration(friday, { amount: 2, unit: 'bd' }, calendar)
  assert.equal(dueDay(due, calendar.timeZone), '2026-11-25')
  assert.equal(dueDay(addDuration(friday, { amount: 5, unit: 'd' }, calendar), calendar.timeZone), '2026-11-25')
})

test('windows of whole UTC days are days, others are instants', () => {
  const day = { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' }
  const month = { start: '2026-10-01T00:00:00Z', end: '2026-11-01T00:00:00Z' }
  const hour = { start: '2026-11-21T05:00:00Z', end: '2026-11-21T06:00:00Z' }
  assert.equal(formatWindow(day, 'pt'), '21/11/2026')
  assert.equal(formatWindow(month, 'pt'), '01/10/2026 – 31/10/2026')
  assert.equal(formatWindow(hour, 'en'), '2026-11-21 05:00 → 2026-11-21 06:00 UTC')
})
