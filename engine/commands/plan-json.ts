// A whole Plan as the text that `--format json` prints, in pieces: findings and notices are taken as the bytes they are
// held in, so that those of an unchanged model are neither read nor written anew.
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

/** Drafts of planned notices. */
type News = ReadonlyMap<PlannedAction, NoticeDraft>

/** The text after the head, before and after the members of `findings`. */
export interface PlanFrame {
  readonly before: readonly Uint8Array[]
  readonly after: readonly Uint8Array[]
  /** Where `after` depends on the run; null where it cannot be said. */
  readonly marks: readonly RunMark[] | null
}

/** The frame as a whole, to be kept. */
export function planFrame(plan: Plan, news: News): PlanFrame {
  const marks: RunMark[] = []
  const after = [...afterFindings(plan, news, (mark) => marks.push(mark))]
  const notices = plan.actions.filter(({ kind }) => kind === 'notify').length
  return { before: [...beforeFindings(plan)], after, marks: marks.length === notices ? marks : null }
}

/** Equal to `JSON.stringify(plan)`, where the plan lists exactly the findings of these judgements, in order. */
export function planPieces(
  plan: Plan,
  judgements: readonly Judgement[],
  { news, frame = null }: { readonly news: News; readonly frame?: PlanFrame | null },
): Iterable<Uint8Array> {
  return batched(piecesOf(plan, judgements, news, frame))
}

function* piecesOf(plan: Plan, judgements: readonly Judgement[], news: News, frame: PlanFrame | null) {
  yield planHead(plan)
  yield* frame?.before ?? beforeFindings(plan)
  yield* withoutLastComma(findingsOf(judgements))
  yield* frame?.after ?? afterFindings(plan, news)
}

function* findingsOf(judgements: readonly Judgement[]): Generator<Uint8Array> {
  for (const judgement of judgements) yield findingsJson(judgement)
}

function* beforeFindings({ verdicts }: Plan): Generator<Uint8Array> {
  const text = new GrowingText('"verdicts":[')
  for (const [i, verdict] of verdicts.entries()) {
    text.addMember(i, JSON.stringify(verdict))
    if (text.isLong) yield text.take()
  }
  text.add('],"findings":[')
  yield text.take()
}

/** `tell`: where the run is named, counted from the first byte. */
function* afterFindings(plan: Plan, news: News, tell?: (mark: RunMark) => void): Generator<Uint8Array> {
  const text = new GrowingText('],"actions":[')
  for (const [i, action] of plan.actions.entries()) {
    const draft = news.get(action)
    const ready = draft?.ready ?? null
    if (draft === undefined || ready === null) {
      text.addMember(i, JSON.stringify(action))
      if (text.isLong) yield text.take()
      continue
    }
    text.addMember(i, '')
    yield text.take()
    const at = text.taken
    text.taken += ready.text.length
    tell?.({ runAt: at + ready.runAt, evidenceAt: at + ready.evidenceAt, pairs: ENCODER.encode(draft.pairs) })
    yield readyFor(plan.run, action.evidence ?? '', ready)
  }
  text.add('],"diagnostics":[')
  for (const [i, diagnostic] of plan.diagnostics.entries()) text.addMember(i, JSON.stringify(diagnostic))
  text.add(`],"digest":${JSON.stringify(plan.digest)}}`)
  yield text.take()
}

/** In place: the bytes are nobody else's. */
function readyFor(run: string, evidence: string, { text, runAt, evidenceAt }: ReadyNotice): Uint8Array {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length)
  bytes.write(run, runAt, 'latin1')
  bytes.write(evidence, evidenceAt, 'latin1')
  return text
}

/** Arbitrary: text of a large repository is never one string, which would be held beside its bytes. */
const PIECE_CHARACTERS = 1 << 17
const ENCODER = new TextEncoder()

/** Text that grows and is taken as bytes. */
class GrowingText {
  /** Bytes before what is not taken yet. */
  taken = 0
  #text: string

  constructor(text: string) {
    this.#text = text
  }

  get isLong(): boolean {
    return this.#text.length >= PIECE_CHARACTERS
  }

  add(text: string): void {
    this.#text += text
  }

  /** After a comma, unless it is the first. */
  addMember(index: number, text: string): void {
    this.#text += index === 0 ? text : `,${text}`
  }

  take(): Uint8Array {
    const bytes = ENCODER.encode(this.#text)
    this.#text = ''
    this.taken += bytes.length
    return bytes
  }
}

/** Arbitrary: large enough that few writes are made, small enough that little is copied. */
const BATCH_BYTES = 1 << 16

/** The same bytes, small pieces gathered in larger ones. */
export function* batched(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const piece of joined(pieces)) {
    if (bytes + piece.length > BATCH_BYTES && bytes > 0) {
      yield Buffer.concat(batch, bytes)
      batch = []
      bytes = 0
    }
    if (piece.length > BATCH_BYTES) {
      yield piece
    } else {
      batch.push(piece)
      bytes += piece.length
    }
  }
  if (bytes > 0) yield Buffer.concat(batch, bytes)
}
