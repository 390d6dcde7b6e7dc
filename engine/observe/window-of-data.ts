// Which rows belong to the window: those whose timestamp lies in it, or all where the card names no timestamp column.
// Without a window of the asker's, it is that of the data, from the earliest row to the latest.
import { Fault } from '../base/fault.ts'
import { identifier, textLiteral } from '../base/sql-text.ts'
import { formatInstant, type Instant, type Window } from '../domain/instant.ts'
import type { SqlCell, SqlEngine, SqlTable } from '../world-sql.ts'

export interface WindowRequest {
  /** The card's timestamp column; null where it names none. */
  readonly timestamp: string | null
  /** `--window`, half open; null: take the data's. */
  readonly asked: { readonly from: Instant; readonly to: Instant } | null
  readonly now: Instant
}

export interface WindowOfData {
  readonly window: Window
  readonly from: Instant
  readonly to: Instant
  /** `option`: as asked; `column`: of the data. */
  readonly chosenBy: 'option' | 'column'
  /** The rows in the window. */
  readonly table: SqlTable
  readonly left: { readonly outside: number; readonly untimed: number }
  /** Rows in the window; null where the card names no times, and all are taken. */
  readonly inside: number | null
  /** The first and the last time of the data, ms; null where they tell none. */
  readonly covered: { readonly earliest: number; readonly latest: number } | null
}

const HINT = 'give `--window A/B`, such as `2026-11-01/2026-12-01`'

/** Faults `observe/no-window`, `observe/early-rows`, `observe/future-rows`. */
export async function windowOfData(engine: SqlEngine, table: SqlTable, request: WindowRequest): Promise<WindowOfData> {
  const { timestamp, asked } = request
  if (timestamp === null) {
    if (asked === null) throw new Fault('observe/no-window', 'the card names no `data.timestamp` column', HINT)
    const left = { outside: 0, untimed: 0 }
    return { ...shownWindow(asked), ...asked, chosenBy: 'option', table, left, inside: null, covered: null }
  }
  const seen = await timesOf(engine, table, { timestamp, asked, now: request.now })
  if (asked !== null) return within(table, timestamp, asked, { chosenBy: 'option', seen })
  return within(table, timestamp, ownWindow(seen, timestamp, table), { chosenBy: 'column', seen })
}

interface SeenTimes {
  readonly rows: number
  readonly timed: number
  /** Milliseconds. */
  readonly earliest: number | null
  readonly latest: number | null
  readonly inside: number
  readonly future: number
  /** Whether every time is a midnight in UTC: then they are days. */
  readonly areDays: boolean
}

async function timesOf(
  engine: SqlEngine,
  { from }: SqlTable,
  {
    timestamp,
    asked,
    now,
  }: { readonly timestamp: string; readonly asked: WindowRequest['asked']; readonly now: Instant },
): Promise<SeenTimes> {
  const time = identifier(timestamp)
  const inside = asked === null ? 'true' : insideOf(time, asked)
  const figures = [
    'count(*)',
    `count(${time})`,
    millis(engine, `min(${time})`),
    millis(engine, `max(${time})`),
    `count(CASE WHEN ${inside} THEN ${time} END)`,
    `count(CASE WHEN ${time} > ${literal(now)} THEN 1 END)`,
    `count(CASE WHEN ${time} <> date_trunc('day', ${time}) THEN 1 END)`,
  ]
  const [row = []] = await engine.query(`SELECT ${figures.join(', ')} FROM ${from}`)
  return {
    rows: Number(row[0]),
    timed: Number(row[1]),
    earliest: numberOrNull(row[2]),
    latest: numberOrNull(row[3]),
    inside: Number(row[4]),
    future: Number(row[5]),
    areDays: Number(row[6]) === 0,
  }
}

function ownWindow({ rows, earliest, latest, future, areDays }: SeenTimes, timestamp: string, table: SqlTable) {
  const of = table.called === undefined ? '' : ` of ${table.called}`
  if (rows === 0) {
    const what = `${table.called ?? 'the data'} ${table.called?.includes(' and ') === true ? 'have' : 'has'} no rows, so the data tell no window`
    throw new Fault('observe/no-window', what, `is it a header only? ${HINT} where nothing happened`)
  }
  if (earliest === null || latest === null)
    throw new Fault('observe/no-window', `no row${of} has a time in \`${timestamp}\`, so the data tell no window`, HINT)
  if (earliest < YEAR_0)
    throw new Fault(
      'observe/early-rows',
      `the earliest time in \`${timestamp}\`${of} is before the year 0`,
      `is it a placeholder, or a sign too many? mend that row, or ${HINT}`,
    )
  if (future > 0) {
    const late = future === 1 ? `one row${of} is` : `${future} rows${of} are`
    const hint = `is a clock or a time zone wrong? times without a zone are UTC; or ${HINT}`
    throw new Fault('observe/future-rows', `${late} later than now by \`${timestamp}\``, hint)
  }
  const step = areDays ? DAY_MS : SECOND_MS
  return { from: floor(earliest, step), to: floor(latest, step) + step }
}

/** Days before it have no name in RFC 3339. */
const YEAR_0 = Date.parse('0000-01-01T00:00:00Z')
const SECOND_MS = 1000
const DAY_MS = 86_400_000

function floor(ms: number, step: number): number {
  return Math.floor(ms / step) * step
}

function within(
  table: SqlTable,
  timestamp: string,
  span: { readonly from: Instant; readonly to: Instant },
  { chosenBy, seen }: { readonly chosenBy: WindowOfData['chosenBy']; readonly seen: SeenTimes },
): WindowOfData {
  const inside = chosenBy === 'column' ? seen.timed : seen.inside
  const left = { outside: seen.timed - inside, untimed: seen.rows - seen.timed }
  const filtered =
    inside === seen.rows
      ? table
      : {
          ...table,
          from: `(SELECT * FROM ${table.from} WHERE ${insideOf(identifier(timestamp), span)}) AS ${identifier('within')}`,
          ...placeWithin(table, insideOf(identifier(timestamp), span)),
        }
  const { earliest, latest } = seen
  const covered = earliest === null || latest === null ? null : { earliest, latest }
  return { ...shownWindow(span), ...span, chosenBy, table: filtered, left, inside, covered }
}

/** The first row that is in the window. */
function placeWithin({ placeOf }: SqlTable, inside: string): Pick<SqlTable, 'placeOf'> {
  return placeOf === undefined
    ? {}
    : { placeOf: (column, condition) => placeOf(column, `(${condition}) AND ${inside}`) }
}

function shownWindow({ from, to }: { readonly from: Instant; readonly to: Instant }): { readonly window: Window } {
  return { window: { start: formatInstant(from), end: formatInstant(to) } }
}

function insideOf(time: string, { from, to }: { readonly from: Instant; readonly to: Instant }): string {
  return `${time} >= ${literal(from)} AND ${time} < ${literal(to)}`
}

/** A TIMESTAMP of an instant, in UTC. */
function literal(instant: Instant): string {
  return `CAST(${textLiteral(formatInstant(instant).replace('T', ' ').replace('Z', ''))} AS TIMESTAMP)`
}

/** Whole seconds are enough on Trino, whose `to_unixtime` is a double. */
function millis({ dialect }: SqlEngine, time: string): string {
  return dialect === 'duckdb' ? `epoch_ms(${time})` : `CAST(floor(to_unixtime(${time}) * 1000) AS DOUBLE)`
}

function numberOrNull(cell: SqlCell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell)
}
