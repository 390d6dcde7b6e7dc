// The log of a repository for the verbs that read it: its files on the record branch, and whom its policy trusts.
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts'
import { POLICY_PATH, readPolicy } from '../ledger/log-policy.ts'
import { parseNote } from '../ledger/note.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import type { Trust } from '../ledger/trust-policy.ts'
import { logReader } from '../record/run-commit.ts'
import type { GitStore } from '../world.ts'
import type { Invocation } from './command.ts'
import { openTrees } from './open-for-plan.ts'
import { openStore } from './open-repository.ts'

/** A log with its newest head; nothing is verified. */
export interface OpenedLog {
  readonly store: GitStore
  readonly governance: Governance
  readonly read: ReadLogFile
  /** The signed note. */
  readonly head: Uint8Array
  readonly checkpoint: Checkpoint
  readonly trust: Trust
}

/** Faults `ledger/no-log` where nothing was recorded yet, `ledger/no-policy`. */
export function openLog(invocation: Invocation): OpenedLog {
  const store = openStore(invocation)
  const { base, record, settings } = openTrees(invocation)
  const tree = record?.has('ledger/checkpoint') === true ? record : base
  const read = logReader(tree)
  const head = read('checkpoint')
  const checkpoint = head === null ? null : parseCheckpoint(parseNote(head)?.text ?? '')
  if (head === null || checkpoint === null) {
    const hint = head === null ? 'record a run with `tutela run`' : 'see what is wrong with `tutela verify ledger`'
    throw new Fault('ledger/no-log', `the ${tree.label} has no ${head === null ? 'log' : 'readable checkpoint'}`, hint)
  }
  const trust = readPolicy(base.has(POLICY_PATH) ? base.read(POLICY_PATH) : read('policy'))
  return { store, governance: settings, read, head, checkpoint, trust }
}
