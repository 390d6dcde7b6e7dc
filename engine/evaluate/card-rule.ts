// Card rules: one finding a rule, subject null, whatever the path finds.
// An absent field fails `present` and is missing data to the others; a value of the wrong kind cannot be judged.
import { internalError } from '../base/fault.ts'
import { type CardValues, cardValues } from '../domain/card-values.ts'
import { isRealDay, localDay, nextDay, parseInstant, startOfLocalDay } from '../domain/instant.ts'
import type { CardTest } from '../domain/policy.ts'
import type { Assessment, Why } from './assessment.ts'
import type { CompiledCardRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { THE_MODEL } from './metric-window.ts'

const DAY = 86_400_000
const LAST_DAY = Date.parse('9999-12-30T00:00:00Z')

/** The one finding of a card rule, whatever the path finds; evidence is the card. */
export function assessCardRule({ rule, onMissing }: CompiledCardRule, deployed: Deployed): Assessment {
  const found = cardValues(deployed.loaded.card, rule.path)
  const judged = judge(rule.test, found, deployed)
  const evidence = { digest: deployed.loaded.digest, window: null }
  const outcome = judged.outcome === 'missing' ? onMissing : judged.outcome
  return { named: THE_MODEL, evidence, names: [pathText(rule.path)], ...judged, outcome }
}

/** A path as policies write it: `data.features[].name`. */
export function pathText(path: readonly string[]): string {
  return path.join('.').replaceAll('.[]', '[]')
}

type Judged = Omit<Assessment, 'named' | 'outcome'> & { readonly outcome: 'pass' | 'fail' | 'error' | 'missing' }

const HOLDS: Judged = { outcome: 'pass', why: { kind: 'holds' } }
const LACKS: Judged = { outcome: 'missing', cause: 'missing', why: { kind: 'missing', what: 'field' } }

function judge(test: CardTest, { values, lacking }: CardValues, deployed: Deployed): Judged {
  if (test.op === 'present') {
    if (test.wanted) return lacking ? offends([]) : HOLDS
    return values.length > 0 ? offends(values) : HOLDS
  }
  if (lacking) return LACKS
  switch (test.op) {
    case 'oneOf':
      return offendsIfAny(values.filter((v) => !test.values.includes(v as string)))
    case 'noneOf':
      return offendsIfAny(values.filter((v) => test.values.includes(v as string)))
    case 'withinDays':
      return judgeDays(test.limit, values, deployed)
    default:
      return judgeNumbers(test.op, test.limit, values)
  }
}

/** The value told is the worst one; the message names all that offend. */
function judgeNumbers(op: 'atMost' | 'atLeast', limit: number, values: readonly unknown[]): Judged {
  const numbers = values.filter((v) => typeof v === 'number')
  if (numbers.length < values.length)
    return unusable(
      values.filter((v) => typeof v !== 'number'),
      'number',
    )
  const value = op === 'atMost' ? Math.max(...numbers) : Math.min(...numbers)
  const offending = numbers.filter((v) => (op === 'atMost' ? v > limit : v < limit))
  return { ...offendsIfAny(offending), value, margin: op === 'atMost' ? limit - value : value - limit }
}

/**
 * A day passes while today is at most `limit` days after it. A day that is still to come cannot be judged:
 * a review that has not happened proves nothing.
 */
function judgeDays(limit: number, values: readonly unknown[], deployed: Deployed): Judged {
  const { timeZone } = deployed.compiled.calendar
  const days = values.map((value) => dayOf(value, timeZone))
  if (days.includes(null))
    return unusable(
      values.filter((_, i) => days[i] === null),
      'day',
    )
  const late: unknown[] = []
  const early: unknown[] = []
  days.forEach((day, i) => {
    if (day === null) internalError('a day that is none')
    const last = daysAfter(day, limit)
    if (day > deployed.today) {
      early.push(values[i])
      deployed.changesAfter(startOfLocalDay(day, timeZone) - 1000)
    } else if (deployed.today > last) late.push(values[i])
    else deployed.changesAfter(startOfLocalDay(nextDay(last), timeZone) - 1000)
  })
  if (early.length > 0) return unusable(early, 'past-day')
  return offendsIfAny(late)
}

/** A day as written, or the local day of an instant; `null` for anything else. */
function dayOf(value: unknown, timeZone: string): string | null {
  if (typeof value !== 'string') return null
  if (isRealDay(value)) return value
  const at = parseInstant(value)
  return at === null ? null : localDay(at, timeZone)
}

/** Stops short of the calendar's last day, which no deadline of a card outlives. */
function daysAfter(day: string, days: number): string {
  const last = Math.min(Date.parse(`${day}T00:00:00Z`) + days * DAY, LAST_DAY)
  return new Date(last).toISOString().slice(0, 10)
}

function offends(values: readonly unknown[]): Judged {
  return { outcome: 'fail', why: { kind: 'offends', values } }
}

function offendsIfAny(values: readonly unknown[]): Judged {
  return values.length > 0 ? offends(values) : HOLDS
}

function unusable(values: readonly unknown[], wanted: Extract<Why, { kind: 'unusable' }>['wanted']): Judged {
  return { outcome: 'error', cause: 'not-evaluable', why: { kind: 'unusable', values, wanted } }
}
