// Findings → notices. A channel hears of a deployment when its [finding id, outcome] pairs differ from those it was
// last told; what it was told is kept in run.json (REMEDIATION.md, "Other actions"). Sends nothing.
import { canonicalJson, hashOf, sha256Hex } from '../base/canonical-json.ts'
import { compareBy } from '../base/order.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import type { PassedDay } from '../domain/demand-step.ts'
import type { Finding, Outcome, Verdict } from '../domain/finding.ts'
import { isWaived, policiesById } from '../domain/finding-figures.ts'
import type { Language, RouteTarget, Rulebook } from '../domain/governance.ts'
import type { NoticeContent, NoticeDraft, NoticeState } from '../domain/notice.ts'
import type { Plan, PlannedAction } from '../domain/plan.ts'
import type { Policy } from '../domain/policy.ts'
import { noticeContent, type Told, worstFirst } from './notice-text.ts'
import { withPassed } from './passed-days.ts'
import { FILE_CHANNEL, isTold, targetsOf } from './routes.ts'

/** What is told, and what is known after it. */
export interface PlannedNotices {
  /** Kind `notify`, sorted by channel, model, environment. `detail`: {@link NoticeContent}, what an outbox needs to send it later. */
  readonly actions: readonly PlannedAction[]
  /** What every channel knows after them: for run.json. */
  readonly states: readonly NoticeState[]
  /** What each action was made from, in the same order. */
  readonly news: readonly NoticeDraft[]
}

/** What there is to tell of all models, and what was told before. */
export interface DraftedNotices {
  readonly run: string
  readonly rulebook: Rulebook
  /** `notices` of the last recorded run; empty before the first. */
  readonly told: readonly NoticeState[]
  readonly verdicts: readonly Verdict[]
  /** How many failures of a model in an environment are waived now: asked of what would be over. */
  readonly waived: (model: string, environment: string) => number
  /** Of all models. */
  readonly drafts: readonly NoticeDraft[]
  /** Days that passed while demands were not answered; absent: none. */
  readonly passed?: readonly PassedDay[]
}

/** From what there is to tell to what is told: the channels that know it already are left alone. */
export function planDrafted(drafted: DraftedNotices): PlannedNotices {
  const { run, verdicts, rulebook, told, waived, passed = [] } = drafted
  const known = new Map(told.map((state) => [topicKey(state), state]))
  const language = rulebook.governance.institution.languages[0] ?? 'pt'
  const heard = (state: NoticeState) => known.get(topicKey(state))?.steps ?? []
  const drafts = withPassed(drafted.drafts, { passed, heard, language })
  const open = new Map(drafts.map((draft) => [topicKey(draft.state), draft]))
  // Nobody knows how the problems of a broken model stand, so what was told of it is not taken back.
  const broken = new Set(verdicts.filter(({ cause }) => cause === 'invalid').map(({ model }) => model))
  const gone = told.filter((state) => !open.has(topicKey(state)))
  const over = gone.filter(({ model }) => !broken.has(model))
  const sources = sourcesOf(over.length === 0 ? [] : verdicts, rulebook)
  const all = [...drafts, ...over.map((state) => draftOf(emptyTopic(state, waived), sources))].sort(byDraft)
  const news = all.filter(({ state }) => {
    const isTimeNews = state.steps?.some((step) => !heard(state).includes(step)) === true
    return isTimeNews || known.get(topicKey(state))?.pairs !== state.pairs
  })
  const states = all.filter(({ state }) => state.pairs !== NO_PAIRS).map(({ state }) => state)
  return {
    actions: news.map((draft) => noticeAction(draft, run)),
    states: [...states, ...gone.filter(({ model }) => broken.has(model))].sort(byState),
    news,
  }
}

/** What there is to tell of some models: their findings and verdicts. */
export function draftNotices(plan: Pick<Plan, 'verdicts' | 'findings'>, rulebook: Rulebook): NoticeDraft[] {
  const sources = sourcesOf(plan.verdicts, rulebook)
  return topicsOf(plan, sources).map((topic) => draftOf(topic, sources))
}

interface Topic {
  readonly channel: string
  readonly model: string
  readonly environment: string
  readonly target: RouteTarget | null
  readonly findings: Finding[]
  /** Deployments whose files are broken: they have no finding to tell, but must be told. */
  readonly invalid: Verdict[]
  /** Failures there that a waiver excuses: not told as problems, and not gone either. */
  readonly waived: number
}

type Pair = readonly [id: string, outcome: Outcome]

const byState = compareBy<NoticeState>(
  ({ channel }) => channel,
  ({ model }) => model,
  ({ environment }) => environment,
)
const byDraft = (a: NoticeDraft, b: NoticeDraft) => byState(a.state, b.state)

function topicsOf(plan: Pick<Plan, 'verdicts' | 'findings'>, { policies, rulebook }: Sources): Topic[] {
  const topics = new Map<string, Topic>()
  const waived = Map.groupBy(plan.findings.filter(isWaived), placeKey)
  const topicAt = (target: RouteTarget, { model, environment }: Finding | Verdict): Topic => {
    const topic = {
      channel: target.channel,
      model,
      environment,
      target,
      findings: [],
      invalid: [],
      waived: waived.get(placeKey({ model, environment }))?.length ?? 0,
    }
    const same = topics.get(topicKey(topic))
    if (same === undefined) topics.set(topicKey(topic), topic)
    return same ?? topic
  }
  const told = plan.findings.filter(isTold)
  for (const finding of told)
    for (const target of targetsOf(finding, policies, rulebook.governance))
      topicAt(target, finding).findings.push(finding)
  const withFindings = new Set(told.map(deploymentKey))
  for (const verdict of plan.verdicts)
    if (verdict.cause === 'invalid' && !withFindings.has(deploymentKey(verdict)))
      topicAt({ channel: FILE_CHANNEL }, verdict).invalid.push(verdict)
  return [...topics.values()]
}

function emptyTopic({ channel, model, environment }: NoticeState, waived: DraftedNotices['waived']): Topic {
  return { channel, model, environment, target: null, findings: [], invalid: [], waived: waived(model, environment) }
}

/** Sorted by id. A broken deployment stands as its version in place of an id. */
function pairsOf(topic: Topic): Pair[] {
  const pairs: Pair[] = [
    ...topic.findings.map((finding): Pair => [finding.id, finding.outcome]),
    ...topic.invalid.map((verdict): Pair => [`invalid ${verdict.version ?? ''}`, 'error']),
  ]
  return pairs.sort(compareBy((pair) => pair[0]))
}

/** What the texts of notices are made from. */
interface Sources {
  readonly rulebook: Rulebook
  readonly language: Language
  readonly policies: ReadonlyMap<string, Policy>
  /** By model and environment. */
  readonly verdicts: ReadonlyMap<string, readonly Verdict[]>
}

function sourcesOf(verdicts: readonly Verdict[], rulebook: Rulebook): Sources {
  return {
    rulebook,
    language: rulebook.governance.institution.languages[0] ?? 'pt',
    policies: policiesById(rulebook),
    verdicts: Map.groupBy(verdicts, placeKey),
  }
}

function draftOf(topic: Topic, sources: Sources): NoticeDraft {
  const { channel, model, environment } = topic
  const pairs = canonicalJson(pairsOf(topic))
  const state = { channel, model, environment, pairs: hashOfPairs(pairs) }
  return { state, pairs, content: () => contentOf(topic, sources) }
}

/** What a channel knows when a problem is over. */
const NO_PAIRS = hashOfPairs('[]')

function hashOfPairs(canonical: string): string {
  return sha256Hex(canonical).slice(0, 16)
}

function contentOf(topic: Topic, { policies, language, verdicts }: Sources): NoticeContent {
  const { channel, model, environment } = topic
  const place = verdicts.get(placeKey(topic)) ?? []
  const { waived } = topic
  const findings = worstFirst(topic.findings)
  const told: Told = { run: '', channel, model, environment, verdicts: place, findings, waived }
  const { channel: _, when: __, ...options } = topic.target ?? { channel }
  return { ...noticeContent(told, policies, language), ...(Object.keys(options).length > 0 && { options }) }
}

/** Its text is made when somebody looks at it. */
export function noticeAction(draft: NoticeDraft, run: string): PlannedAction {
  const { channel, model, environment } = draft.state
  let made: NoticeContent | null = null
  const content = () => {
    made ??= draft.content()
    return made
  }
  return {
    kind: 'notify',
    /** Where its text is at hand, nobody asks. */
    get key() {
      return hashOf([channel, model, environment])
    },
    evidence: sha256Hex(`[${canonicalJson(run)},${draft.pairs}]`),
    model,
    environment,
    channel,
    get reason() {
      return content().title
    },
    get detail() {
      const { data, options, ...text } = content()
      return { ...text, data: { ...data, run }, ...(options !== undefined && { options }) }
    },
  }
}

function placeKey({ model, environment }: Pick<Verdict, 'model' | 'environment'>): string {
  return `${model}\0${environment}`
}

function topicKey({ channel, model, environment }: Pick<NoticeState, 'channel' | 'model' | 'environment'>): string {
  return `${channel}\0${model}\0${environment}`
}
