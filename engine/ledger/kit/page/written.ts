// Numbers, dates, sizes and texts as a reader of each language writes them. Texts of the log come out visible: nothing in them
// hides, reorders or imitates what is around it.
import { visibleText } from '../../../base/visible-text.ts'
import type { Language } from '../../../domain/governance.ts'

const LOCALES: Readonly<Record<Language, string>> = { pt: 'pt-BR', en: 'en-GB' }

/** The locale's tag, for `lang` attributes too. */
export function localeOf(language: Language): string {
  return LOCALES[language]
}

/** A whole number with its thousands. */
export function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language]).format(value)
}

/** A measured value with at most six digits. */
export function valueText(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumSignificantDigits: 6 }).format(value)
}

/** `1.2 MB` */
export function bytesText(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB']
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const amount = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: power === 0 ? 0 : 1 })
  return `${amount.format(bytes / 1000 ** power)} ${units[power]}`
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** The date of an instant, in UTC; a text that is none, as it stands. */
export function dateText(text: string, language: Language): string {
  return format(text, language, { dateStyle: language === 'pt' ? 'short' : 'medium' })
}

/** Date and time, in UTC. */
export function timeText(text: string, language: Language): string {
  const shown = format(text, language, { dateStyle: language === 'pt' ? 'short' : 'medium', timeStyle: 'short' })
  return Number.isNaN(Date.parse(text)) ? shown : `${shown} UTC`
}

function format(text: string, language: Language, style: Intl.DateTimeFormatOptions): string {
  const at = Date.parse(text)
  if (Number.isNaN(at)) return shown(text)
  const name = `${language} ${style.timeStyle ?? ''}`
  const known = FORMATS.get(name)
  const made = known ?? new Intl.DateTimeFormat(LOCALES[language], { ...style, timeZone: 'UTC' })
  if (known === undefined) FORMATS.set(name, made)
  return made.format(at)
}

/** A text of the log. */
export function shown(text: string, most = 300): string {
  return visibleText(text, most)
}

/** Text of several lines: invisible characters shown, line ends kept. */
export function shownWhole(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `⟨U+${codeOf(found)}⟩`))
    .join('\n')
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
