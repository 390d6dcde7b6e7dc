// The least world in which remedies are planned: builders for policies, cards, findings and proposals, so that a test
// shows only what its case differs in.
import { type Digest, digestOf } from '../../engine/base/canonical-json.ts'
import type { Finding, Judgement } from '../../engine/domain/finding.ts'
import type { Governance, Rulebook } from '../../engine/domain/governance.ts'
import type { LoadedCard, ModelCard } from '../../engine/domain/model-card.ts'
import type { MetricRule, Policy, Remediate } from '../../engine/domain/policy.ts'
import type { Proposal, Violation } from '../../engine/domain/proposal.ts'
import { evidenceOf, proposalBranch, proposalKey } from '../../engine/remediate/identity.ts'
import { sourceDigest } from '../../engine/remediate/proposal-action.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'

export const NOW = Date.UTC(2026, 10, 22, 6)
export const DAY = 86_400_000

export function at(days: number): string {
  return `${new Date(NOW + days * DAY).toISOString().slice(0, 19)}Z`
}

export const governance: Governance = {
  institution: {
    name: 'Banco Exemplo',
    type: 'bank',
    timeZone: 'America/Sao_Paulo',
    languages: ['en', 'pt'],
    holidays: [],
  },
  minimumGroupSize: 10,
  people: { 'team:credit-models': ['ana', 'rui'], 'team:model-risk': ['lia'] },
  record: { branch: null, signingKey: null, author: { name: 'Tutela', email: 'tutela@localhost' } },
  ledger: { origin: 'tutela.local/banco-exemplo', key: null, raw: {} },
  forge: { kind: 'local' },
  channels: {},
  routes: {},
  triggers: { local: { kind: 'command', argv: ['./retrain', '{model}'] } },
  metrics: {},
}

export function policy(id: string, remediate: Remediate, changed: Partial<Policy> = {}): Policy {
  return {
    id,
    formerly: [],
    title: id,
    owner: 'team:risk-committee',
    severity: 'high',
    controls: [],
    appliesTo: { all: [], not: null },
    params: {},
    rules: [rule('limit')],
    onMissing: 'error',
    remediate,
    notify: [],
    message: {},
    digest: digestOf(['policy', id]),
    place: { file: `policies/${id}.yaml`, line: 1, column: 1 },
    ...changed,
  }
}

export function rule(id: string, changed: Partial<MetricRule> = {}): MetricRule {
  return {
    id,
    place: { file: 'policies/x.yaml', line: 1, column: 1 },
    form: 'metric',
    metric: 'drift.psi',
    unit: 'index',
    each: 'feature',
    comparison: { op: 'atMost', limit: 0.2 },
    versus: null,
    change: null,
    isPValue: false,
    ...changed,
  }
}

export function rulebook(policies: readonly Policy[], changed: Partial<Governance> = {}): Rulebook {
  return {
    governance: { ...governance, ...changed },
    policies,
    waivers: [],
    frameworks: [],
    enforcement: new Map(),
    diagnostics: [],
    digest: digestOf('rulebook'),
  }
}

export const CARD_TEXT = `# Owned by credit
apiVersion: tutela/v1
kind: ModelCard
id: credit            # the folder's name
title: Probability of default
purpose: Ranks applications
stage: production
owners: ["team:credit-models"]
validator: "team:model-risk"
risk: { tier: high, automation: sole, domain: credit }
versions:
  - { version: "3.2.0" }
  - { version: "3.1.4" }
  - { version: "3.1.10" }
deployment: { environment: production, version: "3.2.0" }    # desired state
retrain: { trigger: local, dag: retrain_credit }
`

export function card(changed: Partial<ModelCard> = {}): LoadedCard {
  const value: ModelCard = {
    apiVersion: 'tutela/v1',
    kind: 'ModelCard',
    id: 'credit',
    title: 'Probability of default',
    purpose: 'Ranks applications',
    stage: 'production',
    owners: ['team:credit-models'],
    validator: 'team:model-risk',
    risk: { tier: 'high', automation: 'sole', domain: 'credit' },
    versions: [{ version: '3.2.0' }, { version: '3.1.4' }, { version: '3.1.10' }],
    deployment: { environment: 'production', version: '3.2.0' },
    retrain: { trigger: 'local', dag: 'retrain_credit' },
    ...changed,
  }
  return { card: value, digest: digestOf(value), file: `models/${value.id}/card.yaml` }
}

export function finding(policyId: string, changed: Partial<Finding> = {}): Finding {
  return {
    id: digestOf([policyId, changed.rule, changed.subject]).slice(7, 23),
    policy: policyId,
    rule: 'limit',
    model: 'credit',
    version: '3.2.0',
    environment: 'production',
    subject: { feature: 'income' },
    outcome: 'fail',
    value: 0.31,
    limit: 0.2,
    margin: -0.11,
    unit: 'index',
    n: 1000,
    severity: 'high',
    enforcement: 'approval',
    controls: [],
    message: 'PSI 0.31 above 0.20 for income',
    file: `policies/${policyId}.yaml`,
    line: 3,
    column: 5,
    window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
    evidence: digestOf('snapshot') as Digest,
    ...changed,
  }
}

export function judgement(findings: readonly Finding[], changed: Partial<Judgement['verdict']> = {}): Judgement {
  const first = findings[0]
  return {
    verdict: {
      model: first?.model ?? 'credit',
      version: first?.version ?? '3.2.0',
      environment: first?.environment ?? 'production',
      outcome: 'fail',
      blocks: false,
      demand: 'none',
      counts: { pass: 0, warn: 0, fail: findings.length, error: 0, skip: 0 },
      snapshots: [],
      findings: findings.map(({ id }) => id),
      ...changed,
    },
    findings,
    holdsUntil: Number.POSITIVE_INFINITY,
  }
}

export const DRIFT = policy('drift', { action: 'retrain' })

/** One drifting model under one approval policy that asks for a retrain; what differs is given. */
export function input(changed: Partial<RemedyInput> = {}): RemedyInput {
  const judgements = changed.judgements ?? [judgement([finding('drift')])]
  const loaded = card()
  return {
    now: NOW,
    judgements,
    cards: new Map([[loaded.card.id, loaded]]),
    cardText: () => CARD_TEXT,
    rulebook: rulebook([DRIFT]),
    proposals: [],
    demands: [],
    outcomes: new Map(),
    sent: new Set(),
    allFindings: (model) => judgements.flatMap((one) => one.findings).filter((one) => one.model === model),
    ...changed,
  }
}

const INCOME: Violation = ['drift', 'limit', 'income']

/** The open proposal that {@link input} would open. */
export function proposal(changed: Partial<Proposal> = {}): Proposal {
  const action = changed.action ?? 'retrain'
  const model = changed.model ?? 'credit'
  const violations = changed.violations ?? [INCOME]
  const target = changed.target ?? null
  const key = proposalKey(model, 'production', action)
  const policies = new Map([[DRIFT.id, DRIFT]])
  return {
    id: key.slice(0, 10),
    key,
    evidence: evidenceOf({ violations, policies, version: '3.2.0', target, candidate: null }),
    model,
    environment: 'production',
    action,
    state: 'open',
    title: 'Retrain credit in production',
    branch: proposalBranch(key, model, action),
    head: 'a'.repeat(40),
    base: 'b'.repeat(40),
    source: sourceDigest(CARD_TEXT),
    body: digestOf('another body'),
    violations,
    target,
    window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
    openedAt: at(-1),
    isFrozen: false,
    isOnBase: false,
    snoozedUntil: null,
    ignored: [],
    clean: [],
    merged: [],
    end: null,
    approvals: [],
    ...changed,
  }
}
