// Where a snapshot file may stand: `models/snapshots/<yyyy>/<mm>/<dd>T<hh>/<model>[.<writer>].ndjson`, or a folded
// day, `models/snapshots/<yyyy>/<mm>/<dd>.ndjson` (RESOURCES.md). Nothing is read here.
import { type Instant, isRealDay } from '../domain/instant.ts'

/** Where all measurements lie, whatever their model. */
export const SNAPSHOT_FOLDER = 'models/snapshots'
const HOUR = 3_600_000

/** The windows of its lines start in [from, to). */
export type SnapshotPlace =
  | {
      readonly kind: 'hour'
      readonly model: string
      readonly writer: string | null
      readonly from: Instant
      readonly to: Instant
    }
  | { readonly kind: 'day'; readonly from: Instant; readonly to: Instant }

/** A path that no snapshot file may have: an error where it was meant as data. */
export interface MisplacedSnapshot {
  readonly kind: 'misplaced'
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint: string
}

const HOUR_FILE =
  /^models\/snapshots\/(\d{4})\/(\d\d)\/(\d\d)T([01]\d|2[0-3])\/([a-z0-9-]+)(?:\.([a-z0-9-]+))?\.ndjson$/
const DAY_FILE = /^models\/snapshots\/(\d{4})\/(\d\d)\/(\d\d)\.ndjson$/
/** Files that somebody meant to be read. */
const MEANT_AS_DATA = /\.(ndjson|jsonl?|ya?ml|csv|parquet)$/i

/** What a path below `models/snapshots` stands for, from the path alone. */
export function readSnapshotPath(path: string): SnapshotPlace | MisplacedSnapshot {
  const hour = HOUR_FILE.exec(path)
  if (hour !== null) return readHourFile(hour)
  const day = DAY_FILE.exec(path)
  if (day !== null) return readDayFile(day)
  return misplaced(path)
}

function readHourFile(match: RegExpExecArray): SnapshotPlace | MisplacedSnapshot {
  const [, year = '', month = '', day = '', hour = '', model = '', writer = null] = match
  const start = startOfDay(`${year}-${month}-${day}`)
  if (start === null) return noSuchDay(`${year}/${month}/${day}`)
  const from = start + Number(hour) * HOUR
  return { kind: 'hour', model, writer, from, to: from + HOUR }
}

function readDayFile(match: RegExpExecArray): SnapshotPlace | MisplacedSnapshot {
  const [, year = '', month = '', day = ''] = match
  const from = startOfDay(`${year}-${month}-${day}`)
  return from === null ? noSuchDay(`${year}/${month}/${day}`) : { kind: 'day', from, to: from + 24 * HOUR }
}

const days = new Map<string, Instant | null>()

/** Kept for the last few days, since a folder of a day holds many files. */
function startOfDay(day: string): Instant | null {
  let start = days.get(day)
  if (start === undefined) {
    start = isRealDay(day) ? Date.parse(`${day}T00:00:00Z`) : null
    if (days.size > 100) days.clear()
    days.set(day, start)
  }
  return start
}

function noSuchDay(day: string): MisplacedSnapshot {
  return {
    kind: 'misplaced',
    severity: 'error',
    message: `there is no day \`${day}\``,
    hint: 'the folder is the UTC hour in which the window starts: `<yyyy>/<mm>/<dd>T<hh>`',
  }
}

function misplaced(path: string): MisplacedSnapshot {
  const isMeant = MEANT_AS_DATA.test(path)
  const isWrongEnding = isMeant && !path.endsWith('.ndjson')
  return {
    kind: 'misplaced',
    severity: isMeant ? 'error' : 'warning',
    message: isWrongEnding ? 'only `*.ndjson` is read here' : 'this is no place of a snapshot file, so it is not read',
    hint: 'snapshots stand in `models/snapshots/<yyyy>/<mm>/<dd>T<hh>/<model>[.<writer>].ndjson`, folded days in `<yyyy>/<mm>/<dd>.ndjson`',
  }
}
