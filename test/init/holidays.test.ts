// Days of calendars that were published, and the latest Easter that there can be (25 April 2038).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bankHolidays } from '../../engine/init/holidays.ts'

const MOVING: readonly [year: number, days: readonly string[]][] = [
  [2024, ['2024-02-12', '2024-02-13', '2024-03-29', '2024-05-30']],
  [2025, ['2025-03-03', '2025-03-04', '2025-04-18', '2025-06-19']],
  [2026, ['2026-02-16', '2026-02-17', '2026-04-03', '2026-06-04']],
  [2027, ['2027-02-08', '2027-02-09', '2027-03-26', '2027-05-27']],
  [2038, ['2038-03-08', '2038-03-09', '2038-04-23', '2038-06-24']],
]

for (const [year, days] of MOVING) {
  test(`Carnival, Good Friday and Corpus Christi of ${year} move with Easter`, () => {
    const all = bankHolidays(year)
    assert.deepEqual(all.length, 13)
    assert.deepEqual(all, [...all].sort())
    assert.deepEqual(
      days.filter((day) => !all.includes(day)),
      [],
    )
  })
}
