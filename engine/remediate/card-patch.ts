// Edits of a model card that leave every other byte as people wrote it: comments, order, quoting and spacing. The place
// is found in `yaml`'s document and the text is changed there; where that would not give what was meant, the document
// itself is edited and written out, which keeps comments and order but not spacing.
import { isDeepStrictEqual } from 'node:util'
import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { internalError } from '../base/fault.ts'
import type { Window } from '../domain/instant.ts'

/** What a merged retrain leaves in the card (REMEDIATION.md). */
export interface RetrainRequest {
  readonly id: string
  /** Rules, never values. */
  readonly reason: string
  readonly evidence: string
  readonly window: Window | null
}

/** One change of a card, as a remedy needs it. */
export type CardEdit =
  | { readonly action: 'rollback'; readonly environment: string; readonly version: string }
  | { readonly action: 'hold'; readonly environment: string; readonly reason: string }
  | { readonly action: 'retrain'; readonly request: RetrainRequest }

type Path = readonly (string | number)[]

/** The card's new text. `text` is a card that loads and has what is edited: else a bug of the caller. */
export function patchCard(text: string, edit: CardEdit): string {
  const section = sectionOf(text, edit.action === 'retrain' ? 'retrain' : 'deployment')
  if (section === null) return patchYaml(text, edit)
  const { before, own, after } = section
  return before + patchYaml(own, edit) + after
}

/** In a card that loads, what a value goes on with is indented: so a line of another form is no plain first field. */
const FIRST_COLUMN = /^(?:[A-Za-z]\w*:(?: .*)?|[ #].*|)$/

/**
 * The lines of one first field, and those around it: to parse them alone is most of an edit spared. Null where the field
 * is the last, or where a line is not plain.
 */
function sectionOf(text: string, field: string): { before: string; own: string; after: string } | null {
  const lines = text.split('\n')
  if (!lines.every((line) => FIRST_COLUMN.test(line))) return null
  const from = lines.findIndex((line) => line.startsWith(`${field}:`))
  const next = lines.findIndex((line, i) => i > from && /^[A-Za-z]/.test(line))
  if (from === -1 || next === -1) return null
  const textOf = (some: readonly string[]) => some.map((line) => `${line}\n`).join('')
  return {
    before: textOf(lines.slice(0, from)),
    own: textOf(lines.slice(from, next)),
    after: lines.slice(next).join('\n'),
  }
}

function patchYaml(text: string, edit: CardEdit): string {
  const card = { text, document: parseDocument(text) }
  return fieldsOf(card.document, edit).reduce<ParsedCard>(
    (before, [path, value]) => setField(before, path, value),
    card,
  ).text
}

/** A text and the document that it parses to: positions are those of the text as long as nothing was set. */
interface ParsedCard {
  readonly text: string
  readonly document: Document
}

function fieldsOf(document: Document, edit: CardEdit): [Path, unknown][] {
  if (edit.action === 'retrain') return [[['retrain', 'request'], edit.request]]
  const place = deploymentPath(document, edit.environment)
  if (edit.action === 'rollback') return [[[...place, 'version'], edit.version]]
  return [
    [[...place, 'hold'], true],
    [[...place, 'reason'], edit.reason],
  ]
}

/** Of the champion of an environment, alone or in a list. */
function deploymentPath(document: Document, environment: string): Path {
  const node = document.get('deployment')
  if (isMap(node)) return ['deployment']
  const items = isSeq(node) ? node.items : []
  const at = items.findIndex(
    (item) => isMap(item) && item.get('environment') === environment && (item.get('role') ?? 'champion') === 'champion',
  )
  if (at < 0) internalError(`the card deploys nothing in ${environment}`)
  return ['deployment', at]
}

function setField(card: ParsedCard, path: Path, value: unknown): ParsedCard {
  const { text, document } = card
  const before: unknown = document.toJS()
  const spliced = splice(text, document, path, value)
  document.setIn(path, document.createNode(value))
  const meant: unknown = document.toJS()
  if (isDeepStrictEqual(before, meant)) return { text, document: parseDocument(text) }
  const parsed = spliced === null ? null : parseDocument(spliced)
  if (spliced !== null && parsed !== null && parsed.errors.length === 0 && isDeepStrictEqual(parsed.toJS(), meant)) {
    return { text: spliced, document: parsed }
  }
  const written = document.toString({ lineWidth: 0, flowCollectionPadding: true })
  return { text: written, document: parseDocument(written) }
}

/** Null where the place cannot be found by position. */
function splice(text: string, document: Document, path: Path, value: unknown): string | null {
  const key = String(path.at(-1))
  const map = document.getIn(path.slice(0, -1))
  if (!isMap(map) || map.items.length === 0) return null
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair === undefined ? insert(text, map, key, value) : replace(text, map, pair, key, value)
}

function replace(text: string, map: YAMLMap, pair: Pair, key: string, value: unknown): string | null {
  const [from, colonSide] = [rangeOf(pair.key)?.[0], rangeOf(pair.value)]
  if (from === undefined || colonSide === undefined) return null
  // A scalar is replaced in place, whatever stands between it and its key.
  if (isScalar(pair.value) && typeof value !== 'object') {
    return text.slice(0, colonSide[0]) + flowText(value) + text.slice(colonSide[1])
  }
  const end = endOfContent(text, colonSide[1])
  return text.slice(0, from) + memberText(text, map, key, value) + text.slice(end)
}

function insert(text: string, map: YAMLMap, key: string, value: unknown): string | null {
  const last = map.items.at(-1)
  const end = rangeOf(last?.value)?.[1] ?? rangeOf(last?.key)?.[1]
  if (end === undefined) return null
  const member = memberText(text, map, key, value)
  if (map.flow === true) return `${text.slice(0, end)}, ${member}${text.slice(end)}`
  const newline = newlineOf(text)
  const lineEnd = text.indexOf('\n', endOfContent(text, end))
  const [head, tail] = lineEnd < 0 ? [text + newline, ''] : [text.slice(0, lineEnd + 1), text.slice(lineEnd + 1)]
  return head + indentOf(text, map) + member + newline + tail
}

/** Block in a block map, flow in a flow map. */
function memberText(text: string, map: YAMLMap, key: string, value: unknown): string {
  if (map.flow === true || typeof value !== 'object' || value === null) return `${key}: ${flowText(value)}`
  const indent = `${newlineOf(text)}${indentOf(text, map)}  `
  const members = Object.entries(value).map(([name, member]) => `${indent}${name}: ${flowText(member)}`)
  return `${key}:${members.join('')}`
}

/** Strings are always quoted, so that no version or hash is read as a number. */
function flowText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${flowText(member)}`)
    .join(', ')} }`
}

function indentOf(text: string, map: YAMLMap): string {
  const start = rangeOf(map.items[0]?.key)?.[0] ?? 0
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  // In a list, `- ` stands before the first key.
  return ' '.repeat(line.length)
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The end of a node may lie after the newlines that follow it. */
function endOfContent(text: string, end: number): number {
  let at = end
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--
  return at
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null | undefined)?.range
  return range ?? undefined
}
