// A judged model to bytes and back, and a judged model held as bytes: findings are read when somebody looks at them, so
// that a repository of any size is judged without holding what was found of every model.
import type { Digest } from '../base/canonical-json.ts'
import { internalError } from '../base/fault.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { BindingFailure, Finding, Judgement, Verdict } from '../domain/finding.ts'
import { isBinding } from '../domain/finding-figures.ts'
import type { Instant } from '../domain/instant.ts'
import type { Deployment, LoadedCard, ModelCard } from '../domain/model-card.ts'
import type { NoticeDraft } from '../domain/notice.ts'
import { asTheyAre, type Hold, type Holds, type Reader } from './held-bytes.ts'
import { HeldNotice, heldNotice, type NoticeRules } from './held-notice.ts'
import { type CardSummary, keptParts, summaryOf } from './kept-card.ts'

/** What the files of a model's own folder give, whatever was measured. */
export interface CardParts {
  readonly loaded: LoadedCard | null
  readonly deployed: readonly Deployment[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What judging one model gives, wherever it comes from. */
export interface ModelParts {
  readonly card: CardParts
  readonly judgements: readonly Judgement[]
  readonly digests: readonly (readonly [model: string, environment: string, version: string | null, d: Digest])[]
  /** Those of the card are not among them. */
  readonly diagnostics: readonly Diagnostic[]
  /** Waivers that excuse one of its findings. */
  readonly waivers: readonly string[]
  /** Other models that lines with errors in its files name. */
  readonly accuses: readonly string[]
  /** What there is to tell of it; empty where nobody asked for it. */
  readonly notices: readonly NoticeDraft[]
}

interface Core extends Omit<ModelParts, 'card' | 'judgements' | 'notices'> {
  readonly summary: CardSummary
  readonly judgements: readonly {
    readonly verdict: Verdict
    readonly holdsUntil: Instant | null
    readonly binding: readonly CompactFailure[]
  }[]
  readonly notices: readonly Pick<HeldNotice, 'state' | 'runAt' | 'evidenceAt'>[]
}

/** Model and environment are the verdict's. */
type CompactFailure = readonly [
  policy: string,
  rule: string,
  subject: BindingFailure['subject'],
  severity: BindingFailure['severity'],
  enforcement: BindingFailure['enforcement'],
]

/** One judged model as the cache holds it. */
export interface ModelBytes {
  readonly card: Uint8Array
  readonly core: Uint8Array
  /** Two a notice: its text, empty where it is no news, and its pairs. */
  readonly notices: readonly Uint8Array[]
  /** One a judgement: see `findingsJson`. */
  readonly findings: readonly Uint8Array[]
}

/** The bytes of a judged model; `parseModel` with equal rules makes an equal model of them. */
export function serialiseModel(parts: ModelParts, rules: NoticeRules): ModelBytes {
  const { card, judgements, notices, ...rest } = parts
  const held = notices.map((draft, i) => heldNotice(draft, () => rules.draft(parts)[i], rules, asTheyAre))
  const core: Core = {
    ...rest,
    summary: summaryOf(card),
    judgements: judgements.map((judgement) => ({
      verdict: judgement.verdict,
      holdsUntil: Number.isFinite(judgement.holdsUntil) ? judgement.holdsUntil : null,
      binding: bindingOf(judgement).map((f) => [f.policy, f.rule, f.subject, f.severity, f.enforcement]),
    })),
    notices: held.map(({ state, runAt, evidenceAt }) => ({ state, runAt, evidenceAt })),
  }
  return {
    card: ENCODER.encode(JSON.stringify(card)),
    core: ENCODER.encode(JSON.stringify(core)),
    notices: held.flatMap(({ text, pairsJson }) => [text, pairsJson]),
    findings: judgements.map(findingsJson),
  }
}

/**
 * The model; its findings and notices are read from their bytes when somebody looks at them. `rules` make a notice
 * anew where its text was not kept.
 */
export function parseModel({ card, core, notices, findings }: ModelBytes, rules: NoticeRules): ModelParts {
  const { summary, ...kept } = JSON.parse(textOf(core)) as Core
  const judgements = kept.judgements.map(
    ({ verdict, holdsUntil, binding }, i) =>
      new HeldJudgement({
        verdict,
        holdsUntil: holdsUntil ?? Number.POSITIVE_INFINITY,
        bytes: asTheyAre(findings[i] ?? NOTHING),
        binding: binding.map(([policy, rule, subject, severity, enforcement]) => {
          const { model, environment } = verdict
          return { policy, rule, model, environment, subject, severity, enforcement }
        }),
      }),
  )
  const parts: ModelParts = { ...kept, card: keptParts(summary, () => readCard(card)), judgements, notices: [] }
  const held = kept.notices.map(
    ({ state, runAt, evidenceAt }, i) =>
      new HeldNotice({
        ...{ state, runAt, evidenceAt },
        text: asTheyAre(notices[i * 2] ?? NOTHING),
        pairsJson: asTheyAre(notices[i * 2 + 1] ?? NOTHING),
        again: () => rules.draft(parts)[i],
      }),
  )
  return { ...parts, notices: held }
}

/** The card and its diagnostics, as `serialiseModel` wrote them. */
export function parseCard(card: Uint8Array): CardParts {
  return JSON.parse(textOf(card)) as CardParts
}

/** Of a card that was read. */
function readCard(bytes: Uint8Array): ModelCard {
  const { loaded } = parseCard(bytes)
  return loaded === null ? internalError('a card that was read is kept as none') : loaded.card
}

/** The same with its findings as bytes; the texts of news are made before the findings go. */
export function heldAsBytes(parts: ModelParts, rules: NoticeRules, holds: Holds): ModelParts {
  const judgements = parts.judgements.map((judgement) => {
    const { verdict, holdsUntil } = judgement
    const binding = bindingOf(judgement).map(lightly)
    return new HeldJudgement({ verdict, holdsUntil, bytes: holds.bytes(findingsJson(judgement)), binding })
  })
  const card = holds.cards === null ? parts.card : heldCard(parts.card, holds.cards)
  const held: ModelParts = { ...parts, card, judgements, notices: [] }
  const again = (index: number) => () => rules.draft(held)[index]
  return { ...held, notices: parts.notices.map((draft, i) => heldNotice(draft, again(i), rules, holds.bytes)) }
}

/** Parsed whenever somebody looks at it: who needs it twice keeps it. */
function heldCard(parts: CardParts, hold: Hold): CardParts {
  if (parts.loaded === null) return parts
  const { card, digest, file } = parts.loaded
  const read = hold(ENCODER.encode(JSON.stringify(card)))
  const loaded: LoadedCard = {
    get card() {
      return JSON.parse(textOf(read())) as LoadedCard['card']
    },
    digest,
    file,
  }
  return { ...parts, loaded }
}

/** Without what hangs on a finding. */
function lightly({ policy, rule, model, environment, subject, severity, enforcement }: BindingFailure): BindingFailure {
  return { policy, rule, model, environment, subject, severity, enforcement }
}

interface Held {
  readonly verdict: Verdict
  readonly holdsUntil: Instant
  readonly bytes: Reader
  readonly binding: readonly BindingFailure[]
}

/** A judgement whose findings are parsed each time they are asked for: who needs them twice keeps them. */
class HeldJudgement implements Judgement {
  readonly verdict: Verdict
  readonly holdsUntil: Instant
  readonly binding: readonly BindingFailure[]
  readonly #bytes: Reader

  constructor({ verdict, holdsUntil, bytes, binding }: Held) {
    this.verdict = verdict
    this.holdsUntil = holdsUntil
    this.binding = binding
    this.#bytes = bytes
  }

  get bytes(): Uint8Array {
    return this.#bytes()
  }

  get findings(): readonly Finding[] {
    return JSON.parse(`[${textOf(this.bytes).slice(0, -1)}]`) as readonly Finding[]
  }
}

function bindingOf(judgement: Judgement): readonly BindingFailure[] {
  return judgement.binding ?? judgement.findings.filter(isBinding)
}

/** Each in memory of its own: a piece of Buffer's shared slabs would keep what was read beside it. */
const ENCODER = new TextEncoder()
const NOTHING = new Uint8Array()
const COMMA = 44

/** The findings of a judgement as they are printed and kept: members of a JSON array, each followed by a comma. */
export function findingsJson(judgement: Judgement): Uint8Array {
  if (judgement instanceof HeldJudgement) return judgement.bytes
  const { findings } = judgement
  if (findings.length === 0) return NOTHING
  // In the bytes and not in the text, which would be copied for it.
  const list = ENCODER.encode(JSON.stringify(findings))
  list[list.length - 1] = COMMA
  return list.subarray(1)
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
