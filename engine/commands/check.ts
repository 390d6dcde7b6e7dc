// `tutela check`: loads everything and prints every problem of the repository, sorted by place. Writes nothing.
import { Fault } from '../base/fault.ts'
import { type Diagnostic, hasErrors, sortDiagnostics } from '../domain/diagnostic.ts'
import type { SourceTree } from '../world.ts'
import { checkOnline } from './check-online.ts'
import { type CheckCounts, checkRepository } from './check-repository.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { counted, countText } from './diagnostic-text.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree } from './open-repository.ts'

export const command: Command = {
  name: 'check',
  summary: 'load everything and print every problem, with file, line and column',
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
  return {
    exit: ok ? 0 : 3,
    diagnostics,
    source: sourceOf(tree, override.governance),
    json: { apiVersion: 'tutela/v1', kind: 'Check', ok, diagnostics, counts },
    text: () => checkText(tree, diagnostics, counts),
  }
}

async function askRegistry({ world, note }: Invocation, tree: SourceTree): Promise<readonly Diagnostic[]> {
  const registry = world.openRegistry()
  if (registry === null) {
    throw new Fault(
      'registry/not-configured',
      '`--online` has no registry to ask',
      'set `MLFLOW_TRACKING_URI` to the address of the MLflow server',
    )
  }
  const { diagnostics, models } = await checkOnline(tree, registry)
  note(`asked the MLflow registry about ${counted(models, 'model')}`)
  return diagnostics
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
