// Findings → notices. A channel hears of a deployment when its [finding id, outcome] pairs differ from those it was
// last told; what it was told is kept in run.json (REMEDIATION.md, "Other actions"). Sends nothing.
import { hashOf } from '../base/canonical-json.ts'
import { compareBy } from '../base/order.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import type { Finding, Outcome, Verdict } from '../domain/finding.ts'
import { policiesById } from '../domain/finding-figures.ts'
import type { Language, RouteTarget, Rulebook } from '../domain/governance.ts'
import type { Notice, NoticeState } from '../domain/notice.ts'
import type { Plan, PlannedAction } from '../domain/plan.ts'
import type { Policy } from '../domain/policy.ts'
import { noticeContent, type Told, worstFirst } from './notice-text.ts'
import { FILE_CHANNEL, isTold, targetsOf } from './routes.ts'

export interface NoticeInput {
  readonly plan: Pick<Plan, 'run' | 'verdicts' | 'findings'>
  readonly rulebook: Rulebook
  /** `notices` of the last recorded run; empty before the first. */
  readonly told: readonly NoticeState[]
}

export interface PlannedNotices {
  /** Kind `notify`, sorted by channel, model, environment. `detail`: {@link NoticeDetail}. */
  readonly actions: readonly PlannedAction[]
  /** What every channel knows after them: for run.json. */
  readonly states: readonly NoticeState[]
}

/** What an outbox needs to send the notice later, also after a crash. */
export interface NoticeDetail {
  readonly title: string
  readonly text: string
  readonly data: Notice['data']
  /** The route's own options for the channel (`priority`, …). */
  readonly options?: Readonly<Record<string, unknown>>
}

export function planNotices(input: NoticeInput): PlannedNotices {
  const sources = sourcesOf(input)
  const known = new Map(input.told.map((state) => [topicKey(state), state]))
  const topics = topicsOf(input)
  for (const [key, state] of known) if (!topics.has(key)) topics.set(key, emptyTopic(state))
  const actions: PlannedAction[] = []
  const states: NoticeState[] = []
  for (const topic of [...topics.values()].sort(byTopic)) {
    const pairs = pairsOf(topic)
    const state = {
      channel: topic.channel,
      model: topic.model,
      environment: topic.environment,
      pairs: hashOf(pairs).slice(0, 16),
    }
    if (pairs.length > 0) states.push(state)
    if (known.get(topicKey(state))?.pairs !== state.pairs) actions.push(noticeAction(topic, pairs, sources))
  }
  return { actions, states }
}

/** The notice of a planned action, as channels take it. */
export function noticeOf(action: PlannedAction): Notice {
  const { title = '', text = '', data = {} } = (action.detail ?? {}) as Partial<NoticeDetail>
  return { key: action.key, evidence: action.evidence ?? '', title, text, data }
}

interface Topic {
  readonly channel: string
  readonly model: string
  readonly environment: string
  readonly target: RouteTarget | null
  readonly findings: Finding[]
  /** Deployments whose files are broken: they have no finding to tell, but must be told. */
  readonly invalid: Verdict[]
}

type Pair = readonly [id: string, outcome: Outcome]

const byTopic = compareBy<Topic>(
  (t) => t.channel,
  (t) => t.model,
  (t) => t.environment,
)

function topicsOf({ plan, rulebook }: NoticeInput): Map<string, Topic> {
  const policies = policiesById(rulebook)
  const topics = new Map<string, Topic>()
  const topicAt = (target: RouteTarget, { model, environment }: Finding | Verdict): Topic => {
    const topic = { channel: target.channel, model, environment, target, findings: [], invalid: [] }
    const same = topics.get(topicKey(topic))
    if (same === undefined) topics.set(topicKey(topic), topic)
    return same ?? topic
  }
  for (const finding of plan.findings.filter(isTold))
    for (const target of targetsOf(finding, policies, rulebook.governance))
      topicAt(target, finding).findings.push(finding)
  const withFindings = new Set(plan.findings.filter(isTold).map(deploymentKey))
  for (const verdict of plan.verdicts)
    if (verdict.cause === 'invalid' && !withFindings.has(deploymentKey(verdict)))
      topicAt({ channel: FILE_CHANNEL }, verdict).invalid.push(verdict)
  return topics
}

function emptyTopic({ channel, model, environment }: NoticeState): Topic {
  return { channel, model, environment, target: null, findings: [], invalid: [] }
}

/** Sorted by id. A broken deployment stands as its version in place of an id. */
function pairsOf(topic: Topic): Pair[] {
  const pairs: Pair[] = [
    ...topic.findings.map((finding): Pair => [finding.id, finding.outcome]),
    ...topic.invalid.map((verdict): Pair => [`invalid ${verdict.version ?? ''}`, 'error']),
  ]
  return pairs.sort(compareBy((pair) => pair[0]))
}

/** What the texts of all notices of a run are made from. */
interface Sources {
  readonly run: string
  readonly language: Language
  readonly policies: ReadonlyMap<string, Policy>
  /** By model and environment. */
  readonly verdicts: ReadonlyMap<string, readonly Verdict[]>
}

function sourcesOf({ plan, rulebook }: NoticeInput): Sources {
  return {
    run: plan.run,
    language: rulebook.governance.institution.languages[0] ?? 'pt',
    policies: policiesById(rulebook),
    verdicts: Map.groupBy(plan.verdicts, placeKey),
  }
}

function noticeAction(topic: Topic, pairs: readonly Pair[], sources: Sources): PlannedAction {
  const { channel, model, environment } = topic
  const { run, policies, language } = sources
  const verdicts = sources.verdicts.get(placeKey(topic)) ?? []
  const told: Told = { run, channel, model, environment, verdicts, findings: worstFirst(topic.findings) }
  const { channel: _, when: __, ...options } = topic.target ?? { channel }
  const content = noticeContent(told, policies, language)
  return {
    kind: 'notify',
    key: hashOf([channel, model, environment]),
    evidence: hashOf([run, pairs]),
    model,
    environment,
    channel,
    reason: content.title,
    detail: { ...content, ...(Object.keys(options).length > 0 && { options }) },
  }
}

function placeKey({ model, environment }: Pick<Verdict, 'model' | 'environment'>): string {
  return `${model}\0${environment}`
}

function topicKey({ channel, model, environment }: Pick<NoticeState, 'channel' | 'model' | 'environment'>): string {
  return `${channel}\0${model}\0${environment}`
}
