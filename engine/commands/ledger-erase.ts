// `tutela ledger erase COMMITMENT`: destroys what a commitment was made of. The commitment stays in the log and says nothing
// any more; the next run records that it was erased.
import { Fault } from '../base/fault.ts'
import { formatInstant } from '../domain/instant.ts'
import { isCommitment } from '../ledger/commitment.ts'
import { eraseOpening, openingsFolder } from '../ledger/commitment-store.ts'
import { markErasures } from '../record/erasures.ts'
import type { CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'
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
  const text = () => {
    const words = ledgerWords(invocation).erase
    const first = isNew ? words.erased(commitment) : words.before(commitment)
    return [first, ...[words.stays, words.copies, words.next].map((line) => `  ${line}`)].join('\n')
  }
  return { exit: 0, json, text }
}
