/// <reference lib="dom" />
// The head of the page: whose log, what came out, each step of the check, and what is wrong by name.
import { PROBLEM_MEANINGS } from '../../verify-problem.ts'
import type { KitAnswer } from '../browser/kit-log.ts'
import { STEPS, type Step, type StepState, sinceFailure, stepsOf } from './checks.ts'
import { type Child, element, section } from './element.ts'
import { type State, standingOf, wordsOf } from './state.ts'
import { bytesText, numberText, shown } from './written.ts'

const MARKS = { proven: '✓', broken: '✕', unable: '?', checking: '…', waiting: '→' } as const

/** The banner: one word that says it, one sentence that explains it. */
export function verdictBanner(state: State): HTMLElement {
  const words = wordsOf(state)
  const standing = standingOf(state)
  return element(
    'div',
    { class: `verdict ${standing}`, id: 'verdict' },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[standing]),
    element(
      'div',
      {},
      element('p', { class: 'word', id: 'verdict-word' }, words.state[standing]),
      element('p', { class: 'said', id: 'verdict-said' }, saidOf(state)),
      progressBar(state),
      standing === 'waiting' ? openButton(words.open) : null,
    ),
  )
}

/** The chooser itself stands with the other files (view-files.ts). */
function openButton(label: string): HTMLElement {
  const open = (): void => document.getElementById('file-chooser')?.click()
  return element('button', { type: 'button', class: 'primary', id: 'open-log', onclick: open }, label)
}

function saidOf(state: State): string {
  const words = wordsOf(state)
  const { answer, failure, language } = state
  if (failure?.kind === 'crashed') return words.said.crashed(shown(failure.message))
  if (failure !== null) return words.said[failure.kind]
  const standing = standingOf(state)
  if (standing === 'unable') return words.said.noEd25519
  if (answer === null || standing === 'waiting' || standing === 'checking') {
    return standing === 'waiting' ? words.said.waiting : words.said.checking
  }
  if (standing === 'broken') return words.said.broken(numberText(answer.problems.length, language))
  return words.said.proven(numberText(answer.size ?? 0, language), shown(answer.origin ?? ''))
}

function progressBar(state: State): Child {
  const { progress } = state
  if (progress === null || state.isRead || standingOf(state) === 'unable') return null
  const label = wordsOf(state).stage[progress.stage]
  return element(
    'div',
    { class: 'progress' },
    element('span', {}, label),
    element('progress', { max: Math.max(1, progress.total), value: progress.done, 'aria-label': label }),
  )
}

/** What the reader may do here. */
export interface CheckActs {
  takeBack(what: Taken): void
}

/** What can be taken back: an older checkpoint, or a key or policy of the reader's. */
export type Taken = 'since' | 'own'

/** Each step with how it ended, and the problems. */
export function checksSection(state: State, acts: CheckActs): HTMLElement | null {
  const { answer } = state
  if (answer === null) return null
  const words = wordsOf(state)
  const steps = stepsOf(answer)
  const items = STEPS.filter((step) => step !== 'since' || answer.since).map((step) => {
    const isNotAsked = step === 'witnesses' && answer.supported && !answer.hasQuorum
    const undo = step === 'since' ? undoButton(state, 'since', acts) : null
    if (steps[step] === 'bad') {
      const [title, said] = words.failed[step === 'since' ? sinceFailure(answer.problems) : step]
      return item(state, 'bad', title, said ?? noteOf(state, answer, step), undo)
    }
    return item(state, isNotAsked ? 'none' : steps[step], words.checks[step], noteOf(state, answer, step), undo)
  })
  items.push(keyItem(state, steps.signature, acts))
  return section('checks', words.checks.title, element('ul', { class: 'checks' }, items), problemList(state, answer))
}

function keyItem(state: State, signature: StepState, acts: CheckActs): HTMLElement {
  const { checks, failed } = wordsOf(state)
  const { own } = state
  if (own === null || signature === 'open') return item(state, 'you', checks.key, checks.keyOpen)
  const undo = undoButton(state, 'own', acts)
  const isPolicy = 'policy' in own
  if (signature === 'bad') return item(state, 'bad', ...failed[isPolicy ? 'policy' : 'key'], undo)
  return isPolicy
    ? item(state, 'you', checks.key, checks.keyPolicy, undo)
    : item(state, 'ok', checks.key, checks.keyOk, undo)
}

function undoButton(state: State, what: Taken, acts: CheckActs): HTMLElement {
  const { undo } = wordsOf(state).checks
  return element('button', { type: 'button', id: `undo-${what}`, onclick: () => acts.takeBack(what) }, undo)
}

const STEP_MARKS = { ok: '✓', bad: '✕', open: '–', you: '!', none: '–' } as const

function item(
  state: State,
  kind: keyof typeof STEP_MARKS,
  title: string,
  note: string | null,
  act: Child = null,
): HTMLElement {
  return element(
    'li',
    { class: `step ${kind}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, STEP_MARKS[kind]),
    element(
      'span',
      {},
      element('strong', {}, title),
      element('span', { class: 'badge' }, wordsOf(state).checks[kind]),
      note === null ? null : element('span', { class: 'note' }, note),
      act,
    ),
  )
}

function noteOf(state: State, answer: KitAnswer, step: Step): string | null {
  const { checks } = wordsOf(state)
  const count = (n: number): string => numberText(n, state.language)
  if (step === 'file') {
    const said = stepsOf(answer).file === 'bad' ? checks.fileBad : checks.fileSaid
    const text = said(count(answer.blocks), bytesText(answer.carBytes, state.language))
    return state.isEmbedded ? `${text}; ${checks.embedded}` : text
  }
  if (step === 'signature') {
    const names = answer.signatures.filter(({ ok }) => ok).map(({ name }) => shown(name))
    return names.length === 0 ? checks.unsigned : checks.signatureSaid(names.join(', '))
  }
  if (step === 'witnesses') {
    return answer.hasQuorum
      ? checks.witnessesSaid(answer.witnesses.map((name) => shown(name)).join(', '))
      : checks.noWitness
  }
  if (step === 'entries' && answer.size !== null) {
    if (answer.opaque === true && answer.size > 0) return checks.opaque
    return checks.entriesSaid(count(answer.entries), count(answer.size))
  }
  return step === 'since' && answer.since ? checks.sinceSaid : null
}

/** A screen of them; whoever needs all runs `tutela verify`. */
const SHOWN_PROBLEMS = 50

function problemList(state: State, { problems }: KitAnswer): Child {
  if (problems.length === 0) return null
  const words = wordsOf(state)
  const items = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ code, where, expected, actual }) =>
      element(
        'li',
        {},
        element('strong', {}, PROBLEM_MEANINGS[code][state.language]),
        ' ',
        element('code', {}, code),
        detail(words.problems.where, where),
        detail(words.problems.expected, expected),
        detail(words.problems.actual, actual),
      ),
    )
  const rest = problems.length - SHOWN_PROBLEMS
  return element(
    'div',
    { class: 'problems', id: 'problems' },
    element('h3', {}, words.problems.title),
    element('ol', {}, items),
    rest > 0 ? element('p', {}, words.problems.more(numberText(rest, state.language))) : null,
  )
}

function detail(label: string, text: string | undefined): Child {
  if (text === undefined) return null
  return element('span', { class: 'note' }, `${label}: `, element('code', {}, shown(text)))
}

/** What follows from it, and what does not. */
export function meaningSection(state: State): HTMLElement | null {
  const { answer, language } = state
  const standing = standingOf(state)
  if (answer === null || standing === 'unable') return null
  const { meaning } = wordsOf(state)
  const proven =
    standing === 'proven'
      ? [
          meaning.signed(numberText(answer.size ?? 0, language)),
          ...(answer.opaque === true ? [] : [meaning.content]),
          ...(answer.since ? [meaning.since] : []),
          ...(answer.hasQuorum ? [meaning.quorum] : []),
        ]
      : [meaning.nothing]
  const not = [
    meaning.truth,
    meaning.complete,
    ...(state.own === null ? [meaning.key] : []),
    meaning.time,
    ...(answer.hasQuorum && standing === 'proven' ? [] : [meaning.forked]),
    meaning.stolen,
    meaning.page,
  ]
  const list = (title: string, kind: string, texts: readonly string[]): HTMLElement =>
    element(
      'section',
      { class: `card meaning ${kind}`, 'aria-label': title },
      element('h2', {}, title),
      element(
        'ul',
        {},
        texts.map((text) => element('li', {}, ...withCode(text))),
      ),
    )
  return element(
    'div',
    { class: 'pair', id: 'meaning' },
    list(meaning.proven, 'yes', proven),
    list(meaning.notProven, 'no', not),
  )
}

/** What stands between backticks as code. */
export function withCode(text: string): Child[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : part))
}
