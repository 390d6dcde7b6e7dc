// A day that the calendar lacks, such as 2026-02-30: the schema only holds its form.
import { quoted } from './schema-problems.ts'
import type { Problem } from './source-text.ts'

/** The problem of a day of the right form that does not exist. */
export function noSuchDay(day: string): Problem {
  return {
    code: 'load/no-such-day',
    message: `${quoted(day)} is no day of the calendar`,
    hint: `write a day that exists, as \`yyyy-mm-dd\``,
  }
}
