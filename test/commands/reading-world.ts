// A governance repository in memory and an invocation over it, for tests of the verbs that only read.
import type { Command, CommandResult, Globals } from '../../engine/commands/command.ts'
import type { World } from '../../engine/world.ts'
import { globalsAt } from '../ask-command.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'

export const NOW = Date.parse('2026-11-22T06:00:00Z')

const snapshot = (day: number, ratio: number | null) =>
  `${JSON.stringify({
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model: 'credit-default',
    version: '3.2.0',
    environment: 'production',
    purpose: 'monitoring',
    window: { start: `2026-11-${day}T00:00:00Z`, end: `2026-11-${day + 1}T00:00:00Z` },
    rows: { current: 18234 },
    source: { tool: 'tutela', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
    measurements: [
      ratio === null
        ? { metric: 'fairness.demographic_parity_ratio', attribute: 'sex', value: null, reason: 'empty_window', n: 0 }
        : {
            metric: 'fairness.demographic_parity_ratio',
            attribute: 'sex',
            value: ratio,
            interval: [ratio - 0.04, ratio + 0.04],
            n: 18234,
          },
      { metric: 'fairness.demographic_parity_ratio', attribute: 'race', value: 0.9, n: 18234 },
    ],
  })}\n`

export const FILES: Readonly<Record<string, string>> = {
  'policies/governance.yaml': `apiVersion: tutela/v1
kind: Governance
institution: { name: Banco Exemplo, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }
`,
  'policies/enforcement/production.yaml': `apiVersion: tutela/v1
kind: Enforcement
environment: production
policies: { credit-fairness: mandatory, barred: mandatory }
`,
  'policies/frameworks/lgpd.yaml': `apiVersion: tutela/v1
kind: Framework
id: lgpd
title: { pt: LGPD, en: LGPD }
authority: ANPD
controls:
  - id: art-6-ix
    title: { pt: Não discriminação, en: Non-discrimination }
    cites: Art. 6, IX
    demand: { pt: Não tratar dados para fins discriminatórios, en: Do not process data to discriminate }
    status: binding
`,
  'policies/credit-fairness.yaml': `apiVersion: tutela/v1
kind: Policy
id: credit-fairness
title: Credit models treat groups evenly
owner: "team:risk-committee"
severity: high
controls: [lgpd/art-6-ix]
require:
  - id: impact-ratio
    metric: fairness.demographic_parity_ratio
    each: protected
    atLeast: 0.8
    minSample: 200
staleAfter: 48h
remediate: { action: hold, dueIn: 3bd }
`,
  'policies/barred.yaml': `apiVersion: tutela/v1
kind: Policy
id: barred
title: No barred features
owner: "team:risk-committee"
severity: critical
require:
  - id: no-barred
    card: data.features[].name
    noneOf: [sex, race]
`,
  'models/credit-default/card.yaml': `apiVersion: tutela/v1
kind: ModelCard
id: credit-default
title: Probability of default
purpose: Ranks applications
stage: production
owners: ["team:credit-models"]
validator: "team:model-risk"
risk: { tier: high, automation: sole, domain: credit }
review: { last: 2026-06-30, everyDays: 120 }
data:
  kind: binary
  prediction: approved
  label: paid
  features: [{ name: income, type: number }, { name: race, type: category, values: [a, b] }]
  protected: [{ name: sex, privileged: [M] }, { name: race }]
versions:
  - { version: "3.2.0", artifact: { uri: "mlflow:credit-default/7" } }
deployment: { environment: production, version: "3.2.0" }
`,
  'models/old-score/card.yaml': `apiVersion: tutela/v1
kind: ModelCard
id: old-score
title: Score of 2019
purpose: Ranked applications
stage: retired
owners: ["team:credit-models"]
risk: { tier: low, automation: human-decides, domain: credit }
`,
  'models/snapshots/2026/11/19T00/credit-default.ndjson': snapshot(19, 0.86),
  'models/snapshots/2026/11/20T00/credit-default.ndjson': snapshot(20, null),
  'models/snapshots/2026/11/21T00/credit-default.ndjson': snapshot(21, 0.74),
}

export interface Asked {
  readonly args?: readonly string[]
  readonly options?: Readonly<Record<string, string>>
  readonly globals?: Partial<Globals>
  readonly files?: Readonly<Record<string, MemoryFile>>
  readonly world?: Partial<World>
}

/** Runs a verb over files outside Git; `written` has what it wrote. */
export async function ask(
  command: Command,
  asked: Asked = {},
): Promise<CommandResult & { readonly written: Map<string, string> }> {
  const written = new Map<string, string>()
  const world: World = {
    clock: { now: () => NOW },
    repositories: { open: () => null, openFolder: () => memoryTree(asked.files ?? FILES), create: () => unused() },
    files: {
      read: () => null,
      write: (path, bytes) =>
        void written.set(path, typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)),
      exists: () => false,
      list: () => [],
      makeScratch: () => unused(),
    },
    openForge: () => unused(),
    openTrigger: () => unused(),
    openChannel: () => unused(),
    openRegistry: () => null,
    process: { env: {} },
    commands: { run: () => unused() },
    ...asked.world,
  }
  const globals = globalsAt('/r', { now: NOW, lang: null, ...asked.globals })
  const result = await command.run({
    world,
    globals,
    args: asked.args ?? [],
    options: asked.options ?? {},
    note: () => undefined,
  })
  return { ...result, written }
}

function unused(): never {
  throw new Error('the verb under test must not need this')
}
