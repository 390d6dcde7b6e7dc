// Where the key and the value at a path of a YAML file stand, found in the events when asked: files without problems never pay
// for it. The first few questions walk the events; a file with many gets an index.
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { Span } from './source-text.ts'

type Path = readonly (string | number)[]

/** Where a value and its key stand in the text. */
export interface Spans {
  readonly value: Span
  /** Absent for list elements and the root. */
  readonly key?: Span
}

/** Answers with the nearest ancestor where a path is not there. Of repeated keys, the first counts, as in the value. */
export type Locate = (path: Path) => Spans

/** Arbitrary: about what an index costs. */
const WALKS_BEFORE_INDEX = 6

/** From events to a look-up: the offsets of the key and the value at a path. */
export function locator(text: string, events: readonly Event[]): Locate {
  let asked = 0
  let index: ReadonlyMap<string, Spans> | undefined
  return (path) => {
    asked++
    if (asked <= WALKS_BEFORE_INDEX) return walkTo(text, events, path)
    index ??= indexSpans(text, events)
    for (let depth = path.length; depth > 0; depth--) {
      const found = index.get(JSON.stringify(path.slice(0, depth)))
      if (found !== undefined) return found
    }
    return index.get('[]') ?? NOWHERE
  }
}

/**
 * The same for a text that plain-yaml.ts reads: its first fields begin in the first column and nothing else does, so only
 * the lines of the one that is asked for are turned to events.
 */
export function plainLocator(text: string, eventsOf: (text: string) => readonly Event[]): Locate {
  const fields = new Map<string, Locate>()
  let whole: Locate | undefined
  return (path) => {
    const [field] = path
    const from = typeof field === 'string' ? startOfField(text, field) : -1
    if (typeof field !== 'string' || from === -1) {
      whole ??= locator(text, eventsOf(text))
      return whole(path)
    }
    let locate = fields.get(field)
    if (locate === undefined) {
      const next = text.slice(from).search(/\n\w/)
      const own = next === -1 ? text.slice(from) : text.slice(from, from + next + 1)
      const simple = spansInBraces(own, path)
      if (simple !== null) return movedSpans(simple, from)
      locate = locator(own, eventsOf(own))
      fields.set(field, locate)
    }
    return movedSpans(locate(path), from)
  }
}

function startOfField(text: string, field: string): number {
  if (!/^[\w.-]+$/.test(field)) return -1
  if (text.startsWith(`${field}:`)) return 0
  const before = text.indexOf(`\n${field}:`)
  return before === -1 ? -1 : before + 1
}

/** `name: "…", `: a key and a value without brackets, escapes or a colon, up to what follows; to be tried at an offset. */
const PAIR = /([\w.-]+): +("[^"\\\n]*"|'[^'\n]*'|[\w.][\w./+~$ -]*?) *([,}]) */y

/** The same without events for `field: { name: value, … }`, the commonest of all; null where it is no such line. */
function spansInBraces(own: string, [field, name, ...deeper]: Path): Spans | null {
  const opening = `${field}: { `
  if (deeper.length > 0 || !own.startsWith(opening)) return null
  for (PAIR.lastIndex = opening.length; ; ) {
    const start = PAIR.lastIndex
    const pair = PAIR.exec(own)
    if (pair === null) return null
    const [, key = '', value = '', end] = pair
    if (key === name) {
      const from = own.indexOf(value, start + key.length + 1)
      return { value: { start: from, end: from + value.length }, key: { start, end: start + key.length } }
    }
    if (end === '}') return null
  }
}

function movedSpans({ value, key }: Spans, by: number): Spans {
  return key === undefined ? { value: moved(value, by) } : { value: moved(value, by), key: moved(key, by) }
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by }
}

const NOWHERE: Spans = { value: { start: 0, end: 0 } }

/** A container whose children are being passed. */
interface Frame {
  readonly isList: boolean
  readonly path: Path
  /** For a mapping: the key read last, whose value comes next. */
  key: { readonly name: string; readonly span: Span } | undefined
  count: number
}

/** Calls `visit` with every value in order; its answer says whether to look inside. */
function walk(text: string, events: readonly Event[], visit: (path: Path, spans: Spans) => boolean | 'stop'): void {
  const stack: Frame[] = []
  let skipped = 0
  for (const event of events) {
    const opens = event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE
    if (event.type === EVENT_ID.POP) {
      if (skipped > 0) skipped--
      else stack.pop()
      continue
    }
    if (event.type === EVENT_ID.DOCUMENT || skipped > 0) {
      if (opens) skipped++
      else if (event.type === EVENT_ID.DOCUMENT) stack.push({ isList: true, path: [], key: undefined, count: -1 })
      continue
    }
    const top = stack.at(-1)
    if (top === undefined) return
    const span = spanOf(event, top.key?.span)
    if (!top.isList && top.key === undefined) {
      top.key = { name: event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '', span }
      if (opens) skipped++
      continue
    }
    const path = pathOf(top)
    const spans = top.key === undefined ? { value: span } : { value: span, key: top.key.span }
    top.key = undefined
    const answer = visit(path, spans)
    if (answer === 'stop') return
    if (!opens) continue
    if (answer) stack.push({ isList: event.type === EVENT_ID.SEQUENCE, path, key: undefined, count: 0 })
    else skipped++
  }
}

/** The document itself is a list of one, whose element has the empty path. */
function pathOf(top: Frame): Path {
  if (top.key !== undefined) return [...top.path, top.key.name]
  if (top.count === -1) return []
  top.count++
  return [...top.path, top.count - 1]
}

function walkTo(text: string, events: readonly Event[], wanted: Path): Spans {
  let nearest = NOWHERE
  let depth = -1
  walk(text, events, (path, spans) => {
    if (path.length > wanted.length || path.length <= depth || !path.every((part, i) => part === wanted[i]))
      return false
    depth = path.length
    nearest = spans
    return depth === wanted.length ? 'stop' : true
  })
  return nearest
}

function indexSpans(text: string, events: readonly Event[]): ReadonlyMap<string, Spans> {
  const index = new Map<string, Spans>()
  walk(text, events, (path, spans) => {
    const key = JSON.stringify(path)
    if (!index.has(key)) index.set(key, spans)
    return true
  })
  return index
}

function spanOf(event: Event, key: Span | undefined): Span {
  if (event.type === EVENT_ID.SCALAR) return scalarSpan(event, key)
  if (event.type === EVENT_ID.ALIAS) return { start: event.anchorStart, end: event.anchorEnd }
  const start = event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE ? event.start : 0
  return { start, end: start + 1 }
}

/** An absent value stands after its key. */
function scalarSpan(event: ScalarEvent, key: Span | undefined): Span {
  if (event.valueStart === -1) return { start: key?.end ?? 0, end: key?.end ?? 0 }
  const quote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: event.valueStart - quote, end: event.valueEnd + quote }
}
