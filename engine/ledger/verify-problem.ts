// Why a log or receipt is not proven: codes for machines, and the sentence of each for people.

/** Every reason, with what it means. The keys are the codes. */
export const PROBLEM_MEANINGS = {
  'ledger/no-checkpoint': 'the log has no checkpoint',
  'ledger/bad-note': 'the signed note is malformed',
  'ledger/bad-checkpoint': 'the text of the checkpoint is malformed',
  'ledger/other-origin': 'the checkpoint is of another log than the one trusted',
  'ledger/not-signed': 'no trusted key of the log signed the checkpoint',
  'ledger/bad-signature': 'a signature of a known key does not hold',
  'ledger/no-quorum': 'too few of the trusted witnesses cosigned',
  'ledger/too-large': 'the log says that it is larger than any real one',
  'ledger/missing-file': 'a file that the checkpoint needs is missing',
  'ledger/stray-file': 'a file within `tile/` that the checkpoint does not cover',
  'ledger/bad-length': 'a tile has another length than its hashes',
  'ledger/bad-bundle': 'a bundle does not hold its entries',
  'ledger/bad-entry': 'an entry is not in the canonical form',
  'ledger/entry-hash': 'an entry is not the one that its tile has',
  'ledger/tile-hash': 'a tile is not the one that the level above has',
  'ledger/stale-partial': 'an older partial file is no prefix of the newer one',
  'ledger/root': 'the tiles do not have the root that is signed',
  'ledger/rolled-back': 'the log is smaller than the older checkpoint says',
  'ledger/rewritten': 'the log does not continue the older checkpoint',
  'ledger/bad-receipt': 'the receipt is malformed',
  'ledger/not-included': 'the receipt does not prove that the entry is in the log',
  'ledger/more-problems': 'more problems than are listed',
} as const

export type VerifyCode = keyof typeof PROBLEM_MEANINGS

export interface VerifyProblem {
  readonly code: VerifyCode
  /** A file of the log, `tile/entries/000 entry 5`, or the name of what was given. */
  readonly where: string
  readonly expected?: string
  readonly actual?: string
}
