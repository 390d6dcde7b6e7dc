// What became of the encrypted entries of a log when somebody opened them: how many there are, how many opened, and which
// are broken. Nothing of it changes what is proven: an age file that nobody can open is still the one that was recorded.

import type { OpenEntry } from './encrypted-body.ts'
import { decodeEntry } from './entry.ts'
import { logEntries } from './log-entries.ts'
import type { ReadLogFile } from './plan-append.ts'
import type { Verify } from './verify-log.ts'
import type { VerifyProblem } from './verify-problem.ts'

/** Encrypted entries by what opening them gave; `forOthers`: none of the identities is a recipient. */
export interface EncryptedCount {
  readonly opened: number
  readonly forOthers: number
  readonly broken: number
}

/** An answer with what opening gave. */
export type WithEncrypted<T extends Verify> = T & { readonly encrypted: EncryptedCount }

/** How many broken ones are named. */
const LISTED = 100

/** Opens every encrypted entry of a log that was verified; broken ones are problems. */
export async function openLogEntries<T extends Verify>(
  answer: T,
  read: ReadLogFile,
  open: OpenEntry,
): Promise<WithEncrypted<T>> {
  const count = { opened: 0, forOthers: 0, broken: 0 }
  const problems: VerifyProblem[] = []
  for (const { index, entry } of logEntries(read, answer.size ?? 0)) {
    if (entry?.age === undefined) continue
    const opened = await open(entry)
    if (opened.state === 'opened') count.opened++
    if (opened.state === 'for-others') count.forOthers++
    if (opened.state !== 'broken') continue
    count.broken++
    if (problems.length < LISTED) problems.push(brokenEntry(`entry ${index}`, opened.why))
  }
  return {
    ...answer,
    ok: answer.ok && count.broken === 0,
    problems: [...answer.problems, ...problems],
    encrypted: count,
  }
}

/** The entry that a receipt proves, opened: its body where it has one for the reader. */
export async function openReceiptEntry<T extends Verify>(
  answer: T,
  bytes: Uint8Array,
  open: OpenEntry,
): Promise<T & { readonly encrypted?: EncryptedCount; readonly body?: Readonly<Record<string, unknown>> }> {
  const entry = decodeEntry(bytes)
  if (entry === null || !answer.ok) return answer
  const opened = await open(entry)
  if (opened.state === 'open') return { ...answer, body: opened.body }
  const is = (state: string) => (opened.state === state ? 1 : 0)
  const encrypted = { opened: is('opened'), forOthers: is('for-others'), broken: is('broken') }
  if (opened.state === 'opened') return { ...answer, encrypted, body: opened.body }
  if (opened.state === 'for-others') return { ...answer, encrypted }
  return { ...answer, ok: false, problems: [brokenEntry('the entry', opened.why)], encrypted }
}

function brokenEntry(where: string, actual: string): VerifyProblem {
  return { code: 'ledger/bad-age', where, actual }
}
