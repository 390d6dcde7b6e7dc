/// <reference lib="dom" />
// The page of a kit: reads the data that it carries, lets the worker verify them, and shows what came out. It reaches no network,
// and it shows nothing as proven that the worker did not prove.
import type { Language } from '../../../domain/governance.ts'
import { Desk } from './desk.ts'
import { element } from './element.ts'
import { EntryFilters } from './entry-filters.ts'
import { EntryList } from './entry-list.ts'
import { printedList } from './print-list.ts'
import { type State, Store, standingOf, wordsOf } from './state.ts'
import { entryDetail } from './view-entry.ts'
import { filesSection } from './view-files.ts'
import { trustSection } from './view-trust.ts'
import { checksSection, meaningSection, verdictBanner } from './view-verdict.ts'
import { localeOf, numberText, shown } from './written.ts'

const store = new Store()
const desk = new Desk(store)

const header = element('header', {})
const verdict = element('div', { role: 'status', 'aria-live': 'polite' })
const checks = element('div', {})
const meaning = element('div', {})
const trust = element('div', {})
const files = element('div', {})
const footer = element('footer', {})
const listTitle = element('h2', { id: 'decisions-title', tabindex: -1 })
const count = element('p', { class: 'count', role: 'status' })
const warning = element('p', { class: 'alarm' })
const detail = element('div', { class: 'detail', id: 'detail', role: 'region', tabindex: 0 })
const printed = element('div', { class: 'printed', 'aria-hidden': 'true' })
const list = new EntryList((index) => desk.select(index))
const filters = new EntryFilters((filter) => desk.find(filter))
const skip = element('a', { class: 'skip', href: '#decisions-title' })
const decisions = element(
  'section',
  { class: 'card', id: 'decisions', 'aria-labelledby': 'decisions-title' },
  listTitle,
  warning,
  filters.form,
  count,
  element('div', { class: 'browse' }, list.box, detail),
  printed,
)

document
  .getElementById('page')
  ?.append(skip, header, element('main', {}, verdict, checks, meaning, trust, decisions, files), footer)

store.show(
  { of: ['language', 'about'], draw: drawFrame },
  {
    of: ['language', 'answer', 'failure', 'hasLog', 'progress', 'isRead'],
    draw: (state) => replace(verdict, verdictBanner(state)),
  },
  { of: ['language', 'answer', 'failure', 'own'], draw: (state) => replace(checks, checksSection(state, desk)) },
  { of: ['language', 'answer', 'failure', 'own'], draw: (state) => replace(meaning, meaningSection(state)) },
  { of: ['language', 'answer', 'failure', 'own'], draw: (state) => replace(trust, trustSection(state, desk)) },
  { of: ['language', 'opened'], draw: (state) => replace(files, filesSection(state, desk)) },
  { of: ['language', 'facts', 'isRead', 'found', 'answer', 'failure', 'hasLog'], draw: drawList },
  { of: ['language', 'facts', 'found', 'selected'], draw: (state) => list.draw(state) },
  {
    of: ['language', 'entry', 'selected', 'facts', 'answer'],
    draw: (state) => detail.replaceChildren(element('div', {}, ...entryDetail(state, desk))),
  },
)
globalThis.addEventListener('beforeprint', () => printed.replaceChildren(printedList(store.state)))
globalThis.addEventListener('dragover', (event) => event.preventDefault())
globalThis.addEventListener('drop', (event) => {
  event.preventDefault()
  desk.open([...(event.dataTransfer?.files ?? [])])
})
desk.start()

function replace(place: HTMLElement, content: HTMLElement | null): void {
  // Whoever is typing or tabbing in there stays where he was.
  const focused = place.contains(document.activeElement) ? (document.activeElement?.id ?? '') : ''
  place.replaceChildren(...(content === null ? [] : [content]))
  if (focused !== '') document.getElementById(focused)?.focus()
}

function drawFrame(state: State): void {
  const words = wordsOf(state)
  const { about, language } = state
  document.documentElement.lang = localeOf(language)
  const owner = about === null ? '' : shown(about.institution, 120)
  document.title = owner === '' ? words.title : `${words.title} · ${owner}`
  skip.textContent = words.skip
  const button = (to: Language, label: string): HTMLElement =>
    element(
      'button',
      {
        type: 'button',
        id: `language-${to}`,
        lang: localeOf(to),
        'aria-pressed': to === language ? 'true' : 'false',
        onclick: () => desk.speak(to),
      },
      label,
    )
  replace(
    header,
    element(
      'div',
      { class: 'head' },
      element('div', {}, element('p', { class: 'owner' }, owner), element('h1', {}, words.title)),
      element(
        'div',
        { class: 'tools' },
        element(
          'div',
          { class: 'languages', role: 'group', 'aria-label': words.language },
          button('pt', 'Português'),
          button('en', 'English'),
        ),
        element('button', { type: 'button', id: 'print', onclick: () => globalThis.print() }, words.print),
      ),
    ),
  )
  replace(footer, aboutPage(state))
}

function aboutPage(state: State): HTMLElement {
  const { about } = wordsOf(state)
  const version = shown(state.about?.version ?? '?', 20)
  return element(
    'div',
    {},
    element('h2', {}, about.title),
    element('p', {}, about.text(version)),
    element('p', {}, `${about.command} `, element('code', {}, 'tutela verify .')),
  )
}

function drawList(state: State): void {
  const words = wordsOf(state).list
  const { facts, found, isRead, language } = state
  listTitle.textContent = words.title
  detail.setAttribute('aria-label', words.chosen)
  filters.draw(state)
  const standing = standingOf(state)
  decisions.hidden = standing === 'waiting'
  skip.hidden = decisions.hidden
  warning.hidden = standing !== 'broken' && standing !== 'unable'
  warning.textContent = words.unproven
  const shownCount = found?.length ?? facts.length
  decisions.classList.toggle('empty', shownCount === 0)
  if (!isRead) count.textContent = words.reading
  else if (facts.length === 0) count.textContent = state.answer?.size === 0 ? words.empty : words.unreadable
  else if (shownCount === 0) count.textContent = words.none
  else count.textContent = words.count(numberText(shownCount, language), numberText(facts.length, language))
}
