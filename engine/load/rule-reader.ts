// What the readers of rules share: the rule as written, where it stands, and a way to tell what is wrong with it.
import type { Diagnostic } from '../domain/diagnostic.ts'
import { type Duration, parseDuration } from '../domain/instant.ts'
import type { Metric } from '../domain/metric.ts'
import type { Place } from '../domain/policy.ts'
import type { Parameters } from './parameters.ts'
import type { RuleFile } from './policy-file.ts'
import { type Partially, placeOf, problemAtKey, problemOf } from './read-document.ts'
import type { YamlFile } from './read-yaml.ts'
import type { Problem } from './source-text.ts'

/** A rule that keeps to its schema; `path` leads to it. */
export interface WrittenRule {
  readonly rule: RuleFile
  readonly path: readonly (string | number)[]
  readonly yaml: YamlFile
  readonly parameters: Parameters
  readonly metrics: ReadonlyMap<string, Metric>
  readonly tell: (diagnostic: Diagnostic) => void
}

/** Tells of a problem at the value of a field. */
export function tellAt(written: WrittenRule, field: keyof RuleFile, problem: Problem): undefined {
  written.tell(problemOf(written.yaml, [...written.path, field], problem))
}

/** Tells of a problem at the name of a field, or at the rule. */
export function tellAtKey(written: WrittenRule, field: keyof RuleFile | null, problem: Problem): undefined {
  written.tell(problemAtKey(written.yaml, field === null ? written.path : [...written.path, field], problem))
}

/** The number of a field, parameters resolved. */
export function numberOf(written: WrittenRule, field: keyof RuleFile): number | undefined {
  const value = written.rule[field]
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  return written.parameters.number(value, [...written.path, field])
}

/** What every form of rule begins with. */
export interface RuleHead {
  readonly id: string
  readonly place: Place
  readonly staleAfter?: Duration
}

/** What rules of every form have. */
export function headOf({ rule, path, yaml }: WrittenRule): RuleHead {
  const staleAfter = durationOf(rule.staleAfter)
  return { id: rule.id, place: placeOf(yaml, path), ...(staleAfter !== undefined && { staleAfter }) }
}

/** The schema holds durations to their form. */
export function durationOf(text: string | undefined): Duration | undefined {
  return (text === undefined ? null : parseDuration(text)) ?? undefined
}

/** Whether no part of a rule was faulty, so that it can be read as a whole. */
export function isSoundRule(rule: Partially<RuleFile> | undefined): rule is RuleFile {
  return rule !== undefined && Object.values(rule).every((value) => value !== undefined && !hasHole(value))
}

function hasHole(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => item === undefined)
}
