// `tutela ledger erase COMMITMENT`: destroys what a commitment was made of. The commitment stays in the log and says nothing
// any more; the next run records that it was erased.
import { Fault } from '../base/fault.ts'
import { formatInstant } from '../domain/instant.ts'
import { isCommitment } from '../ledger/commitment.ts'
import { eraseOpening, openingsFolder } from '../ledger/commitment-store.ts'
import { markErasures } from '../record/erasures.ts'
import type { CommandResult, Invocation } from './command.ts'
import { openTrees } from './open-for-plan.ts'
import { openStore } from './open-repository.ts'

/** Done again, it says that it was done. Faults `ledger/no-opening`. */
export function ledgerErase(invocation: Invocation): CommandResult {
  const commitment = invocation.args[1]
  if (commitment === undefined || !isCommitment(commitment)) {
    throw new Fault(
      'cli/bad-usage',
      commitment === undefined ? 'no commitment is named' : `\`${commitment}\` is no commitment`,
      'it is `hmac-sha256:` and 64 hex digits, as it stands in the entry',
    )
  }
  const store = openStore(invocation)
  const { settings } = openTrees(invocation)
  const at = formatInstant(invocation.globals.now)
  const { isNew } = eraseOpening(openingsFolder(store.gitDir), commitment, at)
  markErasures(store, settings)
  const json = { apiVersion: 'tutela/v1', kind: 'Erasure', commitment, state: isNew ? 'erased' : 'already-erased' }
  const text = () =>
    [
      isNew ? `erased the opening of ${commitment}` : `the opening of ${commitment} was erased before`,
      '  the commitment stays in the log, which stays proven; nobody can tell any more what it was made of',
      '  backups and copies of the Git directory are not reached: erase it there too',
      '  next: `tutela run` records the erasure',
    ].join('\n')
  return { exit: 0, json, text }
}
