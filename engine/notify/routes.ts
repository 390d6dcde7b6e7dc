// Which channels a finding goes to: its policy's routes, whose targets may have a condition; else the `file` channel.
import type { Finding } from '../domain/finding.ts'
import { isWaived, ruleOf } from '../domain/finding-figures.ts'
import type { Governance, RouteTarget } from '../domain/governance.ts'
import type { Policy } from '../domain/policy.ts'

/** The embedded channel, there without any configuration. */
export const FILE_CHANNEL = 'file'

/** What is told: unwaived failures and errors. Warnings and skips stand in the reports. */
export function isTold(finding: Finding): boolean {
  return finding.outcome === 'error' || (finding.outcome === 'fail' && !isWaived(finding))
}

/** Targets of a finding, each channel once (the first target that names it), sorted by channel. */
export function targetsOf(
  finding: Finding,
  policies: ReadonlyMap<string, Policy>,
  governance: Governance,
): RouteTarget[] {
  const names = policies.get(finding.policy)?.notify ?? []
  if (names.length === 0) return [{ channel: FILE_CHANNEL }]
  const metric = metricOf(finding, policies)
  const byChannel = new Map<string, RouteTarget>()
  for (const target of names.flatMap((name) => routeTargets(name, governance)))
    if (!byChannel.has(target.channel) && holds(target, metric, finding.value)) byChannel.set(target.channel, target)
  return [...byChannel.values()].sort((a, b) => (a.channel < b.channel ? -1 : 1))
}

/** A name in `notify` is a route's, or a channel's own; a name that is neither goes to the file, never to nobody. */
function routeTargets(name: string, governance: Governance): readonly RouteTarget[] {
  if (Object.hasOwn(governance.routes, name)) return governance.routes[name] ?? []
  if (Object.hasOwn(governance.channels, name)) return [{ channel: name }]
  return [{ channel: FILE_CHANNEL }]
}

function metricOf(finding: Finding, policies: ReadonlyMap<string, Policy>): string | null {
  const rule = ruleOf(finding, policies)
  return rule?.form === 'metric' ? rule.metric : null
}

/** A condition is about one metric: a finding of another metric, or without a value, does not meet it. */
function holds({ when }: RouteTarget, metric: string | null, value: number | undefined): boolean {
  if (when === undefined) return true
  if (when.metric !== metric || value === undefined) return false
  return (when.above === undefined || value > when.above) && (when.below === undefined || value < when.below)
}
