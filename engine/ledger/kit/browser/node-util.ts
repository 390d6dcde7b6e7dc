// Stands in for `node:util` in the page: what `visibleText` asks of it. Terminal sequences mean nothing here, and their
// control characters are shown like all others.

/** The text as it is. */
export function stripVTControlCharacters(text: string): string {
  return text
}
