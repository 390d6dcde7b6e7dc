// Which policies a change takes deployments out of: what bound one on the base, by requirement and subject, and would bind
// it no more, because its environment, stage, role, groups or attributes changed, or because it is named no more.
import { compareText } from '../base/order.ts'
import { subjectOf } from '../domain/finding-figures.ts'
import { deploymentsOf } from '../domain/model-card.ts'
import type { JudgedModel, JudgedRepository } from '../judge-repository.ts'
import type { AddedLines, ChangedFile } from '../remediate/gate-changes.ts'
import type { JudgedChange } from './gate-judge.ts'

/** Of one path: the models whose deployments escape, and what they escape; both sorted. */
export interface Escape {
  readonly models: readonly string[]
  readonly policies: readonly string[]
}

/** By path of the change: the model's card where it changed, else the lines that measure it. */
export function escapedPolicies(
  { before, after }: Pick<JudgedChange, 'before' | 'after'>,
  changed: readonly ChangedFile[],
  lines: ReadonlyMap<string, AddedLines>,
): ReadonlyMap<string, Escape> {
  if (before === null || after === null) return new Map()
  const touched = new Map<string, string[]>()
  for (const { path } of changed) {
    const [, folder] = /^models\/([^/]+)\//.exec(path) ?? []
    const models = lines.get(path)?.models ?? (folder === undefined ? [] : [folder])
    for (const model of models) touched.set(model, [...(touched.get(model) ?? []), path])
  }
  const found = new Map<string, Escape>()
  for (const model of before.models) {
    const paths = touched.get(model.id)
    if (paths === undefined) continue
    const policies = escapesOf(model, before, after)
    const card = paths.find((path) => path === `models/${model.id}/card.yaml`)
    for (const path of card === undefined ? paths : [card]) {
      const known = found.get(path) ?? { models: [], policies: [] }
      if (policies.length > 0)
        found.set(path, { models: union(known.models, [model.id]), policies: union(known.policies, policies) })
    }
  }
  return found
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort(compareText)
}

function escapesOf(model: JudgedModel, before: JudgedRepository, after: JudgedRepository): string[] {
  const successor = after.models.find(
    ({ id, loaded }) => id === model.id || loaded?.card.formerly?.includes(model.id) === true,
  )
  const left = successor === undefined ? new Map<string, Bond>() : bondsOf(successor, after)
  const escaped = [...bondsOf(model, before)].filter(([key, { rank }]) => rank > (left.get(key)?.rank ?? 0))
  return [...new Set(escaped.map(([, { policy }]) => policy))].sort(compareText)
}

interface Bond {
  readonly policy: string
  readonly rank: number
}

const RANKS = { advisory: 0, approval: 1, mandatory: 2 } as const

/** What is required of each deployment and each subject, and how hard it binds; whether it holds is no matter here. */
function bondsOf({ id, loaded }: JudgedModel, judged: JudgedRepository): Map<string, Bond> {
  const bonds = new Map<string, Bond>()
  const deployments = loaded === null ? [] : deploymentsOf(loaded.card)
  for (const { policy, rule, environment, version, subject, enforcement } of judged.allFindings(id)) {
    const own = deployments.filter((one) => one.environment === environment && one.version === version)
    const role = own.some((one) => (one.role ?? 'champion') === 'champion') ? 'champion' : 'other'
    const key = JSON.stringify([environment, role, policy, rule, subjectOf(subject)])
    const rank = Math.max(RANKS[enforcement], bonds.get(key)?.rank ?? 0)
    bonds.set(key, { policy, rank })
  }
  return bonds
}
