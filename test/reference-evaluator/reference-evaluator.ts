// The slow, obviously correct evaluator: EVALUATION.md sentence by sentence, over plain arrays, without one idea of speed.
// It shares no code with engine/evaluate; the laws in test/evaluate/ hold the two together.
import { digestOf } from '../../engine/base/canonical-json.ts'
import { compareText } from '../../engine/base/order.ts'
import type { Cause, Outcome, Subject } from '../../engine/domain/finding.ts'
import { addDuration, type Duration } from '../../engine/domain/instant.ts'
import type { Deployment, LoadedCard } from '../../engine/domain/model-card.ts'
import type { CardRule, LogicRule, MetricRule, Policy, Rule } from '../../engine/domain/policy.ts'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { isSelected, localDayOf, plusDays, valuesAt } from './reference-card.ts'
import { valueOfLogic, variablesOf } from './reference-logic.ts'
import type { PlainFinding, PlainJudgement, Repository, StoredSnapshot } from './repository.ts'

const DAY = 24 * 60 * 60 * 1000

/** Verdicts by model, environment, version; each with all its findings in order. */
export function judgeSlowly(repository: Repository): PlainJudgement[] {
  const judgements = repository.cards.flatMap((loaded) =>
    deployments(loaded).map((deployment) => judgeDeployment(repository, loaded, deployment)),
  )
  return judgements.sort(
    (a, b) =>
      compareText(a.verdict.model, b.verdict.model) ||
      compareText(a.verdict.environment, b.verdict.environment) ||
      compareText(a.verdict.version ?? '', b.verdict.version ?? ''),
  )
}

type Place = Omit<Deployment, 'version'> & { readonly version: string | null }

function deployments({ card }: LoadedCard): Place[] {
  const listed = card.deployment === undefined ? [] : ([card.deployment].flat() as Deployment[])
  return card.stage === 'retired' || listed.length === 0 ? [{ environment: 'none', version: null }] : listed
}

/** All that is known when one deployment is judged. */
interface Scene {
  readonly repository: Repository
  readonly loaded: LoadedCard
  readonly environment: string
  readonly version: string | null
}

function judgeDeployment(repository: Repository, loaded: LoadedCard, place: Place): PlainJudgement {
  const scene: Scene = { repository, loaded, environment: place.environment, version: place.version }
  const found = repository.rulebook.policies
    .filter((policy) => isSelected(policy.appliesTo, loaded.card))
    .flatMap((policy) => policy.rules.flatMap((rule) => judgeRule(scene, policy, rule)))
    .sort((a, b) => compareText(a.policy, b.policy) || compareText(a.rule, b.rule) || bySubject(a, b))
  const demanded = place.role === 'challenger' || place.role === 'shadow' ? 'none' : demandOf(repository, found)
  const effective = found.map((f) => (f.outcome === 'fail' && f.waiver !== undefined ? 'warn' : f.outcome))
  const worst = (['fail', 'error', 'warn', 'skip', 'pass'] as const).find((o) => effective.includes(o))
  const cause = worst === undefined ? 'no-policy' : found[effective.indexOf(worst)]?.cause
  const isSnapshot = (digest: unknown) => repository.snapshots.some((s) => s.digest === digest)
  const evidence = found.map((f) => f.evidence).filter((digest) => digest !== null && isSnapshot(digest))
  return {
    findings: found,
    verdict: {
      model: loaded.card.id,
      version: place.version,
      environment: place.environment,
      outcome: worst ?? 'skip',
      ...(cause !== undefined && { cause }),
      blocks: found.some(
        (f, i) => f.enforcement === 'mandatory' && (effective[i] === 'fail' || effective[i] === 'error'),
      ),
      demand: demanded,
      counts: {
        pass: effective.filter((o) => o === 'pass').length,
        warn: effective.filter((o) => o === 'warn').length,
        fail: effective.filter((o) => o === 'fail').length,
        error: effective.filter((o) => o === 'error').length,
        skip: effective.filter((o) => o === 'skip').length,
      },
      snapshots: [...new Set(evidence)].filter((digest) => digest !== null).sort(compareText),
      findings: found.filter((f) => f.outcome !== 'pass').map((f) => f.id),
    },
  }
}

function bySubject(a: PlainFinding, b: PlainFinding): number {
  const [x, y] = [textOf(a.subject), textOf(b.subject)]
  if (x === null || y === null) return x === y ? 0 : x === null ? -1 : 1
  return compareText(x, y)
}

function textOf(subject: Subject | null): string | null {
  if (subject === null) return null
  if (subject.group !== undefined && subject.attribute !== undefined) return `${subject.attribute}=${subject.group}`
  return subject.feature ?? subject.endpoint ?? subject.group ?? subject.attribute ?? null
}

function demandOf({ rulebook }: Repository, findings: readonly PlainFinding[]) {
  const demands = findings
    .filter((f) => f.outcome === 'fail' && f.waiver === undefined && f.enforcement !== 'advisory')
    .map((f) => {
      const action = rulebook.policies.find((p) => p.id === f.policy)?.remediate.action ?? 'none'
      return f.enforcement === 'mandatory' && action === 'none' ? 'hold' : action
    })
  return (['rollback', 'hold', 'retrain'] as const).find((action) => demands.includes(action)) ?? 'none'
}

/** What a rule says of one subject; `numbers` are the fields that go into the finding as they are. */
interface Said {
  readonly subject: Subject | null
  readonly outcome: Outcome
  readonly cause?: Cause
  readonly numbers?: Pick<PlainFinding, 'value' | 'margin' | 'n' | 'interval' | 'versus' | 'adjusted'>
  readonly window?: PlainFinding['window']
  readonly evidence: PlainFinding['evidence']
}

function judgeRule(scene: Scene, policy: Policy, rule: Rule): PlainFinding[] {
  if (rule.form === 'card') return [findingOf(scene, policy, rule, judgeCard(scene, policy, rule))]
  if (scene.version === null) return []
  if (rule.form === 'logic') return [findingOf(scene, policy, rule, judgeLogic(scene, policy, rule))]
  return judgeMetric(scene, policy, rule).map((said) => findingOf(scene, policy, rule, said))
}

function findingOf(scene: Scene, policy: Policy, rule: Rule, said: Said): PlainFinding {
  const { repository, loaded, environment, version } = scene
  const model = loaded.card.id
  const subject = textOf(said.subject)
  const limit = limitOf(rule)
  const waiver = said.outcome === 'fail' ? waiverOf(repository, [policy.id, rule.id, model], subject) : undefined
  const enforcement =
    environment === 'none'
      ? 'advisory'
      : (repository.rulebook.enforcement.get(environment)?.get(policy.id) ?? 'advisory')
  return {
    id: digestOf([model, version, environment, policy.id, rule.id, subject]).slice(7, 23),
    policy: policy.id,
    rule: rule.id,
    model,
    version,
    environment,
    subject: said.subject,
    outcome: said.outcome,
    ...(said.cause !== undefined && { cause: said.cause }),
    ...(limit !== undefined && { limit }),
    ...said.numbers,
    ...(rule.form === 'metric' && { unit: rule.unit }),
    severity: policy.severity,
    enforcement,
    controls: policy.controls,
    ...(waiver !== undefined && { waiver: { id: waiver.id, expires: waiver.expires } }),
    ...rule.place,
    window: said.window ?? null,
    evidence: said.evidence,
  }
}

function limitOf(rule: Rule): PlainFinding['limit'] {
  if (rule.form === 'metric') return rule.change === null ? rule.comparison?.limit : rule.change.amount
  return rule.form === 'card' && 'limit' in rule.test ? rule.test.limit : undefined
}

function waiverOf({ rulebook, now }: Repository, of: readonly string[], subject: string | null) {
  const today = localDayOf(now, rulebook.governance.institution.timeZone)
  return [...rulebook.waivers]
    .sort((a, b) => compareText(a.id, b.id))
    .find(
      (w) =>
        JSON.stringify([w.policy, w.rule, w.model]) === JSON.stringify(of) &&
        (w.subject === undefined || w.subject === subject) &&
        w.issued <= today &&
        today <= w.expires,
    )
}

// ------------------------------------------------------------------------------------------------ card rules

function judgeCard({ repository, loaded }: Scene, policy: Policy, { path, test }: CardRule): Said {
  const said = (outcome: Outcome, more: Partial<Said> = {}): Said => ({
    subject: null,
    outcome,
    evidence: loaded.digest,
    ...more,
  })
  const { values, absent } = valuesAt(loaded.card, path)
  if (test.op === 'present') return said((test.wanted ? !absent : values.length === 0) ? 'pass' : 'fail')
  if (absent) return said(policy.onMissing, { cause: 'missing' })
  if ('values' in test) {
    const listed = values.filter((v) => test.values.some((x) => x === v))
    return said((test.op === 'oneOf' ? listed.length === values.length : listed.length === 0) ? 'pass' : 'fail')
  }
  if (test.op === 'withinDays') {
    const today = localDayOf(repository.now, repository.rulebook.governance.institution.timeZone)
    const days = values.map((v) => (typeof v === 'string' && /^\d{4}-\d\d-\d\d$/.test(v) ? v : null))
    if (days.some((day) => day === null || day > today)) return said('error', { cause: 'not-evaluable' })
    return said(days.every((day) => today <= plusDays(day ?? '', test.limit)) ? 'pass' : 'fail')
  }
  if (values.some((v) => typeof v !== 'number')) return said('error', { cause: 'not-evaluable' })
  const numbers = (values as number[]).sort((a, b) => a - b)
  const value = (test.op === 'atMost' ? numbers.at(-1) : numbers[0]) ?? Number.NaN
  const margin = test.op === 'atMost' ? test.limit - value : value - test.limit
  return said(margin < 0 ? 'fail' : 'pass', { numbers: { value, margin } })
}

// ------------------------------------------------------------------------------------------ which measurement

/** A measurement and where it stands. */
interface Row {
  readonly m: Measurement
  readonly stored: StoredSnapshot
  readonly start: number
  readonly end: number
}

function definitionOf(m: Measurement): string {
  return m.definition ?? m.metric
}

/** Live snapshots of a purpose: not superseded, equal digests once, no window that ends after now. */
function live({ repository, loaded, environment, version }: Scene, purpose: Snapshot['purpose']): StoredSnapshot[] {
  const { snapshots, now } = repository
  return snapshots
    .filter((s, i) => snapshots.findIndex((other) => other.digest === s.digest) === i)
    .filter((s) => !snapshots.some((other) => other.snapshot.supersedes === s.digest))
    .filter(({ snapshot: s }) => s.model === loaded.card.id && s.version === version && s.environment === environment)
    .filter(({ snapshot: s }) => s.purpose === purpose && Date.parse(s.window.end) <= now)
    .sort((a, b) => compareText(a.digest, b.digest))
}

/** The windows that measure a metric, newest first, each as the rows of that metric in it. */
function windowsOf(scene: Scene, purpose: Snapshot['purpose'], metric: string, definition?: string): Row[][] {
  const rows = live(scene, purpose).flatMap((stored) =>
    stored.snapshot.measurements
      .filter((m) => m.metric === metric && (definition === undefined || definitionOf(m) === definition))
      .map((m) => {
        const { window } = stored.snapshot
        return { m, stored, start: Date.parse(window.start), end: Date.parse(window.end) }
      }),
  )
  const keys = [...new Set(rows.map((r) => JSON.stringify([r.end, r.start])))]
  return keys
    .map((key) => rows.filter((r) => JSON.stringify([r.end, r.start]) === key))
    .sort((a, b) => (b[0]?.end ?? 0) - (a[0]?.end ?? 0) || (b[0]?.start ?? 0) - (a[0]?.start ?? 0))
}

function subjectOfRow({ m }: Row): Subject | null {
  if (m.feature !== undefined) return { feature: m.feature }
  if (m.endpoint !== undefined) return { endpoint: m.endpoint }
  if (m.group !== undefined)
    return m.attribute === undefined ? { group: m.group } : { attribute: m.attribute, group: m.group }
  return m.attribute === undefined ? null : { attribute: m.attribute }
}

function rowOf(rows: readonly Row[], subject: Subject | null): Row | undefined {
  return rows.find((row) => textOf(subjectOfRow(row)) === textOf(subject))
}

function subjectsIn({ loaded }: Scene, rule: MetricRule, rows: readonly Row[]): (Subject | null)[] {
  const { card } = loaded
  if (rule.each === null) return [null]
  if (rule.each === 'feature') {
    const names = (card.data?.features ?? []).filter((f) => f.monitor !== false).map((f) => f.name)
    return [...new Set(names)].map((feature) => ({ feature }))
  }
  if (rule.each === 'protected') {
    return [...new Set((card.data?.protected ?? []).map((p) => p.name))].map((attribute) => ({ attribute }))
  }
  const { each } = rule
  const measured = rows.map(subjectOfRow).filter((s) => s !== null && s[each] !== undefined)
  return measured.filter((s, i) => measured.findIndex((other) => textOf(other) === textOf(s)) === i)
}

function isStale({ repository }: Scene, end: number, staleAfter: Duration | undefined): boolean {
  if (staleAfter === undefined) return false
  return repository.now > addDuration(end, staleAfter, repository.rulebook.governance.institution)
}

// ---------------------------------------------------------------------------------------------- metric rules

function judgeMetric(scene: Scene, policy: Policy, rule: MetricRule): Said[] {
  const windows = windowsOf(scene, 'monitoring', rule.metric, rule.definition)
  const rows = windows[0] ?? []
  const subjects = subjectsIn(scene, rule, rows)
  const evidence = rows[0]?.stored.digest ?? null
  const window = rows[0]?.stored.snapshot.window ?? null
  const lost = { outcome: policy.onMissing, cause: 'missing' as const, evidence, window }
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
  const points = rule.confidence !== undefined && (row.m.level ?? 0.95) === rule.confidence ? row.m.interval : undefined
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

// ------------------------------------------------------------------------------------------- free-form rules

function judgeLogic(scene: Scene, policy: Policy, rule: LogicRule): Said {
  const read = variablesOf(rule.failsWhen).map((name) => readVariable(scene, policy, rule, name))
  const judged = read.flatMap(({ row }) => (row === undefined ? [] : [row]))
  const newest = judged.sort(
    (a, b) => b.end - a.end || b.start - a.start || compareText(a.stored.digest, b.stored.digest),
  )[0]
  const metrics = variablesOf(rule.failsWhen).some((name) => name.startsWith('metrics.'))
  const at = {
    subject: null,
    window: newest?.stored.snapshot.window ?? null,
    evidence: newest?.stored.digest ?? (metrics ? null : scene.loaded.digest),
  }
  const worst = (['definition', 'missing', 'stale', 'not-evaluable'] as const).find((cause) =>
    read.some((r) => r.cause === cause),
  )
  if (worst === 'missing' || worst === 'stale') return { ...at, outcome: policy.onMissing, cause: worst }
  if (worst !== undefined) return { ...at, outcome: 'error', cause: worst }
  const value = valueOfLogic(rule.failsWhen, new Map(read.map(({ name, value }) => [name, value])))
  if (value === 'not-finite') return { ...at, outcome: 'error', cause: 'not-evaluable' }
  return { ...at, outcome: value === true ? 'fail' : 'pass' }
}

interface ReadVariable {
  readonly name: string
  readonly value?: unknown
  readonly cause?: 'definition' | 'missing' | 'stale' | 'not-evaluable'
  readonly row?: Row
}

function readVariable(scene: Scene, policy: Policy, rule: LogicRule, name: string): ReadVariable {
  const [kind, ...parts] = name.split('.')
  if (kind === 'params') return { name, value: policy.params[parts.join('.')] }
  if (kind === 'card') {
    const isList = name.includes('[]') || name === 'card.owners'
    const { values, absent } = valuesAt(scene.loaded.card, name.slice(5).replaceAll('[]', '.[]').split('.'))
    if (absent) return { name, cause: 'missing' }
    if (isList) return { name, value: values }
    return values.length === 1 ? { name, value: values[0] } : { name, cause: 'not-evaluable' }
  }
  const metric = [...scene.repository.metrics.keys()].find(
    (id) => name === `metrics.${id}` || name.startsWith(`metrics.${id}.`),
  )
  if (metric === undefined) throw new Error(`no metric in ${name}`)
  const subject = name === `metrics.${metric}` ? null : name.slice(`metrics.${metric}.`.length)
  const rows = windowsOf(scene, 'monitoring', metric)[0] ?? []
  const row = rows.find((r) => textOf(subjectOfRow(r)) === subject)
  const at = row ?? rows[0]
  const seen = at === undefined ? {} : { row: at }
  if (new Set(rows.map((r) => definitionOf(r.m))).size > 1) return { name, cause: 'definition', ...seen }
  if (at !== undefined && isStale(scene, at.end, rule.staleAfter ?? policy.staleAfter))
    return { name, cause: 'stale', ...seen }
  if (row === undefined || row.m.value === null) return { name, cause: 'missing', ...seen }
  return { name, value: row.m.value, ...seen }
}
