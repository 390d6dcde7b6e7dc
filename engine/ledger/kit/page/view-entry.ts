/// <reference lib="dom" />
// One entry whole: what it is in words, each recorded field, the findings, what belongs to it, and its bytes.
import { english as englishNouns } from '../../../domain/vocabulary.en.ts'
import { portuguese as portugueseNouns } from '../../../domain/vocabulary.pt.ts'
import { decodeEntry } from '../../read-entry.ts'
import { type EntryFacts, fieldsOf, listOf, textOf } from '../browser/entry-facts.ts'
import { damagedEntries } from './checks.ts'
import { type Child, element } from './element.ts'
import { type State, wordsOf } from './state.ts'
import { dateText, numberText, shown, shownWhole, timeText, valueText } from './written.ts'

/** What the reader may do here. */
export interface EntryActs {
  select(index: number): void
  saveReceipt(index: number): void
  saveEntry(index: number): void
}

/** The detail of the selected entry, or how to choose one. */
export function entryDetail(state: State, acts: EntryActs): Child[] {
  const words = wordsOf(state).entry
  const { entry, selected } = state
  const facts = selected === null ? undefined : state.facts[selected]
  if (facts === undefined || entry === null || entry.index !== selected)
    return [element('p', { class: 'note' }, words.choose)]
  const [title, said] = kindWords(state, facts.kind)
  const isDamaged = damagedEntries(state.answer?.problems ?? []).has(facts.index)
  return [
    element(
      'p',
      { class: 'note' },
      `${words.title(numberText(facts.index, state.language))} · ${timeText(facts.at, state.language)}`,
    ),
    element('h3', {}, title, ' ', outcomeBadge(state, facts)),
    said === '' ? null : element('p', {}, isOtherChange(entry.bytes) ? words.otherPolicies : said),
    isDamaged ? element('p', { class: 'alarm' }, words.damaged) : null,
    contents(state, facts, entry.bytes),
    relatedList(state, facts, acts),
    element(
      'p',
      { class: 'line' },
      element('button', { type: 'button', onclick: () => acts.saveReceipt(facts.index) }, words.saveReceipt),
      element('button', { type: 'button', onclick: () => acts.saveEntry(facts.index) }, words.saveEntry),
      element('span', { class: 'note', id: 'receipt-said', role: 'status' }, words.receiptHint),
    ),
    raw(words.raw, entry.bytes),
  ]
}

/** A change under policies/ that is of no policy. */
function isOtherChange(bytes: Uint8Array | null): boolean {
  const entry = bytes === null ? null : decodeEntry(bytes)
  return entry?.kind === 'policy-changed' && entry.body?.policy === null
}

/** Title and meaning of a kind; one that this version does not know is shown by its own name. */
export function kindWords(state: State, kind: string): readonly [title: string, said: string] {
  const { kinds } = wordsOf(state)
  if (kind === '') return ['—', '']
  return (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? [shown(kind, 60), '']
}

/** The verdict as a coloured word; null where the entry has none. */
export function outcomeBadge(state: State, { outcome, blocks }: EntryFacts): Child {
  if (outcome === null) return null
  const known = ['pass', 'warn', 'fail', 'error', 'skip'].includes(outcome) ? outcome : 'other'
  return element(
    'span',
    { class: `outcome ${known}` },
    outcomeText(state, outcome),
    blocks ? element('span', { class: 'blocking' }, `, ${wordsOf(state).entry.blocking}`) : null,
  )
}

/** The word for an outcome in the reader's language. */
export function outcomeText(state: Pick<State, 'language'>, outcome: string): string {
  const words: Readonly<Record<string, string>> = nouns(state).outcome
  return (Object.hasOwn(words, outcome) ? words[outcome] : undefined) ?? shown(outcome, 40)
}

function nouns({ language }: Pick<State, 'language'>) {
  return language === 'pt' ? portugueseNouns : englishNouns
}

function contents(state: State, facts: EntryFacts, bytes: Uint8Array | null): Child {
  const words = wordsOf(state).entry
  if (bytes === null) return element('p', { class: 'alarm' }, words.unreadable)
  const entry = decodeEntry(bytes)
  if (entry === null) return element('p', {}, words.opaque)
  const outer: [string, Child][] = [
    ['recordedAt', timeText(entry.at, state.language)],
    ['runId', code(entry.run)],
    ['judged', code(entry.commit)],
  ]
  if (entry.body === undefined)
    return [element('p', { class: 'alarm mild' }, words.sealed), factList(state, facts, outer)]
  const { verdict, findings, ...rest } = entry.body
  const isVerdict = entry.kind === 'evaluation'
  const { findings: ids, ...ofVerdict } = fieldsOf(verdict)
  const { policy, ...ofChange } = entry.body
  const ofBody = entry.kind === 'policy-changed' && policy === null ? ofChange : entry.body
  const members = isVerdict ? { ...ofVerdict, ...rest } : ofBody
  const shownFacts = facts.model === null || 'model' in members ? members : { model: facts.model, ...members }
  const rows = inOrder(shownFacts).map(([key, value]): [string, Child] => [key, recordedValue(state, key, value)])
  return [factList(state, facts, [...rows, ...outer]), isVerdict ? findingsTable(state, findings ?? ids) : null]
}

/** What a reader asks first stands first; the rest as recorded. */
const FIRST = [
  'model',
  'version',
  'environment',
  'outcome',
  'blocks',
  'cause',
  'demand',
  'action',
  'by',
  'reason',
  'policy',
  'rule',
  'subject',
  'issued',
  'expires',
  'from',
  'to',
  'snapshots',
  'evidence',
]

function inOrder(members: Readonly<Record<string, unknown>>): [string, unknown][] {
  const rank = (key: string): number => (FIRST.indexOf(key) + FIRST.length + 1) % (FIRST.length + 1)
  return Object.entries(members).sort(([a], [b]) => rank(a) - rank(b))
}

function factList(state: State, { kind }: EntryFacts, rows: readonly [string, Child][]): HTMLElement {
  const { fields } = wordsOf(state)
  const labelOf = (key: string): string => {
    const own = `${kind}.${key}`
    if (Object.hasOwn(fields, own)) return fields[own] ?? key
    return (Object.hasOwn(fields, key) ? fields[key] : undefined) ?? shown(key, 60)
  }
  return element(
    'dl',
    { class: 'facts' },
    rows.map(([key, value]) => [element('dt', {}, labelOf(key)), element('dd', {}, value)]),
  )
}

/** A value of the log: texts as text, digests as code, whatever is deeper as JSON. */
function recordedValue(state: State, key: string, value: unknown): Child {
  const words = wordsOf(state)
  if (value === null) return words.entry.nothing
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return valueText(value, state.language)
  if (typeof value === 'string') return textValue(state, key, value)
  if (Array.isArray(value)) {
    if (value.length === 0) return words.entry.nothing
    return element(
      'ul',
      { class: 'plain' },
      value.slice(0, MOST_ITEMS).map((one) => element('li', {}, recordedValue(state, key, one))),
    )
  }
  const members = Object.entries(fieldsOf(value))
  if (members.length === 0) return words.entry.nothing
  if (members.every(([, one]) => typeof one === 'number')) return countsText(state, members)
  return element(
    'ul',
    { class: 'plain' },
    members.slice(0, MOST_ITEMS).map(([name, one]) => {
      const label = Object.hasOwn(words.fields, name) ? words.fields[name] : undefined
      return element('li', {}, `${label ?? shown(name, 80)}: `, recordedValue(state, name, one))
    }),
  )
}

const MOST_ITEMS = 500

function textValue(state: State, key: string, text: string): Child {
  if (key === 'outcome') return outcomeText(state, text)
  const { values } = wordsOf(state)
  const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    demand: nouns(state).action,
    action: nouns(state).action,
    cause: nouns(state).cause,
    state: values.state ?? {},
    where: values.where ?? {},
    reason: { ...nouns(state).reason, ...values.reason },
  }
  const known = Object.hasOwn(lists, key) ? lists[key] : undefined
  if (known !== undefined && Object.hasOwn(known, text)) return known[text] ?? ''
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text)) return timeText(text, state.language)
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return dateText(`${text}T00:00:00Z`, state.language)
  return /^(sha256:)?[0-9a-f]{10,64}$|^b[a-z2-7]{58}$|[+/=]/.test(text) ? code(text) : shown(text)
}

function countsText(state: State, members: readonly [string, unknown][]): string {
  const parts = members
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${outcomeText(state, name)}: ${numberText(Number(count), state.language)}`)
  return parts.length === 0 ? wordsOf(state).entry.nothing : parts.join(' · ')
}

function code(text: string): HTMLElement {
  return element('code', {}, shown(text))
}

function findingsTable(state: State, findings: unknown): Child {
  const { entry: words, fields } = wordsOf(state)
  if (typeof findings === 'string') return element('p', {}, `${words.onlyDigest}: `, code(findings))
  const list = (Array.isArray(findings) ? findings : []).map(fieldsOf)
  if (list.length === 0) return element('p', { class: 'note' }, words.noFindings)
  const hasWaiver = list.some(({ waiver }) => textOf(waiver) !== null)
  const columns = [...COLUMNS, ...(hasWaiver ? (['waiver'] as const) : [])]
  const head = columns.map((name) => element('th', { scope: 'col' }, fields[name] ?? name))
  const rows = list.map((finding) =>
    element(
      'tr',
      {},
      columns.map((name) => element('td', {}, cell(state, name, finding))),
    ),
  )
  return element(
    'div',
    { class: 'table', role: 'region', tabindex: 0, 'aria-label': words.findings },
    element(
      'table',
      {},
      element('caption', {}, words.findings),
      element('thead', {}, element('tr', {}, head)),
      element('tbody', {}, rows),
    ),
    element('p', { class: 'note' }, words.findingsHint),
  )
}

const COLUMNS = ['policyRule', 'subject', 'result', 'value', 'limit'] as const

function cell(
  state: State,
  name: (typeof COLUMNS)[number] | 'waiver',
  finding: Readonly<Record<string, unknown>>,
): Child {
  if (name === 'policyRule') {
    const [policy, rule] = [finding.policy, finding.rule].map((part) => shown(textOf(part) ?? '—', 80))
    return [policy ?? '', element('br'), element('strong', {}, rule ?? '')]
  }
  if (name === 'result') {
    const [outcome, cause] = [textOf(finding.outcome), textOf(finding.cause)]
    const said = outcome === null ? '—' : outcomeText(state, outcome)
    return cause === null ? said : [said, ' (', textValue(state, 'cause', cause), ')']
  }
  const value = finding[name]
  if (value === undefined || value === null) return '—'
  if (name === 'limit' && Array.isArray(value)) {
    return value.flatMap((one, i) =>
      i === 0 ? [recordedValue(state, name, one)] : [' – ', recordedValue(state, name, one)],
    )
  }
  return name === 'subject' ? shown(listOf(value).join(', ')) : recordedValue(state, name, value)
}

function relatedList(state: State, facts: EntryFacts, acts: EntryActs): Child {
  const words = wordsOf(state).entry
  const isVerdict = facts.kind === 'evaluation'
  if (!isVerdict && facts.proposal === null) return null
  const others = (state.entry?.related ?? []).flatMap((index) => state.facts[index] ?? [])
  const items = others.map((one) => {
    const [title] = kindWords(state, one.kind)
    const by = one.by.length === 0 ? '' : ` · ${one.by.map((role) => shown(role, 60)).join(', ')}`
    const text = `${numberText(one.index, state.language)} · ${dateText(one.at, state.language)} · ${title}${by}`
    if (one.index === facts.index) return element('li', { 'aria-current': 'true' }, element('strong', {}, text))
    return element(
      'li',
      {},
      element('button', { type: 'button', class: 'link', onclick: () => acts.select(one.index) }, text),
      ' ',
      outcomeBadge(state, one),
    )
  })
  return element(
    'div',
    { class: 'related' },
    element('h4', {}, isVerdict ? words.relatedVerdict : words.related),
    items.length === 0 ? element('p', { class: 'note' }, words.noneRelated) : element('ol', { class: 'steps' }, items),
  )
}

function raw(title: string, bytes: Uint8Array | null): Child {
  if (bytes === null) return null
  const entry = decodeEntry(bytes)
  const text = new TextDecoder().decode(bytes)
  const lines = entry === null ? text : JSON.stringify(JSON.parse(text), null, 2)
  return element('details', {}, element('summary', {}, title), element('pre', { tabindex: 0 }, shownWhole(lines)))
}
