// One model judged: a verdict a deployment, with its findings. Pure: same card, snapshots, rulebook and `now`, same answer.
import { compareBy } from '../base/order.ts'
import type { Finding, Judgement } from '../domain/finding.ts'
import type { Instant } from '../domain/instant.ts'
import { type Deployment, deploymentsOf, type LoadedCard } from '../domain/model-card.ts'
import type { LiveSnapshot, SnapshotHistory } from '../domain/snapshot.ts'
import type { Assessment } from './assessment.ts'
import { assessCardRule } from './card-rule.ts'
import { CardSubjects } from './card-subjects.ts'
import type { CompiledPolicy, CompiledRule, CompiledRulebook } from './compile.ts'
import { Deployed } from './deployed.ts'
import { enforcementOf, NO_ENVIRONMENT } from './enforcement.ts'
import { evidenceOf, makeFinding } from './finding.ts'
import { assessLogicRule } from './logic-rule.ts'
import { assessMetricRule } from './metric-rule.ts'
import { assessUnclear } from './quick-passes.ts'
import { invalidVerdict, Tally } from './verdict.ts'
import { waiversOf } from './waivers.ts'

/** One model and all that its verdicts depend on besides the rulebook. */
export interface ModelInput {
  readonly modelId: string
  /** `null` where the card could not be read. */
  readonly loaded: LoadedCard | null
  /** Of such a card: where it still says that the model is deployed. */
  readonly deployed?: readonly Deployment[]
  /** Live snapshots; windows that end after `now` are left out of it. */
  readonly history: SnapshotHistory
  /** Whether an error diagnostic names this model. */
  readonly invalid: boolean
  readonly now: Instant
  /** `not-pass`: passes are counted in the verdict, but no finding is made of them. */
  readonly keep: 'all' | 'not-pass'
}

/** By environment, then version. `holdsUntil` is the last whole second at which the same files give the same answer. */
export function judgeModel(compiled: CompiledRulebook, input: ModelInput): readonly Judgement[] {
  const { loaded } = input
  if (loaded === null)
    return placesAt(input.deployed ?? []).map((place) => unreadJudgement(compiled, input.modelId, place))
  const policies = compiled.policies.filter((policy) => policy.selects(loaded.card))
  const subjects = new CardSubjects(loaded)
  return placesOf(loaded).map((place) => judgeDeployment(compiled, { ...input, loaded }, policies, subjects, place))
}

/** Where a model is judged. */
export interface Place {
  readonly environment: string
  readonly version: string | null
  readonly champion: boolean
}

/** A card without a deployment, as every retired one, has its card rules judged in environment `none`. */
export function placesOf({ card }: LoadedCard): readonly Place[] {
  return placesAt(deploymentsOf(card))
}

function placesAt(deployments: readonly Deployment[]): readonly Place[] {
  if (deployments.length === 0) return [{ environment: NO_ENVIRONMENT, version: null, champion: true }]
  const inOrder = compareBy<Deployment>(
    (d) => d.environment,
    (d) => d.version,
  )
  return [...deployments].sort(inOrder).map(({ environment, version, role }) => ({
    environment,
    version,
    champion: role === undefined || role === 'champion',
  }))
}

function judgeDeployment(
  compiled: CompiledRulebook,
  input: ModelInput & { readonly loaded: LoadedCard },
  policies: readonly CompiledPolicy[],
  subjects: CardSubjects,
  { environment, version, champion }: Place,
): Judgement {
  if (input.invalid) {
    const blocks = policies.some(
      ({ policy }) => enforcementOf(compiled.rulebook, environment, policy.id) === 'mandatory',
    )
    return invalidJudgement(input.modelId, version, environment, blocks)
  }
  const model = input.loaded.card.id
  const { loaded, now, history, keep } = input
  const deployed = new Deployed({ compiled, loaded, environment, version, now, subjects, history })
  const tally = new Tally()
  const findings: Finding[] = []
  for (const policy of policies) judgePolicy(policy, deployed, keep, tally, findings)
  return {
    verdict: tally.verdict({ model, version, environment, champion }),
    findings,
    holdsUntil: deployed.holdsUntil,
  }
}

function judgePolicy(
  compiledPolicy: CompiledPolicy,
  deployed: Deployed,
  keep: ModelInput['keep'],
  tally: Tally,
  findings: Finding[],
): void {
  const { policy, rules } = compiledPolicy
  const enforcement = enforcementOf(deployed.compiled.rulebook, deployed.environment, policy.id)
  const told = (rule: CompiledRule, assessment: Assessment) => {
    const digest = rule.form === 'card' ? null : snapshotOf(assessment, deployed)
    if (digest !== null) tally.addSnapshot(digest)
    if (assessment.outcome === 'pass' && keep === 'not-pass') {
      tally.addPasses(1)
      return
    }
    const finding = makeFinding(compiledPolicy, rule, enforcement, deployed, assessment)
    tally.add(finding, policy)
    findings.push(finding)
  }
  const judged = (snapshot: LiveSnapshot) => tally.addSnapshot(snapshot.digest)
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]
    if (rule === undefined || !isJudged(rule, deployed)) continue
    boundByWaivers(policy.id, rule, deployed)
    if (keep === 'not-pass' && rule.form === 'metric') tally.addPasses(assessUnclear(rule, deployed, told, judged))
    else for (const assessment of assessAll(rule, deployed)) told(rule, assessment)
  }
}

/** What a rule says of each of its subjects, in order. */
export function assessAll(rule: CompiledRule, deployed: Deployed): readonly Assessment[] {
  if (rule.form === 'card') return [assessCardRule(rule, deployed)]
  return rule.form === 'logic' ? [assessLogicRule(rule, deployed)] : assessMetricRule(rule, deployed)
}

/** Without a deployed version there is nothing measured, so card rules alone are judged. */
export function isJudged(rule: CompiledRule, deployed: Deployed): boolean {
  return rule.form === 'card' || deployed.version !== null
}

/** A free-form rule over the card alone has the card's digest as evidence, which is no snapshot's. */
function snapshotOf(assessment: Assessment, { loaded }: Deployed) {
  const digest = evidenceOf(assessment)
  return assessment.evidence !== undefined && digest === loaded.digest ? null : digest
}

function boundByWaivers(policy: string, rule: CompiledRule, deployed: Deployed): void {
  const model = deployed.loaded.card.id
  if (deployed.compiled.waivers.size === 0) return
  for (const { from, until } of waiversOf(deployed.compiled.waivers, { policy, rule: rule.rule.id, model })) {
    deployed.changesAfter(from - 1000)
    deployed.changesAfter(until - 1000)
  }
}

/** Nobody can say which policies apply to a card that cannot be read, so each mandatory one of its environment blocks. */
function unreadJudgement(
  { policies, rulebook }: CompiledRulebook,
  model: string,
  { version, environment }: Place,
): Judgement {
  const blocks = policies.some(({ policy }) => enforcementOf(rulebook, environment, policy.id) === 'mandatory')
  return invalidJudgement(model, version, environment, blocks)
}

function invalidJudgement(model: string, version: string | null, environment: string, blocks: boolean): Judgement {
  return {
    verdict: invalidVerdict({ model, version, environment }, blocks),
    findings: [],
    holdsUntil: Number.POSITIVE_INFINITY,
  }
}
