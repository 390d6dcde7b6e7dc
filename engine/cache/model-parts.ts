// A judged model to bytes and back, and a judged model held as bytes: findings are read when somebody looks at them, so
// that a repository of any size is judged without holding what was found of every model.
import type { Digest } from '../base/canonical-json.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { BindingFailure, Finding, Judgement, Verdict } from '../domain/finding.ts'
import { isBinding } from '../domain/finding-figures.ts'
import type { Instant } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { NoticeContent, NoticeDraft } from '../domain/notice.ts'

/** What judging one model gives, wherever it comes from. */
export interface ModelParts {
  readonly loaded: LoadedCard | null
  readonly judgements: readonly Judgement[]
  readonly digests: readonly (readonly [model: string, environment: string, version: string | null, d: Digest])[]
  readonly diagnostics: readonly Diagnostic[]
  /** Waivers that excuse one of its findings. */
  readonly waivers: readonly string[]
  /** Other models that lines with errors in its files name. */
  readonly accuses: readonly string[]
  /** What there is to tell of it; empty where nobody asked for it. */
  readonly notices: readonly NoticeDraft[]
}

interface KeptParts extends Omit<ModelParts, 'judgements' | 'notices'> {
  readonly judgements: readonly {
    readonly verdict: Verdict
    readonly holdsUntil: Instant | null
    readonly binding: readonly CompactFailure[]
  }[]
  readonly notices: readonly (Pick<NoticeDraft, 'state' | 'pairs'> & { readonly content: NoticeContent | null })[]
}

/** Model and environment are the verdict's. */
type CompactFailure = readonly [
  policy: string,
  rule: string,
  subject: BindingFailure['subject'],
  severity: BindingFailure['severity'],
  enforcement: BindingFailure['enforcement'],
]

export interface ModelBytes {
  readonly rest: Uint8Array
  /** One a judgement: the members of a JSON array, without brackets. */
  readonly findings: readonly Uint8Array[]
}

/** How notices are treated when a model is turned to bytes. */
export interface NoticeRules {
  /** Whether the text of a notice is worth keeping, since its channel has not heard it yet. */
  isNews(draft: NoticeDraft): boolean
  /** The notices of a model made again, in the same order, for a text that was not kept. */
  draft(parts: ModelParts): readonly NoticeDraft[]
}

export function serialiseModel(parts: ModelParts, { isNews }: NoticeRules): ModelBytes {
  const { loaded, judgements, digests, diagnostics, waivers, accuses, notices } = parts
  const kept: KeptParts = {
    loaded,
    judgements: judgements.map((judgement) => ({
      verdict: judgement.verdict,
      holdsUntil: Number.isFinite(judgement.holdsUntil) ? judgement.holdsUntil : null,
      binding: bindingOf(judgement).map((f) => [f.policy, f.rule, f.subject, f.severity, f.enforcement]),
    })),
    digests,
    diagnostics,
    waivers,
    accuses,
    notices: notices.map((draft) => ({
      state: draft.state,
      pairs: draft.pairs,
      content: isNews(draft) ? draft.content() : null,
    })),
  }
  return { rest: Buffer.from(JSON.stringify(kept)), findings: judgements.map(findingsJson) }
}

export function parseModel({ rest, findings }: ModelBytes, rules: NoticeRules): ModelParts {
  const kept = JSON.parse(textOf(rest)) as KeptParts
  const judgements = kept.judgements.map(
    ({ verdict, holdsUntil, binding }, i) =>
      new HeldJudgement({
        verdict,
        holdsUntil: holdsUntil ?? Number.POSITIVE_INFINITY,
        bytes: findings[i] ?? new Uint8Array(),
        binding: binding.map(([policy, rule, subject, severity, enforcement]) => {
          const { model, environment } = verdict
          return { policy, rule, model, environment, subject, severity, enforcement }
        }),
      }),
  )
  const parts: ModelParts = { ...kept, judgements, notices: [] }
  const notices = kept.notices.map(({ content, ...draft }, i) =>
    withContent(draft, content, () => rules.draft(parts)[i]),
  )
  return { ...parts, notices }
}

/** The same with its findings as bytes; the texts of news are made before the findings go. */
export function heldAsBytes(parts: ModelParts, rules: NoticeRules): ModelParts {
  const judgements = parts.judgements.map((judgement) => {
    const { verdict, holdsUntil } = judgement
    const binding = bindingOf(judgement).map(lightly)
    return new HeldJudgement({ verdict, holdsUntil, bytes: findingsJson(judgement), binding })
  })
  const held: ModelParts = { ...parts, judgements, notices: [] }
  const notices = parts.notices.map(({ state, pairs, content }, i) => {
    const isNews = rules.isNews({ state, pairs, content })
    return withContent({ state, pairs }, isNews ? content() : null, () => rules.draft(held)[i])
  })
  return { ...held, notices }
}

function withContent(
  draft: Pick<NoticeDraft, 'state' | 'pairs'>,
  content: NoticeContent | null,
  again: () => NoticeDraft | undefined,
): NoticeDraft {
  return { ...draft, content: () => content ?? again()?.content() ?? { title: '', text: '', data: {} } }
}

/** Without what hangs on a finding. */
function lightly({ policy, rule, model, environment, subject, severity, enforcement }: BindingFailure): BindingFailure {
  return { policy, rule, model, environment, subject, severity, enforcement }
}

interface Held {
  readonly verdict: Verdict
  readonly holdsUntil: Instant
  readonly bytes: Uint8Array
  readonly binding: readonly BindingFailure[]
}

/** A judgement whose findings are parsed each time they are asked for: who needs them twice keeps them. */
class HeldJudgement implements Judgement {
  readonly verdict: Verdict
  readonly holdsUntil: Instant
  readonly bytes: Uint8Array
  readonly binding: readonly BindingFailure[]

  constructor({ verdict, holdsUntil, bytes, binding }: Held) {
    this.verdict = verdict
    this.holdsUntil = holdsUntil
    this.bytes = bytes
    this.binding = binding
  }

  get findings(): readonly Finding[] {
    return JSON.parse(`[${textOf(this.bytes)}]`) as readonly Finding[]
  }
}

function bindingOf(judgement: Judgement): readonly BindingFailure[] {
  return judgement.binding ?? judgement.findings.filter(isBinding)
}

/** Each in memory of its own: a piece of Buffer's shared slabs would keep what was read beside it. */
const ENCODER = new TextEncoder()

/** The findings of a judgement as they are printed and kept: members of a JSON array, without brackets. */
export function findingsJson(judgement: Judgement): Uint8Array {
  if (judgement instanceof HeldJudgement) return judgement.bytes
  return ENCODER.encode(JSON.stringify(judgement.findings).slice(1, -1))
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
