// Asks a witness to cosign the head of a log: the client side of `add-checkpoint`. What it answers is believed only as
// far as its signature holds. Source: https://c2sp.org/tlog-witness
import { Fault } from '../base/fault.ts'
import type { Witnesses } from '../world.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { addCosignatures } from './cosignature.ts'
import { parseNote } from './note.ts'
import type { ReadLogFile } from './plan-append.ts'
import { proveConsistency } from './prove.ts'
import type { NamedWitness } from './trust-policy.ts'
import { formatWitnessRequest } from './witness-request.ts'

/** What a witness did. */
export type WitnessReply =
  | { readonly name: string; readonly state: 'cosigned'; readonly lines: Uint8Array }
  | {
      readonly name: string
      readonly state: 'failed'
      readonly message: string
      /**
       * Only where it holds another history of the log against this one. `larger`: its head is, and so may be that of a
       * clone which has gone on meanwhile.
       */
      readonly refusal?: 'fork' | 'larger'
    }

/** The head to be cosigned, with the tiles of the log at its size. */
export interface HeadToCosign {
  readonly note: Uint8Array
  readonly read: ReadLogFile
  /** The size that the witness is thought to have cosigned last; it says so itself where that is wrong. */
  readonly known: number
}

/** Others may ask the witness at the same time, so what it knows may change once more. */
const MOST_ROUNDS = 3

/** Asks one witness that has an address. Never throws for what the witness or the network does. */
export async function askWitness(
  post: Witnesses['post'],
  witness: NamedWitness & { readonly url: string },
  head: HeadToCosign,
): Promise<WitnessReply> {
  const { name } = witness
  try {
    return await askInRounds(post, witness, head)
  } catch (error) {
    if (error instanceof Fault) return { name, state: 'failed', message: error.message }
    throw error
  }
}

async function askInRounds(
  post: Witnesses['post'],
  { name, key, url }: NamedWitness & { readonly url: string },
  { note, read, known }: HeadToCosign,
): Promise<WitnessReply> {
  const failed = (message: string): WitnessReply => ({ name, state: 'failed', message })
  const refused = (refusal: 'fork' | 'larger', message: string): WitnessReply => {
    return { name, state: 'failed', message: `${message}: fork or rolled back`, refusal }
  }
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
  if (checkpoint === null) return failed('the log has no checkpoint to cosign')
  const size = Number(checkpoint.size)
  let old = Math.min(known, size)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const proof = old === 0 || old === size ? [] : proveConsistency(read, old, size)
    if (proof === null) return failed(`the log has no proof from ${old} to ${size} entries: a tile is missing`)
    const body = formatWitnessRequest({ old: BigInt(old), proof, checkpoint: note })
    const { status, bytes } = await post(`${url.replace(/\/+$/, '')}/add-checkpoint`, body)
    if (status === 200) {
      const cosigned = addCosignatures(note, bytes, [key])
      if (cosigned === null || cosigned.added.length === 0) return failed('it answered with no cosignature that holds')
      return { name, state: 'cosigned', lines: cosigned.note.subarray(note.length) }
    }
    if (status === 422) return refused('fork', `it refuses (422): ${words(bytes)}`)
    if (status !== 409) return failed(`it refuses (${status}): ${words(bytes)}`)
    const there = /^(0|[1-9]\d{0,15})\n?$/.exec(Buffer.from(bytes).toString('latin1'))?.[1]
    if (there === undefined) return failed('it refuses (409) and does not say what it knows')
    if (Number(there) > size)
      return refused('larger', `it has cosigned ${there} entries of this log, which now has ${size}`)
    if (Number(there) === old) return refused('fork', `it has cosigned another log of ${old} entries`)
    old = Number(there)
  }
  return failed('what it knows changed again and again')
}

function words(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 200)).toString('utf8').trim()
}
