// `tutela ledger export`: the kit for regulators, written only when it proves itself.
import { rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { removeQuietly, renameDurably, writeTemporary } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { type Cid, cidText } from '../ledger/ipfs/cid.ts'
import { verifyCar } from '../ledger/ipfs/verify-car.ts'
import { embeddedCar, KIT_NAMES, kitFiles, MOST_EMBEDDED_BYTES } from '../ledger/kit/kit-files.ts'
import { type LogCar, logCar } from '../ledger/kit/log-car.ts'
import { pageTemplate } from '../ledger/kit/page-template.ts'
import { POLICY_PATH } from '../ledger/log-policy.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import type { Trust } from '../ledger/trust-policy.ts'
import { headWithCosignatures } from '../record/cosigned-head.ts'
import { VERSION } from '../version.ts'
import type { CommandResult, Invocation } from './command.ts'
import type { LedgerWords } from './ledger-words.en.ts'
import { ledgerWords } from './ledger-words.ts'
import { openTrees } from './open-for-plan.ts'
import { openLog } from './opened-log.ts'
import { withPinned } from './verify-car.ts'

/** Writes the kit's files into `--out`, by default `tutela-kit-<size>` where the user stands. */
export async function ledgerExport(invocation: Invocation): Promise<CommandResult> {
  const { options, globals, world } = invocation
  const log = openLog(invocation)
  const { base } = openTrees(invocation)
  const policy = base.has(POLICY_PATH) ? base.read(POLICY_PATH) : (log.read('policy') ?? new Uint8Array(0))
  const head = headWithCosignatures(log.store, log.head, log.trust.witnesses)
  const size = Number(log.checkpoint.size)
  const folder = resolve(globals.cwd, typeof options.out === 'string' ? options.out : `tutela-kit-${size}`)
  const read: ReadLogFile = (path) => (path === 'checkpoint' ? head : log.read(path))
  const { cid, root, isQuorum, embedded } = await writeCar(invocation, folder, {
    ...logCar(read, size),
    trust: log.trust,
  })
  if (!isQuorum) invocation.note(ledgerWords(invocation).noQuorum.kit)
  const { institution } = log.governance
  const { origin } = log.checkpoint
  const about = {
    institution: institution.name,
    languages: institution.languages,
    origin,
    size,
    cid: cidText(cid),
    version: VERSION,
  }
  const others = kitFiles({ about, policy, car: embedded }, await pageTemplate())
  for (const [name, bytes] of others) world.files.write(join(folder, name), bytes)
  const names = [KIT_NAMES.car, ...others.keys()]
  const json = {
    apiVersion: 'tutela/v1',
    kind: 'LedgerExport',
    origin,
    size,
    root,
    cid: cidText(cid),
    folder,
    files: names,
    isEmbedded: embedded !== null,
    isQuorum,
  }
  return { exit: 0, json, text: () => exportText(json, ledgerWords(invocation)) }
}

interface Exported {
  readonly folder: string
  readonly files: readonly string[]
  readonly isEmbedded: boolean
}

function exportText({ folder, files, isEmbedded }: Exported, words: LedgerWords): string {
  const page = join(folder, KIT_NAMES.page)
  return [
    ...files.map((name) => join(folder, name)),
    '',
    isEmbedded ? words.openPage(page) : words.openPageWith(page, KIT_NAMES.car),
    `  tutela verify ${folder}`,
  ].join('\n')
}

interface ProvenCar {
  readonly cid: Cid
  readonly root: string | null
  readonly isQuorum: boolean
  /** The whole CAR, where it goes into the page too. */
  readonly embedded: Uint8Array | null
}

interface CarToWrite extends LogCar {
  readonly trust: Trust
}

/** Of a log of millions of entries only pieces are ever in memory: its file is written, read back, and only then named. */
async function writeCar(invocation: Invocation, folder: string, car: CarToWrite): Promise<ProvenCar> {
  const path = join(folder, KIT_NAMES.car)
  let temporary: string | null = null
  try {
    temporary = writeTemporary(path, car.pieces)
    const proven = await proveCar(invocation, temporary, car)
    renameDurably(temporary, path)
    return proven
  } catch (error) {
    if (temporary !== null) removeQuietly(temporary)
    removeEmptyFolder(folder)
    throw error
  }
}

/** Faults as the verifier of a CAR finds it wrong; cosignatures that are still to come are no fault. */
async function proveCar(invocation: Invocation, path: string, { trust, cid }: CarToWrite): Promise<ProvenCar> {
  return await withPinned(invocation, { path, cid: null }, async (source) => {
    const { problems, root } = verifyCar(source, trust, { cid })
    const [wrong] = problems.filter(({ code }) => code !== 'ledger/no-quorum')
    if (wrong !== undefined) {
      const hint = 'see what is wrong with `tutela verify ledger`'
      throw new Fault(wrong.code, `the kit would not hold: ${visibleText(wrong.where)}`, hint)
    }
    const embedded = source.size > MOST_EMBEDDED_BYTES ? null : embeddedCar(source.read(0, source.size))
    return { cid, root, isQuorum: problems.length === 0, embedded }
  })
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It was there before, with something in it.
  }
}
