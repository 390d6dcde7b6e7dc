// The states that follow one another in a proposal's life. Pure: each takes the state before and gives the next one.
import { type Digest, digestOf, sha256Hex } from '../../base/canonical-json.ts'
import { approvalDigest, type ProposalEvent } from '../../domain/proposal.ts'
import type { ObjectId, PersonsWord, ProposalDraft } from '../../world.ts'
import { type ProposalState, withHead } from './proposal-state.ts'

/** A draft as the state of an opening. What people said before stays; counts, approvals and end begin anew. */
export function openedState(known: ProposalState | null, draft: ProposalDraft, head: ObjectId): ProposalState {
  return {
    ...shown(draft),
    apiVersion: 'tutela/v1',
    kind: 'Proposal',
    id: draft.key.slice(0, 10),
    state: 'open',
    branch: draft.branch,
    base: draft.base,
    head,
    heads: withHead(known?.heads ?? [], head),
    openedAt: draft.at,
    isFrozen: false,
    snoozedUntil: known?.snoozedUntil ?? null,
    ...(known?.snooze === undefined ? {} : { snooze: known.snooze }),
    ignored: known?.ignored ?? [],
    merged: known?.merged ?? [],
    clean: [],
    end: null,
    sequence: (known?.sequence ?? 0) + 1,
    steps: stepped(known, draft.run, 'opened'),
    event: event('opened', draft, head),
  }
}

/** `head` where it was rendered anew. */
export function refreshedState(known: ProposalState, draft: ProposalDraft, head: ObjectId | null): ProposalState {
  return {
    ...known,
    ...shown(draft),
    ...(head === null ? {} : { head, heads: withHead(known.heads, head), base: draft.base }),
    clean: [],
    sequence: known.sequence + 1,
    steps: stepped(known, draft.run, 'refreshed'),
    event: {
      ...event('refreshed', draft, head ?? known.head),
      isMaterial: draft.evidence !== known.evidence || (head ?? known.head) !== known.head,
    },
  }
}

/** `head`: the tip that a person made. */
export function frozenState(known: ProposalState, head: ObjectId, at: string): ProposalState {
  return {
    ...known,
    head,
    heads: withHead(known.heads, head),
    isFrozen: true,
    sequence: known.sequence + 1,
    event: { kind: 'frozen', at, by: null, head, evidence: known.evidence },
  }
}

/** With the count of clean windows; nothing that people see changes. */
export function countedState(
  known: ProposalState,
  { clean, at, run }: { readonly clean: ProposalState['clean']; readonly at: string; readonly run: string },
): ProposalState {
  return {
    ...known,
    clean,
    sequence: known.sequence + 1,
    steps: stepped(known, run, 'counted'),
    event: { kind: 'refreshed', at, by: null, head: known.head, evidence: known.evidence, run },
  }
}

/** By the engine. A merge that came about by another way is known by its head alone. */
export function closedState(
  known: ProposalState,
  {
    reason,
    at,
    run,
    head,
  }: { readonly reason: string; readonly at: string; readonly run: string; readonly head: ObjectId },
): ProposalState {
  if (reason === 'merged') {
    const merged = mergedState(known, { at, by: null, head, commit: head })
    return { ...merged, steps: stepped(known, run, 'closed'), event: { ...merged.event, run } }
  }
  return {
    ...known,
    state: 'closed',
    head,
    heads: withHead(known.heads, head),
    end: { at, by: 'engine', reason },
    sequence: known.sequence + 1,
    steps: stepped(known, run, 'closed'),
    event: { kind: 'closed', at, by: null, head, evidence: known.evidence, text: reason, run },
  }
}

/**
 * Ended by a merge. `by` null: it came about by another way; `commit`: the merge commit, or the head where there is
 * none.
 */
export function mergedState(
  known: ProposalState,
  {
    at,
    by,
    head,
    commit,
  }: { readonly at: string; readonly by: string | null; readonly head: ObjectId; readonly commit: ObjectId },
): ProposalState {
  const { evidence } = known
  return {
    ...known,
    state: 'merged',
    head,
    heads: withHead(known.heads, head),
    merged: [...known.merged, { evidence, at, commit }],
    end: { at, by: by === null ? 'engine' : 'person', reason: 'merged', ...(by === null ? {} : { who: by }) },
    sequence: known.sequence + 1,
    event: { kind: 'merged', at, by, head, evidence, commit },
  }
}

/** The comment that has a frozen proposal rendered anew. */
export const RETRY = 'retry'

/** `head`: the branch's tip when it was said. */
export function spokenState(known: ProposalState, word: PersonsWord, head: ObjectId): ProposalState {
  const { evidence } = known
  const { kind, by, at, text, until, approval, rejection } = word
  const next = {
    ...known,
    head,
    heads: withHead(known.heads, head),
    isFrozen: known.isFrozen || !known.heads.includes(head),
    sequence: known.sequence + 1,
    event: {
      kind,
      at,
      by,
      head,
      evidence,
      ...(text === undefined ? {} : { text }),
      ...(until === undefined ? {} : { until }),
      ...(approval === undefined ? {} : { approval: approvalDigest(approval) }),
    },
  }
  const said = { who: by, ...(text === undefined ? {} : { text }) }
  if (kind === 'snoozed') return { ...next, snoozedUntil: until ?? null, snooze: { at, ...said } }
  if (kind === 'commented' && text?.trim() === RETRY) return { ...next, isFrozen: false, source: NOT_RENDERED }
  if (kind !== 'rejected' && kind !== 'closed') return next
  const silence = { evidence, at, until: until ?? null, ...(rejection !== undefined && { signed: rejection }) }
  const ignored = [...known.ignored.filter((one) => one.evidence !== evidence), silence]
  return { ...next, state: 'closed', ignored, end: { at, by: 'person', reason: kind, ...said } }
}

/** Stands for "of no card", so that the planner renders it again. */
const NOT_RENDERED: Digest = digestOf(null)

/** Whether this run took this step before. */
export function hasStepped({ steps }: ProposalState, run: string, kind: string): boolean {
  return steps?.run === run && steps.kinds.includes(kind)
}

function stepped(known: ProposalState | null, run: string, kind: string): ProposalState['steps'] {
  return { run, kinds: [...(known?.steps?.run === run ? known.steps.kinds : []), kind] }
}

function shown(draft: ProposalDraft) {
  const { key, evidence, model, environment, action, title, violations, target, window, source } = draft
  const body: Digest = `sha256:${sha256Hex(draft.body)}`
  return { key, evidence, model, environment, action, title, violations, target, window, source, body }
}

function event(kind: ProposalEvent['kind'], { at, evidence, run }: ProposalDraft, head: ObjectId): ProposalEvent {
  return { kind, at, by: null, head, evidence, run }
}
