// Planned actions about proposals, with all that carrying them out needs as plain data: run.json keeps them, so that
// a crash between the decision and the deed loses nothing.
import { type Digest, digestOf, hashOf, sha256Hex } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import type { Window } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { CleanWindow, Proposal, Violation } from '../domain/proposal.ts'
import { type CardEdit, patchCard, type RetrainRequest } from './card-patch.ts'
import type { DemandedRemedy } from './demanded-remedies.ts'
import { proposalBranch, requestId } from './identity.ts'
import { proposalText } from './proposal-text.ts'
import type { RemedyContext } from './remedy-input.ts'

/** `detail` of `open-proposal`, and of an `update-proposal` that has a text. */
export interface ProposalDetail {
  /** Full name of the ref. */
  readonly branch: string
  readonly title: string
  readonly body: string
  /** The file that the edit is made in, and the digest of its text before. */
  readonly file: string
  readonly source: Digest
  readonly edit: CardEdit
  readonly violations: readonly Violation[]
  readonly target: string | null
  readonly window: Window | null
  /** Of an update: whether the branch gets a new commit. */
  readonly renders: boolean
}

/** `detail` of an `update-proposal` that only counts. */
export interface CleanDetail {
  readonly clean: readonly CleanWindow[]
}

/** `detail` of a `close-proposal`. */
export interface CloseDetail {
  readonly proposal: string
  readonly end: string
}

/** With all that the forge needs to open it. `known`: the proposal that it goes on with. */
export function openAction(
  remedy: DemandedRemedy,
  known: Proposal | null,
  loaded: LoadedCard,
  context: RemedyContext,
): PlannedAction {
  const detail = detailOf(remedy, known, loaded, context)
  return { ...base('open-proposal', remedy), reason: rulesOf(remedy), detail: { ...detail, renders: true } }
}

/** A remedy that is demanded and held back, yet without what holds it back: no text is written for it. */
export function heldAction(remedy: DemandedRemedy): PlannedAction {
  return { ...base('open-proposal', remedy), reason: rulesOf(remedy) }
}

/** None where forge and facts agree. A frozen proposal keeps its commits; facts that changed still void approvals. */
export function updateAction(
  remedy: DemandedRemedy,
  open: Proposal,
  loaded: LoadedCard,
  context: RemedyContext,
): PlannedAction[] {
  const detail = detailOf(remedy, open, loaded, context)
  const isNewEvidence = open.evidence !== remedy.evidence
  const isNewSource = open.source !== detail.source
  const isNewBody = open.body !== bodyDigest(detail.body)
  if (!isNewEvidence && !isNewSource && !isNewBody && open.clean.length === 0) return []
  const renders = !open.isFrozen && (isNewEvidence || isNewSource)
  const reasons = [
    isNewEvidence ? 'the facts changed' : '',
    isNewSource ? 'its card changed on the base' : '',
    isNewBody && !isNewEvidence && !isNewSource ? 'its text was brought up to date' : '',
  ].filter((text) => text !== '')
  const reason = reasons.length === 0 ? 'it is violated again' : reasons.join(', ')
  return [{ ...base('update-proposal', remedy), reason, detail: { ...detail, renders } }]
}

/** None where nothing new was seen. */
export function cleanAction(proposal: Proposal, clean: readonly CleanWindow[]): PlannedAction[] {
  if (clean.length === proposal.clean.length) return []
  const detail: CleanDetail = { clean }
  return [{ ...base('update-proposal', proposal), reason: 'a window without violation', detail: { ...detail } }]
}

/** `end`: the typed reason. */
export function closeAction(proposal: Proposal, end: string): PlannedAction {
  const detail: CloseDetail = { proposal: proposal.id, end }
  return { ...base('close-proposal', proposal), reason: end, detail: { ...detail } }
}

/** SHA-256 of the body's UTF-8: an unchanged body is not written again. */
export function bodyDigest(body: string): Digest {
  return `sha256:${sha256Hex(body)}`
}

/** The digest of a card's text. */
export function sourceDigest(text: string): Digest {
  return digestOf(text)
}

function base(
  kind: PlannedAction['kind'],
  one: Pick<DemandedRemedy | Proposal, 'key' | 'evidence' | 'model' | 'environment' | 'action'>,
): Omit<PlannedAction, 'reason'> {
  const { key, evidence, model, environment, action } = one
  return { kind, key, evidence, model, environment, remedy: action }
}

type Written = Omit<ProposalDetail, 'renders'>

/** A card, its snapshots and the policies make the text, with the facts below: where all are as before, so is the text. */
function detailOf(remedy: DemandedRemedy, known: Proposal | null, loaded: LoadedCard, context: RemedyContext): Written {
  const { model, environment, version, action, key, evidence, target, violations } = remedy
  const facts = hashOf([environment, version, action, key, evidence, target, violations, known])
  const kept = context.written?.recall(model, facts) as Written | null | undefined
  if (kept !== undefined && kept !== null) return kept
  const detail = writeDetail(remedy, known, loaded, context)
  context.written?.remember(model, facts, detail)
  return detail
}

function writeDetail(
  remedy: DemandedRemedy,
  known: Proposal | null,
  loaded: LoadedCard,
  context: RemedyContext,
): Written {
  const before = context.cardText(loaded.file)
  const window = remedy.action === 'retrain' ? windowOf(remedy, known) : null
  const request = remedy.action === 'retrain' ? requestOf(remedy, window) : null
  const edit = editOf(remedy, request)
  const text = { file: loaded.file, before, after: patchCard(before, edit) }
  const isFrozen = known?.state === 'open' && known.isFrozen
  const subject = { remedy, card: loaded.card, request, ...text, isFrozen }
  return {
    branch: proposalBranch(remedy.key, remedy.model, remedy.action),
    ...proposalText(subject, context),
    file: loaded.file,
    source: sourceDigest(before),
    edit,
    violations: remedy.violations,
    target: remedy.target,
    window,
  }
}

/** What a remedy changes in the card. */
export function editOf(
  remedy: Pick<DemandedRemedy | Proposal, 'action' | 'environment' | 'target' | 'violations'>,
  request: RetrainRequest | null,
): CardEdit {
  const { action, environment, target } = remedy
  if (action === 'retrain' && request !== null) return { action, request }
  if (action === 'rollback' && target !== null) return { action, environment, version: target }
  return { action: 'hold', environment, reason: rulesOf(remedy) }
}

/** What a retrain leaves in the card. */
export function requestOf(
  remedy: Pick<DemandedRemedy | Proposal, 'key' | 'evidence' | 'violations'>,
  window: Window | null,
): RetrainRequest {
  return {
    id: requestId(remedy.key, remedy.evidence),
    reason: rulesOf(remedy),
    evidence: remedy.evidence,
    window,
  }
}

/** The newest window judged when these facts were first proposed: kept while they stay the same. */
function windowOf({ evidence, findings }: DemandedRemedy, known: Proposal | null): Window | null {
  if (known?.evidence === evidence && known.state === 'open') return known.window
  const windows = findings().flatMap((finding) => finding.window ?? [])
  return windows.reduce<Window | null>((a, b) => (a === null || isNewer(b, a) ? b : a), null)
}

function isNewer(a: Window, b: Window): boolean {
  return (compareText(a.end, b.end) || compareText(a.start, b.start)) > 0
}

const MOST_RULES = 10

/** Rules, never values: `credit-fairness/impact-ratio, drift/drift-share`. */
function rulesOf({ violations }: Pick<DemandedRemedy, 'violations'>): string {
  const rules = [...new Set(violations.map(([policy, rule]) => `${policy}/${rule}`))]
  const rest = rules.length - MOST_RULES
  return rules.slice(0, MOST_RULES).join(', ') + (rest > 0 ? `, +${rest}` : '')
}
