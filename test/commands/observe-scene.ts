// A scratch governance repository with data beside it, and `tutela observe` over both, for the tests of that verb.
import { join } from 'node:path'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import type { CommandResult, Globals } from '../../engine/commands/command.ts'
import { command } from '../../engine/commands/observe.ts'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { globalsAt } from '../ask-command.ts'
import { type Place, put, repository } from './import-scene.ts'
import { FILES, NOW } from './reading-world.ts'

export const CARD = `apiVersion: tutela/v1
kind: ModelCard
id: loans
title: Loans
purpose: Ranks applications
stage: production
owners: ["team:credit-models"]
risk: { tier: high, automation: sole, domain: credit }
data:
  kind: binary
  prediction: refused
  label: defaulted
  score: score
  timestamp: decided_at
  features: [{ name: income, type: number, min: 0 }, { name: region, type: category, values: [N, S] }, { name: note, type: text }]
  protected: [{ name: sex, privileged: [M] }]
versions: [{ version: "1.0.0" }]
deployment: { environment: production, version: "1.0.0" }
`

export const POLICY = `apiVersion: tutela/v1
kind: Policy
id: even
title: Groups are treated evenly
owner: "team:risk-committee"
severity: high
require:
  - { id: ratio, metric: fairness.demographic_parity_ratio, each: protected, atLeast: 0.8, minSample: 20 }
  - { id: psi, metric: drift.psi, each: feature, atMost: 0.2 }
`

export const HEADER = 'id,decided_at,income,region,note,sex,score,refused,defaulted'

/** Rows of one day each hour, without chance; `shift` moves incomes. */
export function rows(count: number, { day = '2026-11-20', from = 0, shift = 0 } = {}): string[] {
  return Array.from({ length: count }, (_, i) => {
    const hour = String(i % 24).padStart(2, '0')
    const score = ((i * 37) % 100) / 100
    const sex = i % 2 === 0 ? 'F' : 'M'
    const isDefault = (i * 13) % 100 < score * 60
    const cells = [
      from + i,
      `${day}T${hour}:00:00Z`,
      1000 + ((i * 7919) % 500) + shift,
      i % 3 === 0 ? 'N' : 'S',
      `n${i}`,
      sex,
    ]
    return [...cells, score, score > 0.5 ? 1 : 0, isDefault ? 1 : 0].join(',')
  })
}

export const csv = (lines: readonly string[], header = HEADER) => `${[header, ...lines].join('\n')}\n`

/** Drops cells of every line. */
export function without(text: string, ...names: string[]): string {
  const [header = '', ...lines] = text.trim().split('\n')
  const kept = header.split(',').map((name) => !names.includes(name))
  return `${[header, ...lines]
    .map((line) =>
      line
        .split(',')
        .filter((_, i) => kept[i])
        .join(','),
    )
    .join('\n')}\n`
}

/** Data files stand in `.git`, where no tree sees them. */
export function scene(data: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}): Place {
  const place = repository({
    'policies/governance.yaml': FILES['policies/governance.yaml'] ?? '',
    'policies/even.yaml': POLICY,
    'models/loans/card.yaml': CARD,
    ...files,
  })
  for (const [name, text] of Object.entries(data)) put(join(place.root, '.git', name), text)
  return place
}

export interface Observation extends CommandResult {
  readonly notes: readonly string[]
}

export async function observe(
  { root }: Place,
  options: Readonly<Record<string, string | boolean | readonly string[]>> = {},
  globals: Partial<Globals> = {},
): Promise<Observation> {
  const notes: string[] = []
  const isAll = options.all === true || options.card !== undefined
  const result = await command.run({
    world: assembleWorld(NOW),
    globals: globalsAt(join(root, '.git'), { repo: root, now: NOW, ...globals }),
    args: [],
    options: { ...(isAll ? {} : { model: 'loans' }), current: ['current.csv'], ...options },
    note: (note) => notes.push(note),
  })
  return { ...result, notes }
}

/** The snapshot of the JSON document. */
export const lineOf = ({ json }: CommandResult) => (json as { readonly line: Snapshot }).line

export function figures(result: CommandResult, metric: string): readonly Measurement[] {
  return lineOf(result).measurements.filter((one) => one.metric === metric)
}

/** The value about the model as a whole. */
export function value(result: CommandResult, metric: string): number | null | undefined {
  return figures(result, metric).find(
    ({ feature, attribute, group, endpoint }) => (feature ?? attribute ?? group ?? endpoint) === undefined,
  )?.value
}
