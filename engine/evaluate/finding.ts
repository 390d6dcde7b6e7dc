// From an assessment to the finding that is printed, recorded and told of.
import { type Digest, sha256Hex } from '../base/canonical-json.ts'
import type { Finding } from '../domain/finding.ts'
import type { Window } from '../domain/instant.ts'
import type { Enforcement } from '../domain/policy.ts'
import type { Assessment } from './assessment.ts'
import type { CompiledPolicy, CompiledRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { messageOf } from './message.ts'
import { waiverFor } from './waivers.ts'

/** The first 16 hex digits of the digest of `[model, version, environment, policy, rule, subject text or null]`. */
export function findingId(of: {
  readonly model: string
  readonly version: string | null
  readonly environment: string
  readonly policy: string
  readonly rule: string
  readonly subject: string | null
}): string {
  // A subject may come from a snapshot, whose JSON can hold half a surrogate pair.
  const subject = of.subject === null ? null : of.subject.toWellFormed()
  // Of texts and null alone, so this is their RFC 8785 form.
  const text = JSON.stringify([of.model, of.version, of.environment, of.policy, of.rule, subject])
  // Joined from pieces that are copies: a long slice would hold all 64 digits for as long as the id is held.
  const digits = sha256Hex(text)
  return [digits.slice(0, 8), digits.slice(8, 16)].join('')
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Fields are set in the order in which JSON prints them. */
export function makeFinding(
  { policy, template }: CompiledPolicy,
  rule: CompiledRule,
  enforcement: Enforcement,
  deployed: Deployed,
  assessment: Assessment,
): Finding {
  const { version, environment, compiled, now } = deployed
  const model = deployed.loaded.card.id
  const { text } = assessment.named
  const head = {
    id: findingId({ model, version, environment, policy: policy.id, rule: rule.rule.id, subject: text }),
    policy: policy.id,
    rule: rule.rule.id,
    model,
    version,
    environment,
    subject: assessment.named.subject,
    outcome: assessment.outcome,
  }
  const finding = head as Writable<Finding>
  if (assessment.cause !== undefined) finding.cause = assessment.cause
  setNumbers(finding, rule, assessment)
  finding.severity = policy.severity
  finding.enforcement = enforcement
  finding.controls = policy.controls
  const waived = waiverFor(compiled.waivers, head, text, now)
  if (waived !== undefined) finding.waiver = { id: waived.waiver.id, expires: waived.waiver.expires }
  finding.message = messageOf({ policy, rule, deployed, assessment }, template)
  finding.file = rule.rule.place.file
  finding.line = rule.rule.place.line
  finding.column = rule.rule.place.column
  finding.window = windowOf(assessment)
  finding.evidence = evidenceOf(assessment)
  return finding
}

function setNumbers(finding: Writable<Finding>, rule: CompiledRule, assessment: Assessment): void {
  const limit = limitOf(rule)
  const measurement = assessment.reading?.measurement
  if (assessment.value !== undefined) finding.value = assessment.value
  if (limit !== undefined) finding.limit = limit
  if (assessment.margin !== undefined && Number.isFinite(assessment.margin)) finding.margin = assessment.margin
  if (rule.form === 'metric') finding.unit = rule.rule.unit
  if (measurement?.n !== undefined) finding.n = measurement.n
  if (measurement?.interval !== undefined && assessment.value !== undefined) finding.interval = measurement.interval
  if (assessment.versus !== undefined) finding.versus = assessment.versus
  if (assessment.adjusted !== undefined) finding.adjusted = assessment.adjusted
}

/** What the rule says: a limit, the amount of a change, or days. */
function limitOf(rule: CompiledRule): Finding['limit'] {
  if (rule.form === 'logic') return undefined
  if (rule.form === 'metric') return rule.rule.change?.amount ?? rule.rule.comparison?.limit
  return 'limit' in rule.rule.test ? rule.rule.test.limit : undefined
}

function windowOf({ window, evidence }: Assessment): Window | null {
  return window?.window ?? evidence?.window ?? null
}

/** The snapshot judged, or the card for a card rule; null where nothing was found to judge. */
export function evidenceOf({ window, reading, evidence }: Assessment): Digest | null {
  return evidence?.digest ?? reading?.snapshot.digest ?? window?.snapshot?.digest ?? null
}
