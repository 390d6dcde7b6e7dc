// The `credit` template: the policies and control catalogues of the bundled example, and a card to begin with.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareText } from '../base/order.ts'
import { packageRoot } from './package-files.ts'
import { schemaLine } from './template.ts'

const FOLDERS: readonly [folder: string, kind: string, depth: number][] = [
  ['policies', 'policy', 1],
  ['policies/frameworks', 'framework', 2],
  ['policies/enforcement', 'enforcement', 2],
]

/** Path → text, to lay over the blank template. */
export function creditTemplate(institution: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const [folder, kind, depth] of FOLDERS) {
    for (const [name, text] of yamlFiles(folder)) {
      if (name !== 'governance.yaml') files.set(`${folder}/${name}`, schemaLine(kind, depth) + text)
    }
  }
  files.set('policies/governance.yaml', governance(institution))
  files.set('models/personal-loans/card.yaml', CARD)
  return files
}

function yamlFiles(folder: string): [name: string, text: string][] {
  const path = join(packageRoot(), folder)
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .sort(compareText)
    .map((name) => [name, readFileSync(join(path, name), 'utf8')])
}

const governance = (institution: string) => `${schemaLine('governance', 1)}apiVersion: tutela/v1
kind: Governance
institution: { name: ${JSON.stringify(institution)}, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }
people:                          # bare names, as policies/allowed-signers or the forge know them
  "team:credit-models": []
  "team:model-risk": []
  "team:risk-committee": []
channels:
  notices: { kind: file }
routes:
  model-owners: [notices]
  risk-committee: [notices]
metrics:
  custom.label_rate:
    title: { pt: Taxa de rótulos positivos, en: Share of positive labels }
    unit: share
    worse: away
`

const CARD = `${schemaLine('model-card', 2)}apiVersion: tutela/v1
kind: ModelCard
id: personal-loans
title: Probability of default, personal loans
purpose: Ranks applications for personal loans
stage: development               # set to production, with a deployment, when it decides about people
owners: ["team:credit-models"]   # may approve remedies
validator: "team:model-risk"     # must differ from the owners
risk: { tier: medium, automation: human-in-loop, domain: credit }
review: { last: 2026-11-01, everyDays: 365 }
data:
  kind: binary
  prediction: refused
  label: defaulted
  score: score
  timestamp: decided_at
  features: [{ name: income, type: number, min: 0 }, { name: region, type: category }]
  protected: [{ name: sex }]
`
