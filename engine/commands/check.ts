// `tutela check`: loads everything and prints every problem of the repository, sorted by place. Writes nothing.
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { SourceTree } from '../world.ts'
import { type CheckCounts, checkRepository } from './check-repository.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { counted, countText } from './diagnostic-text.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree } from './open-repository.ts'

export const command: Command = {
  name: 'check',
  summary: 'load everything and print every problem, with file, line and column',
  examples: ['tutela check', 'tutela check --ref main --format json'],
  run: check,
}

async function check(invocation: Invocation): Promise<CommandResult> {
  const tree = openTree(invocation)
  const override = governanceOverride(invocation)
  const { diagnostics, counts } = checkRepository(tree, { now: invocation.globals.now, ...override })
  const ok = !hasErrors(diagnostics)
  return {
    exit: ok ? 0 : 3,
    diagnostics,
    source: sourceOf(tree, override.governance),
    json: { apiVersion: 'tutela/v1', kind: 'Check', ok, diagnostics, counts },
    text: () => checkText(tree, diagnostics, counts),
  }
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
