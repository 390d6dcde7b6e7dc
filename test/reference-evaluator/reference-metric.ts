// The reference evaluator's metric rules: one window by itself, then its age, its history and its vanished groups.
import type { Cause, Outcome, Subject } from '../../engine/domain/finding.ts'
import type { MetricRule, Policy } from '../../engine/domain/policy.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import {
  definitionOf,
  isDefinedForNone,
  isStale,
  type Row,
  rowOf,
  type Said,
  type Scene,
  subjectOfRow,
  subjectsIn,
  textOf,
  windowsOf,
} from './reference-scene.ts'

const DAY = 24 * 60 * 60 * 1000

export function judgeMetric(scene: Scene, policy: Policy, rule: MetricRule): Said[] {
  const windows = windowsOf(scene, 'monitoring', rule.metric, rule.definition)
  const rows = windows[0] ?? []
  const subjects = subjectsIn(scene, rule, rows)
  const evidence = rows[0]?.stored.digest ?? null
  const window = rows[0]?.stored.snapshot.window ?? null
  const lost = { outcome: policy.onMissing, cause: 'missing' as const, evidence, window }
  if (subjects.length === 0 && isDefinedForNone(scene, rule)) return [{ ...lost, subject: null, outcome: 'skip' }]
  if (subjects.length === 0) return [{ ...lost, subject: null }]
  if (rows.length === 0) return subjects.map((subject) => ({ ...lost, subject }))
  return subjects.map((subject) => {
    const own = judgeWindow(scene, rule, windows, 0, subject)
    const ambiguous = new Set(rows.map((r) => definitionOf(r.m))).size > 1
    const row = ambiguous ? undefined : rowOf(rows, subject)
    const at = { subject, evidence: row?.stored.digest ?? evidence, window }
    const n = row?.m.n === undefined ? {} : { n: row.m.n }
    const stale = own.says !== 'definition' && isStale(scene, rows[0]?.end ?? 0, rule.staleAfter ?? policy.staleAfter)
    const numbers = stale ? n : { ...n, ...own.numbers }
    const [outcome, cause] = stale
      ? [policy.onMissing, 'stale' as const]
      : outcomeOf(rule, policy, windows, scene, own, subject)
    if ((outcome === 'pass' || outcome === 'skip') && hasShrunk(scene, windows, subject)) {
      return { ...at, outcome: 'warn', cause: 'sample', numbers }
    }
    return { ...at, outcome, ...(cause !== undefined && { cause }), numbers }
  })
}

type Says = 'pass' | 'near' | 'uncertain' | 'fail' | 'missing' | 'sample' | 'definition' | 'not-evaluable'

interface Own {
  readonly says: Says
  readonly numbers?: Said['numbers']
}

function outcomeOf(
  rule: MetricRule,
  policy: Policy,
  windows: readonly Row[][],
  scene: Scene,
  own: Own,
  subject: Subject | null,
): [Outcome, Cause?] {
  switch (own.says) {
    case 'missing':
      return [policy.onMissing, 'missing']
    case 'sample':
      return ['skip', 'sample']
    case 'definition':
    case 'not-evaluable':
      return ['error', own.says]
    case 'near':
    case 'uncertain':
      return ['warn']
    case 'fail':
      return [failsLongEnough(scene, rule, windows, subject) ? 'fail' : 'warn']
    default:
      return ['pass']
  }
}

/** One window by itself. */
function judgeWindow(
  scene: Scene,
  rule: MetricRule,
  windows: readonly Row[][],
  index: number,
  subject: Subject | null,
): Own {
  const rows = windows[index] ?? []
  if (new Set(rows.map((r) => definitionOf(r.m))).size > 1) return { says: 'definition' }
  const row = rowOf(rows, subject)
  if (row === undefined || row.m.value === null) return { says: 'missing' }
  const now = row.m.value
  const interval = row.m.interval === undefined ? {} : { interval: row.m.interval }
  const before = rule.versus === null ? 0 : valueBefore(scene, rule, windows, index, row)
  if (before === null) return { says: 'missing' }
  const size = sizeOf(scene, row.m)
  if (rule.minSample !== undefined && size === undefined) return { says: 'missing' }
  if (rule.minSample !== undefined && (size ?? 0) < rule.minSample) return { says: 'sample' }
  if (before === 'definition') return { says: 'definition' }
  const own = row.m.interval
  const near = 1e-6 * Math.max(1, Math.abs(now))
  const isOwn = own !== undefined && own[0] - near <= now && now <= own[1] + near
  const points = isOwn && rule.confidence !== undefined && (row.m.level ?? 0.95) === rule.confidence ? own : undefined
  if (rule.change !== null) {
    const { change } = rule
    if (change.relative && !(before > 0)) return { says: 'not-evaluable', numbers: { value: now, ...interval } }
    const worsened = (value: number) => (change.direction === 'drops' ? before - value : value - before)
    const breaks = (value: number, amount: number) =>
      (change.relative ? worsened(value) / before : worsened(value)) > amount
    const margin = (change.relative ? change.amount * before : change.amount) - worsened(now)
    const versus = { value: before, change: change.relative ? (now - before) / before : now - before }
    const best = change.direction === 'drops' ? points?.[1] : points?.[0]
    const says = sayOf(
      !breaks(now, change.amount),
      rule.warnAt !== undefined && breaks(now, rule.warnAt),
      best !== undefined && !breaks(best, change.amount),
    )
    return { says, numbers: { value: now, margin, ...interval, versus } }
  }
  const adjusted = rule.isPValue && rule.each !== null && rule.correction !== 'none'
  const compared = adjusted ? adjustedValue(scene, rule, rows, subject) : now
  const says = sayOf(
    passes(rule, compared),
    rule.warnAt !== undefined && !passes(rule, compared, rule.warnAt),
    points !== undefined && someOf(points).some((value) => passes(rule, value)),
  )
  return {
    says,
    numbers: { value: now, margin: marginOf(rule, compared), ...interval, ...(adjusted && { adjusted: compared }) },
  }

  /** Enough points of an interval for any limit here: its ends, and each limit that lies within. */
  function someOf([low, high]: readonly [number, number]): number[] {
    const limits = [rule.comparison?.limit ?? []].flat().filter((limit) => low <= limit && limit <= high)
    return [low, high, ...limits]
  }
}

function sayOf(good: boolean, near: boolean, reaches: boolean): Says {
  if (good) return near ? 'near' : 'pass'
  return reaches ? 'uncertain' : 'fail'
}

function passes({ comparison }: MetricRule, value: number, warnAt?: number): boolean {
  if (comparison === null) return true
  if (comparison.op === 'between') return comparison.limit[0] <= value && value <= comparison.limit[1]
  const limit = warnAt !== undefined && comparison.op !== 'equals' ? warnAt : comparison.limit
  if (comparison.op === 'atLeast') return value >= limit
  if (comparison.op === 'above') return value > limit
  if (comparison.op === 'atMost') return value <= limit
  return comparison.op === 'below' ? value < limit : value === limit
}

function marginOf({ comparison }: MetricRule, value: number): number {
  if (comparison === null) return Number.NaN
  if (comparison.op === 'between') return Math.min(value - comparison.limit[0], comparison.limit[1] - value)
  if (comparison.op === 'equals') return 0 - Math.abs(value - comparison.limit)
  return comparison.op === 'atLeast' || comparison.op === 'above' ? value - comparison.limit : comparison.limit - value
}

function sizeOf({ loaded }: Scene, m: Measurement): number | undefined {
  const attribute = loaded.card.data?.protected?.find((p) => p.name === m.attribute)
  const compared = (m.groups ?? [])
    .filter((g) => g.suppressed !== true)
    .filter((g) => !(g.group === 'missing' && attribute?.missingGroup === 'exclude'))
  return compared.length === 0 ? m.n : Math.min(...compared.map((g) => g.n))
}

/** `null`: there is nothing before. */
function valueBefore(
  scene: Scene,
  rule: MetricRule,
  windows: readonly Row[][],
  index: number,
  row: Row,
): number | null | 'definition' {
  const { versus } = rule
  if (versus === null) return null
  const alike = (rows: readonly Row[]): number | null | 'definition' => {
    const same = rows.filter((r) => textOf(subjectOfRow(r)) === textOf(subjectOfRow(row)))
    if (same.length === 0) return null
    const found = same.find((r) => definitionOf(r.m) === definitionOf(row.m))
    return found === undefined ? 'definition' : found.m.value
  }
  if (versus.kind === 'baseline') {
    const newest = windowsOf(scene, 'baseline', rule.metric, rule.definition)[0]
    return newest === undefined ? (row.m.reference ?? null) : alike(newest)
  }
  if (versus.kind === 'previous') return alike(windows[index + 1] ?? [])
  const earlier = windows.slice(index + 1).filter((rows) => (rows[0]?.end ?? 0) >= row.end - versus.days * DAY)
  const values = earlier.map(alike)
  if (values.includes('definition')) return 'definition'
  const numbers = values.filter((v) => typeof v === 'number')
  return numbers.length === 0 ? null : numbers.reduce((sum, v) => sum + v, 0) / numbers.length
}

/** Benjamini–Hochberg by its definition: the least m·p/rank over all subjects whose p is as large or larger. */
function adjustedValue(scene: Scene, rule: MetricRule, rows: readonly Row[], subject: Subject | null): number {
  const tested = subjectsIn(scene, rule, rows)
    .map((s) => rowOf(rows, s))
    .filter((r) => r !== undefined && r.m.value !== null)
    .filter((r) => rule.minSample === undefined || (r !== undefined && (sizeOf(scene, r.m) ?? -1) >= rule.minSample))
    .map((r) => r?.m.value ?? 1)
    .sort((a, b) => a - b)
  const own = rowOf(rows, subject)?.m.value ?? 1
  const candidates = tested.map((p, i) => ({ p, scaled: (p * tested.length) / (i + 1) })).filter(({ p }) => p >= own)
  return Math.min(1, ...candidates.map(({ scaled }) => scaled))
}

function failsLongEnough(scene: Scene, rule: MetricRule, windows: readonly Row[][], subject: Subject | null): boolean {
  const { failsAfter } = rule
  if (failsAfter === undefined) return true
  const judged = windows
    .map((rows, i) => ({ end: rows[0]?.end ?? 0, says: judgeWindow(scene, rule, windows, i, subject).says }))
    .filter(({ says }) => says === 'fail' || says === 'pass' || says === 'near' || says === 'uncertain')
  const fails = (list: typeof judged) => list.filter(({ says }) => says === 'fail').length
  if (failsAfter.kind === 'of-last') return fails(judged.slice(0, failsAfter.of)) >= failsAfter.count
  if (failsAfter.kind === 'within-days') {
    const since = (judged[0]?.end ?? 0) - failsAfter.days * DAY
    return fails(judged.filter(({ end }) => end >= since)) >= failsAfter.count
  }
  const last = judged.slice(0, failsAfter.count)
  return last.length === failsAfter.count && fails(last) === failsAfter.count
}

/** A group of the subject's attribute is suppressed in this window, and an earlier one or the baseline showed it. */
function hasShrunk(scene: Scene, windows: readonly Row[][], subject: Subject | null): boolean {
  const attribute = subject?.attribute
  const current = windows[0]?.[0]
  if (attribute === undefined || current === undefined) return false
  const { metrics, rulebook } = scene.repository
  const ruled = rulebook.policies.flatMap((p) => p.rules).filter((r) => r.form === 'metric')
  const ids = new Set([
    ...[...metrics.values()].filter((m) => m.subject === 'protected' || m.subject === 'group').map((m) => m.id),
    ...ruled.filter((r) => r.each === 'protected' || r.each === 'group').map((r) => r.metric),
  ])
  const histories = [...ids]
    .map((id) => ({ id, all: windowsOf(scene, 'monitoring', id) }))
    .filter(({ all }) => all[0]?.[0]?.end === current.end && all[0]?.[0]?.start === current.start)
  const own = (rows: readonly Row[] | undefined) => (rows ?? []).filter((r) => r.m.attribute === attribute)
  const now = histories.flatMap(({ all }) => own(all[0])).flatMap((r) => r.m.groups ?? [])
  const suppressed = now.filter((g) => g.suppressed === true).map((g) => g.group)
  const earlier = histories.flatMap(({ id, all }) => [...own(all[1]), ...own(windowsOf(scene, 'baseline', id)[0])])
  const shown = earlier.flatMap((r) => [
    ...(r.m.groups ?? []).filter((g) => g.suppressed !== true).map((g) => g.group),
    ...(r.m.group !== undefined && r.m.value !== null ? [r.m.group] : []),
  ])
  return suppressed.some((group) => shown.includes(group))
}
