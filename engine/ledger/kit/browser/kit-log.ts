// A kit being verified in the page: the CAR, block by block; then, by the code that `tutela verify` runs, signatures, quorum,
// every entry and tile, and the root. Afterwards it answers what the reader asks: entries, filters, receipts.
import { decodeBase64 } from '../../../base/base64.ts'
import { Fault } from '../../../base/fault.ts'
import type { Language } from '../../../domain/governance.ts'
import { decodeBundle } from '../../entry-bundle.ts'
import type { CarSource } from '../../ipfs/car-index.ts'
import { type CarLog, openCar } from '../../ipfs/car-log.ts'
import { parseCid } from '../../ipfs/cid.ts'
import { type MadeReceipt, makeReceipt } from '../../make-receipt.ts'
import { formatVerifierKey, parseVerifierKey } from '../../note-key.ts'
import { isReceipt, parseReceipt, verifyReceipt } from '../../receipt.ts'
import { TILE_WIDTH, tilePath } from '../../tile-path.ts'
import { parsePolicy, type Trust } from '../../trust-policy.ts'
import { verifyCheckpoint } from '../../verify-checkpoint.ts'
import { type Verify, verifyLog } from '../../verify-log.ts'
import type { VerifyProblem } from '../../verify-problem.ts'
import { answerSignatures } from './ed25519.ts'
import { type EntryFacts, entryFacts } from './entry-facts.ts'
import { entryWords } from './entry-words.ts'
import { type EntryFilter, findEntries } from './find-entries.ts'
import { hashBlocks } from './hash-blocks.ts'
import { relatedEntries, withProposalModels } from './related-entries.ts'

/** What a kit is made of. A CAR that stands in the page is base64. */
export interface KitParts {
  readonly car: Uint8Array | string
  readonly policy: Uint8Array
  /** The root that the CAR must have; null where nobody said. */
  readonly cid: string | null
}

/** How far it is. */
export type KitProgress = (stage: 'blocks' | 'log' | 'entries', done: number, total: number) => void

/** What the page says of a kit. */
export interface KitAnswer extends Verify {
  readonly cid: string | null
  readonly carBytes: number
  /** Blocks that were hashed, each twice. */
  readonly blocks: number
  /** False where the browser cannot check Ed25519: nothing is proven then. */
  readonly supported: boolean
  /** The keys by which it was verified, as texts. */
  readonly keys: readonly string[]
  readonly witnesses: readonly string[]
  readonly hasQuorum: boolean
  /** The signed note, to be kept. */
  readonly checkpoint: Uint8Array | null
  /** An older checkpoint was held against the log. */
  readonly since: boolean
}

/** Whom to trust instead of the kit's own policy. */
export type OwnTrust = { readonly vkey: string } | { readonly policy: Uint8Array } | null

/** A receipt that was opened. `entry` is its index in the log, where it proves an entry of this log. */
export interface ReceiptAnswer extends Verify {
  readonly index: number | null
  /** The entry that it was checked with came from the log, not from a file. */
  readonly isFromLog: boolean
  readonly supported: boolean
}

const NO_TRUST: Trust = { logs: [], witnesses: [], quorum: { kind: 'none' } }

/** One kit: `open` first, then `verify` as often as the trust changes; what it answers is of the last `verify`. */
export class KitLog {
  facts: readonly EntryFacts[] = []
  private readonly parts: KitParts
  private readonly progress: KitProgress
  private readonly source: CarSource
  private carProblems: readonly VerifyProblem[] = []
  private log: CarLog = { cid: null, files: { list: () => [], read: () => null }, problems: [] }
  private blocks = 0
  private size = 0
  private trust: Trust = NO_TRUST
  private bundle: { readonly index: number; readonly entries: readonly Uint8Array[] } = { index: -1, entries: [] }

  constructor(parts: KitParts, progress: KitProgress) {
    this.parts = parts
    this.progress = progress
    this.source = sourceOf(parts.car)
  }

  /** Hashes the blocks and opens the CAR; then `verify`. */
  async open(): Promise<void> {
    const hashed = await hashBlocks(this.source, (done, total) => this.progress('blocks', done, total))
    this.blocks = hashed.blocks
    this.log = openCar(this.source, this.parts.cid === null ? null : parseCid(this.parts.cid))
    this.carProblems = [...this.log.problems, ...hashed.problems]
  }

  /** Verifies the log under the kit's policy, or whom the reader trusts; `since`: an older checkpoint. */
  async verify(own: OwnTrust = null, since: Uint8Array | null = null): Promise<KitAnswer> {
    const { trust, problems } = trustOf(this.parts.policy, own)
    this.trust = trust
    const { files } = this.log
    const heads = [files.read('checkpoint'), since].filter((head) => head !== null)
    const supported = await settle(() => {
      for (const head of heads) verifyCheckpoint(head, trust, 'checkpoint')
    })
    const paths = [...files.list()]
    let reads = 0
    const read = (path: string): Uint8Array | null => {
      if (++reads % 100 === 0) this.progress('log', Math.min(reads, 2 * paths.length), 2 * paths.length)
      return files.read(path)
    }
    const options = since === null ? {} : { since }
    const verified = verifyLog({ list: () => paths, read }, trust, options)
    this.size = verified.size ?? 0
    const all = [...problems, ...this.carProblems, ...verified.problems]
    return {
      ...verified,
      ok: all.length === 0 && supported,
      problems: all,
      cid: this.log.cid,
      carBytes: this.source.size,
      blocks: this.blocks,
      supported,
      keys: trust.logs.map(formatVerifierKey),
      witnesses: trust.witnesses.map(({ name }) => name),
      hasQuorum: trust.quorum.kind !== 'none',
      checkpoint: files.read('checkpoint')?.slice() ?? null,
      since: since !== null,
    }
  }

  /** The facts of every entry, whether or not the log is proven; none where no entry can be read. */
  readFacts(): readonly EntryFacts[] {
    const facts: EntryFacts[] = []
    let unreadable = 0
    const isReal = this.size <= MOST_ENTRIES
    for (let index = 0; isReal && index < this.size && unreadable <= MOST_UNREADABLE; index++) {
      const bytes = this.entryAt(index)
      if (bytes === null) unreadable++
      facts.push(entryFacts(index, bytes ?? new Uint8Array(0)))
      if (index % 1000 === 0) this.progress('entries', index, this.size)
    }
    this.facts = unreadable === facts.length ? [] : withProposalModels(facts)
    return this.facts
  }

  /** The bytes of an entry as stored; null where they cannot be read. */
  entryAt(index: number): Uint8Array | null {
    const at = Math.floor(index / TILE_WIDTH)
    if (this.bundle.index !== at) {
      const width = Math.min(TILE_WIDTH, this.size - at * TILE_WIDTH)
      const bytes = width < 1 ? null : this.log.files.read(tilePath({ row: 'entries', index: at, width }))
      this.bundle = { index: at, entries: (bytes === null ? null : decodeBundle(bytes)) ?? [] }
    }
    return this.bundle.entries[index % TILE_WIDTH] ?? null
  }

  find(filter: EntryFilter, language: Language): Uint32Array<ArrayBuffer> {
    const textOf = entryWords(language)
    return findEntries(this.facts, filter, (one) => textOf(one, textAt(this.entryAt(one.index))))
  }

  related(index: number): number[] {
    return relatedEntries(this.facts, index)
  }

  /** The receipt of an entry, ready to be saved; null where the log lacks what it takes. */
  receiptOf(index: number): MadeReceipt | null {
    const note = this.log.files.read('checkpoint')
    try {
      return note === null ? null : makeReceipt({ read: this.log.files.read, index, size: this.size, note })
    } catch (error) {
      if (error instanceof Fault) return null
      throw error
    }
  }

  /** Checks a receipt with the entry of a file, or with the one that this log has at its index. */
  async checkReceipt(bytes: Uint8Array, entry: Uint8Array | null): Promise<ReceiptAnswer> {
    const receipt = isReceipt(bytes) ? parseReceipt(bytes) : null
    const index = receipt === null || receipt.index >= BigInt(this.size) ? null : Number(receipt.index)
    const own = index === null ? null : this.entryAt(index)
    const subject = entry ?? own ?? new Uint8Array(0)
    const supported = await settle(() => verifyReceipt(bytes, subject, this.trust))
    const verified = verifyReceipt(bytes, subject, this.trust)
    return { ...verified, ok: verified.ok && supported, index, isFromLog: entry === null, supported }
  }
}

/** A list of more is no list that a person looks at, and the memory of a page has an end. */
const MOST_ENTRIES = 3_000_000
/** A forged size must not make lines out of nothing. */
const MOST_UNREADABLE = 100_000

/** Verifies until WebCrypto has answered every question that came up; false where it cannot. */
async function settle(verify: () => void): Promise<boolean> {
  for (;;) {
    verify()
    const { asked, supported } = await answerSignatures()
    if (!asked) return supported
  }
}

function trustOf(policy: Uint8Array, own: OwnTrust): { trust: Trust; problems: VerifyProblem[] } {
  const parsed = parsePolicy(own !== null && 'policy' in own ? own.policy : policy)
  const problems: VerifyProblem[] = parsed.ok
    ? []
    : [{ code: 'ledger/bad-policy', where: `policy:${parsed.problem.line}`, actual: parsed.problem.message }]
  const trust = parsed.ok ? parsed.trust : NO_TRUST
  if (own === null || !('vkey' in own)) return { trust, problems }
  const key = parseVerifierKey(own.vkey.trim())
  return { trust: { ...trust, logs: key?.type === 'ed25519' ? [key] : [] }, problems }
}

function sourceOf(car: Uint8Array | string): CarSource {
  const bytes = typeof car === 'string' ? (decodeBase64(car) ?? new Uint8Array(0)) : car
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) }
}

function textAt(bytes: Uint8Array | null): string {
  return bytes === null ? '' : new TextDecoder().decode(bytes)
}
