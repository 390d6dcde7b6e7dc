// The kit's data in the page: base64 in elements that no browser runs. Its 65 characters can neither end an element nor begin
// a comment, whatever the data are.
import { decodeBase64, encodeBase64 } from '../../base/base64.ts'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Language } from '../../domain/governance.ts'

/** What a kit says of itself. Nothing in it is believed but as a claim: whose log it is says the policy. */
export interface KitAbout {
  readonly institution: string
  /** The first is shown first. */
  readonly languages: readonly Language[]
  readonly origin: string
  readonly size: number
  readonly cid: string
  /** Of Tutela. */
  readonly version: string
}

/** The data of a page. `car` null: too large, the reader opens the file that came beside. */
export interface PageData {
  readonly about: KitAbout
  readonly policy: Uint8Array
  readonly car: Uint8Array | null
}

/** Where the data go in the template. */
export const DATA_MARK = '<!--kit-data-->'

/** The page of a kit. Equal data, equal bytes. */
export function fillPage(template: string, { about, policy, car }: PageData): string {
  const parts: [string, Uint8Array][] = [
    ['kit-about', new TextEncoder().encode(canonicalJson(about))],
    ['kit-policy', policy],
    ...(car === null ? [] : [['kit-car', car] satisfies [string, Uint8Array]]),
  ]
  const elements = parts.map(([id, bytes]) => element(id, encodeBase64(bytes)))
  return template.replace(DATA_MARK, () => elements.join('\n'))
}

function element(id: string, base64: string): string {
  return `<script type="text/base64" id="${id}">${base64}</script>`
}

/** The data in a page that somebody gave; null where it is no page of a kit. */
export function readPage(html: string): PageData | null {
  const [about, policy, car] = ['kit-about', 'kit-policy', 'kit-car'].map((id) => dataOf(html, id))
  const said = about === null || about === undefined ? null : parseAbout(new TextDecoder().decode(about))
  if (said === null || policy === null || policy === undefined) return null
  return { about: said, policy, car: car ?? null }
}

function dataOf(html: string, id: string): Uint8Array | null {
  const start = element(id, '').slice(0, -'</script>'.length)
  const at = html.indexOf(start)
  if (at < 0) return null
  const end = html.indexOf('</script>', at)
  return end < 0 ? null : decodeBase64(html.slice(at + start.length, end))
}

/** Null for anything but the members and types that `fillPage` writes. */
export function parseAbout(text: string): KitAbout | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { institution, languages, origin, size, cid, version } = value as Partial<Record<keyof KitAbout, unknown>>
  const isText = [institution, origin, cid, version].every((text) => typeof text === 'string')
  if (!isText || !Array.isArray(languages) || typeof size !== 'number') return null
  return {
    institution: String(institution),
    languages: languages.filter((one): one is Language => one === 'pt' || one === 'en'),
    origin: String(origin),
    size,
    cid: String(cid),
    version: String(version),
  }
}
