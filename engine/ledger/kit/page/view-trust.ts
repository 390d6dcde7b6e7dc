/// <reference lib="dom" />
// Whose log it is: the key in the kit beside the one that the reader has, and the checkpoint to keep.
import { parseVerifierKey } from '../../note-key.ts'
import type { OwnTrust } from '../browser/kit-log.ts'
import { element, section } from './element.ts'
import { type State, standingOf, wordsOf } from './state.ts'
import { shown } from './written.ts'

/** What the reader may do here. */
export interface TrustActs {
  trust(own: OwnTrust): void
  saveCheckpoint(): void
}

/** The section; drawn anew after each verification, with what the reader typed kept. */
export function trustSection(state: State, acts: TrustActs): HTMLElement | null {
  const { answer, own } = state
  if (answer === null || standingOf(state) === 'unable') return null
  const words = wordsOf(state).trust
  const field = element('input', {
    id: 'trust-key',
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: words.example,
    'aria-describedby': 'trust-said',
  })
  if (own !== null && 'vkey' in own) field.value = own.vkey
  const said = element('p', { id: 'trust-said', class: 'said', role: 'status' }, saidOf(state))
  const compare = (): void => {
    const text = field.value.trim()
    if (parseVerifierKey(text)?.type === 'ed25519') acts.trust({ vkey: text })
    else said.textContent = words.malformed
  }
  const form = element(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault()
        compare()
      },
    },
    element('label', { for: 'trust-key' }, words.field),
    element(
      'div',
      { class: 'line' },
      field,
      element('button', { type: 'submit', class: 'primary' }, words.compare),
      own === null ? null : element('button', { type: 'button', onclick: () => acts.trust(null) }, words.reset),
    ),
  )
  return section(
    'trust',
    words.title,
    element('p', {}, words.intro),
    element(
      'dl',
      { class: 'facts' },
      ...(own === null ? answer.keys : []).flatMap((key) => [
        element('dt', {}, words.inKit),
        element('dd', {}, element('code', {}, shown(key))),
      ]),
      ...pair(words.cid, answer.cid),
      ...pair(words.root, answer.root),
    ),
    form,
    said,
    element(
      'p',
      { class: 'keep' },
      element('button', { type: 'button', onclick: () => acts.saveCheckpoint() }, words.checkpoint),
      element('span', { class: 'note' }, words.keep),
    ),
  )
}

function pair(label: string, text: string | null): HTMLElement[] {
  return text === null ? [] : [element('dt', {}, label), element('dd', {}, element('code', {}, shown(text)))]
}

function saidOf(state: State): string {
  const { answer, own } = state
  const words = wordsOf(state).trust
  if (own === null || answer === null) return ''
  if ('policy' in own) return words.policy
  const isOther = answer.problems.some(({ code }) => code === 'ledger/other-origin' || code === 'ledger/not-signed')
  return isOther ? words.other : words.same
}
