// A whole Plan as the text that `--format json` prints, in pieces: findings are taken as the bytes they are kept in, so
// that those of an unchanged model are neither read nor written anew.
import { findingsJson } from '../cache/model-parts.ts'
import type { Judgement } from '../domain/finding.ts'
import type { Plan } from '../domain/plan.ts'

/** What of a plan's text changes with every run: its commit, its time, its id. */
export type PlanHead = Pick<Plan, 'commit' | 'dirty' | 'now' | 'run'>

/** The text up to and with the comma before `verdicts`. */
export function planHead({ commit, dirty, now, run }: PlanHead): Uint8Array {
  const head = { apiVersion: 'tutela/v1', kind: 'Plan', commit, dirty, now, run }
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},`)
}

/** The text after the head, before and after the members of `findings`: made in pieces each time it is gone through. */
export interface PlanFrame {
  readonly before: Iterable<Uint8Array>
  readonly after: Iterable<Uint8Array>
}

export function planFrame({ verdicts, actions, diagnostics, digest }: Plan): PlanFrame {
  return {
    before: textPieces([['"verdicts":[', verdicts, '],"findings":[']]),
    after: textPieces([
      ['],"actions":[', actions, ''],
      ['],"diagnostics":[', diagnostics, `],"digest":${JSON.stringify(digest)}}`],
    ]),
  }
}

/** Arbitrary: text of a large repository is never one string, which would be held beside its bytes. */
const PIECE_CHARACTERS = 1 << 17

type ListText = readonly [before: string, members: readonly unknown[], after: string]

function textPieces(lists: readonly ListText[]): Iterable<Uint8Array> {
  return { [Symbol.iterator]: () => encoded(lists) }
}

function* encoded(lists: readonly ListText[]): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (const [before, members, after] of lists) {
    text += before
    for (const [i, member] of members.entries()) {
      text += (i === 0 ? '' : ',') + JSON.stringify(member)
      if (text.length < PIECE_CHARACTERS) continue
      yield encoder.encode(text)
      text = ''
    }
    text += after
  }
  yield encoder.encode(text)
}

/** Arbitrary: large enough that few writes are made, small enough that little is copied at once. */
const PIECE_BYTES = 1 << 20
const COMMA = Buffer.from(',')

/** Equal to `JSON.stringify(plan)`, where the plan lists exactly the findings of these judgements, in order. */
export function* planPieces(plan: Plan, frame: PlanFrame, judgements: readonly Judgement[]): Iterable<Uint8Array> {
  let batch: Uint8Array[] = [planHead(plan), ...frame.before]
  let bytes = 0
  let isFirst = true
  for (const judgement of judgements) {
    const members = findingsJson(judgement)
    if (members.length === 0) continue
    batch.push(...(isFirst ? [] : [COMMA]), members)
    isFirst = false
    bytes += members.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(batch)
    batch = []
    bytes = 0
  }
  yield Buffer.concat(batch)
  yield* frame.after
}
