/// <reference lib="dom" />
// What the page knows, and who wants to know when it changes. Views read it and never write it, but through `change`.
import type { Language } from '../../../domain/governance.ts'
import type { EntryFacts } from '../browser/entry-facts.ts'
import { type EntryFilter, NO_FILTER } from '../browser/find-entries.ts'
import type { KitAnswer, OwnTrust, ReceiptAnswer } from '../browser/kit-log.ts'
import type { EntryReply } from '../browser/messages.ts'
import type { KitAbout } from '../fill-page.ts'
import { english, type PageWords } from './words.en.ts'
import { portuguese } from './words.pt.ts'

/** Why nothing is proven and nothing refuted. */
export type Failure = { readonly kind: 'noWorker' | 'badPage' } | { readonly kind: 'crashed'; readonly message: string }

/** A file that the reader opened, and what came of it. */
export interface OpenedFile {
  readonly kind: 'receipt' | 'since' | 'policy' | 'car' | 'alone' | 'unknown'
  readonly name: string
  readonly receipt?: ReceiptAnswer
}

/** Everything that views show. */
export interface State {
  readonly language: Language
  readonly about: KitAbout | null
  /** Whether there is a CAR, in the page or from the reader. */
  readonly hasLog: boolean
  /** The log that is shown came inside the page, not from a file of the reader. */
  readonly isEmbedded: boolean
  readonly failure: Failure | null
  readonly progress: {
    readonly stage: 'blocks' | 'log' | 'entries'
    readonly done: number
    readonly total: number
  } | null
  readonly answer: KitAnswer | null
  readonly own: OwnTrust
  readonly facts: readonly EntryFacts[]
  readonly isRead: boolean
  readonly filter: EntryFilter
  /** Null: no filter, all of them. */
  readonly found: Uint32Array | null
  readonly selected: number | null
  readonly entry: (EntryReply & { readonly index: number }) | null
  readonly opened: readonly OpenedFile[]
}

/** Before anything is known. */
export const START: State = {
  language: 'pt',
  about: null,
  hasLog: false,
  isEmbedded: false,
  failure: null,
  progress: null,
  answer: null,
  own: null,
  facts: [],
  isRead: false,
  filter: NO_FILTER,
  found: null,
  selected: null,
  entry: null,
  opened: [],
}

/** A view draws itself when one of the members that it names has changed. */
export interface View {
  readonly of: readonly (keyof State)[]
  draw(state: State): void
}

/** Holds the state and tells the views. */
export class Store {
  state: State = START
  private readonly views: View[] = []

  show(...views: readonly View[]): void {
    this.views.push(...views)
    for (const view of views) view.draw(this.state)
  }

  change(part: Partial<State>): void {
    const before = this.state
    this.state = { ...before, ...part }
    const changed = new Set(Object.keys(part).filter((key) => before[key as keyof State] !== part[key as keyof State]))
    for (const view of this.views) if (view.of.some((key) => changed.has(key))) view.draw(this.state)
  }
}

/** How it stands with the log. */
export type Standing = 'checking' | 'waiting' | 'proven' | 'broken' | 'unable'

/** Proven is only what was checked whole. */
export function standingOf({ answer, failure, hasLog }: State): Standing {
  if (failure !== null) return 'unable'
  if (!hasLog) return 'waiting'
  if (answer === null) return 'checking'
  if (answer.ok) return 'proven'
  return answer.problems.every(({ code }) => NEEDS_SIGNATURES.has(code)) && !answer.supported ? 'unable' : 'broken'
}

/** What a browser without Ed25519 finds wrong with every log. */
const NEEDS_SIGNATURES: ReadonlySet<string> = new Set(['ledger/not-signed', 'ledger/bad-signature', 'ledger/no-quorum'])

/** The words of a language. */
export function wordsOf({ language }: Pick<State, 'language'>): PageWords {
  return language === 'pt' ? portuguese : english
}
