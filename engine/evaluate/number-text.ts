// Numbers in messages: the same in every locale and on every machine, so without Intl.
import type { Language } from '../domain/governance.ts'

/**
 * About four figures, and all of them where fewer would hide that the value differs from `other` (its limit).
 * Integers are whole. Portuguese has a decimal comma; neither language groups thousands.
 */
export function numberText(value: number, language: Language, other?: number): string {
  const short = shorten(value)
  const hides = other !== undefined && value !== other && short === shorten(other)
  return localise(hides ? String(value) : short, language)
}

/** A share as a percentage: 0.05 → `5%`. */
export function percentText(share: number, language: Language): string {
  return `${localise(shorten(Number((share * 100).toPrecision(12))), language)}%`
}

function shorten(value: number): string {
  const full = String(value === 0 ? 0 : value)
  // Most values have four figures or fewer as they are.
  if (Number.isInteger(value) || full.length <= (full.startsWith('0.') ? 6 : 5)) return full
  const digitsBeforePoint = Math.abs(value) >= 1 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0
  return String(Number(value.toPrecision(Math.max(4, digitsBeforePoint + 2))))
}

function localise(text: string, language: Language): string {
  return language === 'pt' ? text.replace('.', ',') : text
}
