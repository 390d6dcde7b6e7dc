// Tabs that indent: some YAML readers refuse them everywhere, others only here and there, so they are all refused.
// A tab within a scalar, or between two tokens of a line, is content or space.
import { EVENT_ID, type Event } from 'js-yaml'
import type { Span } from './source-text.ts'

/** The first tab of each line that is indented with one; blank lines and lines within a scalar do not count. */
export function tabsInIndentation(text: string, events: readonly Event[]): Span[] {
  if (!text.includes('\t')) return []
  const scalars = events.flatMap((e) =>
    e.type === EVENT_ID.SCALAR && e.valueStart >= 0 ? [[e.valueStart, e.valueEnd] as const] : [],
  )
  const spans: Span[] = []
  let next = 0
  for (const match of text.matchAll(/(?:^|[\r\n])( *)\t[ \t]*(?![ \t\r\n#]|$)/g)) {
    const at = match.index + match[0].indexOf('\t')
    while (next < scalars.length && (scalars[next]?.[1] ?? 0) <= at) next++
    const scalar = scalars[next]
    if (scalar === undefined || scalar[0] > at) spans.push({ start: at, end: at + 1 })
  }
  return spans
}
