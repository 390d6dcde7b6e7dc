// Numbers, days and moments as people of a language write them: one rule for messages, tables and reports. No locale data is used, so the bytes are the same
// on every machine; only a local day or hour asks Intl, for the time zone. JSON keeps plain numbers and ISO times.
import type { Language } from './governance.ts'
import { type Duration, type Instant, localDay, nextDay, parseInstant, type Window } from './instant.ts'

const SEPARATORS: Readonly<Record<Language, { readonly decimal: string; readonly group: string }>> = {
  pt: { decimal: ',', group: '.' },
  en: { decimal: '.', group: ',' },
}
const UNIT_SIGNS: Readonly<Record<string, string>> = { ms: ' ms', hours: ' h', days: ' d' }
/** Units whose values are written with two decimals at least, so that 0.8 and 0.74 stand alike. */
const FRACTIONS = ['share', 'ratio', 'p-value', 'nats', 'difference', 'index', 'distance', 'score']
const DIGITS = 4

/** For whom a number is written, and in which unit of the catalogue. */
export interface NumberForm {
  readonly language: Language
  readonly unit?: string
  /** Significant digits, default 4. */
  readonly digits?: number
}

/** `0,74` · `18.234` · `120 ms` · `1,2e-7`. Rounded to 4 significant digits, integers whole. */
export function formatNumber(value: number, form: NumberForm): string {
  const text = decimalText(value, form.digits ?? DIGITS)
  const padded = FRACTIONS.includes(form.unit ?? '') ? twoDecimals(text) : text
  return localise(padded, form.language) + (UNIT_SIGNS[form.unit ?? ''] ?? '')
}

/** A value with as many digits as it takes to be seen beside a limit that it does not equal. */
export function formatBeside(value: number, limits: readonly number[], form: NumberForm): string {
  if (limits.every((limit) => limit === value || isFarFrom(value, limit))) return formatNumber(value, form)
  for (let digits = DIGITS; digits < 17; digits++) {
    const shown = Number(value.toPrecision(digits))
    if (limits.every((limit) => limit === value || Number(limit.toPrecision(digits)) !== shown))
      return formatNumber(value, { ...form, digits })
  }
  return formatNumber(value, { ...form, digits: 17 })
}

/** So far that four digits, each rounded by half of the last, tell them apart. */
function isFarFrom(value: number, limit: number): boolean {
  return Math.abs(value - limit) > 0.0011 * Math.max(Math.abs(value), Math.abs(limit))
}

/** `0.0523` → `5,23 %` (pt), `5.23%` (en). */
export function formatPercent(share: number, language: Language): string {
  return `${localise(decimalText(Number((share * 100).toPrecision(3)), 3), language)}${language === 'pt' ? ' %' : '%'}`
}

/** `k` of `n` with its denominator: `12 de 15 (80 %)`; no percentage of nothing. */
export function formatShare(part: number, whole: number, language: Language): string {
  const of = `${formatNumber(part, { language })} ${language === 'pt' ? 'de' : 'of'} ${formatNumber(whole, { language })}`
  if (whole === 0) return of
  return `${of} (${formatPercent(shownShare(part, whole), language)})`
}

/** Three digits, but never 100 % of less than all, nor 0 % of more than none. */
function shownShare(part: number, whole: number): number {
  const rounded = Math.round((part / whole) * 1000) / 1000
  if (rounded === 1 && part < whole) return 0.999
  return rounded === 0 && part > 0 ? 0.001 : rounded
}

/** `2026-11-22` → `22/11/2026` (pt); as it is in English. */
export function formatDay(day: string, language: Language): string {
  return language === 'pt' ? day.split('-').reverse().join('/') : day
}

/** The local day and minute: `22/11/2026 03:00`. */
export function formatMoment(at: Instant, timeZone: string, language: Language): string {
  return `${formatDay(localDay(at, timeZone), language)} ${localTime(at, timeZone)}`
}

/** The same of an RFC 3339 text; what is none stays as it is. */
export function momentOf(text: string, timeZone: string, language: Language): string {
  const at = parseInstant(text)
  return at === null ? text : formatMoment(at, timeZone, language)
}

/** `62 days`, `3 dias úteis`: a duration in words. */
export function formatDuration({ amount, unit }: Duration, language: Language): string {
  const [one, many] = DURATIONS[language][unit]
  return `${formatNumber(amount, { language })} ${amount === 1 ? one : many}`
}

const DURATIONS: Readonly<Record<Language, Readonly<Record<Duration['unit'], readonly [one: string, many: string]>>>> =
  {
    pt: { h: ['hora', 'horas'], d: ['dia', 'dias'], bd: ['dia útil', 'dias úteis'] },
    en: { h: ['hour', 'hours'], d: ['day', 'days'], bd: ['business day', 'business days'] },
  }

/** The last local day on which something due at an instant is still in time: an instant at 24:00 belongs to the day it ends. */
export function dueDay(due: Instant, timeZone: string): string {
  return localDay(due - 1, timeZone)
}

/** Whole UTC days as days, both included; else both instants, UTC. */
export function formatWindow(window: Window, language: Language): string {
  const { start, end } = window
  if (!/T00:00:00Z$/.test(start) || !/T00:00:00Z$/.test(end))
    return `${utcMinute(start, language)} → ${utcMinute(end, language)} UTC`
  const first = start.slice(0, 10)
  const last = dayBefore(end.slice(0, 10))
  return first === last ? formatDay(first, language) : `${formatDay(first, language)} – ${formatDay(last, language)}`
}

function utcMinute(text: string, language: Language): string {
  const at = parseInstant(text)
  if (at === null) return text
  return `${formatDay(text.slice(0, 10), language)} ${text.slice(11, 16)}`
}

function dayBefore(day: string): string {
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
  return nextDay(before) === day ? before : day
}

const timeFormats = new Map<string, Intl.DateTimeFormat>()

function localTime(at: Instant, timeZone: string): string {
  let format = timeFormats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    timeFormats.set(timeZone, format)
  }
  return format.format(at)
}

/** Plain digits with `.`, an exponent only for the very small and very large. */
function decimalText(value: number, digits: number): string {
  const full = String(value === 0 ? 0 : value)
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return full
  // Most values have no more digits as they are: these, and the point.
  if (full.length <= digits + (full.startsWith('0.') ? 2 : 1)) return full
  return String(Number(value.toPrecision(digits)))
}

function twoDecimals(text: string): string {
  if (text.includes('e')) return text
  const point = text.indexOf('.')
  if (point < 0) return `${text}.00`
  return point === text.length - 2 ? `${text}0` : text
}

function localise(text: string, language: Language): string {
  const { decimal, group } = SEPARATORS[language]
  // Most numbers have neither thousands nor an exponent.
  const point = text.indexOf('.')
  if ((point < 0 ? text.length : point) <= 3 && !text.includes('e'))
    return point < 0 ? text : text.replace('.', decimal)
  const [mantissa = '', exponent] = text.split('e')
  const [whole = '', fraction] = mantissa.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group)
  const shown = fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`
  return exponent === undefined ? shown : `${shown}e${exponent}`
}
