/// <reference lib="dom" />
// Files that the reader brings: receipts, older checkpoints, policies, other CARs (given-file.ts), and what came of each.
import { PROBLEM_MEANINGS } from '../../verify-problem.ts'
import { type Child, element, section } from './element.ts'
import { type OpenedFile, type State, wordsOf } from './state.ts'
import { numberText, shown } from './written.ts'

/** What the reader may do here. */
export interface FileActs {
  open(files: readonly File[]): void
  select(index: number): void
}

/** The section with the chooser and what came of each file. */
export function filesSection(state: State, acts: FileActs): HTMLElement {
  const words = wordsOf(state).files
  const chooser = element('input', { type: 'file', multiple: true, id: 'file-chooser', class: 'visually-hidden' })
  chooser.addEventListener('change', () => acts.open([...(chooser.files ?? [])]))
  return section(
    'files',
    words.title,
    element('p', {}, words.intro),
    chooser,
    element('label', { for: 'file-chooser', class: 'button primary' }, words.choose),
    element(
      'ul',
      { class: 'opened', 'aria-live': 'polite' },
      state.opened.map((file) => openedItem(state, file, acts)),
    ),
  )
}

function openedItem(state: State, file: OpenedFile, acts: FileActs): HTMLElement {
  const words = wordsOf(state).files
  const name = shown(file.name, 100)
  if (file.kind === 'receipt') return receiptItem(state, file, acts)
  const texts = {
    since: words.sinceOpened,
    policy: words.policyOpened,
    car: words.carOpened,
    alone: words.alone,
    unknown: words.unknown,
  }
  const isBad = file.kind === 'unknown' || file.kind === 'alone'
  return element('li', { class: isBad ? 'step bad' : 'step' }, texts[file.kind](name))
}

function receiptItem(state: State, { name, receipt }: OpenedFile, acts: FileActs): HTMLElement {
  const words = wordsOf(state)
  if (receipt === undefined) return element('li', { class: 'step' }, shown(name, 100))
  const { ok, index, problems, isFromLog, supported } = receipt
  const title = ok
    ? words.files.receiptOk(shown(name, 100), numberText(index ?? 0, state.language))
    : words.files.receiptBad(shown(name, 100))
  const reasons: Child[] = problems.map(({ code, where }) =>
    element(
      'span',
      { class: 'note' },
      `${PROBLEM_MEANINGS[code][state.language]} (${shown(where)}) `,
      element('code', {}, code),
    ),
  )
  return element(
    'li',
    { class: ok ? 'step ok' : 'step bad' },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, ok ? '✓' : '✕'),
    element(
      'span',
      {},
      element('strong', {}, title),
      supported ? null : element('span', { class: 'note' }, words.said.noEd25519),
      reasons,
      element('span', { class: 'note' }, isFromLog ? words.files.ofThisLog : words.files.ofFile),
      index === null
        ? null
        : element('button', { type: 'button', onclick: () => acts.select(index) }, words.files.show),
    ),
  )
}
