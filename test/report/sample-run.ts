// A small run for tests of reports, notices and terminal text: builders whose arguments show what matters in a case.

import type { Digest } from '../../engine/base/canonical-json.ts'
import { ALL_TOLD } from '../../engine/domain/decision.ts'
import type { Finding, Outcome, Verdict } from '../../engine/domain/finding.ts'
import type { Governance, Rulebook } from '../../engine/domain/governance.ts'
import type { LoadedCard, ModelCard } from '../../engine/domain/model-card.ts'
import type { Plan, PlannedAction } from '../../engine/domain/plan.ts'
import type { MetricRule, Policy, Waiver } from '../../engine/domain/policy.ts'
import type { ReportInput } from '../../engine/report/report-input.ts'

export const NOW = Date.parse('2026-11-22T06:00:00Z')
export const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`
const place = { file: 'policies/credit-fairness.yaml', line: 12, column: 5 }

export function metricRule(changes: Partial<MetricRule> = {}): MetricRule {
  return {
    id: 'impact-ratio',
    form: 'metric',
    place,
    metric: 'fairness.demographic_parity_ratio',
    unit: 'ratio',
    each: 'protected',
    comparison: { op: 'atLeast', limit: 0.8 },
    versus: null,
    change: null,
    isPValue: false,
    ...changes,
  }
}

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    id: 'credit-fairness',
    formerly: [],
    title: 'Credit models treat groups evenly',
    owner: 'team:risk-committee',
    severity: 'high',
    controls: ['lgpd/art-6-ix'],
    appliesTo: { all: [], not: null },
    params: {},
    rules: [metricRule()],
    onMissing: 'error',
    remediate: {
      action: 'retrain',
      dueIn: { amount: 3, unit: 'bd' },
      escalateTo: 'rollback',
      after: { amount: 10, unit: 'd' },
    },
    notify: [],
    message: {},
    digest: digest('a'),
    place,
    ...changes,
  }
}

export function waiver(changes: Partial<Waiver> = {}): Waiver {
  return {
    id: 'w-1',
    policy: 'credit-fairness',
    rule: 'impact-ratio',
    model: 'credit-default',
    reason: 'New data source under test',
    requestedBy: 'user:ana',
    approvedBy: 'user:lia',
    issued: '2026-11-01',
    expires: '2026-12-31',
    place,
    ...changes,
  }
}

export function governance(changes: Partial<Governance> = {}): Governance {
  return {
    institution: {
      name: 'Banco Exemplo',
      type: 'bank',
      timeZone: 'America/Sao_Paulo',
      languages: ['pt', 'en'],
      holidays: ['2026-12-25'],
    },
    minimumGroupSize: 10,
    people: {},
    record: { branch: null, signingKey: null, author: { name: 'Tutela', email: 'tutela@localhost' } },
    ledger: { origin: 'banco.example/tutela', key: null, raw: {} },
    forge: { kind: 'local' },
    channels: {},
    routes: {},
    triggers: {},
    metrics: {},
    ...changes,
  }
}

export function rulebook(changes: Partial<Rulebook> = {}): Rulebook {
  return {
    governance: governance(),
    policies: [policy()],
    waivers: [],
    frameworks: [
      {
        id: 'lgpd',
        title: { pt: 'LGPD (Lei 13.709/2018)', en: 'LGPD (Law 13,709/2018)' },
        authority: 'ANPD',
        controls: [
          {
            id: 'art-6-ix',
            cites: 'Art. 6, IX',
            demand: { pt: 'Não discriminar', en: 'Do not discriminate' },
            status: 'binding',
          },
        ],
        place,
      },
    ],
    enforcement: new Map([['production', new Map([['credit-fairness', 'mandatory']])]]),
    diagnostics: [],
    digest: digest('b'),
    ...changes,
  }
}

export function card(changes: Partial<ModelCard> = {}): LoadedCard {
  const id = changes.id ?? 'credit-default'
  return {
    card: {
      apiVersion: 'tutela/v1',
      kind: 'ModelCard',
      id,
      title: 'Probability of default, retail credit',
      purpose: 'Ranks applications for personal loans',
      stage: 'production',
      owners: ['team:credit-models'],
      validator: 'team:model-risk',
      risk: { tier: 'high', automation: 'sole', domain: 'credit' },
      review: { last: '2026-06-30', everyDays: 365 },
      deployment: { environment: 'production', version: '3.2.0' },
      ...changes,
    },
    digest: digest('c'),
    file: `models/${id}/card.yaml`,
  }
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    id: '0123456789abcdef',
    policy: 'credit-fairness',
    rule: 'impact-ratio',
    model: 'credit-default',
    version: '3.2.0',
    environment: 'production',
    subject: { attribute: 'sex' },
    outcome: 'fail',
    value: 0.742,
    limit: 0.8,
    margin: -0.058,
    unit: 'ratio',
    n: 18234,
    severity: 'high',
    enforcement: 'mandatory',
    controls: ['lgpd/art-6-ix'],
    message: 'Razão de impacto 0,742 abaixo de 0,8 para sex',
    ...place,
    window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
    evidence: digest('d'),
    ...changes,
  }
}

/** A verdict that agrees with its findings; `passes` are checks that passed. */
export function verdict(
  findings: readonly Finding[],
  changes: Partial<Verdict> & { readonly passes?: number } = {},
): Verdict {
  const { passes = 3, ...rest } = changes
  const counts: Record<Outcome, number> = { pass: passes, warn: 0, fail: 0, error: 0, skip: 0 }
  for (const { outcome } of findings) counts[outcome]++
  const unwaived = findings.filter((f) => f.outcome === 'fail' && f.waiver === undefined)
  const worst = unwaived.length > 0 ? 'fail' : (['error', 'warn', 'skip', 'pass'] as const).find((o) => counts[o] > 0)
  return {
    model: findings[0]?.model ?? 'credit-default',
    version: findings[0]?.version ?? '3.2.0',
    environment: findings[0]?.environment ?? 'production',
    outcome: worst ?? 'skip',
    blocks: findings.some(
      (f) =>
        f.enforcement === 'mandatory' && (f.outcome === 'error' || (f.outcome === 'fail' && f.waiver === undefined)),
    ),
    demand: unwaived.some((f) => f.enforcement !== 'advisory') ? 'retrain' : 'none',
    counts,
    snapshots: [digest('d')],
    findings: findings.map((f) => f.id),
    ...rest,
  }
}

export function plan(findings: readonly Finding[], changes: Partial<Plan> = {}): Plan {
  const byModel = Map.groupBy(findings, (f) => `${f.model} ${f.environment} ${f.version}`)
  return {
    apiVersion: 'tutela/v1',
    kind: 'Plan',
    commit: '5c8b5d1f0c9e8b7a6d5c4b3a29181706f5e4d3c2',
    dirty: [],
    now: '2026-11-22T06:00:00Z',
    run: '1122334455667788',
    verdicts: [...byModel.values()].map((group) => verdict(group)),
    findings,
    actions: [],
    diagnostics: [],
    digest: digest('e'),
    ...changes,
  }
}

export function action(changes: Partial<PlannedAction> = {}): PlannedAction {
  return {
    kind: 'open-proposal',
    key: 'ab'.repeat(32),
    evidence: 'cd'.repeat(32),
    model: 'credit-default',
    environment: 'production',
    remedy: 'retrain',
    reason: 'credit-fairness/impact-ratio fails for sex',
    ...changes,
  }
}

export function reportInput(changes: Partial<ReportInput> = {}): ReportInput {
  const cards = changes.cards ?? new Map([['credit-default', card()]])
  return {
    plan: plan([finding()]),
    previous: null,
    rulebook: rulebook(),
    cards,
    proposals: [],
    decisions: [],
    untold: ALL_TOLD,
    fileChanges: [],
    now: NOW,
    ...changes,
  }
}
