// `proposal.json`: what the newest commit of a proposal's chain says of it. Anybody with the repository can write refs,
// so what is read here is checked before it is believed.
import { Fault } from '../../base/fault.ts'
import type { Proposal, ProposalEvent, SignedApproval } from '../../domain/proposal.ts'
import type { ObjectId } from '../../world.ts'
import { isRefName } from '../git/ref-name.ts'

/** What a proposal is, less what is read from elsewhere: its branch's tip, the base, its approvals. */
export interface ProposalState extends Omit<Proposal, 'isOnBase' | 'claimedMerge' | 'approvals'> {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'Proposal'
  /** Counts the commits of the chain from 1: the first one's other parent is no part of it. */
  readonly sequence: number
  /** Heads that are known here, newest last: a tip that is none of them is a person's commit. */
  readonly heads: readonly ObjectId[]
  /** The steps that the newest run took: taken again, they change nothing. */
  readonly steps: { readonly run: string; readonly kinds: readonly string[] } | null
  /** The step that made this commit. */
  readonly event: ProposalEvent
}

/** A chain as it was read. */
export interface ReadProposal {
  /** The chain's newest commit. */
  readonly commit: ObjectId
  readonly state: ProposalState
  readonly approvals: readonly SignedApproval[]
}

/** Heads kept: a crash can leave the branch on the one before. Arbitrary above 2. */
const KEPT_HEADS = 8

/** With this head as the newest, and the oldest left out when there are more than are kept. */
export function withHead(heads: readonly ObjectId[], head: ObjectId): ObjectId[] {
  return [...heads.filter((one) => one !== head), head].slice(-KEPT_HEADS)
}

/** The bytes of `proposal.json`: equal states, equal text. */
export function stateText(state: ProposalState): string {
  return `${JSON.stringify(state, null, 2)}\n`
}

/** Faults `forge/unreadable` for anything that is no state of this proposal. */
export function parseState(text: string, id: string): ProposalState {
  const value = parseJson(text)
  if (isState(value) && value.id === id) return value
  throw notProposal(id)
}

/** `forge/unreadable`: the ref of that id holds something else. */
export function notProposal(id: string): Fault {
  return new Fault(
    'forge/unreadable',
    `\`refs/tutela/proposals/${id}\` does not hold a proposal`,
    'somebody else wrote that ref: fetch it again, or delete it with `git update-ref -d`',
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const TEXTS = ['id', 'key', 'evidence', 'model', 'environment', 'title', 'branch', 'base', 'source', 'body', 'openedAt']
const LISTS = ['violations', 'ignored', 'clean', 'merged', 'heads']
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const STATES = ['open', 'merged', 'closed']
const ACTIONS = ['retrain', 'rollback', 'hold', 'promote']

function isState(value: unknown): value is ProposalState {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return (
    fields.kind === 'Proposal' &&
    TEXTS.every((name) => typeof fields[name] === 'string') &&
    LISTS.every((name) => Array.isArray(fields[name])) &&
    all(fields.violations, isViolation) &&
    all(fields.clean, (one) => isRecord(one) && isViolation(one.violation) && isTextOrNull(one.end)) &&
    all(fields.ignored, isIgnored) &&
    all(fields.merged, (one) => hasTexts(one, ['evidence', 'at', 'commit'])) &&
    all(fields.heads, (one) => typeof one === 'string' && OBJECT.test(one)) &&
    isTextOrNull(fields.target) &&
    isTextOrNull(fields.snoozedUntil) &&
    (fields.window === null || hasTexts(fields.window, ['start', 'end'])) &&
    (fields.end === null || (hasTexts(fields.end, ['at', 'by', 'reason']) && mayHaveTexts(fields.end, SAID))) &&
    (fields.snooze === undefined || (hasTexts(fields.snooze, ['at', 'who']) && mayHaveTexts(fields.snooze, SAID))) &&
    (fields.steps === null ||
      (hasTexts(fields.steps, ['run']) && all(fields.steps.kinds, (kind) => typeof kind === 'string'))) &&
    hasTexts(fields.event, ['kind', 'at', 'head', 'evidence']) &&
    ISO.test(String(fields.event.at)) &&
    isTextOrNull(fields.event.by) &&
    STATES.includes(String(fields.state)) &&
    ACTIONS.includes(String(fields.action)) &&
    /^[0-9a-f]{64}$/.test(String(fields.key)) &&
    fields.id === String(fields.key).slice(0, 10) &&
    /^refs\/heads\/tutela\//.test(String(fields.branch)) &&
    isRefName(String(fields.branch)) &&
    OBJECT.test(String(fields.head)) &&
    Number.isInteger(fields.sequence)
  )
}

const OBJECT = /^[0-9a-f]{40}$/

function isIgnored(value: unknown): boolean {
  if (!hasTexts(value, ['evidence', 'at']) || !isTextOrNull(value.until)) return false
  return value.signed === undefined || hasTexts(value.signed, ['text', 'signature'])
}

function all(list: unknown, holds: (one: unknown) => boolean): boolean {
  return Array.isArray(list) && list.every(holds)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a person's word has besides, where it is known. */
const SAID = ['who', 'text']

function mayHaveTexts(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => value[name] === undefined || typeof value[name] === 'string')
}

function hasTexts(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && names.every((name) => typeof value[name] === 'string')
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

function isViolation(value: unknown): boolean {
  const [policy, rule, subject = null, more] = Array.isArray(value) ? value : []
  return typeof policy === 'string' && typeof rule === 'string' && isTextOrNull(subject) && more === undefined
}
