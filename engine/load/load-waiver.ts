// policies/waivers/<id>.yaml: that it names what there is, who asked and who approved, and its days. Whether two waivers match
// one thing, and which one excuses a finding, is evaluation's.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { isRealDay } from '../domain/instant.ts'
import type { Waiver } from '../domain/policy.ts'
import { idHint } from './id-hint.ts'
import { nearOr, nearOrList } from './load-governance.ts'
import type { LoadedPolicy } from './load-policy.ts'
import { noSuchDay } from './no-such-day.ts'
import type { WaiverFile } from './policy-file.ts'
import { type Document, type Partially, placeOf, problemOf, readDocument } from './read-document.ts'
import { fileName } from './repository-files.ts'
import { quoted } from './schema-problems.ts'
import type { Problem } from './source-text.ts'
import { isAlikePerson, isMemberOf, isSamePerson, teamProblem } from './teams.ts'

/** One waiver file as it was read. */
export interface LoadedWaiver {
  /** Null with errors in the file itself. */
  readonly waiver: Waiver | null
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/** What a waiver may name. */
export interface WaiverSurroundings {
  readonly policies: ReadonlyMap<string, LoadedPolicy>
  readonly models: ReadonlySet<string>
  /** Former id → present id; asked only of a waiver whose model is none of them. */
  readonly formerModels: () => ReadonlyMap<string, string>
  /** Who is in which team. */
  readonly governance: Governance
}

/** Days from `issued` to `expires`. */
const MOST_DAYS = 90
const DAY = 86_400_000

/** One waiver, held against policies, models and people; problems are returned. */
export function loadWaiver(file: string, bytes: Uint8Array, around: WaiverSurroundings): LoadedWaiver {
  const document = readDocument<WaiverFile>('waiver', file, bytes)
  const { yaml, value } = document
  const diagnostics = [
    ...document.diagnostics,
    ...checkNames(document, around),
    ...checkPeople(document, around),
    ...checkDays(document),
  ]
  if (value === null) return { waiver: null, value, diagnostics }
  const { apiVersion: _, kind: __, ...fields } = value as WaiverFile & { apiVersion: string; kind: string }
  return { waiver: { ...fields, place: placeOf(yaml, []) }, value, diagnostics }
}

type Field = keyof WaiverFile

function checkNames({ yaml, sound }: Document<WaiverFile>, around: WaiverSurroundings): Diagnostic[] {
  const found: Diagnostic[] = []
  const tell = (field: Field, problem: Problem) => found.push(problemOf(yaml, [field], problem))
  const { id, policy, rule, model } = sound ?? {}
  const name = fileName(yaml.file)
  if (id !== undefined && id !== name) {
    const hint = idHint(id, name, 'file')
    tell('id', { code: 'load/id-and-file', message: `the id \`${id}\` is not the file's name`, hint })
  }
  const named = policy === undefined ? undefined : around.policies.get(policy)
  if (policy !== undefined && named === undefined) {
    const hint = nearOr(policy, around.policies.keys(), 'a policy is named as its file in policies/, without `.yaml`')
    tell('policy', { code: 'load/unknown-policy', message: `unknown policy ${quoted(policy)}`, hint })
  }
  if (rule !== undefined && named !== undefined && named.ruleIds.length > 0 && !named.ruleIds.includes(rule)) {
    const hint = nearOrList(rule, named.ruleIds, 'rules')
    tell('rule', { code: 'load/unknown-rule', message: `policy \`${named.id}\` has no rule ${quoted(rule)}`, hint })
  }
  if (model !== undefined && !around.models.has(model)) tell('model', strangeModel(model, around))
  return found
}

/** A model that was renamed is no stranger, but a waiver is for what was looked at under the id that it names. */
function strangeModel(model: string, { models, formerModels }: WaiverSurroundings): Problem {
  const present = formerModels().get(model)
  if (present === undefined) {
    const hint = nearOr(model, models, 'a model is named as its folder in models/')
    return { code: 'load/unknown-model', message: `unknown model ${quoted(model)}`, hint }
  }
  const message = `${quoted(model)} is ${quoted(present)} now, and waivers do not follow: this one excuses nothing`
  const hint = 'remove it, or have one approved for the present id'
  return { severity: 'warning', code: 'load/former-id', message, hint }
}

function checkPeople({ yaml, sound }: Document<WaiverFile>, { governance }: WaiverSurroundings): Diagnostic[] {
  const { requestedBy, approvedBy }: Partially<WaiverFile> = sound ?? {}
  if (approvedBy === undefined) return []
  const same = requestedBy === undefined ? null : samePerson(requestedBy, approvedBy, governance)
  const problem = same ?? strangerProblem(approvedBy, governance)
  return problem === null ? [] : [problemOf(yaml, ['approvedBy'], problem)]
}

/** A team that asks is each of its members, and one that approves may be any of them. */
function samePerson(requestedBy: string, approvedBy: string, governance: Governance): Problem | null {
  const hint = 'somebody else must approve'
  const code = 'load/same-person'
  if (isAlikePerson(requestedBy, approvedBy))
    return { code, message: `${quoted(approvedBy)} both asked for the waiver and approved it`, hint }
  const isMember = isMemberOf(approvedBy, requestedBy, governance) || isMemberOf(requestedBy, approvedBy, governance)
  if (!isMember) return null
  const message = `${quoted(approvedBy)} approved the waiver and ${quoted(requestedBy)} asked for it: the one is in the other`
  return { code, message, hint }
}

/** While nobody is in `people` yet, and with a forge that knows its people, nobody is a stranger. */
function strangerProblem(approvedBy: string, governance: Governance): Problem | null {
  const names = Object.values(governance.people).flat()
  if (!/^user:/i.test(approvedBy)) return teamProblem(approvedBy, governance)
  const isKnown = names.some((name) => isSamePerson(`user:${name}`, approvedBy))
  if (isKnown || names.length === 0 || governance.forge.kind !== 'local') return null
  return {
    code: 'load/unknown-person',
    message: `\`people\` of policies/governance.yaml has no ${quoted(approvedBy)}, who approved the waiver`,
    hint: 'add the person to a team, correct the name, or remove a waiver that is over',
  }
}

function checkDays({ yaml, sound }: Document<WaiverFile>): Diagnostic[] {
  const found: Diagnostic[] = []
  const tell = (field: Field, problem: Problem) => found.push(problemOf(yaml, [field], problem))
  const days = (['issued', 'expires'] as const).map((field) => {
    const day = sound?.[field]
    if (day === undefined || isRealDay(day)) return day
    tell(field, noSuchDay(day))
    return undefined
  })
  const [issued, expires] = days
  if (issued === undefined || expires === undefined) return found
  const length = (Date.parse(`${expires}T00:00:00Z`) - Date.parse(`${issued}T00:00:00Z`)) / DAY
  if (length < 0) {
    tell('expires', {
      code: 'load/waiver-days',
      message: `the waiver expires on ${expires}, before it is issued on ${issued}`,
      hint: 'exchange the two days, or correct one',
    })
  } else if (length > MOST_DAYS) {
    const last = new Date(Date.parse(`${issued}T00:00:00Z`) + MOST_DAYS * DAY).toISOString().slice(0, 10)
    tell('expires', {
      code: 'load/waiver-days',
      message: `the waiver holds for ${length} days; at most ${MOST_DAYS} are allowed`,
      hint: `until ${last} at the latest; then somebody decides again`,
    })
  }
  return found
}
