// `tutela explain`: how one finding came about, or how a model stands and which findings it has.
import { Fault } from '../base/fault.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Finding } from '../domain/finding.ts'
import { policiesById, ruleOf } from '../domain/finding-figures.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import { explainFinding } from '../evaluate/trace.ts'
import { type JudgedModel, type JudgedRepository, judgeRepository } from '../judge-repository.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import { decisionsOf } from '../remediate/decisions.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { type Explanation, explanationText, modelText } from './explain-text.ts'
import { measuredHistory } from './measured-history.ts'
import { openForPlan } from './open-for-plan.ts'
import { shown, terminal } from './terminal-text.ts'

export const command: Command = {
  name: 'explain',
  summary: 'show how a finding came about: actual values, margin, history, controls, waivers',
  description:
    'With a finding (its id, or the start of it): every step that led to its outcome, with actual values. With a model: its verdicts and findings; with a rule besides, every finding of that rule, passes too.',
  examples: [
    'tutela explain compas --now 2015-01-02T06:00:00Z',
    'tutela explain compas fairness/adverse-rate-gap --now 2015-01-02T06:00:00Z --format json',
  ],
  arguments: [
    { name: '<finding|model>', help: 'the id of a finding (4 digits are enough where they are unique) or of a model' },
    { name: '[rule]', help: 'with a model: a rule, as `rule` or `policy/rule`' },
  ],
  run: explain,
}

async function explain(invocation: Invocation): Promise<CommandResult> {
  const { globals, args } = invocation
  const { base, record, proposals } = await openForPlan(invocation)
  const isOne = record === null || record === base
  const judged = judgeRepository({
    tree: isOne ? base : withRecordedSnapshots(base, record),
    now: globals.now,
    language: globals.lang,
    keep: 'all',
  })
  const cards = new Map(judged.models.flatMap(({ id, loaded }) => (loaded === null ? [] : [[id, loaded] as const])))
  const { governance } = judged.rulebook
  const decisions = decisionsOf(proposals, { cards, governance, now: globals.now, triggers: [] })
  const exit = hasErrors(judged.diagnostics) ? 3 : 0
  const diagnostics = judged.diagnostics
  if (judged.models.length === 0)
    return {
      exit,
      diagnostics,
      source: sourceOf(base),
      json: { ...document(), diagnostics },
      text: () => terminal(judged.language, false).words.noModels,
    }
  const on = terminal(judged.language, globals.colour)
  const [wanted = '', rule] = args
  const model = judged.models.find(({ id }) => id === wanted)
  const ofModel = diagnostics.filter((d) => model !== undefined && isOf(model.id, d.file))
  // Of a model whose files are invalid no rule was judged: why, is the answer to any question about it.
  if (model !== undefined && (rule === undefined || isNotJudged(model, ofModel))) {
    const judgements = withoutPasses(model)
    return {
      exit,
      diagnostics: ofModel,
      source: sourceOf(base),
      json: { ...document(), model: model.id, ...judgementsJson(judgements), diagnostics: ofModel },
      text: () => modelText(judgements, decisions, judged.rulebook, on),
    }
  }
  const findings = model === undefined ? [findingById(judged, wanted)] : findingsOfRule(model, rule ?? '')
  const explanations = findings.map((finding) => ({
    ...explanationOf(finding, judged, globals.now),
    decisions: decisions.filter(
      ({ model, environment }) => model === finding.model && environment === finding.environment,
    ),
    isProposed: proposals.some(
      (one) => one.state === 'open' && one.model === finding.model && one.environment === finding.environment,
    ),
  }))
  return {
    exit,
    json: { ...document(), explanations: explanations.map(explanationJson) },
    text: () => explanations.map((one) => explanationText(one, judged.rulebook, on)).join('\n\n\n'),
  }
}

/** By its id or a unique beginning of at least four digits. */
function findingById({ models }: JudgedRepository, id: string): Finding {
  const all = models.flatMap(({ judgements }) => judgements.flatMap(({ findings }) => findings))
  const found = /^[0-9a-f]{4,16}$/.test(id) ? all.filter((finding) => finding.id.startsWith(id)) : []
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only !== undefined)
    throw new Fault(
      'explain/ambiguous',
      `${found.length} findings begin with \`${id}\``,
      found
        .slice(0, 5)
        .map((f) => f.id)
        .join(', '),
    )
  const near = nearestWord(
    id,
    models.map((model) => model.id),
  )
  const hint =
    near === undefined ? '`tutela inventory` lists models, `tutela plan` findings' : `did you mean \`${near}\`?`
  throw new Fault('explain/unknown', `\`${shown(id)}\` is neither a model nor a finding of today`, hint)
}

function findingsOfRule({ id, judgements }: JudgedModel, rule: string): Finding[] {
  const all = judgements.flatMap(({ findings }) => findings)
  const found = all.filter((finding) => finding.rule === rule || `${finding.policy}/${finding.rule}` === rule)
  if (found.length > 0) return found
  const near = nearestWord(rule, new Set(all.flatMap((finding) => [finding.rule, `${finding.policy}/${finding.rule}`])))
  throw new Fault(
    'explain/unknown',
    `no rule \`${shown(rule)}\` was judged for \`${id}\``,
    near === undefined ? `\`tutela explain ${id}\` lists its findings` : `did you mean \`${near}\`?`,
  )
}

function explanationOf(
  finding: Finding,
  judged: JudgedRepository,
  now: Instant,
): Omit<Explanation, 'decisions' | 'isProposed'> {
  const model = judged.models.find(({ id }) => id === finding.model)
  const history = judged.histories(finding.model)
  const loaded = model?.loaded ?? null
  const trace =
    history === null
      ? null
      : explainFinding(
          judged.compiled,
          { modelId: finding.model, loaded, history, invalid: false, now, keep: 'all' },
          finding.id,
        )
  const rule = ruleOf(finding, policiesById(judged.rulebook))
  return {
    trace: trace ?? { finding, steps: [] },
    history: history === null ? [] : measuredHistory(finding, rule, history),
    controls: finding.controls.map((id) => controlById(id, judged.rulebook)),
    card: loaded,
  }
}

/** `lgpd/art-20`: a framework's id and a control's. */
function controlById(id: string, { frameworks }: Rulebook): Explanation['controls'][number] {
  const framework = frameworks.find((one) => id.startsWith(`${one.id}/`)) ?? null
  const short = framework === null ? id : id.slice(framework.id.length + 1)
  const control = framework?.controls.find((one) => one.id === short || one.id === id) ?? null
  return { id, framework, control }
}

function explanationJson({ trace, history, controls, card }: Explanation) {
  return {
    finding: trace.finding,
    steps: trace.steps,
    history,
    controls: controls.map(({ id, framework, control }) => ({
      id,
      ...(framework !== null && { framework: framework.title }),
      ...(control?.cites !== undefined && { cites: control.cites }),
      ...(control !== null && { demand: control.demand, status: control.status }),
    })),
    card: card?.file ?? null,
  }
}

function isNotJudged({ judgements }: JudgedModel, ofModel: readonly Diagnostic[]): boolean {
  return hasErrors(ofModel) && judgements.every(({ findings }) => findings.length === 0)
}

/** The model's own folder, and its files of snapshots by their name. */
function isOf(model: string, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return file.startsWith(`models/${model}/`) || (file.endsWith('.ndjson') && name.split('.')[0] === model)
}

function withoutPasses({ judgements }: JudgedModel): JudgedModel['judgements'] {
  return judgements.map((one) => ({ ...one, findings: one.findings.filter((finding) => finding.outcome !== 'pass') }))
}

function judgementsJson(judgements: JudgedModel['judgements']) {
  return {
    verdicts: judgements.map(({ verdict }) => verdict),
    findings: judgements.flatMap(({ findings }) => findings),
  }
}

function document() {
  return { apiVersion: 'tutela/v1', kind: 'Explanation' }
}
