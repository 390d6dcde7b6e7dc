// `tutela check`: loads everything and prints every problem of the repository, sorted by place. Writes nothing.
import { type Diagnostic, hasErrors, sortDiagnostics } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import { checkRulebook } from '../evaluate/check-rulebook.ts'
import { allMetrics } from '../judge-repository.ts'
import { checkAllSnapshots } from '../load/check-snapshots.ts'
import { listModels, loadCard, strayModelFiles } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { selectorMatches } from '../load/selector-matches.ts'
import { type HistoryRequest, indexSnapshots } from '../load/snapshots.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { counted, countText } from './diagnostic-text.ts'
import { governanceOverride } from './open-for-plan.ts'
import { openTree } from './open-repository.ts'

export const command: Command = {
  name: 'check',
  summary: 'load everything and print every problem, with file, line and column',
  examples: ['tutela check', 'tutela check --ref main --format json'],
  run: check,
}

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

async function check(invocation: Invocation): Promise<CommandResult> {
  const tree = openTree(invocation)
  const { diagnostics, counts } = checkRepository(tree, {
    now: invocation.globals.now,
    ...governanceOverride(invocation),
  })
  const ok = !hasErrors(diagnostics)
  return {
    exit: ok ? 0 : 3,
    diagnostics,
    json: { apiVersion: 'tutela/v1', kind: 'Check', ok, diagnostics, counts },
    text: () => checkText(tree, diagnostics, counts),
  }
}

/** Every problem of a tree in one run: no error hides another, except within a line or file that cannot be read at all. */
export function checkRepository(
  tree: SourceTree,
  options: { readonly now: Instant; readonly governance?: { readonly file: string; readonly bytes: Uint8Array } },
): Checked {
  const { now, ...override } = options
  const rulebook = loadRulebook(tree, { metrics: metricsById, ...override })
  const catalogue = allMetrics(rulebook)
  const models = listModels(tree)
  const matches = selectorMatches(rulebook)
  const found: Diagnostic[] = [...rulebook.diagnostics, ...checkRulebook(rulebook, catalogue), ...strayModelFiles(tree)]
  const requests = models.map((model): HistoryRequest => {
    const { loaded, diagnostics } = loadCard(tree, model, rulebook)
    found.push(...diagnostics)
    if (loaded !== null) matches.see(loaded.card)
    const versions = loaded?.card.versions?.map(({ version }) => version) ?? (loaded === null ? null : [])
    return { id: model.id, formerly: loaded?.card.formerly ?? [], versions, now, catalogue }
  })
  found.push(...matches.unmatched())
  const index = indexSnapshots(tree, { models: models.map(({ id }) => id) })
  const snapshots = checkAllSnapshots(index, requests, catalogue)
  found.push(...snapshots.diagnostics)
  return {
    diagnostics: sortDiagnostics(found),
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

function checkText(tree: SourceTree, diagnostics: readonly Diagnostic[], counts: CheckCounts): string {
  const { policies, rules, models, snapshots, waivers, tests } = counts
  const parts = [
    counted(policies, 'policy'),
    counted(rules, 'rule'),
    counted(models, 'model'),
    counted(snapshots, 'snapshot'),
    counted(waivers, 'waiver'),
    counted(tests, 'policy test'),
  ]
  const verdict = countText(diagnostics)
  return `${tree.label}: ${parts.join(', ')}\n${verdict === '' ? 'no problems' : verdict}`
}
