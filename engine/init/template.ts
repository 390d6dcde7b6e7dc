// The files that `init` writes: the smallest governance repository that `check` accepts, or one for credit models
// with the policies of the bundled example. Texts only; commands/init.ts writes them.
import type { Language } from '../domain/governance.ts'
import { CODEOWNERS, governanceWorkflow } from './workflows.ts'

/** `blank` governs nothing yet; `credit` brings a model, policies and measurements to begin from. */
export type Template = 'blank' | 'credit'

/** The comment that lets editors complete and check a file of this kind. */
export function schemaLine(kind: string, depth: number): string {
  return `# yaml-language-server: $schema=${'../'.repeat(depth)}.tutela/schemas/${kind}.json\n`
}

/** What the blank template has besides: one policy, and how hard it binds. */
export function blankPolicies(): Map<string, string> {
  return new Map([
    ['policies/enforcement/production.yaml', ENFORCEMENT],
    ['policies/model-hygiene.yaml', MODEL_HYGIENE],
  ])
}

/** What a repository is made for; its reports, proposals and notices are in the first of `languages`. */
export interface Institution {
  readonly name: string
  readonly languages: readonly Language[]
  /** Days as `2026-01-01`. */
  readonly holidays: readonly string[]
}

/** `institution` of governance.yaml, without a newline at its end. */
export function institutionLines({ name, languages, holidays }: Institution): string {
  const years = [...Map.groupBy(holidays, (day) => day.slice(0, 4)).values()]
  return `institution:
  name: ${JSON.stringify(name)}
  type: bank
  timeZone: America/Sao_Paulo
  languages: [${languages.join(', ')}]
  # Business days (3bd) leave these out. National ones are here: add your own, and each new year's.
  holidays: [${years.map((days) => days.join(', ')).join(',\n    ')}]`
}

/** Path → text of what every template has. `schemas`: the published JSON Schemas by file name. */
export function templateFiles(institution: Institution, schemas: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([
    ['.gitattributes', 'ledger/** -text\n*.yaml text eol=lf\n*.ndjson text eol=lf\n'],
    ['.github/workflows/tutela.yml', governanceWorkflow('github')],
    ['.gitea/workflows/tutela.yml', governanceWorkflow('gitea')],
    ['.github/CODEOWNERS', CODEOWNERS],
    ...[...schemas].map(([name, text]): [string, string] => [`.tutela/schemas/${name}`, text]),
    ['policies/governance.yaml', governance(institution)],
    ['policies/allowed-signers', ALLOWED_SIGNERS],
  ])
}

const governance = (institution: Institution) => `${schemaLine('governance', 1)}apiVersion: tutela/v1
kind: Governance
${institutionLines(institution)}
people:
  "team:model-owners": []       # bare names, as policies/allowed-signers or the forge know them
  "team:model-risk": []
  "team:risk-committee": []
`

const ALLOWED_SIGNERS = `# Who may approve proposals: one line a key, in the form of OpenSSH's allowed signers.
# ana namespaces="tutela-approval" ssh-ed25519 AAAA…
`

const ENFORCEMENT = `${schemaLine('enforcement', 2)}apiVersion: tutela/v1
kind: Enforcement
environment: production
policies:
  model-hygiene: approval        # advisory | approval | mandatory
`

const MODEL_HYGIENE = `${schemaLine('policy', 1)}apiVersion: tutela/v1
kind: Policy
id: model-hygiene
title: Every model has a validator and a review that is not overdue
owner: "team:risk-committee"
severity: medium
appliesTo: { not: { stage: retired } }
require:
  - id: validator-named
    card: validator
    present: true
  - id: review-planned
    card: review.everyDays
    atMost: 365
message:
  pt: "{model}: {rule} não é atendida"
  en: "{model}: {rule} does not hold"
`
