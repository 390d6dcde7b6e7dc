// The head of a snapshot line (whose it is, its window, what it corrects) read without parsing the measurements.
// Only lines in one of two exact forms are read this way; of all others this says null, and they are parsed whole.
import { type Instant, parseInstant, type Window } from '../domain/instant.ts'
import type { Purpose } from '../domain/snapshot.ts'

/** Who, where, what for and when: all of a line but its measurements. */
export interface SnapshotHead {
  readonly model: string
  readonly version: string
  readonly environment: string
  readonly purpose: Purpose
  readonly window: Window
  readonly start: Instant
  readonly end: Instant
  /** A digest, as written. */
  readonly supersedes: string | null
}

const ID = '([a-z0-9-]{1,100})'
/** ASCII without quotes; a word has no space in it, a text does not begin with one. */
const WORD = '([!#-[\\]-~]{1,200})'
const TEXT = '[!#-[\\]-~][ !#-[\\]-~]{0,199}'
const PURPOSE = '(monitoring|baseline|validation)'
const TIME = '(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)'
const ROWS = '(?:"rows":\\{"current":\\d{1,15}(?:,"reference":\\d{1,15})?\\},)?'
const SUPERSEDES = '(?:"supersedes":"(sha256:[0-9a-f]{64})",)?'
const HEX = '"sha256:[0-9a-f]{64}"'

/** RFC 8785, as writers emit it: the measurements stand between the two ends. */
const CANONICAL_START = new RegExp(
  `^\\{"apiVersion":"tutela/v1","environment":"${ID}","kind":"Snapshot","measurements":\\[`,
)
const CANONICAL_END = new RegExp(
  `\\],"model":"${ID}","purpose":"${PURPOSE}",${ROWS}"source":\\{"digest":${HEX},"tool":"${TEXT}","version":"${TEXT}"\\},${SUPERSEDES}"version":"${WORD}","window":\\{"end":"${TIME}","start":"${TIME}"\\}\\}$`,
)
/** The order of RESOURCES.md: the measurements stand last. */
const AS_DOCUMENTED = new RegExp(
  `^\\{"apiVersion":"tutela/v1","kind":"Snapshot","model":"${ID}","version":"${WORD}","environment":"${ID}","purpose":"${PURPOSE}","window":\\{"start":"${TIME}","end":"${TIME}"\\},${ROWS}"source":\\{"tool":"${TEXT}","version":"${TEXT}","digest":${HEX}\\},${SUPERSEDES}"measurements":\\[`,
)
/** Longer than any end that the pattern can match. */
const END_LENGTH = 1600

/**
 * The head of a line, given as Latin-1 text of its bytes; null when only a full parse can tell. What it returns equals
 * what the full parse of the line says, if the line is JSON at all.
 */
export function readSnapshotHead(line: string): SnapshotHead | null {
  return line.startsWith('{"apiVersion":"tutela/v1","k') ? readAsDocumented(line) : readCanonical(line)
}

function readCanonical(line: string): SnapshotHead | null {
  const start = CANONICAL_START.exec(line)
  const tail = line.slice(-END_LENGTH)
  const end = start === null ? null : CANONICAL_END.exec(tail)
  if (start === null || end === null) return null
  const closes = line.length - tail.length + end.index
  if (!isOneArray(line, start[0].length, closes)) return null
  const [, model, purpose, supersedes = null, version, until, from] = end
  return head({ model, version, environment: start[1], purpose, from, until, supersedes })
}

function readAsDocumented(line: string): SnapshotHead | null {
  const start = AS_DOCUMENTED.exec(line)
  if (start === null || !line.endsWith(']}')) return null
  if (!isOneArray(line, start[0].length, line.length - 2)) return null
  const [, model, version, environment, purpose, from, until, supersedes = null] = start
  return head({ model, version, environment, purpose, from, until, supersedes })
}

/**
 * Whether the text between an array's `[` and `]` leaves that array open to the end: within it, brackets come in turn,
 * each `[` as the value of `groups` or `interval`. In JSON that text is no part of a string, so all openings are real; a
 * `]` in a string, or one that closes the array early, leaves a bracket without its partner.
 */
function isOneArray(line: string, from: number, to: number): boolean {
  let at = from
  for (;;) {
    const closes = line.indexOf(']', at)
    const opens = line.indexOf('[', at)
    if (opens === -1 || opens >= to) return closes === to
    if (closes < opens) return false
    if (!line.startsWith('"groups":', opens - 9) && !line.startsWith('"interval":', opens - 11)) return false
    const again = line.indexOf('[', opens + 1)
    if (again !== -1 && again < closes) return false
    at = closes + 1
  }
}

interface HeadTexts {
  readonly model: string | undefined
  readonly version: string | undefined
  readonly environment: string | undefined
  readonly purpose: string | undefined
  readonly from: string | undefined
  readonly until: string | undefined
  readonly supersedes: string | null
}

function head({
  model = '',
  version = '',
  environment = '',
  purpose,
  from = '',
  until = '',
  supersedes,
}: HeadTexts): SnapshotHead | null {
  const start = parseInstant(from)
  const end = parseInstant(until)
  if (start === null || end === null) return null
  return {
    model,
    version,
    environment,
    purpose: purpose as Purpose,
    window: { start: from, end: until },
    start,
    end,
    supersedes,
  }
}
