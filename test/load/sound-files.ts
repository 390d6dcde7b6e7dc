// The least files that make a sound repository, and a way to change one text of them: tests plant one fault at a time.
import type { MemoryFile } from '../memory-tree.ts'

export const GOVERNANCE = `apiVersion: tutela/v1
kind: Governance
institution: { name: Banco Exemplo, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }
people: { "team:credit": [ana], "team:risk": [lia] }
`

export const POLICY = `apiVersion: tutela/v1
kind: Policy
id: drift
title: Inputs are as they were
owner: "team:risk"
severity: high
require:
  - id: shift
    metric: drift.psi
    each: feature
    atMost: 0.25
`

export const CARD = `apiVersion: tutela/v1
kind: ModelCard
id: credit
title: Probability of default
purpose: Ranks applications
stage: production
owners: ["team:credit"]
validator: "team:risk"
risk: { tier: high, automation: sole, domain: credit }
versions: [{ version: "1.0.0" }]
deployment: { environment: production, version: "1.0.0" }
`

export const ENFORCEMENT = `apiVersion: tutela/v1
kind: Enforcement
environment: production
policies: { drift: approval }
`

export const SOUND_FILES: Readonly<Record<string, MemoryFile>> = {
  'models/credit/card.yaml': CARD,
  'policies/drift.yaml': POLICY,
  'policies/enforcement/production.yaml': ENFORCEMENT,
  'policies/governance.yaml': GOVERNANCE,
}

/** A policy with other rules, each on its own lines, indented by two. */
export function policyWith(rules: string, head = ''): string {
  return `${POLICY.slice(0, POLICY.indexOf('require:'))}${head}require:\n${rules}`
}

/** The place and code of diagnostics, for tables. */
export function placed(diagnostics: readonly { line: number; column: number; code: string }[]): string[] {
  return diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)
}
