// Who may hold a proposal back, and for how long. The name is Git's, which proves nothing: it keeps apart who answers for
// the model or its policies and who does not, and whoever borrows a name stands in the ledger's next run with its role.
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatInstant, parseInstant } from '../domain/instant.ts'
import type { Proposal } from '../domain/proposal.ts'
import { enforcementOf } from '../evaluate/enforcement.ts'
import { isOneOf } from '../remediate/roles.ts'
import type { PersonsWord } from '../world.ts'
import { cardOf } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'

/** As long as a waiver may last: what is put off for longer is decided again. */
const MOST_DAYS = 90
const DAY = 86_400_000

/** Faults `pr/not-owner`, `pr/snooze-too-long`, `pr/mandatory-hold`. A comment is anybody's. */
export function requireMaySilence(
  opened: OpenedProposals,
  proposal: Proposal,
  { kind, by, at, until }: PersonsWord,
): void {
  if (kind !== 'rejected' && kind !== 'closed' && kind !== 'snoozed') return
  const { tree, governance } = opened
  const found = cardOf(tree, proposal.model)
  const violated = new Set(proposal.violations.map(([policy]) => policy))
  const policies = found?.rulebook.policies.filter(({ id }) => violated.has(id)) ?? []
  const answerable = [...new Set([...(found?.card.owners ?? []), ...policies.map(({ owner }) => owner)])]
  if (found !== null && !isOneOf(by, answerable, governance))
    throw new Fault(
      'pr/not-owner',
      `\`${visibleText(by)}\` answers neither for \`${proposal.model}\` nor for the policies that demand this`,
      `one of ${answerable.map((one) => `\`${visibleText(one)}\``).join(', ')} may, by the names in \`people\` of policies/governance.yaml; anybody may \`pr comment\``,
    )
  const latest = (parseInstant(at) ?? 0) + MOST_DAYS * DAY
  if (kind === 'snoozed' && until !== undefined && (parseInstant(until) ?? 0) > latest)
    throw new Fault(
      'pr/snooze-too-long',
      `\`--until\` is more than ${MOST_DAYS} days ahead`,
      `${formatInstant(latest).slice(0, 10)} at the latest; then somebody decides again`,
    )
  const isMandatory = policies.some(
    ({ id }) => found !== null && enforcementOf(found.rulebook, proposal.environment, id) === 'mandatory',
  )
  if (kind === 'closed' && proposal.action === 'hold' && isMandatory)
    throw new Fault(
      'pr/mandatory-hold',
      'a mandatory policy demands this hold: it is not closed while that is violated',
      'merge it, `pr reject` it with the reason for not holding, or have a waiver approved',
    )
}
