// One policy file → Policy: fields with their defaults, rules with parameters resolved, and everything that is wrong in it.
import { digestOf } from '../base/canonical-json.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import type { Metric } from '../domain/metric.ts'
import type { Policy, Remediate, Rule } from '../domain/policy.ts'
import { expressionPlaces } from './expression-places.ts'
import { idHint } from './id-hint.ts'
import { nearOr, nearOrList } from './load-governance.ts'
import { Parameters } from './parameters.ts'
import type { PolicyFile, RuleFile } from './policy-file.ts'
import { findCardField, readCardRule } from './read-card-rule.ts'
import {
  type Document,
  keyPlaceOf,
  type Partially,
  placeOf,
  problemAtKey,
  problemOf,
  readDocument,
} from './read-document.ts'
import { findMetric, readMetricRule } from './read-metric-rule.ts'
import { readSelector } from './read-selector.ts'
import type { YamlFile } from './read-yaml.ts'
import { fileName } from './repository-files.ts'
import { durationOf, headOf, isSoundRule, type WrittenRule } from './rule-reader.ts'
import { quoted } from './schema-problems.ts'
import { teamProblem } from './teams.ts'

/** What a policy is held against. */
export interface PolicySurroundings {
  /** The catalogue and the institution's own. */
  readonly metrics: ReadonlyMap<string, Metric>
  readonly governance: Governance
  /** `framework/control` of every framework. */
  readonly controls: ReadonlySet<string>
  /** Frameworks that could not be read: their controls are not told as unknown. */
  readonly unreadFrameworks: ReadonlySet<string>
}

/** One policy file as it was read. */
export interface LoadedPolicy {
  /** By the file's name: for references from elsewhere, whatever is wrong within. */
  readonly id: string
  readonly ruleIds: readonly string[]
  /** What could be read of it; complete only when there is no error. */
  readonly policy: Policy
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/** One policy with all that is wrong in it; what could be read stands beside the problems. */
export function loadPolicy(file: string, bytes: Uint8Array, surroundings: PolicySurroundings): LoadedPolicy {
  const document = readDocument<PolicyFile>('policy', file, bytes)
  const diagnostics: Diagnostic[] = [...document.diagnostics]
  const tell = (diagnostic: Diagnostic) => {
    diagnostics.push(diagnostic)
  }
  const { yaml } = document
  const sound = document.sound ?? {}
  const parameters = new Parameters(yaml, sound.params)
  const rules = (sound.require ?? []).map((rule, index) => {
    const path = ['require', index]
    const around = { path, yaml, parameters, metrics: surroundings.metrics, tell }
    const read = isSoundRule(rule) ? readRule({ rule, ...around }) : null
    if (rule !== undefined && !isSoundRule(rule)) checkNames(rule, around)
    if (read === null) parameters.markAllUsedIn(path)
    return read
  })
  parameters.markUsedIn(Object.values(sound.message ?? {}))
  const policy = policyOf(document, file, parameters, rules, tell)
  if (document.sound !== undefined) checkPolicy(document, surroundings, tell)
  diagnostics.push(...parameters.diagnostics, ...parameters.unused())
  return {
    id: fileName(file),
    ruleIds: (sound.require ?? []).flatMap((rule) => rule?.id ?? []),
    policy,
    value: document.value,
    diagnostics,
  }
}

/** Of a rule that breaks its schema, what it is about can be told all the same. */
function checkNames({ id, metric, card }: Partially<RuleFile>, around: Omit<WrittenRule, 'rule'>): void {
  if (metric !== undefined) findMetric({ ...around, rule: { id: id ?? '', metric } })
  if (card !== undefined) findCardField({ ...around, rule: { id: id ?? '', card } })
}

function readRule(written: WrittenRule): Rule | null {
  const { rule } = written
  if (rule.metric !== undefined) return readMetricRule(written)
  if (rule.card !== undefined) return readCardRule(written)
  written.parameters.markUsedIn(rule.failsWhen)
  return { form: 'logic', ...headOf(written), failsWhen: rule.failsWhen, expressionPlaces: expressionPlaces(written) }
}

function policyOf(
  { yaml, sound, value }: Document<PolicyFile>,
  file: string,
  parameters: Parameters,
  rules: readonly (Rule | null)[],
  tell: (diagnostic: Diagnostic) => void,
): Policy {
  const staleAfter = durationOf(sound?.staleAfter)
  return {
    id: sound?.id ?? fileName(file),
    formerly: (sound?.formerly ?? []).flatMap((id) => id ?? []),
    title: sound?.title ?? '',
    owner: sound?.owner ?? '',
    severity: sound?.severity ?? 'medium',
    controls: (sound?.controls ?? []).flatMap((control) => control ?? []),
    appliesTo: readSelector(sound?.appliesTo, yaml, tell),
    params: parameters.values,
    rules: rules.filter((rule) => rule !== null),
    onMissing: sound?.onMissing ?? 'error',
    ...(staleAfter !== undefined && { staleAfter }),
    remediate: remediateOf(sound?.remediate),
    notify: (sound?.notify ?? []).flatMap((route) => route ?? []),
    message: messageOf(sound?.message),
    digest: digestOf(value),
    place: placeOf(yaml, []),
    ...(sound?.appliesTo !== undefined && { appliesToPlace: keyPlaceOf(yaml, ['appliesTo']) }),
    ...(sound?.message !== undefined && { messagePlaces: messagePlacesOf(yaml, sound.message) }),
  }
}

function remediateOf(file: Partially<PolicyFile['remediate']>): Remediate {
  if (file?.action === undefined) return { action: 'none' }
  const dueIn = durationOf(file.dueIn)
  const after = durationOf(file.after)
  return {
    action: file.action,
    ...(dueIn !== undefined && { dueIn }),
    ...(file.escalateTo !== undefined && { escalateTo: file.escalateTo }),
    ...(after !== undefined && { after }),
  }
}

function messageOf(file: Partially<PolicyFile['message']>): Policy['message'] {
  return { ...(file?.pt !== undefined && { pt: file.pt }), ...(file?.en !== undefined && { en: file.en }) }
}

function messagePlacesOf(
  yaml: YamlFile,
  { pt, en }: NonNullable<Partially<PolicyFile>['message']>,
): NonNullable<Policy['messagePlaces']> {
  return {
    ...(pt !== undefined && { pt: keyPlaceOf(yaml, ['message', 'pt']) }),
    ...(en !== undefined && { en: keyPlaceOf(yaml, ['message', 'en']) }),
  }
}

function checkPolicy(document: Document<PolicyFile>, around: PolicySurroundings, tell: (d: Diagnostic) => void): void {
  const { yaml } = document
  const sound = document.sound ?? {}
  const name = fileName(yaml.file)
  if (sound.id !== undefined && sound.id !== name) {
    const hint = idHint(sound.id, name, 'file')
    tell(
      problemOf(yaml, ['id'], {
        code: 'load/id-and-file',
        message: `the id \`${sound.id}\` is not the file's name`,
        hint,
      }),
    )
  }
  repeatedRules(sound, document, tell)
  sound.controls?.forEach((control, index) => {
    const isUnread = around.unreadFrameworks.has(control?.split('/')[0] ?? '')
    if (control === undefined || around.controls.has(control) || isUnread) return
    const hint = nearOr(control, around.controls, 'controls stand in policies/frameworks/*.yaml')
    tell(
      problemOf(yaml, ['controls', index], {
        code: 'load/unknown-control',
        message: `unknown control ${quoted(control)}`,
        hint,
      }),
    )
  })
  sound.notify?.forEach((route, index) => {
    const routes = Object.keys(around.governance.routes)
    if (route === undefined || routes.includes(route)) return
    const hint = nearOrList(route, routes, 'routes')
    tell(
      problemOf(yaml, ['notify', index], {
        code: 'load/unknown-route',
        message: `unknown route ${quoted(route)}`,
        hint,
      }),
    )
  })
  const team = sound.owner === undefined ? null : teamProblem(sound.owner, around.governance)
  if (team !== null) tell(problemOf(yaml, ['owner'], team))
}

function repeatedRules(
  sound: Partially<PolicyFile>,
  { yaml }: Document<PolicyFile>,
  tell: (d: Diagnostic) => void,
): void {
  const seen = new Set<string>()
  sound.require?.forEach((rule, index) => {
    if (rule?.id === undefined) return
    if (seen.has(rule.id)) {
      tell(
        problemAtKey(yaml, ['require', index, 'id'], {
          code: 'load/repeated-id',
          message: `two rules have the id \`${rule.id}\``,
          hint: 'give each an id of its own: waivers and findings name rules by it',
        }),
      )
    }
    seen.add(rule.id)
  })
}
