// Reads one YAML file strictly, on js-yaml's stream of events: a value, and the place of every key and value when asked.
// Whatever two readers could take differently is refused: anchors, aliases, tags, directives, several documents, duplicate keys, odd numbers.
import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml'
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { BareObject } from './bare-object.ts'
import { NOT_PLAIN, readPlainYaml } from './plain-yaml.ts'
import { decodeSource, type Problem, type SourceText, type Span, sourceText } from './source-text.ts'
import { type Locate, locator, plainLocator } from './yaml-positions.ts'
import {
  ALIAS,
  ANCHOR,
  BAD_ESCAPE,
  COMPLEX_KEY,
  DIRECTIVE,
  EMPTY_KEY,
  LONE_RETURN,
  MERGE_KEY,
  MOST_DEPTH,
  SEVERAL_DOCUMENTS,
  syntaxProblem,
  TAB,
  TAG,
  TOO_DEEP,
} from './yaml-problems.ts'
import { plainScalar } from './yaml-scalar.ts'
import { tabsInIndentation } from './yaml-tabs.ts'

/** Keys and list positions from the root: `['require', 2, 'atLeast']`. */
export type YamlPath = readonly (string | number)[]

/** A file as strict YAML, with the places of its keys and values. */
export interface YamlFile {
  readonly file: string
  /** Objects are `BareObject`s, lists are arrays; `undefined` where nothing could be read. */
  readonly value: unknown
  /** Errors that made reading this file impossible or part of its value wrong. */
  readonly diagnostics: readonly Diagnostic[]
  readonly source: SourceText
  /** Where the value at a path stands; of a path that is not there, its nearest ancestor. */
  valueSpan(path: YamlPath): Span
  /** Where the key at a path stands; of a list element, the element. */
  keySpan(path: YamlPath): Span
}

/** js-yaml counts scalars, and the keys it tries, as levels too; the exact limit is ours. */
const MOST_PARSER_DEPTH = MOST_DEPTH + 6

/** Never throws: whatever the bytes are, the answer is a value with diagnostics. */
export function readYaml(file: string, bytes: Uint8Array): YamlFile {
  const source = decodeSource(file, bytes)
  if ('severity' in source) return unreadable(file, source)
  const value = readPlainYaml(source.text)
  return value === NOT_PLAIN ? readAnyYaml(file, source) : plainFile(file, source, value)
}

/** Its events are made when somebody asks for a place. */
function plainFile(file: string, source: SourceText, value: unknown): YamlFile {
  const locate = plainLocator(source.text, (text) => parseEvents(text, { maxDepth: MOST_PARSER_DEPTH }))
  return { file, value, diagnostics: [], source, ...placesBy(locate) }
}

/** The long way, which tells all that is wrong. */
export function readAnyYaml(file: string, source: SourceText): YamlFile {
  let events: Event[]
  try {
    events = parseEvents(source.text, { maxDepth: MOST_PARSER_DEPTH })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return unreadable(file, syntaxProblem(source, error), source)
  }
  const builder = new ValueBuilder(source)
  for (const event of events) builder.take(event)
  for (const span of tabsInIndentation(source.text, events)) builder.refuse(span, TAB)
  const loneReturn = source.text.search(/\r(?!\n)/)
  if (loneReturn !== -1) builder.refuse({ start: loneReturn, end: loneReturn }, LONE_RETURN)
  return {
    file,
    value: builder.documents === 0 ? undefined : builder.root,
    diagnostics: withoutFlood(builder.diagnostics),
    source,
    ...placesBy(locator(source.text, events)),
  }
}

/** Anchors and aliases are all one slip, or an attack: of each the first are told, and how many more there are. */
function withoutFlood(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>()
  const flooded = diagnostics.filter(({ code }) => code === ALIAS.code || code === ANCHOR.code)
  for (const { code } of flooded) counts.set(code, (counts.get(code) ?? 0) + 1)
  if ([...counts.values()].every((count) => count <= MOST_OF_A_KIND)) return diagnostics
  const seen = new Map<string, number>()
  return diagnostics.flatMap((diagnostic) => {
    const { code } = diagnostic
    const more = (counts.get(code) ?? 0) - MOST_OF_A_KIND
    if (more <= 0) return [diagnostic]
    const nth = (seen.get(code) ?? 0) + 1
    seen.set(code, nth)
    if (nth > MOST_OF_A_KIND) return []
    if (nth < MOST_OF_A_KIND) return [diagnostic]
    return [{ ...diagnostic, message: `${diagnostic.message}; ${more} more of them follow in this file` }]
  })
}

/** Arbitrary. */
const MOST_OF_A_KIND = 5

function placesBy(locate: Locate): Pick<YamlFile, 'valueSpan' | 'keySpan'> {
  return {
    valueSpan: (path) => locate(path).value,
    keySpan: (path) => {
      const { key, value } = locate(path)
      return key ?? value
    },
  }
}

/** A container that is being filled; for a mapping, the key that waits for its value. */
interface Open {
  readonly value: unknown[] | Record<string, unknown>
  readonly isList: boolean
  key: string | undefined
  /** Whether the key came before already: the first value stays. */
  isRepeated: boolean
}

class ValueBuilder {
  readonly diagnostics: Diagnostic[] = []
  documents = 0
  root: unknown
  private readonly source: SourceText
  private readonly stack: Open[] = []
  /** Inside a key that is itself a list or mapping: built, and thrown away. */
  private complexKeyDepth = 0

  constructor(source: SourceText) {
    this.source = source
  }

  take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.openDocument(event.directives.length > 0)
        break
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        this.refuseProperties(event)
        this.open(event.type === EVENT_ID.SEQUENCE, event.start)
        break
      case EVENT_ID.SCALAR:
        this.refuseProperties(event)
        this.addScalar(event)
        break
      case EVENT_ID.ALIAS:
        this.refuse({ start: event.anchorStart - 1, end: event.anchorEnd }, ALIAS)
        this.add(null)
        break
      case EVENT_ID.POP:
        this.close()
        break
    }
  }

  refuse(span: Span, problem: Problem): void {
    this.diagnostics.push(this.source.problem(span, problem))
  }

  private openDocument(hasDirectives: boolean): void {
    this.documents++
    if (this.documents === 2) {
      const at = secondDocument(this.source.text)
      this.refuse({ start: at, end: at + 3 }, SEVERAL_DOCUMENTS)
    }
    if (hasDirectives && this.documents === 1) {
      const at = Math.max(0, this.source.text.search(/^%/m))
      this.refuse({ start: at, end: at }, DIRECTIVE)
    }
    this.stack.push({ value: [], isList: true, key: undefined, isRepeated: false })
  }

  private open(isList: boolean, at: number): void {
    const top = this.stack.at(-1)
    if (this.complexKeyDepth > 0 || (top !== undefined && !top.isList && top.key === undefined)) {
      if (this.complexKeyDepth === 0) this.refuse({ start: at, end: at + 1 }, COMPLEX_KEY)
      this.complexKeyDepth++
      return
    }
    if (this.stack.length === MOST_DEPTH + 1) this.refuse({ start: at, end: at + 1 }, TOO_DEEP)
    this.stack.push({ value: isList ? [] : new BareObject(), isList, key: undefined, isRepeated: false })
  }

  private close(): void {
    if (this.complexKeyDepth > 0) {
      this.complexKeyDepth--
      if (this.complexKeyDepth === 0) this.setKey('', undefined)
      return
    }
    const closed = this.stack.pop()
    if (closed === undefined) return
    if (this.stack.length > 0) this.add(closed.value)
    else if (this.documents === 1) this.root = (closed.value as unknown[])[0]
  }

  private addScalar(event: ScalarEvent): void {
    if (this.complexKeyDepth > 0) return
    const top = this.stack.at(-1)
    const text = getScalarValue(this.source.text, event)
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast) this.checkEscapes(text, event)
    if (top !== undefined && !top.isList && top.key === undefined) this.setKey(text, event)
    else this.add(event.style === SCALAR_STYLE.PLAIN ? this.plain(text, event) : text)
  }

  private plain(text: string, event: ScalarEvent): string | number | boolean | null {
    const value = plainScalar(text)
    if (value === null || typeof value !== 'object') return value
    this.refuse(scalarSpan(event), {
      code: 'load/bad-number',
      message: `${cut(text)} ${value.refused}`,
      hint: value.hint,
    })
    return null
  }

  /** Valid UTF-8 holds neither; an escape in double quotes can. */
  private checkEscapes(text: string, event: ScalarEvent): void {
    if (!text.isWellFormed() || text.includes('\0')) this.refuse(scalarSpan(event), BAD_ESCAPE)
  }

  private setKey(text: string, event: ScalarEvent | undefined): void {
    const top = this.stack.at(-1)
    if (top === undefined) return
    top.key = text
    top.isRepeated = Object.hasOwn(top.value, text)
    if (event === undefined) return
    if (text === '<<' && event.style === SCALAR_STYLE.PLAIN) this.refuse(scalarSpan(event), MERGE_KEY)
    else if (event.valueStart === -1) this.diagnostics.push(this.source.problem({ start: 0, end: 0 }, EMPTY_KEY))
    else if (top.isRepeated) {
      this.refuse(scalarSpan(event), {
        code: 'load/duplicate-key',
        message: `duplicate key ${cut(text)}`,
        hint: 'keep one of them',
      })
    }
  }

  private add(value: unknown): void {
    const top = this.stack.at(-1)
    if (top === undefined || this.complexKeyDepth > 0) return
    if (top.isList) {
      ;(top.value as unknown[]).push(value)
      return
    }
    if (top.key === undefined) {
      top.key = ''
      return
    }
    if (!top.isRepeated) (top.value as Record<string, unknown>)[top.key] = value
    top.key = undefined
  }

  private refuseProperties(event: { anchorStart: number; anchorEnd: number; tagStart: number; tagEnd: number }): void {
    if (event.anchorStart !== -1) this.refuse({ start: event.anchorStart - 1, end: event.anchorEnd }, ANCHOR)
    if (event.tagStart !== -1) this.refuse({ start: event.tagStart, end: event.tagEnd }, TAG)
  }
}

/** The user's words in backticks, cut where long. */
function cut(text: string): string {
  return `\`${visibleText(text, 80)}\``
}

/** A scalar with its quotes. */
function scalarSpan(event: ScalarEvent): Span {
  const quote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: Math.max(0, event.valueStart - quote), end: Math.max(0, event.valueEnd + quote) }
}

function secondDocument(text: string): number {
  const marks = [...text.matchAll(/^(---|\.\.\.)(?=\s|$)/gm)].map((match) => match.index)
  const leads = /^(\s*(#.*)?\n)*---/.test(text) || /^%/.test(text)
  return marks[leads ? 1 : 0] ?? 0
}

function unreadable(file: string, diagnostic: Diagnostic, source: SourceText = sourceText(file, '')): YamlFile {
  const nowhere = () => ({ start: 0, end: 0 })
  return { file, value: undefined, diagnostics: [diagnostic], source, valueSpan: nowhere, keySpan: nowhere }
}
