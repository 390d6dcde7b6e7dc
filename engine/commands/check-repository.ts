// Everything of a repository loaded and checked, whatever else is wrong with it: what `tutela check` prints.
import { type Diagnostic, sortDiagnostics } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { checkRulebook } from '../evaluate/check-rulebook.ts'
import { foldLargeSamples, largeSamples, pValueRules } from '../evaluate/large-samples.ts'
import { type MeasuredCard, measuredCard, strangeSnapshots } from '../evaluate/strange-features.ts'
import { checkAllSnapshots } from '../load/check-snapshots.ts'
import { listModels, loadCard, strayModelFiles } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { selectorMatches } from '../load/selector-matches.ts'
import { type HistoryRequest, indexSnapshots } from '../load/snapshots.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { SourceTree } from '../world.ts'
import { allowedSignersOf, signerProblems } from './signer-problems.ts'

export interface CheckCounts {
  readonly policies: number
  readonly rules: number
  readonly models: number
  readonly snapshots: number
  readonly waivers: number
  readonly tests: number
}

export interface Checked {
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[]
  readonly counts: CheckCounts
}

/** Every problem of a tree in one run: no error hides another, except within a line or file that cannot be read at all. */
export function checkRepository(
  tree: SourceTree,
  options: { readonly now: Instant; readonly governance?: { readonly file: string; readonly bytes: Uint8Array } },
): Checked {
  const { now, ...override } = options
  const rulebook = loadRulebook(tree, { metrics: metricsById, ...override })
  const catalogue = new Map([...metricsById, ...Object.entries(rulebook.governance.metrics)])
  const models = listModels(tree)
  const matches = selectorMatches(rulebook)
  const found: Diagnostic[] = [...rulebook.diagnostics, ...checkRulebook(rulebook, catalogue), ...strayModelFiles(tree)]
  found.push(...signerProblems(allowedSignersOf(tree, rulebook.governance.institution.timeZone)))
  const tests = pValueRules(rulebook.policies)
  /** Only where a rule asks for them: cards are read one by one and let go. */
  const cards = new Map<string, ModelCard>()
  const measured = new Map<string, MeasuredCard>()
  const requests = models.map((model): HistoryRequest => {
    const { loaded, diagnostics } = loadCard(tree, model, rulebook)
    found.push(...diagnostics)
    if (loaded !== null) matches.see(loaded.card)
    if (loaded !== null && tests.length > 0) cards.set(model.id, loaded.card)
    if (loaded !== null) measured.set(model.id, measuredCard(loaded.card))
    const versions = loaded?.card.versions?.map(({ version }) => version) ?? (loaded === null ? null : [])
    return { id: model.id, formerly: loaded?.card.formerly ?? [], versions, now, catalogue }
  })
  found.push(...matches.unmatched())
  const ofNamed = [...catalogue.values()]
    .filter(({ subject }) => subject === 'feature' || subject === 'protected' || subject === 'group')
    .map(({ id }) => id)
  const index = indexSnapshots(tree, { models: models.map(({ id }) => id) })
  const snapshots = checkAllSnapshots(index, requests, catalogue, (model, history) => {
    const card = cards.get(model)
    if (card !== undefined) found.push(...largeSamples(tests, card, history))
    const kept = measured.get(model)
    if (kept !== undefined) found.push(...strangeSnapshots(kept, history, ofNamed))
  })
  found.push(...snapshots.diagnostics)
  return {
    diagnostics: sortDiagnostics(foldLargeSamples(found)),
    counts: {
      policies: rulebook.policies.length,
      rules: ruleCount(rulebook),
      models: models.length,
      snapshots: snapshots.count,
      waivers: rulebook.waivers.length,
      tests: rulebook.tests,
    },
  }
}

function ruleCount({ policies }: Rulebook): number {
  return policies.reduce((sum, { rules }) => sum + rules.length, 0)
}
