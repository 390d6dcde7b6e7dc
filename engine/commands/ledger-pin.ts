// `tutela ledger pin`: pins the newest log now, whatever was pinned before: every block is made again from the log, and its
// CAR is written beside the embedded store. `run` does the same with what is new alone.
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { takeRunLock } from '../base/run-lock.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatInstant } from '../domain/instant.ts'
import { carPieces } from '../ledger/ipfs/car-write.ts'
import { cidText, parseCid } from '../ledger/ipfs/cid.ts'
import { anchorLog } from '../record/anchor-log.ts'
import { requireExtendsOrBehind } from '../record/known-heads.ts'
import { baseOf, twoRefs } from '../record/two-refs.ts'
import type { CommandResult, Invocation } from './command.ts'
import type { LedgerWords } from './ledger-words.en.ts'
import { ledgerWords } from './ledger-words.ts'
import { openLog } from './opened-log.ts'

/** Exit 1 where it could not be pinned at a place that governance.yaml names. */
export async function ledgerPin(invocation: Invocation): Promise<CommandResult> {
  const { world, globals } = invocation
  const { store, governance, checkpoint, read } = openLog(invocation)
  if (read('anchors.ndjson') === null) {
    throw new Fault('ledger/no-anchor', 'the log has no `ledger/anchors.ndjson` yet', 'the next `tutela run` writes it')
  }
  const refs = twoRefs(store, baseOf(store, globals.ref), governance)
  const tip = store.commitTree(refs.record.commit ?? refs.base.commit)
  requireExtendsOrBehind({ store, origin: governance.ledger.origin, ref: refs.record.ref, tree: tip })
  const lock = takeRunLock({
    path: join(store.gitDir, 'tutela', 'lock'),
    command: 'tutela ledger pin',
    since: formatInstant(globals.now),
    claims: join(store.gitDir, 'tutela', 'locks'),
  })
  try {
    const { anchor, failed, sent } = await anchorLog(
      { world, store, governance, now: globals.now, refs },
      { anew: true },
    )
    const root = anchor === null ? null : parseCid(anchor.cid)
    const blocks = world.openBlocks?.(store)
    const car =
      root === null || blocks === undefined
        ? null
        : blocks.writeCar(
            cidText(root),
            carPieces(root, (cid) => blocks.get(cidText(cid))),
          )
    const json = {
      apiVersion: 'tutela/v1',
      kind: 'Pinned',
      origin: checkpoint.origin,
      size: Number(checkpoint.size),
      anchor,
      car,
      sent,
      failed: failed.map(({ where, message, waiting }) => ({ where, message, waiting })),
    }
    const isBad = anchor === null || failed.some(({ waiting }) => !waiting)
    return { exit: isBad ? 1 : 0, json, text: () => pinText(json, ledgerWords(invocation)) }
  } finally {
    lock.release()
  }
}

interface Told {
  readonly origin: string
  readonly size: number
  readonly anchor: { readonly cid: string; readonly where: readonly string[] } | null
  readonly car: string | null
  readonly sent: { readonly blocks: number; readonly bytes: number } | null
  readonly failed: readonly { readonly where: string; readonly message: string; readonly waiting: boolean }[]
}

function pinText({ origin, size, anchor, car, sent, failed }: Told, words: LedgerWords): string {
  const { pin } = words
  return [
    `${visibleText(origin)}, ${words.entries(size)}${anchor === null ? `: ${pin.none}` : ''}`,
    ...(anchor === null
      ? []
      : [`  ${anchor.cid}`, `  ${pin.pinned(anchor.where.map((place) => visibleText(place)).join(', '))}`]),
    ...(sent === null ? [] : [`  ${pin.sent(sent.blocks, sent.bytes)}`]),
    ...failed.map(
      ({ where, message, waiting }) =>
        `  ${pin[waiting ? 'notYet' : 'failed'](visibleText(where), visibleText(message))}`,
    ),
    ...(car === null ? [] : [`  ${pin.car(car)}`]),
  ].join('\n')
}
