// Where one snapshot of the log is pinned, by marks beside those of deliveries: one a CID and place, whichever run pinned it.
import { hashOf } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { systemFault } from '../base/system-fault.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Anchor } from '../ledger/ipfs/anchors.ts'
import { type Cid, parseCid } from '../ledger/ipfs/cid.ts'
import type { Sent } from '../ledger/ipfs/pin-to-node.ts'
import { putMarks, readMark } from '../remediate/delivered-marks.ts'
import type { OpenedRun } from './open-run.ts'

/** What came of pinning; `anchor` is null where there is nothing to pin, or nothing was. */
export interface Anchored {
  /** `where`: `local`, `node`, `service:<name>`, now or before. */
  readonly anchor: { readonly cid: string; readonly where: readonly string[] } | null
  /** Places that will be tried again, and why. `waiting`: a service that has not finished. */
  readonly failed: readonly { readonly where: string; readonly message: string; readonly waiting: boolean }[]
  /** Whether marks were written. */
  readonly isMarked: boolean
  /** What went to the node. */
  readonly sent: Sent | null
}

/** The key of every anchor (REMEDIATION.md, Identity). */
export const ANCHOR_KEY = hashOf(['anchor'])

/** What is needed of a run. */
export type AnchorPorts = Pick<OpenedRun, 'world' | 'store' | 'governance' | 'now' | 'refs'> & {
  /** Left out, or null: nobody can say that the log was pushed. */
  readonly remote?: OpenedRun['remote']
}

/** The places where one log is pinned, by their marks. */
export class Places {
  private readonly ports: AnchorPorts
  private readonly anchor: Anchor
  private readonly anew: boolean
  private readonly pinned = new Set<string>()
  private readonly fresh: { readonly where: string; readonly anchor: Anchor }[] = []
  private readonly failed: { where: string; message: string; waiting: boolean }[] = []

  constructor(ports: AnchorPorts, anchor: Anchor, anew: boolean) {
    this.ports = ports
    this.anchor = anchor
    this.anew = anew
  }

  isDone(where: string): boolean {
    return !this.anew && (this.pinned.has(where) || this.isMarked(where, this.anchor.cid))
  }

  /** Whether it is pinned there; the act is left out where a mark says that it was done. */
  async pin(where: string, act: () => Promise<'pinned' | 'pinning' | 'queued'>): Promise<boolean> {
    if (this.isDone(where)) return this.pinned.add(where).has(where)
    try {
      const state = await act()
      if (state === 'pinned') this.add(where, this.anchor)
      else this.failed.push({ where, message: `the service says \`${state}\``, waiting: true })
      return state === 'pinned' && this.pinned.add(where).has(where)
    } catch (error) {
      const fault = error instanceof Fault ? error : systemFault(error)
      if (fault === null) throw error
      this.failed.push({ where, message: fault.message, waiting: false })
      return false
    }
  }

  /** The newest earlier snapshots that were pinned there. */
  before(where: string, anchors: readonly Anchor[]): Cid[] {
    const known = anchors
      .slice(-MOST_LOOKED_AT)
      .reverse()
      .filter(({ cid }) => this.isMarked(where, cid))
    return known.slice(0, 2).flatMap(({ cid }) => parseCid(cid) ?? [])
  }

  /** Earlier snapshots, newest first, that the node pinned and this place did not yet. */
  open(where: string, anchors: readonly Anchor[]): Anchor[] {
    const earlier = anchors.slice(-MOST_ASKED - 1, -1).reverse()
    return earlier.filter(({ cid }) => this.isMarked('node', cid) && !this.isMarked(where, cid))
  }

  /** It is pinned there. */
  add(where: string, anchor: Anchor): void {
    this.fresh.push({ where, anchor })
  }

  finish(): Omit<Anchored, 'sent'> {
    const { store, governance, now, remote = null } = this.ports
    const unmarked = this.fresh.filter(({ where, anchor }) => !this.isMarked(where, anchor.cid))
    const marks = unmarked.map(({ where, anchor: { cid, size, root } }) => {
      const name = { kind: 'anchor', key: ANCHOR_KEY, evidence: evidenceOf(cid, where), run: '' }
      const mark = { ...name, state: 'done' as const, at: formatInstant(now), anchor: { cid, size, root, where } }
      if (remote !== null) return { mark: { ...mark, isPushed: true as const }, expect: null }
      return { mark, expect: null }
    })
    putMarks(store, governance.record.author, marks)
    const where = [...this.pinned]
    return {
      anchor: where.length === 0 ? null : { cid: this.anchor.cid, where },
      failed: this.failed,
      isMarked: marks.length > 0,
    }
  }

  /** Whether any run pinned it there. */
  isMarked(where: string, cid: string): boolean {
    return (
      readMark(this.ports.store, { kind: 'anchor', key: ANCHOR_KEY, evidence: evidenceOf(cid, where), run: '' }) !==
      null
    )
  }
}

/** Earlier snapshots that a service is asked for in one run. Arbitrary. */
const MOST_ASKED = 3

/** How far back a snapshot is looked for that the node still has. Arbitrary. */
const MOST_LOOKED_AT = 32

function evidenceOf(cid: string, where: string): string {
  return hashOf([cid, where])
}
