// A judged model to bytes and back. Findings are read from their bytes when somebody looks at them.
import type { Digest } from '../base/canonical-json.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Finding, Judgement, Verdict } from '../domain/finding.ts'
import type { Instant } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'

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
}

interface Rest {
  readonly loaded: LoadedCard | null
  readonly judgements: readonly { readonly verdict: Verdict; readonly holdsUntil: Instant | null }[]
  readonly digests: ModelParts['digests']
  readonly diagnostics: readonly Diagnostic[]
  readonly waivers: readonly string[]
  readonly accuses: readonly string[]
}

export interface ModelBytes {
  readonly rest: Uint8Array
  /** One a judgement: the members of a JSON array, without brackets. */
  readonly findings: readonly Uint8Array[]
}

export function serialiseModel(parts: ModelParts): ModelBytes {
  const { loaded, judgements, digests, diagnostics, waivers, accuses } = parts
  const kept = judgements.map(({ verdict, holdsUntil }) => ({
    verdict,
    holdsUntil: Number.isFinite(holdsUntil) ? holdsUntil : null,
  }))
  const rest: Rest = { loaded, judgements: kept, digests, diagnostics, waivers, accuses }
  return { rest: Buffer.from(JSON.stringify(rest)), findings: judgements.map(findingsJson) }
}

export function parseModel({ rest, findings }: ModelBytes): ModelParts {
  const parts = JSON.parse(text(rest)) as Rest
  const judgements = parts.judgements.map(
    ({ verdict, holdsUntil }, i) =>
      new KeptJudgement(verdict, holdsUntil ?? Number.POSITIVE_INFINITY, findings[i] ?? new Uint8Array()),
  )
  return { ...parts, judgements }
}

/** A judgement whose findings are parsed once, when asked for. */
class KeptJudgement implements Judgement {
  readonly verdict: Verdict
  readonly holdsUntil: Instant
  readonly bytes: Uint8Array
  #findings: readonly Finding[] | null = null

  constructor(verdict: Verdict, holdsUntil: Instant, bytes: Uint8Array) {
    this.verdict = verdict
    this.holdsUntil = holdsUntil
    this.bytes = bytes
  }

  get findings(): readonly Finding[] {
    this.#findings ??= JSON.parse(`[${text(this.bytes)}]`) as readonly Finding[]
    return this.#findings
  }
}

const written = new WeakMap<Judgement, Uint8Array>()

/** The findings of a judgement as they are printed and kept: members of a JSON array, without brackets. Made once. */
export function findingsJson(judgement: Judgement): Uint8Array {
  if (judgement instanceof KeptJudgement) return judgement.bytes
  let bytes = written.get(judgement)
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(judgement.findings).slice(1, -1))
    written.set(judgement, bytes)
  }
  return bytes
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
