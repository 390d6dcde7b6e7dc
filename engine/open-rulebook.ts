// The rulebook of a tree: loaded and checked, or remembered, and compiled. Reads the tree; judges nothing.
import type { ModelMemory } from './cache/model-memory.ts'
import { type Diagnostic, hasErrors } from './domain/diagnostic.ts'
import type { Language, Rulebook } from './domain/governance.ts'
import type { Metric } from './domain/metric.ts'
import { checkRulebook } from './evaluate/check-rulebook.ts'
import { type CompiledRulebook, compileRulebook } from './evaluate/compile.ts'
import { BareObject } from './load/bare-object.ts'
import { modelFolders } from './load/load-models.ts'
import { type LoadRulebookOptions, loadRulebook } from './load/load-rulebook.ts'
import { notFolders } from './load/not-folders.ts'
import { metricsById } from './observe/metrics/catalogue.ts'
import type { SourceTree } from './world.ts'

export interface OpenRulebookRequest {
  readonly tree: SourceTree
  /** null: the first language of governance.yaml. */
  readonly language: Language | null
  /** Stands for policies/governance.yaml. */
  readonly governance?: LoadRulebookOptions['governance']
  readonly memory?: ModelMemory | null
}

/** The rulebook of a tree, checked and compiled; checked without being read where it is remembered. */
export function openRulebook({ tree, language, governance, memory = null }: OpenRulebookRequest): {
  rulebook: Rulebook
  compiled: CompiledRulebook
  language: Language
  diagnostics: readonly Diagnostic[]
} {
  const { rulebook, diagnostics } = checkedRulebook(tree, governance, memory)
  const metrics = allMetrics(rulebook)
  const spoken = language ?? rulebook.governance.institution.languages[0] ?? 'pt'
  const compiled = compileRulebook(hasErrors(diagnostics) ? { ...rulebook, policies: [] } : rulebook, {
    metrics,
    language: spoken,
  })
  return { rulebook, compiled, language: spoken, diagnostics }
}

interface CheckedRulebook {
  readonly rulebook: Rulebook
  readonly diagnostics: readonly Diagnostic[]
}

/** Waivers are held against the ids of models, and some problems are not of files under policies/: with those it is read anew. */
function checkedRulebook(
  tree: SourceTree,
  governance: LoadRulebookOptions['governance'],
  memory: ModelMemory | null,
): CheckedRulebook {
  const others = memory === null || governance !== undefined ? null : modelFolders(tree)
  const isSound = notFolders(tree).length === 0
  const known = others === null || !isSound ? undefined : memory?.ofPolicies.recall(others, BareObject)
  if (known !== undefined) return known as CheckedRulebook
  const rulebook = loadRulebook(tree, { metrics: metricsById, ...(governance !== undefined && { governance }) })
  const diagnostics = [...rulebook.diagnostics, ...checkRulebook(rulebook, allMetrics(rulebook))]
  const checked = { rulebook, diagnostics }
  // Of a waiver for a former id it is the cards that say so.
  const isOfPolicies = !hasErrors(diagnostics) && diagnostics.every(({ code }) => code !== 'load/former-id')
  if (others !== null && isSound && isOfPolicies) memory?.ofPolicies.remember(others, BareObject, checked)
  return checked
}

/** The catalogue with the repository's own metrics. */
export function allMetrics(rulebook: Rulebook): ReadonlyMap<string, Metric> {
  const own = Object.entries(rulebook.governance.metrics)
  return own.length === 0 ? metricsById : new Map([...metricsById, ...own])
}
