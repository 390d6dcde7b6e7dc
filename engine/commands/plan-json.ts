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

/** The text after the head, before and after the members of `findings`. */
export interface PlanFrame {
  readonly before: Uint8Array
  readonly after: Uint8Array
}

export function planFrame({ verdicts, actions, diagnostics, digest }: Plan): PlanFrame {
  const rest = JSON.stringify({ actions, diagnostics, digest })
  return {
    before: Buffer.from(`"verdicts":${JSON.stringify(verdicts)},"findings":[`),
    after: Buffer.from(`],${rest.slice(1)}`),
  }
}

/** Arbitrary: large enough that few writes are made, small enough that little is copied at once. */
const PIECE_BYTES = 1 << 20
const COMMA = Buffer.from(',')

/** Equal to `JSON.stringify(plan)`, where the plan lists exactly the findings of these judgements, in order. */
export function* planPieces(plan: Plan, frame: PlanFrame, judgements: readonly Judgement[]): Iterable<Uint8Array> {
  let batch: Uint8Array[] = [planHead(plan), frame.before]
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
  yield Buffer.concat([...batch, frame.after])
}
