// `--window A/B`: two instants, or two days in UTC, as the half-open window of a snapshot.
import { Fault } from '../base/fault.ts'
import { formatInstant, type Instant, isRealDay, parseInstant, type Window } from '../domain/instant.ts'

const HINT =
  'write it as `2026-11-21/2026-11-22` (days in UTC), or with instants, `2026-11-21T00:00:00Z/2026-11-21T06:00:00Z`'

/** Faults `cli/bad-option` where the text is no window, or one that ends before it starts. */
export function readWindow(text: string): Window & { readonly from: Instant; readonly to: Instant } {
  const parts = text.split('/')
  const [from, to] = parts.map(instantOf)
  if (parts.length !== 2 || from === undefined || from === null || to === undefined || to === null) {
    throw new Fault('cli/bad-option', `\`--window ${text}\` is no window`, HINT)
  }
  if (from >= to) throw new Fault('cli/bad-option', `\`--window ${text}\` ends before it starts`, HINT)
  return { start: formatInstant(from), end: formatInstant(to), from, to }
}

function instantOf(text: string): Instant | null {
  return parseInstant(isRealDay(text) ? `${text}T00:00:00Z` : text)
}
