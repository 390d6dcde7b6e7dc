// `tutela ledger receipt INDEX`: the portable proof of one entry, and the entry that it is for.
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { rootOfLog } from '../ledger/log-root.ts'
import { makeReceipt } from '../ledger/make-receipt.ts'
import { verifyReceipt } from '../ledger/receipt.ts'
import { equalBytes } from '../ledger/tree-hash.ts'
import { verifyCheckpoint } from '../ledger/verify-checkpoint.ts'
import { cosignedNotes, headWithCosignatures } from '../record/cosigned-head.ts'
import type { CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'
import { type OpenedLog, openLog } from './opened-log.ts'

/** Writes `entry-<index>.tlog-proof` and `entry-<index>.json` where the user stands, or into `--out`. */
export function ledgerReceipt(invocation: Invocation): CommandResult {
  const { args, options, globals, world } = invocation
  const index = indexOf(args[1])
  const log = openLog(invocation)
  const note = headFor(log, index)
  const made = makeReceipt({ read: log.read, index, size: Number(log.checkpoint.size), note })
  const { problems, size, root } = verifyReceipt(made.receipt, made.entry, log.trust)
  const [wrong] = problems.filter(({ code }) => code !== 'ledger/no-quorum')
  if (wrong !== undefined)
    throw new Fault(wrong.code, 'the receipt would not hold', 'see what is wrong with `tutela verify ledger`')
  if (problems.length > 0) invocation.note(ledgerWords(invocation).noQuorum.receipt)
  const folder = resolve(globals.cwd, typeof options.out === 'string' ? options.out : '.')
  const files = [`entry-${index}.tlog-proof`, `entry-${index}.json`].map((name) => join(folder, name))
  const [proof = '', entry = ''] = files
  world.files.write(proof, made.receipt)
  world.files.write(entry, made.entry)
  const { origin } = log.checkpoint
  const json = {
    apiVersion: 'tutela/v1',
    kind: 'Receipt',
    origin,
    index,
    size,
    root,
    isQuorum: problems.length === 0,
    files,
  }
  const text = () => {
    const words = ledgerWords(invocation)
    const check = `  tutela verify ${proof} --entry ${entry} --policy ${words.trustedPolicy}`
    return [...files, '', words.toCheck, check].join('\n')
  }
  return { exit: 0, json, text }
}

function indexOf(word: string | undefined): number {
  if (word !== undefined && /^(0|[1-9]\d{0,14})$/.test(word)) return Number(word)
  throw new Fault(
    'cli/bad-usage',
    word === undefined ? 'no entry is named' : `\`${word}\` is no index of an entry`,
    'entries are counted from 0: `tutela ledger receipt 0`',
  )
}

/** The newest head; where its witnesses have not answered yet, an earlier one that enough of them cosigned. */
function headFor({ store, read, head, checkpoint, trust }: OpenedLog, index: number): Uint8Array {
  const newest = headWithCosignatures(store, head, trust.witnesses)
  if (verifyCheckpoint(newest, trust, 'checkpoint').problems.length === 0) return newest
  for (const note of cosignedNotes(store)) {
    const { checkpoint: earlier, problems } = verifyCheckpoint(note, trust, 'checkpoint')
    if (earlier === null || problems.length > 0 || earlier.size <= BigInt(index) || earlier.size > checkpoint.size)
      continue
    const root = rootOfLog(read, Number(earlier.size), Number(checkpoint.size))
    if (root !== null && equalBytes(root, earlier.root)) return note
  }
  return newest
}
