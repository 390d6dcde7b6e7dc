// What the page and its worker say to each other. The worker verifies and holds the bytes; the page shows.
import type { Language } from '../../../domain/governance.ts'
import type { EntryFacts } from './entry-facts.ts'
import type { EntryFilter } from './find-entries.ts'
import type { KitAnswer, KitParts, OwnTrust, ReceiptAnswer } from './kit-log.ts'

/** To the worker. What has an `id` gets a `Reply` with the same. */
export type Order =
  | { readonly type: 'open'; readonly parts: KitParts }
  | { readonly type: 'verify'; readonly own: OwnTrust; readonly since: Uint8Array | null }
  | { readonly type: 'find'; readonly id: number; readonly filter: EntryFilter; readonly language: Language }
  | { readonly type: 'entry'; readonly id: number; readonly index: number }
  | { readonly type: 'receipt'; readonly id: number; readonly index: number }
  | {
      readonly type: 'check-receipt'
      readonly id: number
      readonly bytes: Uint8Array
      readonly entry: Uint8Array | null
    }

/** An entry as stored, and which others belong to it. */
export interface EntryReply {
  readonly bytes: Uint8Array | null
  readonly related: readonly number[]
}

/** The files of a receipt. */
export interface ReceiptFiles {
  readonly receipt: Uint8Array
  readonly entry: Uint8Array
}

/** From the worker. `facts` come in pieces, before the answer's list is shown. */
export type Report =
  | {
      readonly type: 'progress'
      readonly stage: 'blocks' | 'log' | 'entries'
      readonly done: number
      readonly total: number
    }
  | { readonly type: 'answer'; readonly answer: KitAnswer }
  | { readonly type: 'facts'; readonly facts: readonly EntryFacts[]; readonly isLast: boolean }
  | { readonly type: 'broken'; readonly message: string }
  | { readonly type: 'reply'; readonly id: number; readonly value: Reply }

/** Found indexes, an entry, files of a receipt, or what a receipt proves. */
export type Reply = Uint32Array | EntryReply | ReceiptFiles | ReceiptAnswer | null
