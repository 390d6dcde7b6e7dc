/// <reference lib="dom" />
// The filters above the list. They stay as they are while the reader types; words and choices follow the language and the log.
import { DECISIONS, type EntryFacts } from '../browser/entry-facts.ts'
import { type EntryFilter, NO_FILTER } from '../browser/find-entries.ts'
import { element } from './element.ts'
import { type State, wordsOf } from './state.ts'
import { kindWords, outcomeText } from './view-entry.ts'
import { shown } from './written.ts'

type Field = HTMLInputElement | HTMLSelectElement

/** A form that tells what is asked for, a moment after the last key. */
export class EntryFilters {
  readonly form: HTMLElement
  private readonly ask: (filter: EntryFilter) => void
  private readonly fields: Readonly<Record<keyof EntryFilter, Field>>
  private readonly labels: Readonly<Record<keyof EntryFilter, HTMLElement>>
  private readonly clear = element('button', { type: 'button' })
  private timer: ReturnType<typeof setTimeout> | undefined
  private choices = ''

  constructor(ask: (filter: EntryFilter) => void) {
    this.ask = ask
    this.fields = {
      words: element('input', { type: 'search', id: 'filter-words', autocomplete: 'off', spellcheck: 'false' }),
      kind: element('select', { id: 'filter-kind' }),
      model: element('select', { id: 'filter-model' }),
      outcome: element('select', { id: 'filter-outcome' }),
      from: element('input', { type: 'date', id: 'filter-from' }),
      to: element('input', { type: 'date', id: 'filter-to' }),
    }
    const labelFor = (name: string): HTMLElement => element('label', { for: `filter-${name}` })
    this.labels = {
      words: labelFor('words'),
      kind: labelFor('kind'),
      model: labelFor('model'),
      outcome: labelFor('outcome'),
      from: labelFor('from'),
      to: labelFor('to'),
    }
    const cells = NAMES.map((name) =>
      element('div', { class: `filter filter-${name}` }, this.labels[name], this.fields[name]),
    )
    this.clear.addEventListener('click', () => this.reset())
    this.form = element('form', { class: 'filters', role: 'search' }, ...cells, this.clear)
    this.form.addEventListener('submit', (event) => event.preventDefault())
    this.form.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.ask(this.read()), PAUSE_MS)
    })
  }

  /** Labels in the state's language, choices as the log has them. */
  draw(state: State): void {
    const words = wordsOf(state).list
    for (const name of NAMES) this.labels[name].textContent = words[name]
    this.form.setAttribute('aria-label', words.words)
    this.fields.words.setAttribute('placeholder', words.wordsHint)
    this.clear.textContent = words.clear
    const wanted = `${state.language} ${state.isRead} ${state.facts.length}`
    if (wanted === this.choices) return
    this.choices = wanted
    const kinds = distinct(state.facts, ({ kind }) => kind)
    const named = kinds.map((kind): Choice => [kind, kindWords(state, kind)[0]])
    const hasDecisions = kinds.some((kind) => DECISIONS.has(kind))
    fill(this.fields.kind, [
      ['', words.allKinds],
      ...(hasDecisions ? [['decisions', words.decisions] satisfies Choice] : []),
      ...named,
    ])
    const models = distinct(state.facts, ({ model }) => model).slice(0, MOST_MODELS)
    fill(this.fields.model, [['', words.allModels], ...models.map((model): Choice => [model, shown(model, 80)])])
    const outcomes = distinct(state.facts, ({ outcome }) => outcome)
    const outcomeChoices = outcomes.map((outcome): Choice => [outcome, outcomeText(state, outcome)])
    fill(this.fields.outcome, [['', words.allOutcomes], ...outcomeChoices])
  }

  private reset(): void {
    for (const name of NAMES) this.fields[name].value = NO_FILTER[name]
    this.ask(this.read())
  }

  private read(): EntryFilter {
    const { words, kind, model, outcome, from, to } = this.fields
    return {
      words: words.value.trim(),
      kind: kind.value,
      model: model.value,
      outcome: outcome.value,
      from: from.value,
      to: to.value,
    }
  }
}

const NAMES = ['words', 'kind', 'model', 'outcome', 'from', 'to'] as const
const PAUSE_MS = 150
/** A longer choice helps nobody; the search finds models too. */
const MOST_MODELS = 2000

type Choice = [value: string, label: string]

function fill(field: Field, choices: readonly Choice[]): void {
  const { value } = field
  field.replaceChildren(...choices.map(([value, label]) => element('option', { value }, label)))
  field.value = choices.some(([one]) => one === value) ? value : ''
}

function distinct(facts: readonly EntryFacts[], of: (one: EntryFacts) => string | null): string[] {
  const values = new Set<string>()
  for (const one of facts) {
    const value = of(one)
    if (value !== null && value !== '') values.add(value)
  }
  return [...values].sort()
}
