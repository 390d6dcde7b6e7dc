// A log in a CAR for `tutela verify`: a file, or what a gateway or node gives for a CID. That is written to a scratch folder
// first, never unpacked, and believed no more than a file from a stranger.
import { closeSync, constants, fstatSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { readAt } from '../base/read-at.ts'
import { openLogEntries } from '../ledger/encrypted-entries.ts'
import { findFraud } from '../ledger/fraud.ts'
import type { CarSource } from '../ledger/ipfs/car-index.ts'
import { openCar } from '../ledger/ipfs/car-log.ts'
import { type Cid, cidText, parseCid } from '../ledger/ipfs/cid.ts'
import { verifyCar } from '../ledger/ipfs/verify-car.ts'
import type { Invocation } from './command.ts'
import type { Answer, Asked } from './verify.ts'
import { writeFraud } from './verify-folder.ts'
import { contradiction, readGiven } from './verify-given.ts'

/** Of a CAR that is fetched: of a log of about ten million entries. */
const MOST_BYTES = 4 * 1024 ** 3

/** How a CAR of one root begins: a header of 58 bytes, a CBOR map of two, `roots`. */
const BEGINNING = Buffer.from('3aa265726f6f7473', 'hex')

/** Whether a file is a CAR, by its first bytes. Faults `ledger/unreadable`. */
export async function isCarFile(path: string): Promise<boolean> {
  return await withFile(path, async (source) => BEGINNING.equals(source.read(0, BEGINNING.length)))
}

/** Verifies a CAR; `--cid` names the root that it must have. */
export async function verifyCarFile(
  invocation: Invocation,
  asked: Asked,
  cid: Cid | null = cidOption(invocation),
): Promise<Answer> {
  const { path, given, named, since, entry, open } = asked
  if (entry !== undefined) throw contradiction('`--entry` is for a receipt', `\`${given}\` is a CAR`)
  if (named === null)
    throw contradiction('a CAR does not say whom to trust', 'name the log with `--vkey` or `--policy`')
  const older = since === undefined ? null : readGiven(since)
  return await withFile(path, async (source) => {
    const log = verifyCar(source, named, { ...(cid !== null && { cid }), ...(older !== null && { since: older }) })
    const answer = open === null ? log : await openLogEntries(log, openCar(source).files.read, open)
    const found = older === null || answer.ok ? null : findFraud(openCar(source).files.read, older, named)
    const fraud = writeFraud(invocation, asked, found)
    return { ...answer, ...(fraud !== null && { fraud }) }
  })
}

/** Fetches the CAR of a CID from the gateway named, or whom the environment names, and verifies it. */
export async function verifyCid(invocation: Invocation, asked: Asked, cid: Cid): Promise<Answer> {
  const named = cidOption(invocation)
  if (named !== null && cidText(named) !== cidText(cid)) {
    throw contradiction('`--cid` names another CID than the one to be verified', 'give one of them')
  }
  if (asked.named === null) {
    throw contradiction('a CID does not say whom to trust', 'name the log with `--vkey` or `--policy`')
  }
  return await withFetched(invocation, cid, (path) => verifyCarFile(invocation, { ...asked, path }, cid))
}

/** What is pinned, to read from: a CAR at a path, or what is fetched for a CID. Believed in nothing yet. */
export async function withPinned<T>(
  invocation: Invocation,
  { path, cid }: { readonly path: string; readonly cid: Cid | null },
  act: (source: CarSource) => Promise<T>,
): Promise<T> {
  if (cid === null) return await withFile(path, act)
  return await withFetched(invocation, cid, (fetched) => withFile(fetched, act))
}

async function withFetched<T>(
  { world, options, note }: Invocation,
  cid: Cid,
  act: (path: string) => Promise<T>,
): Promise<T> {
  const gateway = typeof options.gateway === 'string' ? options.gateway : null
  const giver = (await world.openCarGiver?.(gateway)) ?? null
  if (giver === null) {
    throw new Fault(
      'pin/no-gateway',
      'nobody is named who could give the blocks of a CID',
      'name a gateway with `--gateway`, or a node with TUTELA_IPFS_API',
    )
  }
  const folder = world.files.makeScratch('tutela-verify-')
  try {
    const path = join(folder, 'log.car')
    note(`asking ${giver.address} for ${cidText(cid)}`)
    await write(path, giver.exportCar(cidText(cid)))
    return await act(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function cidOption({ options }: Invocation): Cid | null {
  if (typeof options.cid !== 'string') return null
  const cid = parseCid(options.cid)
  if (cid !== null) return cid
  throw new Fault(
    'cli/bad-option',
    `\`${options.cid}\` is no CID`,
    'it begins with `bafy`, as `ledger/anchors.ndjson` has it',
  )
}

async function write(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(path, 'wx')
  let size = 0
  try {
    for await (const piece of pieces) {
      size += piece.length
      if (size > MOST_BYTES) throw new Fault('pin/too-large', `the CAR is larger than ${MOST_BYTES} bytes`)
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at)
    }
  } finally {
    closeSync(file)
  }
}

async function withFile<T>(path: string, act: (source: CarSource) => Promise<T>): Promise<T> {
  let file: number
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw new Fault('ledger/unreadable', `\`${path}\` cannot be read (${errorCode(error)})`, undefined, {
      cause: error,
    })
  }
  try {
    const state = fstatSync(file)
    if (!state.isFile())
      throw new Fault('ledger/unreadable', `\`${path}\` is no ordinary file`, 'name a file, not a pipe')
    return await act({ size: state.size, read: (at, length) => readAt(file, at, length) })
  } finally {
    closeSync(file)
  }
}
