// A whole Plan as the text that `--format json` prints, in pieces: findings are taken as the bytes they are kept in, so
// that those of an unchanged model are neither read nor written anew.
import { findingsJson } from '../cache/model-parts.ts'
import type { Judgement } from '../domain/finding.ts'
import type { Plan } from '../domain/plan.ts'

/** Arbitrary: large enough that few writes are made, small enough that little is copied at once. */
const PIECE_BYTES = 1 << 20

/** Equal to `JSON.stringify(plan)`, where the plan lists exactly the findings of these judgements, in order. */
export function* planPieces(plan: Plan, judgements: readonly Judgement[]): Iterable<Uint8Array> {
  let separator = '{'
  for (const [field, value] of Object.entries(plan)) {
    yield Buffer.from(`${separator}${JSON.stringify(field)}:`)
    if (field === 'findings') yield* arrayPieces(judgements.map(findingsJson).filter((members) => members.length > 0))
    else yield Buffer.from(JSON.stringify(value))
    separator = ','
  }
  yield Buffer.from('}')
}

function* arrayPieces(members: readonly Uint8Array[]): Iterable<Uint8Array> {
  let batch: Uint8Array[] = [OPEN]
  let bytes = 0
  for (const [i, piece] of members.entries()) {
    if (i > 0) batch.push(COMMA)
    batch.push(piece)
    bytes += piece.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(batch)
    batch = []
    bytes = 0
  }
  yield Buffer.concat([...batch, CLOSE])
}

const OPEN = Buffer.from('[')
const COMMA = Buffer.from(',')
const CLOSE = Buffer.from(']')
