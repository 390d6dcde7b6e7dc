// `tutela ledger cosign [FILE]`: asks the witnesses to cosign the newest checkpoint, or takes over what one of them signed
// offline (`tutela witness sign`).
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { addCosignatures, signatureLines } from '../ledger/cosignature.ts'
import { readWitnesses } from '../ledger/log-policy.ts'
import { parseNote } from '../ledger/note.ts'
import { verifyCheckpoint } from '../ledger/verify-checkpoint.ts'
import { cosignHead, headWithCosignatures, keepCosigned } from '../record/cosigned-head.ts'
import type { CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'
import { type OpenedLog, openLog } from './opened-log.ts'

/** Exit 1 where a witness that was asked did not cosign. */
export async function ledgerCosign(invocation: Invocation): Promise<CommandResult> {
  const log = openLog(invocation)
  const file = invocation.args[1]
  const failed = file === undefined ? await askAll(invocation, log) : takeOver(invocation, log, file)
  const note = headWithCosignatures(log.store, log.head, log.trust.witnesses)
  const { checkpoint, signatures, problems } = verifyCheckpoint(note, log.trust, 'checkpoint')
  const isQuorum = !problems.some(({ code }) => code === 'ledger/no-quorum')
  const json = {
    apiVersion: 'tutela/v1',
    kind: 'Cosigned',
    origin: log.checkpoint.origin,
    size: Number(checkpoint?.size ?? 0n),
    signatures,
    isQuorum,
    failed,
  }
  const text = () => {
    const words = ledgerWords(invocation)
    return [
      `${visibleText(json.origin)}, ${words.entries(json.size)}`,
      ...signatures.filter(({ ok }) => ok).map(({ name }) => `  ${words.cosign.signed(visibleText(name))}`),
      ...failed.map(({ name, message }) => `  ${words.cosign.failed(visibleText(name), visibleText(message))}`),
      `  ${isQuorum ? words.cosign.enough : words.cosign.tooFew}`,
    ].join('\n')
  }
  return { exit: failed.length === 0 ? 0 : 1, json, text }
}

interface Failed {
  readonly name: string
  readonly message: string
}

async function askAll({ world, globals }: Invocation, { store, governance, read }: OpenedLog): Promise<Failed[]> {
  const asked = readWitnesses(governance.ledger.raw.witnesses ?? []).filter(({ url }) => url !== undefined)
  if (asked.length === 0 || world.witnesses === undefined) {
    throw new Fault(
      'ledger/no-witness',
      'governance.yaml names no witness with an address',
      'write `ledger: { witnesses: [{ key: <vkey>, url: https://… }] }`, or name a file that a witness signed',
    )
  }
  const replies = await cosignHead({ store, governance, now: globals.now, post: world.witnesses.post, read })
  return replies.flatMap((reply) => (reply.state === 'failed' ? [{ name: reply.name, message: reply.message }] : []))
}

function takeOver(invocation: Invocation, log: OpenedLog, file: string): [] {
  const { world, globals } = invocation
  const bytes = world.files.read(resolve(globals.cwd, file))
  if (bytes === null) throw new Fault('ledger/unreadable', `there is no \`${file}\``, 'name what the witness wrote')
  const given = parseNote(bytes)
  const head = headWithCosignatures(log.store, log.head, log.trust.witnesses)
  if (given !== null && given.text !== parseNote(head)?.text) {
    throw new Fault(
      'ledger/other-checkpoint',
      `\`${file}\` is not of the newest checkpoint`,
      'let the witness sign the newest one: `tutela witness sign ledger`',
    )
  }
  const lines = given === null ? bytes : signatureLines(bytes)
  const gained = addCosignatures(head, lines, log.trust.witnesses)
  if (gained === null || gained.hasBadOne || gained.added.length === 0) {
    const why =
      gained?.hasBadOne === true
        ? 'a signature that does not hold'
        : 'no cosignature that is new and of a trusted witness'
    throw new Fault('ledger/not-cosigned', `\`${file}\` has ${why}`, '`ledger/policy` names the witnesses')
  }
  keepCosigned(log.store, gained.note, { governance: log.governance, now: globals.now })
  return []
}
