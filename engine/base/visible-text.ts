// Text from cards, data and logs made safe to show: one line, well formed, nothing that moves the cursor,
// hides, or reorders what is around it. Escaping for a sink (Markdown, Slack, …) comes after, at the sink.
import { stripVTControlCharacters } from 'node:util'

/** Controls, format characters (bidi, zero-width, tags, soft hyphen, …) and whatever else shows nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** Marks stacked on one letter beyond this many only smear over neighbouring lines (the number is arbitrary). */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu
/** What is not printed Latin, its punctuation, arrows and signs with single spaces: most ids, titles and sentences have none. */
const UNUSUAL = /[^ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff]|^ | $| {2}/

/**
 * One line without ANSI sequences; an invisible character becomes `⟨U+202E⟩`, so that it is seen and does nothing.
 * White space, line ends included, becomes one space. Longer than `most` code points: cut, with `…`.
 */
export function visibleText(text: string, most = 300): string {
  if (text.length <= most && !UNUSUAL.test(text)) return text
  const line = stripVTControlCharacters(text.slice(0, most * 8).toWellFormed())
    .replace(/[\s\u0085]+/gu, ' ')
    .trim()
    .replace(STACKED_MARKS, '$1')
    .replace(INVISIBLE, (character) => `⟨U+${hex(character)}⟩`)
  const points = [...line]
  const isCut = points.length > most || text.length > most * 8
  return isCut ? `${points.slice(0, most - 1).join('')}…` : line
}

/** What a line of a file may not do to a terminal or a page; tabs and spaces are its own. */
const DANGEROUS = /(?!\t)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu

/** A line of a file with its spaces and tabs as they are, so that a diff can be applied; cut at `most` code units. */
export function visibleSource(line: string, most = 20_000): string {
  const kept = line
    .slice(0, most)
    .toWellFormed()
    .replace(DANGEROUS, (character) => `⟨U+${hex(character)}⟩`)
  return line.length > most ? `${kept}…` : kept
}

/**
 * The last net before a terminal, for texts of several lines: colours, line ends and tabs stay, every other control and
 * every character that reorders text is shown as `⟨U+202E⟩`.
 */
export function shownLines(text: string): string {
  return text.replace(UNSHOWN, (found) => (found.startsWith('\u001b[') ? found : `⟨U+${hex(found)}⟩${found.slice(1)}`))
}

/** A control with what would make it a colour, or one character alone. */
const UNSHOWN = /(?![\n\t])(?:\p{Cc}\[[\d;]*m|[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}])/gu

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
