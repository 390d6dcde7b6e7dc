// What there is to tell of a model, held as bytes: the text that `plan` prints of the notice, with places for what depends
// on the run, and the pairs that it was made from. Nothing is parsed before somebody looks.
import type { NoticeContent, NoticeDraft, NoticeState, ReadyNotice } from '../domain/notice.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Hold, Reader } from './held-bytes.ts'
import type { ModelParts } from './model-parts.ts'

/** How notices are treated when a model is turned to bytes. */
export interface NoticeRules {
  /** Whether the text of a notice is worth keeping, since its channel has not heard it yet. */
  isNews(draft: Pick<NoticeDraft, 'state'>): boolean
  /** The notices of a model made again, in the same order, for a text that was not kept. */
  draft(parts: ModelParts): readonly NoticeDraft[]
  /** The notice as a run plans it. */
  action(draft: NoticeDraft, run: string): PlannedAction
}

interface Held extends Pick<ReadyNotice, 'runAt' | 'evidenceAt'> {
  readonly state: NoticeState
  /** Empty where it is no news. */
  readonly text: Reader
  readonly pairsJson: Reader
  readonly again: () => NoticeDraft | undefined
}

const RUN = '0'.repeat(16)
const EVIDENCE = '0'.repeat(64)
const ENCODER = new TextEncoder()

/** A notice whose text is held as bytes: it says again what was told without the findings it was made from. */
export class HeldNotice implements NoticeDraft {
  readonly state: NoticeState
  readonly runAt: number
  readonly evidenceAt: number
  readonly #text: Reader
  readonly #pairs: Reader
  readonly #again: Held['again']

  constructor({ state, text, runAt, evidenceAt, pairsJson, again }: Held) {
    this.state = state
    this.runAt = runAt
    this.evidenceAt = evidenceAt
    this.#text = text
    this.#pairs = pairsJson
    this.#again = again
  }

  /** Empty where it is no news. */
  get text(): Uint8Array {
    return this.#text()
  }

  get pairsJson(): Uint8Array {
    return this.#pairs()
  }

  get pairs(): string {
    return textOf(this.#pairs())
  }

  get ready(): ReadyNotice | null {
    const { text, runAt, evidenceAt } = this
    return text.length === 0 ? null : { text, runAt, evidenceAt }
  }

  content(): NoticeContent {
    const { text } = this
    if (text.length === 0) return this.#again()?.content() ?? { title: '', text: '', data: {} }
    const { detail } = JSON.parse(textOf(text)) as { readonly detail: NoticeContent }
    return { ...detail, data: { ...detail.data, run: '' } }
  }
}

/** The draft held as bytes; its text is made now where it is news, and by `again` where it is not. */
export function heldNotice(draft: NoticeDraft, again: Held['again'], rules: NoticeRules, hold: Hold): HeldNotice {
  if (draft instanceof HeldNotice) return draft
  const ready = rules.isNews(draft) ? readyText(rules.action(draft, RUN)) : null
  const { text, runAt, evidenceAt } = ready ?? { text: new Uint8Array(), runAt: 0, evidenceAt: 0 }
  const pairsJson = hold(ENCODER.encode(draft.pairs))
  return new HeldNotice({ state: draft.state, text: hold(text), runAt, evidenceAt, pairsJson, again })
}

const EVIDENCE_KEY = `"evidence":"${EVIDENCE}"`
const RUN_KEY = `"data":{"run":"${RUN}"`

/** Null where the text has no places for them. Quotes within texts are escaped, so what is found is no part of one. */
function readyText(action: PlannedAction): ReadyNotice | null {
  const text = ENCODER.encode(JSON.stringify({ ...action, evidence: EVIDENCE }))
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length)
  const evidence = bytes.indexOf(EVIDENCE_KEY)
  const run = bytes.indexOf(RUN_KEY)
  if (evidence === -1 || run === -1) return null
  return { text, evidenceAt: evidence + EVIDENCE_KEY.length - 1 - 64, runAt: run + RUN_KEY.length - 1 - 16 }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
