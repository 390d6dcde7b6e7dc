// The `credit` template: the policies and control catalogues of the bundled example, and a card to begin with.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareText } from '../base/order.ts'
import { packageRoot } from './package-files.ts'
import { type Institution, institutionLines, schemaLine } from './template.ts'

const FOLDERS: readonly [folder: string, kind: string, depth: number][] = [
  ['policies', 'policy', 1],
  ['policies/frameworks', 'framework', 2],
  ['policies/enforcement', 'enforcement', 2],
]

/** Path → text, to lay over the blank template. */
export function creditTemplate(institution: Institution): Map<string, string> {
  const files = new Map<string, string>()
  for (const [folder, kind, depth] of FOLDERS) {
    for (const [name, text] of yamlFiles(folder)) {
      if (name !== 'governance.yaml') files.set(`${folder}/${name}`, schemaLine(kind, depth) + text)
    }
  }
  files.set('policies/governance.yaml', governance(institution))
  files.set('models/personal-loans/card.yaml', CARD)
  files.set('models/personal-loans/criteria.pt.md', CRITERIA_PT)
  files.set('models/personal-loans/criteria.en.md', CRITERIA_EN)
  return files
}

function yamlFiles(folder: string): [name: string, text: string][] {
  const path = join(packageRoot(), folder)
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .sort(compareText)
    .map((name) => [name, readFileSync(join(path, name), 'utf8')])
}

const governance = (institution: Institution) => `${schemaLine('governance', 1)}apiVersion: tutela/v1
kind: Governance
${institutionLines(institution)}
people:                          # bare names, as policies/allowed-signers or the forge know them
  "team:credit-models": []
  "team:model-risk": []
  "team:risk-committee": []
channels:
  notices: { kind: file }
routes:
  model-owners: [notices]
  risk-committee: [notices]
`

const CARD = `${schemaLine('model-card', 2)}apiVersion: tutela/v1
kind: ModelCard
id: personal-loans
title: Probability of default, personal loans
purpose: Ranks applications for personal loans
stage: validation                # set to production, with a deployment, when it decides about people
owners: ["team:credit-models"]   # may approve remedies
validator: "team:model-risk"     # must differ from the owners
risk: { tier: high, automation: human-in-loop, domain: credit }
privacy: { legalBasis: "LGPD Art. 7 X (credit protection)", ropa: ROPA-1, ripd: { ref: RIPD-1, date: 2026-08-01 } }
criteria: { pt: criteria.pt.md, en: criteria.en.md }   # LGPD art. 20 § 1: what people are told when they ask
review: { last: 2026-11-01, everyDays: 365 }
data:
  kind: binary
  prediction: refused
  label: defaulted
  score: score
  timestamp: decided_at
  features: [{ name: income, type: number, min: 0 }, { name: region, type: category }]
  protected: [{ name: sex }]
objectives: { latency_p95_ms: 300, availability: 0.99 }
`

const CRITERIA_PT = `# Como o crédito pessoal é decidido

Escreva aqui, em linguagem simples: quais informações contam, para que lado pesam, e como pedir a revisão da decisão.
`
const CRITERIA_EN = `# How personal loans are decided

Say here, in plain language: which facts count, which way they weigh, and how to ask for a review of the decision.
`
