// Opens the two refs for the verbs that plan: the tree that is judged, the record branch's tree, and open proposals.
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { type OpenedForPlan, type OpenedTrees, openBase, withForge, withRecord } from './opened-trees.ts'

export type { OpenedForPlan, OpenedTrees } from './opened-trees.ts'

/** The trees alone, for verbs that only read: no forge is asked. The working tree, or `--ref`; outside Git the folder. */
export function openTrees(invocation: Invocation): OpenedTrees {
  const opened = openBase(invocation)
  const options = { metrics: metricsById, ...governanceOverride(invocation) }
  return withRecord(invocation, opened, loadGovernance(opened.base, options).governance)
}

/** The trees, and what the forge knows of proposals. */
export async function openForPlan(invocation: Invocation): Promise<OpenedForPlan> {
  return withForge(invocation, openTrees(invocation))
}
