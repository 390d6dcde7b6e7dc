// `tutela check`: loads everything and prints every problem of the repository, sorted by place. Writes nothing.
import { Fault } from '../base/fault.ts'
import { type Diagnostic, hasErrors, sortDiagnostics } from '../domain/diagnostic.ts'
import type { SourceTree } from '../world.ts'
import { checkOnline } from './check-online.ts'
import { type CheckCounts, checkRepository } from './check-repository.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree } from './open-repository.ts'
import { screenLanguage } from './screen-language.ts'
import { terminal } from './terminal-text.ts'
import type { TerminalWords } from './terminal-words.en.ts'

export const command: Command = {
  name: 'check',
  summary: 'load everything and print every problem, with file, line and column',
  description:
    'Reads policies, cards and snapshots as `plan` and `run` would, and prints all that is wrong in one go, each with a hint. Judges no model. Exits 3 where there is an error.',
  examples: ['tutela check', 'tutela check --ref main --format json', 'tutela check --online'],
  options: [{ flags: '--online', help: 'also what MLflow serves against the cards (MLFLOW_TRACKING_URI)' }],
  run: check,
}

async function check(invocation: Invocation): Promise<CommandResult> {
  const tree = openTree(invocation)
  const override = governanceOverride(invocation)
  const offline = checkRepository(tree, { now: invocation.globals.now, ...override })
  const online = invocation.options.online === true ? await askRegistry(invocation, tree) : []
  const diagnostics = sortDiagnostics([...offline.diagnostics, ...online])
  const { counts } = offline
  const ok = !hasErrors(diagnostics)
  const words = () => terminal(screenLanguage(invocation), false).words.check
  return {
    exit: ok ? 0 : 3,
    diagnostics,
    source: sourceOf(tree, override.governance),
    json: { apiVersion: 'tutela/v1', kind: 'Check', ok, diagnostics, counts },
    text: () => checkText(tree, diagnostics, counts, words()),
  }
}

async function askRegistry(invocation: Invocation, tree: SourceTree): Promise<readonly Diagnostic[]> {
  const { world, note } = invocation
  const registry = world.openRegistry()
  if (registry === null) {
    throw new Fault(
      'registry/not-configured',
      '`--online` has no registry to ask',
      'set `MLFLOW_TRACKING_URI` to the address of the MLflow server',
    )
  }
  const { diagnostics, models } = await checkOnline(tree, registry)
  const words = terminal(screenLanguage(invocation), false).words.check
  note(words.asked(words.models(models)))
  return diagnostics
}

function checkText(
  tree: SourceTree,
  diagnostics: readonly Diagnostic[],
  counts: CheckCounts,
  words: TerminalWords['check'],
): string {
  const { policies, rules, models, snapshots, waivers, tests } = counts
  const parts = [
    words.policies(policies),
    words.rules(rules),
    words.models(models),
    words.snapshots(snapshots),
    words.waivers(waivers),
    words.tests(tests),
  ]
  return `${words.tree(tree.label)}: ${parts.join(', ')}\n${problemsText(diagnostics, words)}`
}

/** `2 errors, 1 warning`, or that there are none. */
function problemsText(diagnostics: readonly Diagnostic[], words: TerminalWords['check']): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts = [...(errors > 0 ? [words.errors(errors)] : []), ...(warnings > 0 ? [words.warnings(warnings)] : [])]
  return parts.length === 0 ? words.none : parts.join(', ')
}
