// The text of a whole plan as it was printed, less its head: what stands before and after its findings, and where those
// are. Of the text the run's id alone depends on the clock; where it stands is kept, so that another run's is set in place.

import { sha256Hex } from '../base/canonical-json.ts'
import { parseChecked, serialiseChecked } from '../base/checked-file.ts'
import type { Instant } from '../domain/instant.ts'
import type { CacheFolder } from '../world.ts'
import { foundPrefix } from './kept-models.ts'
import { joined, type Ref, type Segment, Segments } from './segments.ts'

/** Where a notice's text names its run: the id, and the evidence that is made of the id and these pairs. */
export interface RunMark {
  readonly runAt: number
  readonly evidenceAt: number
  /** Canonical JSON of the notice's pairs. */
  readonly pairs: Uint8Array
}

/** A whole plan as it is printed, less its head and its findings, which are those of the models in order. */
export interface KeptPlan {
  readonly key: string
  /** The whole seconds (ms), both included, for which it holds. */
  readonly from: Instant
  readonly until: Instant
  readonly exit: number
  readonly before: readonly Uint8Array[]
  readonly after: readonly Uint8Array[]
  /** In `after`. */
  readonly marks: readonly RunMark[]
}

interface Header {
  readonly key: string
  readonly from: number
  /** Null: Infinity. */
  readonly until: number | null
  readonly exit: number
  readonly segments: readonly Segment[]
  readonly findings: readonly Ref[]
  /** Where `before` and `after` end in the body; pairs follow. */
  readonly ends: readonly [before: number, after: number]
  readonly marks: readonly (readonly [runAt: number, evidenceAt: number, from: number, to: number])[]
}

const COMMA_BYTES = 1

/** Never faults. */
export function storePlan(
  folder: CacheFolder,
  variant: string,
  plan: KeptPlan,
  found: { readonly list: readonly Segment[]; readonly refs: readonly Ref[] },
): void {
  const before = lengthOf(plan.before)
  const after = before + lengthOf(plan.after)
  let at = after
  const marks = plan.marks.map(({ runAt, evidenceAt, pairs }) => {
    at += pairs.length
    return [runAt, evidenceAt, at - pairs.length, at] as const
  })
  const header: Header = {
    key: plan.key,
    from: plan.from,
    until: Number.isFinite(plan.until) ? plan.until : null,
    exit: plan.exit,
    segments: found.list,
    findings: neighbours(found.refs),
    ends: [before, after],
    marks,
  }
  const body = [...plan.before, ...plan.after, ...plan.marks.map(({ pairs }) => pairs)]
  folder.write(nameOf(variant), serialiseChecked(folder.engine, header, [...joined(body)]))
}

/** The text after the head, for this run, if a plan of this key is kept and holds at that instant. */
export function findPlan(
  folder: CacheFolder,
  variant: string,
  { key, now, run }: { readonly key: string; readonly now: Instant; readonly run: string },
): { readonly exit: number; readonly pieces: readonly Uint8Array[] } | null {
  if (!beginsWith(folder.read(nameOf(variant), START_BYTES), key)) return null
  const bytes = folder.read(nameOf(variant))
  const file = bytes === null ? null : parseChecked(bytes, folder.engine)
  if (file === null) return null
  const plan = file.header as Header
  if (plan.key !== key || now < plan.from || (plan.until !== null && now > plan.until)) return null
  const segments = new Segments(folder, foundPrefix(variant), plan.segments)
  const findings = plan.findings.map((ref) => segments.get(ref))
  if (!findings.every((one) => one !== null)) return null
  const [before, after] = plan.ends
  const text = Buffer.from(file.body.buffer, file.body.byteOffset, file.body.length)
  const told = text.subarray(before, after)
  for (const [runAt, evidenceAt, from, to] of plan.marks) {
    told.write(run, runAt, 'latin1')
    told.write(evidenceOf(run, text.toString('utf8', from, to)), evidenceAt, 'latin1')
  }
  return { exit: plan.exit, pieces: [text.subarray(0, before), ...withoutLastComma(findings), told] }
}

/** Arbitrary: writer and key stand first in the file. */
const START_BYTES = 1 << 10

/** Whether it may be the file of this key: it holds megabytes, and mostly another's where anything has changed. */
function beginsWith(start: Uint8Array | null, key: string): boolean {
  return start !== null && Buffer.from(start.buffer, start.byteOffset, start.length).includes(`"key":"${key}"`)
}

/** The `evidence` of a notice (REMEDIATION.md); `pairs` as canonical JSON. */
export function evidenceOf(run: string, pairs: string): string {
  return sha256Hex(`["${run}",${pairs}]`)
}

/** Findings as they are kept, each followed by a comma, as the members of an array. */
export function* withoutLastComma(findings: Iterable<Uint8Array>): Generator<Uint8Array> {
  let last: Uint8Array | null = null
  for (const piece of findings) {
    if (piece.length === 0) continue
    if (last !== null) yield last
    last = piece
  }
  if (last !== null) yield last.subarray(0, last.length - COMMA_BYTES)
}

function neighbours(refs: readonly Ref[]): Ref[] {
  const list: Ref[] = []
  for (const ref of refs) {
    const last = list.at(-1)
    if (ref[1] === ref[2]) continue
    if (last !== undefined && last[0] === ref[0] && last[2] === ref[1])
      list[list.length - 1] = [last[0], last[1], ref[2]]
    else list.push(ref)
  }
  return list
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

function nameOf(variant: string): string {
  return `plan-${variant}`
}
