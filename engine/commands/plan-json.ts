// A whole Plan as the text that `--format json` prints, in pieces: findings are taken as the bytes they are kept in, so
// that those of an unchanged model are neither read nor written anew.
import { type RunMark, withoutLastComma } from '../cache/kept-plan.ts'
import { findingsJson } from '../cache/model-parts.ts'
import { joined } from '../cache/segments.ts'
import type { Judgement } from '../domain/finding.ts'
import type { NoticeDraft, ReadyNotice } from '../domain/notice.ts'
import type { Plan, PlannedAction } from '../domain/plan.ts'

/** What of a plan's text changes with every run: its commit, its time, its id. */
export type PlanHead = Pick<Plan, 'commit' | 'dirty' | 'now' | 'run'>

/** The text up to and with the comma before `verdicts`. */
export function planHead({ commit, dirty, now, run }: PlanHead): Uint8Array {
  const head = { apiVersion: 'tutela/v1', kind: 'Plan', commit, dirty, now, run }
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},`)
}

/** The text after the head, before and after the members of `findings`. */
export interface PlanFrame {
  readonly before: readonly Uint8Array[]
  readonly after: readonly Uint8Array[]
  /** Where `after` depends on the run; null where it cannot be said. */
  readonly marks: readonly RunMark[] | null
}

/** `news`: the drafts of planned notices; their ready texts are made those of this run. */
export function planFrame({ run, verdicts, actions, diagnostics, digest }: Plan, news: News = new Map()): PlanFrame {
  const before = new PlanText()
  before.add('"verdicts":[')
  before.addMembers(verdicts)
  before.add('],"findings":[')
  const after = new PlanText()
  const marks: RunMark[] = []
  let isMarked = true
  after.add('],"actions":[')
  for (const [i, action] of actions.entries()) {
    if (i > 0) after.add(',')
    const draft = news.get(action)
    const ready = draft?.ready ?? null
    if (draft === undefined || ready === null) {
      after.add(JSON.stringify(action))
      isMarked &&= action.kind !== 'notify'
      continue
    }
    const at = after.addBytes(readyFor(run, action.evidence ?? '', ready))
    marks.push({ runAt: at + ready.runAt, evidenceAt: at + ready.evidenceAt, pairs: ENCODER.encode(draft.pairs) })
  }
  after.add('],"diagnostics":[')
  after.addMembers(diagnostics)
  after.add(`],"digest":${JSON.stringify(digest)}}`)
  return { before: before.finish(), after: after.finish(), marks: isMarked ? marks : null }
}

type News = ReadonlyMap<PlannedAction, NoticeDraft>

/** In place: the bytes are copied by nobody. */
function readyFor(run: string, evidence: string, { text, runAt, evidenceAt }: ReadyNotice): Uint8Array {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length)
  bytes.write(run, runAt, 'latin1')
  bytes.write(evidence, evidenceAt, 'latin1')
  return text
}

/** Arbitrary: text of a large repository is never one string, which would be held beside its bytes. */
const PIECE_CHARACTERS = 1 << 17
const ENCODER = new TextEncoder()

/** Text that grows, in pieces of bytes. */
class PlanText {
  readonly #pieces: Uint8Array[] = []
  #text = ''
  #length = 0

  add(text: string): void {
    this.#text += text
    if (this.#text.length >= PIECE_CHARACTERS) this.#flush()
  }

  addMembers(members: readonly unknown[]): void {
    for (const [i, member] of members.entries()) this.add((i === 0 ? '' : ',') + JSON.stringify(member))
  }

  /** Where they begin. */
  addBytes(bytes: Uint8Array): number {
    this.#flush()
    this.#pieces.push(bytes)
    this.#length += bytes.length
    return this.#length - bytes.length
  }

  finish(): readonly Uint8Array[] {
    this.#flush()
    return this.#pieces
  }

  #flush(): void {
    if (this.#text === '') return
    const bytes = ENCODER.encode(this.#text)
    this.#text = ''
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }
}

/** Equal to `JSON.stringify(plan)`, where the plan lists exactly the findings of these judgements, in order. */
export function planPieces(plan: Plan, frame: PlanFrame, judgements: readonly Judgement[]): Iterable<Uint8Array> {
  return batched([planHead(plan), ...frame.before, ...withoutLastComma(judgements.map(findingsJson)), ...frame.after])
}

/** Arbitrary: large enough that few writes are made, small enough that little is copied. */
const BATCH_BYTES = 1 << 16

/** The same bytes, small pieces gathered in larger ones. */
export function* batched(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const piece of joined(pieces)) {
    if (bytes + piece.length > BATCH_BYTES && bytes > 0) {
      yield Buffer.concat(batch, bytes)
      batch = []
      bytes = 0
    }
    if (piece.length > BATCH_BYTES) yield piece
    else {
      batch.push(piece)
      bytes += piece.length
    }
  }
  if (bytes > 0) yield Buffer.concat(batch, bytes)
}
