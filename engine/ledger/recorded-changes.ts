// What changed in policies, cards and waivers since the last `run` entry: its digests are enough, so a shallow clone is.
import { type Digest, digestOf } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import type { Governance } from '../domain/governance.ts'
import type { Waiver } from '../domain/policy.ts'
import type { OrDigest, RunBody, WaiverGrantedBody } from './entry-bodies.ts'
import type { LedgerEvent } from './run-entries.ts'

/**
 * One event a policy, card and waiver that differs between two `run` bodies (`now` with its whole lists). Before the
 * first run nothing changed, but waivers in force are granted: the `run` entry does not say on which terms. `people`, of
 * governance.yaml, gives the roles of a person who approved a waiver; the person is never told.
 */
export function changesSince(
  last: RunBody | null,
  now: RunBody,
  waivers: readonly Waiver[],
  people: Governance['people'] = {},
): LedgerEvent[] {
  return [...policyChanges(last, now), ...cardChanges(last, now), ...waiverChanges(last, now, waivers, people)]
}

function policyChanges(last: RunBody | null, now: RunBody): LedgerEvent[] {
  if (last === null || last.rulebook === now.rulebook) return []
  const changes = differences(last.policies, now.policies)
  if (changes === null || changes.length === 0) {
    const body = { policy: null, from: last.rulebook, to: now.rulebook }
    return [{ kind: 'policy-changed', at: null, key: 'policy', body }]
  }
  return changes.map(({ id, from, to }) => ({
    kind: 'policy-changed',
    at: null,
    key: `policy ${id}`,
    body: { policy: id, from, to },
  }))
}

function cardChanges(last: RunBody | null, now: RunBody): LedgerEvent[] {
  if (last === null) return []
  const changes = differences(last.cards, now.cards)
  if (changes === null) {
    const body = { model: null, from: digestOfCards(last.cards), to: digestOfCards(now.cards) }
    return body.from === body.to ? [] : [{ kind: 'card-changed', at: null, key: 'card', body }]
  }
  return changes.map(({ id, from, to }) => ({
    kind: 'card-changed',
    at: null,
    key: `card ${id}`,
    body: { model: id, from, to },
  }))
}

function digestOfCards(cards: RunBody['cards']): Digest {
  return typeof cards === 'string' ? cards : digestOf(cards)
}

interface Difference {
  readonly id: string
  readonly from: Digest | null
  readonly to: Digest | null
}

type Digests = OrDigest<Readonly<Record<string, Digest>>>

/** By id; null where one side kept only the digest of its list. */
function differences(before: Digests, after: Digests): Difference[] | null {
  if (typeof before === 'string' || typeof after === 'string') return null
  const from = new Map(Object.entries(before))
  const to = new Map(Object.entries(after))
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort(compareText)
    .map((id) => ({ id, from: from.get(id) ?? null, to: to.get(id) ?? null }))
    .filter((change) => change.from !== change.to)
}

function waiverChanges(
  last: RunBody | null,
  now: RunBody,
  waivers: readonly Waiver[],
  people: Governance['people'],
): LedgerEvent[] {
  if (typeof now.waivers === 'string' || typeof last?.waivers === 'string') return []
  const before = new Set(last?.waivers ?? [])
  const after = new Set(now.waivers)
  const granted = waivers.filter(({ id }) => after.has(id) && !before.has(id))
  const ended = [...before].filter((id) => !after.has(id))
  return [
    ...granted.map((waiver) => ({
      kind: 'waiver-granted' as const,
      at: null,
      key: `waiver ${waiver.id}`,
      body: grantedBody(waiver, people),
    })),
    ...ended.map((id) => ({
      kind: 'waiver-expired' as const,
      at: null,
      key: `waiver ${id}`,
      body: {
        waiver: id,
        reason: waivers.some((waiver) => waiver.id === id) ? ('expired' as const) : ('withdrawn' as const),
      },
    })),
  ]
}

function grantedBody(
  { id, policy, rule, model, subject, issued, expires, approvedBy }: Waiver,
  people: Governance['people'],
): WaiverGrantedBody {
  const [role, ...others] = rolesOf(approvedBy, people)
  return {
    waiver: id,
    policy,
    rule,
    model,
    ...(subject === undefined ? {} : { subject }),
    issued,
    expires,
    ...(role === undefined ? {} : { by: others.length === 0 ? role : [role, ...others] }),
  }
}

/** A team as it stands; of a person the teams, by any case or encoding of the name. Sorted. */
function rolesOf(approvedBy: string, people: Governance['people']): string[] {
  if (/^team:/i.test(approvedBy)) return [approvedBy]
  const bare = (name: string): string =>
    name
      .normalize('NFC')
      .toLowerCase()
      .replace(/^user:/, '')
  return Object.keys(people)
    .filter((team) => people[team]?.some((member) => bare(member) === bare(approvedBy)) === true)
    .sort(compareText)
}
