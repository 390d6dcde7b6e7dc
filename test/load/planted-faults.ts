// A repository with thirty faults, each marked in its text by `# ⟵ code` at the end of its line, and each at a known column.
// Built from a sound repository, so that nothing else is wrong.

/** `file`, `line` and `code` come from the marks; `at` is the text on that line which the column must point at. */
export interface PlantedFault {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: string
}

const GOVERNANCE = `apiVersion: tutela/v1
kind: Governance
institution:
  name: Banco Exemplo
  type: bank
  timeZone: America/Sao_Pualo   # 13 load/unknown-time-zone
  languages: [pt, en]
  holidays: [2026-02-30]   # 14 load/no-such-day
minimumGroupSize: 10
people: { "team:credit": [ana, rui], "team:risk": [lia] }
channels: { notices: { kind: file } }
routes: { owners: [notice] }   # 20 load/unknown-channel
triggers: { local: { kind: command, argv: [./retrain] } }
`

const FAIRNESS = `apiVersion: tutela/v1
kind: Policy
id: fairness
title: Evenly
owner: "team:risk"
severity: hihg   # 11 load/not-allowed
controls: [lgpd/art-6, lgpd/art-99]   # 24 load/unknown-control
params: { ratio: 0.8, spare: 1 }   # 23 load/unused-parameter
require:
  - id: impact-ratio
    metric: fairness.demographic_parity_ratoi   # 13 load/unknown-metric
    each: protected
    atLeast: $ratio
  - id: gap
    metric: fairness.demographic_parity_difference   # 13 load/needs-each
    atMost: 0.2
  - id: odds
    metric: fairness.equalized_odds_difference
    each: feature   # 11 load/wrong-each
    atMost: 0.2
  - id: gap-wrong-way
    metric: fairness.equal_opportunity_difference
    each: protected
    atLeast: 0.2   # 5 load/wrong-direction
notify: [owner]   # 10 load/unknown-route
`

const PERFORMANCE = `apiVersion: tutela/v1
kind: Policy
id: perfomance   # 5 load/id-and-file
title: Ranks
owner: "team:risk"
severity: high
appliesTo: { risk.tier: [hgih] }   # 26 load/impossible-value
require:
  - id: auc
    metric: performance.auc
    atLeast: 70   # 14 load/never-holds
  - id: brier
    metric: performance.brier
    atMost: 1   # 13 load/always-holds
  - id: accuracy
    metric: performance.accuracy
    atLeast: $least   # 14 load/unknown-parameter
  - id: precision
    metric: performance.precision
    atLeast: 0.9
    warnAt: 0.8   # 13 load/warn-at
  - id: recall-high
    metric: performance.recall
    atLeast: 0.9
  - id: recall-low   # 5 load/contradiction
    metric: performance.recall
    between: [0.1, 0.5]
  - id: f1
    metric: performance.f1
    atLeast: "0.5"   # 14 load/quoted-number
  - id: barred
    card: data.feature[].name   # 11 load/unknown-card-field
    noneOf: [sex]
  - id: guard
    failsWhen: { "<<": [{ var: metrics.performance.auc }, 0.7] }   # 18 evaluate/unknown-operator
`

const ENFORCEMENT = `apiVersion: tutela/v1
kind: Enforcement
environment: production
policies:
  fairness: mandatory
  performance: approval
  fairnes: advisory   # 3 load/unknown-policy
`

const WAIVER = `apiVersion: tutela/v1
kind: Waiver
id: w-1
policy: fairness
rule: impact-ratios   # 7 load/unknown-rule
model: credt   # 8 load/unknown-model
reason: Known, being repaired
requestedBy: "user:ana"
approvedBy: "user:ANA"   # 13 load/same-person
issued: 2026-01-01
expires: 2026-06-01   # 10 load/waiver-days
`

const CARD = `apiVersion: tutela/v1
kind: ModelCard
id: credit
title: Probability of default
purpose: Ranks applications
stage: production
ownr: [x]   # 1 load/unknown-field
owners: ["team:credit"]
validator: "user:ana"   # 12 load/validator-owns
risk: { tier: high, automation: sole, domain: credit }
criteria: { pt: criteria.pt.md }   # 17 load/missing-file
review: { last: 2026-06-31, everyDays: 365 }   # 17 load/no-such-day
versions:
  - version: 1.10   # 14 load/unquoted-version
  - { version: "1.9.0", trained: 2026-05-02 }
deployment: { environment: production, version: "1.9.0" }
risk: { tier: low, automation: sole, domain: credit }   # 1 load/duplicate-key
`

const FRAMEWORK = `apiVersion: tutela/v1
kind: Framework
id: lgpd
title: { pt: LGPD, en: LGPD }
authority: ANPD
controls:
  - { id: art-6, demand: { pt: a, en: b }, status: binding }
`

const MARKED: Readonly<Record<string, string>> = {
  'policies/governance.yaml': GOVERNANCE,
  'policies/fairness.yaml': FAIRNESS,
  'policies/performance.yaml': PERFORMANCE,
  'policies/enforcement/production.yaml': ENFORCEMENT,
  'policies/waivers/w-1.yaml': WAIVER,
  'policies/frameworks/lgpd.yaml': FRAMEWORK,
  'models/credit/card.yaml': CARD,
}

const MARK = / {3}# (\d+) ([a-z]+\/[a-z-]+)$/

/** The files, marks and all: they are comments. */
export const PLANTED_FILES: Readonly<Record<string, string>> = {
  ...MARKED,
  'policies/old.yml': 'apiVersion: tutela/v1\n',
  'models/broken/card.yaml': 'apiVersion: tutela/v1\nowners: [\n',
}

/** In order of place. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...Object.entries(MARKED).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const mark = MARK.exec(line)
      return mark === null ? [] : [{ file, line: index + 1, column: Number(mark[1]), code: mark[2] ?? '' }]
    }),
  ),
  { file: 'policies/old.yml', line: 1, column: 1, code: 'load/yml-file' },
  { file: 'models/broken/card.yaml', line: 3, column: 1, code: 'load/yaml-syntax' },
].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
