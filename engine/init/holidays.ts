// The days on which Brazilian banks do not work nationwide: what business days (`3bd`) leave out. Fixed ones by Leis
// 662/1949, 6.802/1980 and 14.759/2023; those that move with Easter as CMN resolution 4.880 counts them.

/** Month and day. Consciência Negra (20 November) is national since 2024. */
const FIXED = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '11-20', '12-25']

/** Days from Easter: Carnival's Monday and Tuesday, Good Friday, Corpus Christi. */
const FROM_EASTER = [-48, -47, -2, 60]

const DAY = 86_400_000

/** `2026-01-01`, …, in order. For 1900 to 2099. */
export function bankHolidays(year: number): string[] {
  const easter = easterOf(year)
  const moving = FROM_EASTER.map((days) => new Date(easter + days * DAY).toISOString().slice(0, 10))
  return [...FIXED.map((day) => `${year}-${day}`), ...moving].sort()
}

/** Midnight UTC of Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easterOf(year: number): number {
  const a = year % 19
  const century = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15) % 30
  const e = (32 + 2 * (century % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = Math.floor((a + 11 * d + 22 * e) / 451)
  const n = d + e - 7 * f + 114
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1)
}
