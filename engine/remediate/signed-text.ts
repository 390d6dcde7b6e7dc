// What people sign is canonical JSON of texts alone: only the bytes that would be written are read.
import { canonicalJson } from '../base/canonical-json.ts'

/** The named texts, all well-formed; null for anything but their canonical text. */
export function readSignedTexts<Name extends string>(
  text: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const given = value as Readonly<Record<string, unknown>>
  const texts = names.map((name) => given[name])
  if (!texts.every((one) => typeof one === 'string' && one.isWellFormed())) return null
  const named = Object.fromEntries(names.map((name, i) => [name, texts[i]])) as Record<Name, string>
  return canonicalJson(named) === text ? named : null
}
