// What hangs on an open proposal, by a plan of this moment: which policies demand it, by when, and whether it blocks.
import { policiesById } from '../domain/finding-figures.ts'
import type { PolicySeverity } from '../domain/policy.ts'
import type { Proposal } from '../domain/proposal.ts'
import { planRepository, reportInputOf } from '../pipeline.ts'
import { readSent } from '../record/forge-state.ts'
import { type Demand, demandsOf } from '../report/demands.ts'
import type { Invocation } from './command.ts'
import { type OpenedProposals, recordOf } from './open-proposals.ts'

/** Of one proposal. */
export interface Stakes {
  /** Those that it was opened for and that still are there, sorted by id. */
  readonly policies: readonly { readonly id: string; readonly title: string; readonly severity: PolicySeverity }[]
  /** The worst of them. */
  readonly severity: PolicySeverity | null
  /** The last local day in time; null where no policy sets one, or nothing is demanded any more. */
  readonly dueDay: string | null
  readonly isOverdue: boolean
  readonly blocks: boolean
}

const SEVERITIES: readonly PolicySeverity[] = ['critical', 'high', 'medium', 'low', 'info']

/** Of all open proposals, by key. */
export function stakesOf({ globals }: Invocation, opened: OpenedProposals): ReadonlyMap<string, Stakes> {
  const { store, tree, proposals } = opened
  const record = recordOf(opened)
  const { now } = globals
  const sent = readSent(store, record)
  const planned = planRepository({ base: tree, record, now, proposals, sent, language: null, keep: 'not-pass' })
  const demands = demandsOf(reportInputOf(planned, proposals, now))
  const policies = policiesById(planned.rulebook)
  const open = proposals.filter(({ state }) => state === 'open')
  return new Map(
    open.map((proposal): [string, Stakes] => {
      const ids = [...new Set(proposal.violations.map(([policy]) => policy))].sort()
      const known = ids.flatMap((id) => {
        const policy = policies.get(id)
        return policy === undefined ? [] : [{ id, title: policy.title, severity: policy.severity }]
      })
      const demand = demandFor(proposal, demands)
      return [
        proposal.key,
        {
          policies: known,
          severity: SEVERITIES.find((one) => known.some(({ severity }) => severity === one)) ?? null,
          dueDay: demand?.dueDay ?? null,
          isOverdue: demand?.isOverdue ?? false,
          blocks: demand?.blocks ?? false,
        },
      ]
    }),
  )
}

/** A hold may stand in the place of another remedy that is demanded. */
function demandFor({ model, environment, action }: Proposal, demands: readonly Demand[]): Demand | null {
  const own = demands.filter((one) => one.model === model && one.environment === environment)
  return own.find((one) => one.action === action) ?? own[0] ?? null
}
