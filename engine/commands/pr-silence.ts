// Who may hold a proposal back, and for how long. Of what no mandatory policy demands, the name is Git's, which proves
// nothing: it keeps apart who answers for the model or its policies and who does not, and whoever borrows a name stands in
// the ledger's next run with its role. What a mandatory policy demands is rejected by a signature, and with an end.
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatInstant, parseInstant } from '../domain/instant.ts'
import type { Proposal, SignedApproval } from '../domain/proposal.ts'
import { enforcementOf } from '../evaluate/enforcement.ts'
import { gateWords } from '../remediate/gate-text.ts'
import { MOST_SILENT_DAYS } from '../remediate/proposal-gates.ts'
import { parseRejection, rejectionProblem, rejectionText } from '../remediate/rejection.ts'
import { isOneOf } from '../remediate/roles.ts'
import type { PersonsWord } from '../world.ts'
import type { Invocation } from './command.ts'
import { cardOf, type FoundCard } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'
import { signed } from './pr-sign.ts'

const DAY = 86_400_000

/**
 * The word as it may be said: signed, by the name of the key, where a mandatory policy demands the proposal or a key is
 * given. Faults `pr/not-owner`, `pr/snooze-too-long`, `pr/mandatory`, `approve/…`. A comment is anybody's.
 */
export function permittedWord(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
  word: PersonsWord,
): PersonsWord {
  const { kind, by } = word
  if (kind !== 'rejected' && kind !== 'closed' && kind !== 'snoozed') return word
  const found = cardOf(opened.tree, proposal.model)
  const policies = violatedIn(found, proposal)
  const isMandatory = policies.some(
    ({ id }) => found !== null && enforcementOf(found.rulebook, proposal.environment, id) === 'mandatory',
  )
  const isSigned = typeof (invocation.options.key ?? invocation.options.signature) === 'string'
  if (found !== null && kind === 'rejected' && (isMandatory || isSigned))
    return signedRejection(invocation, opened, proposal, word, found)
  const answerable = [...new Set([...(found?.card.owners ?? []), ...policies.map(({ owner }) => owner)])]
  if (found !== null && !isOneOf(by, answerable, opened.governance))
    throw new Fault(
      'pr/not-owner',
      `\`${visibleText(by)}\` answers neither for \`${proposal.model}\` nor for the policies that demand this`,
      `one of ${namesText(answerable)} may, by the names in \`people\` of policies/governance.yaml; anybody may \`pr comment\``,
    )
  if (kind === 'snoozed') requireNear(word)
  if (kind === 'closed' && isMandatory)
    throw new Fault(
      'pr/mandatory',
      `a mandatory policy demands this ${proposal.action}: it is not closed while that is violated`,
      `merge it, \`pr snooze\` it, have a waiver approved, or \`${rejectCommand(proposal)}\`, signed by an owner`,
    )
  return word
}

function violatedIn(found: FoundCard | null, { violations }: Proposal) {
  const violated = new Set(violations.map(([policy]) => policy))
  return found?.rulebook.policies.filter(({ id }) => violated.has(id)) ?? []
}

/** Whoever could approve may also say no, for these facts and for a time. */
function signedRejection(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
  word: PersonsWord,
  { card }: FoundCard,
): PersonsWord {
  const { at, until, text: reason = '' } = word
  const { key, signature } = invocation.options
  const hasKey = typeof (key ?? signature ?? opened.store.config('user.signingKey')) === 'string'
  if (until === undefined || !hasKey)
    throw new Fault(
      'pr/mandatory',
      `a mandatory policy demands this ${proposal.action}: it is rejected for a time, and by a signature`,
      `\`${rejectCommand(proposal)}\`, signed by an owner; ${MOST_SILENT_DAYS} days at most`,
    )
  requireNear(word)
  const { id, evidence } = proposal
  const rejection = signed(invocation, opened, {
    name: `${id}-rejected`,
    text: (by) => rejectionText({ proposal: id, evidence, by, at, until, reason }),
    isAskedFor: (text) => {
      const said = parseRejection(text)
      return said?.proposal === id && said.evidence === evidence && said.until === until && said.reason === reason
    },
    about: `the rejection of this evidence of \`${id}\` until that day and for that reason`,
    command: rejectCommand(proposal).replace(/ --key FILE/, ''),
  })
  return { ...wordOf(word, rejection, opened, card, invocation.globals.now), rejection }
}

/** As it was signed: its time is that of the text, where that was made outside. */
function wordOf(
  word: PersonsWord,
  rejection: SignedApproval,
  { governance, signers }: OpenedProposals,
  card: FoundCard['card'],
  now: number,
): PersonsWord {
  const problem = rejectionProblem(rejection, { card, governance, signers, now })
  if (problem === 'not-owner' || problem === 'is-validator' || problem === 'is-engine')
    throw new Fault(
      'pr/not-owner',
      `this rejection is refused: ${gateWords('en').notCounted[problem]}`,
      `one of ${namesText(card.owners)} may reject what a mandatory policy demands; anybody may \`pr comment\``,
    )
  const said = problem === null ? parseRejection(rejection.text) : null
  if (said !== null) return { ...word, by: said.by, at: said.at }
  throw new Fault('approve/refused', `this rejection is refused: ${gateWords('en').notCounted[problem ?? 'malformed']}`)
}

function rejectCommand({ id }: Proposal): string {
  return `tutela pr reject ${id} --key FILE --until DAY --reason "…"`
}

function namesText(roles: readonly string[]): string {
  return roles.map((one) => `\`${visibleText(one)}\``).join(', ')
}

function requireNear({ at, until }: PersonsWord): void {
  const latest = (parseInstant(at) ?? 0) + MOST_SILENT_DAYS * DAY
  if (until === undefined || (parseInstant(until) ?? 0) <= latest) return
  throw new Fault(
    'pr/snooze-too-long',
    `\`--until\` is more than ${MOST_SILENT_DAYS} days ahead`,
    `${formatInstant(latest).slice(0, 10)} at the latest; then somebody decides again`,
  )
}
