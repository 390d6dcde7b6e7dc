/// <reference lib="dom" />
// The list of entries: only the rows in sight are elements, so a hundred thousand entries cost what twenty do. One stop for the
// Tab key; arrows, page keys, Home and End move within it.
import { element } from './element.ts'
import { type State, wordsOf } from './state.ts'
import { kindWords, outcomeBadge } from './view-entry.ts'
import { dateText, numberText, shown } from './written.ts'

/** As in page.css. */
const ROW = 56
/** Browsers lay out nothing beyond some 17 million pixels; above this the scroll bar stands for more than its pixels. */
const MOST_HEIGHT = 8_000_000
const SPARE = 6

/** A list that is given a state and tells what was chosen. */
export class EntryList {
  readonly box: HTMLElement
  private readonly rows = element('div', { role: 'presentation', class: 'rows' })
  private readonly choose: (index: number) => void
  private state: State | null = null
  private count = 0
  /** Place in the list, not the entry's index; -1 for none. */
  private current = -1

  constructor(choose: (index: number) => void) {
    this.choose = choose
    this.box = element('div', { class: 'list', role: 'listbox', tabindex: 0, id: 'entry-list' }, this.rows)
    this.box.addEventListener('scroll', () => this.paint(), { passive: true })
    this.box.addEventListener('keydown', (event) => this.onKey(event))
    this.rows.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-place]') : null
      if (row instanceof HTMLElement) this.moveTo(Number(row.dataset.place))
    })
  }

  /** Draws the rows of a state; the selected entry stays in sight where it is among them. */
  draw(state: State): void {
    const isOther = this.state?.found !== state.found || this.state.facts.length !== state.facts.length
    const isMoved = this.state?.selected !== state.selected
    this.state = state
    this.count = state.found?.length ?? state.facts.length
    this.current = this.placeOf(state.selected)
    this.box.setAttribute('aria-label', wordsOf(state).list.label)
    this.rows.style.height = `${Math.min(MOST_HEIGHT, this.count * ROW)}px`
    if (isOther && this.current < 0) this.box.scrollTop = 0
    if ((isMoved || isOther) && this.current >= 0) this.bringIntoSight()
    this.paint()
  }

  private placeOf(selected: number | null): number {
    if (selected === null || this.state === null) return -1
    const { found } = this.state
    if (found === null) return selected < this.count ? selected : -1
    let [low, high] = [0, found.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((found[middle] ?? 0) < selected) low = middle + 1
      else high = middle
    }
    return found[low] === selected ? low : -1
  }

  private onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + page,
      PageUp: this.current - page,
      Home: 0,
      End: this.count - 1,
    }
    const to = moves[event.key]
    if (to === undefined || this.count === 0 || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    this.moveTo(Math.min(this.count - 1, Math.max(0, to)))
  }

  private moveTo(place: number): void {
    const index = this.indexAt(place)
    if (index !== undefined) this.choose(index)
  }

  private indexAt(place: number): number | undefined {
    if (place < 0 || place >= this.count) return undefined
    return this.state?.found === null ? place : this.state?.found[place]
  }

  /** The place of the first row in sight, with its fraction. */
  private top(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.box
    if (this.count * ROW <= MOST_HEIGHT) return scrollTop / ROW
    const share = scrollTop / Math.max(1, scrollHeight - clientHeight)
    return share * (this.count - clientHeight / ROW)
  }

  private bringIntoSight(): void {
    const { clientHeight, scrollHeight } = this.box
    const inSight = clientHeight / ROW
    const top = this.top()
    const isAbove = this.current < top
    if (!isAbove && this.current + 1 <= top + inSight) return
    const wanted = isAbove ? this.current : this.current + 1 - inSight
    this.box.scrollTop =
      this.count * ROW <= MOST_HEIGHT
        ? wanted * ROW
        : (wanted / Math.max(1, this.count - inSight)) * (scrollHeight - clientHeight)
  }

  private paint(): void {
    const { state } = this
    if (state === null) return
    const top = this.top()
    const first = Math.max(0, Math.floor(top) - SPARE)
    const last = Math.min(this.count, Math.ceil(top + this.box.clientHeight / ROW) + SPARE)
    const rows: HTMLElement[] = []
    for (let place = first; place < last; place++) {
      const row = this.row(state, place)
      row.style.top = `${Math.round(this.box.scrollTop + (place - top) * ROW)}px`
      rows.push(row)
    }
    this.rows.replaceChildren(...rows)
    const isPainted = this.current >= first && this.current < last
    if (isPainted) this.box.setAttribute('aria-activedescendant', `row-${this.current}`)
    else this.box.removeAttribute('aria-activedescendant')
  }

  private row(state: State, place: number): HTMLElement {
    const facts = state.facts[this.indexAt(place) ?? -1]
    if (facts === undefined) return element('div', { role: 'presentation' })
    const [title] = kindWords(state, facts.kind)
    const said = [facts.model, facts.version, facts.environment, ...facts.by].filter((part) => part !== null)
    return element(
      'div',
      {
        role: 'option',
        id: `row-${place}`,
        class: 'row',
        'data-place': place,
        'aria-selected': place === this.current ? 'true' : 'false',
        'aria-setsize': this.count,
        'aria-posinset': place + 1,
      },
      element(
        'span',
        { class: 'when' },
        dateText(facts.at, state.language),
        element('small', {}, numberText(facts.index, state.language)),
      ),
      element(
        'span',
        { class: 'what' },
        title,
        said.length === 0 ? null : element('small', {}, said.map((part) => shown(part, 80)).join(' · ')),
      ),
      outcomeBadge(state, facts),
    )
  }
}
