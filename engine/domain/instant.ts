// Instants, windows, durations and local days. `now` is an instant in whole seconds; all times written are UTC.
// Pure: nothing here reads the clock.

/** Milliseconds since the epoch. */
export type Instant = number

/** A half-open window of time; `start` and `end` are RFC 3339 UTC texts as stored. */
export interface Window {
  readonly start: string
  readonly end: string
}

/** `48h`, `5d`, `3bd`: hours of 60 minutes, days of 24 hours, business days. */
export interface Duration {
  readonly amount: number
  readonly unit: 'h' | 'd' | 'bd'
}

/** What business days and local days are counted by: the institution's. */
export interface Calendar {
  readonly timeZone: string
  /** `yyyy-mm-dd` */
  readonly holidays: readonly string[]
}

const HOUR = 3_600_000

/** RFC 3339 with a zone, cut to whole seconds; `null` where the text is none. */
export function parseInstant(text: string): Instant | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null) return null
  const at = Date.parse(text.toUpperCase())
  if (Number.isNaN(at) || !isRealDay(text.slice(0, 10))) return null
  return Math.floor(at / 1000) * 1000
}

/** RFC 3339, UTC, whole seconds: `2026-11-22T06:00:00Z`. */
export function formatInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `yyyy-mm-dd` that exists in the calendar. */
export function isRealDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8))
  const isLeapDay = month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return isLeapDay || (day >= 1 && day <= (DAYS_OF_MONTHS[month - 1] ?? 0))
}

/** `48h`, `5d` or `3bd`; null for anything else. */
export function parseDuration(text: string): Duration | null {
  const match = /^([1-9]\d{0,5})(h|d|bd)$/.exec(text)
  if (match === null) return null
  return { amount: Number(match[1]), unit: match[2] as Duration['unit'] }
}

const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** The local day `yyyy-mm-dd` of an instant. */
export function localDay(at: Instant, timeZone: string): string {
  let format = dayFormats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    dayFormats.set(timeZone, format)
  }
  return format.format(at)
}

/** The last local day before an end, which is the first moment that lies outside. */
export function lastLocalDay(end: Instant, timeZone: string): string {
  return localDay(end - 1, timeZone)
}

/** The day after a calendar day, both `yyyy-mm-dd`. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10)
}

/** The instant at which a local day begins (its first instant, also where a clock change skips midnight). */
export function startOfLocalDay(day: string, timeZone: string): Instant {
  const noonless = Date.parse(`${day}T00:00:00Z`)
  let low = noonless - 26 * HOUR
  let high = noonless + 26 * HOUR
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (localDay(middle, timeZone) < day) low = middle
    else high = middle
  }
  return high
}

/** `from` plus a duration: `bd` ends at 24:00 local time of the last business day (EVALUATION.md, Time). */
export function addDuration(from: Instant, duration: Duration, calendar: Calendar): Instant {
  if (duration.unit === 'h') return from + duration.amount * HOUR
  if (duration.unit === 'd') return from + duration.amount * 24 * HOUR
  let day = localDay(from, calendar.timeZone)
  for (let left = duration.amount; left > 0; ) {
    day = nextDay(day)
    if (isBusinessDay(day, calendar)) left--
  }
  return startOfLocalDay(nextDay(day), calendar.timeZone)
}

function isBusinessDay(day: string, calendar: Calendar): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !calendar.holidays.includes(day)
}
