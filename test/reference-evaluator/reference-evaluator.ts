// The slow, obviously correct evaluator: EVALUATION.md sentence by sentence, over plain arrays, without one idea of speed.
// It shares no code with engine/evaluate; the laws in test/evaluate/ hold the two together.
import { digestOf } from '../../engine/base/canonical-json.ts'
import { compareText } from '../../engine/base/order.ts'
import type { Outcome } from '../../engine/domain/finding.ts'
import type { Deployment, LoadedCard } from '../../engine/domain/model-card.ts'
import type { CardRule, LogicRule, Policy, Rule } from '../../engine/domain/policy.ts'
import { isSelected, localDayOf, plusDays, valuesAt } from './reference-card.ts'
import { valueOfLogic, variablesOf } from './reference-logic.ts'
import { judgeMetric } from './reference-metric.ts'
import {
  definitionOf,
  isStale,
  type Row,
  type Said,
  type Scene,
  subjectOfRow,
  textOf,
  windowsOf,
} from './reference-scene.ts'
import type { PlainFinding, PlainJudgement, Repository } from './repository.ts'

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

function demandOf({ rulebook }: Repository, findings: readonly PlainFinding[]) {
  const demands = findings
    .filter((f) => f.outcome === 'fail' && f.waiver === undefined && f.enforcement !== 'advisory')
    .map((f) => {
      const action = rulebook.policies.find((p) => p.id === f.policy)?.remediate.action ?? 'none'
      return f.enforcement === 'mandatory' && action === 'none' ? 'hold' : action
    })
  return (['rollback', 'hold', 'retrain'] as const).find((action) => demands.includes(action)) ?? 'none'
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
