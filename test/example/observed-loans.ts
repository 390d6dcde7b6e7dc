// The snapshots of the small-business credit model as `tutela observe` measures them from the loans beside its card:
// September 2004 as the baseline, then five months, each against it, at noon (UTC) on the day after its end.
import { join } from 'node:path'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { command as observe } from '../../engine/commands/observe.ts'
import { CREDIT } from '../../engine/demo/story.ts'
import { parseInstant } from '../../engine/domain/instant.ts'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import { globalsAt } from '../ask-command.ts'
import { PROJECT } from './counts-csv.ts'
import { monthWindow } from './example-snapshot.ts'

const LOAN_DATA = `models/${CREDIT}/data`
export const LOAN_REFERENCE = '2004-09'
export const LOAN_MONTHS = ['2004-10', '2004-11', '2004-12', '2005-01', '2006-02'] as const

const HALF_A_DAY_MS = 43_200_000

/** Drift of the baseline from itself is not measured. */
export async function loanSnapshots(): Promise<Snapshot[]> {
  const snapshots = [await observeLoans(LOAN_REFERENCE, { purpose: 'baseline' })]
  for (const month of LOAN_MONTHS) snapshots.push(await observeLoans(month, { reference: [loanFile(LOAN_REFERENCE)] }))
  return snapshots
}

/** One month by the verb itself; `options` stand before its own. */
export async function observeLoans(
  month: string,
  options: Readonly<Record<string, string | readonly string[]>>,
): Promise<Snapshot> {
  const { start, end } = monthWindow(month)
  const now = (parseInstant(end) ?? Number.NaN) + HALF_A_DAY_MS
  const result = await observe.run({
    world: assembleWorld(now),
    globals: globalsAt(PROJECT, { repo: PROJECT, now, format: 'json' }),
    args: [],
    options: { model: CREDIT, current: [loanFile(month)], window: `${start}/${end}`, out: '-', ...options },
    note: () => undefined,
  })
  if (result.exit !== 0) throw new Error(`${month} cannot be measured: ${JSON.stringify(result.diagnostics)}`)
  return (result.json as { readonly line: Snapshot }).line
}

/** Relative to the project. */
export function loanFile(month: string): string {
  return join(LOAN_DATA, `${month}.parquet`)
}
