/// <reference lib="dom" />
// What paper gets instead of the list that scrolls: a plain table of the entries that pass the filters.
import { element } from './element.ts'
import { type State, wordsOf } from './state.ts'
import { kindWords, outcomeText } from './view-entry.ts'
import { dateText, numberText, shown } from './written.ts'

/** About twelve pages. */
const MOST_PRINTED = 400

/** The table, made when printing begins. */
export function printedList(state: State): HTMLElement {
  const { columns, printed } = wordsOf(state).list
  const count = state.found?.length ?? state.facts.length
  const rows: HTMLElement[] = []
  for (let place = 0; place < Math.min(count, MOST_PRINTED); place++) {
    const facts = state.facts[state.found?.[place] ?? place]
    if (facts === undefined) continue
    const model = [facts.model, facts.version, ...facts.by]
      .filter((part) => part !== null)
      .map((part) => shown(part, 60))
    const cells = [
      numberText(facts.index, state.language),
      dateText(facts.at, state.language),
      kindWords(state, facts.kind)[0],
      model.join(' · '),
      facts.outcome === null ? '' : outcomeText(state, facts.outcome),
    ]
    rows.push(
      element(
        'tr',
        {},
        cells.map((text) => element('td', {}, text)),
      ),
    )
  }
  const heads = [columns.index, columns.at, columns.kind, columns.model, columns.outcome]
  const said =
    count > MOST_PRINTED ? printed(numberText(MOST_PRINTED, state.language), numberText(count, state.language)) : ''
  return element(
    'div',
    {},
    element('p', {}, said),
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          heads.map((text) => element('th', { scope: 'col' }, text)),
        ),
      ),
      element('tbody', {}, rows),
    ),
  )
}
