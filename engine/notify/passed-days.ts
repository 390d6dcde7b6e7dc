// Deadlines and escalations that passed unanswered, told once to every channel that hears of the deployment's problems.
// They are no findings, so a channel's state keeps them beside its pairs.
import { compareBy } from '../base/order.ts'
import type { PassedDay } from '../domain/demand-step.ts'
import { formatDay } from '../domain/figures.ts'
import type { Language } from '../domain/governance.ts'
import { formatInstant } from '../domain/instant.ts'
import type { NoticeContent, NoticeDraft, NoticeState } from '../domain/notice.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import { english } from './notice-words.en.ts'
import { portuguese } from './notice-words.pt.ts'

/** What is to be told, to whom, in which language. */
export interface Passed {
  readonly passed: readonly PassedDay[]
  /** Those that a channel was told, by their names. */
  readonly heard: (topic: NoticeState) => readonly string[]
  readonly language: Language
}

/** The drafts, with the days that passed in the states of their deployments, and in the texts where they are news. */
export function withPassed(
  drafts: readonly NoticeDraft[],
  { passed, heard, language }: Passed,
): readonly NoticeDraft[] {
  if (passed.length === 0) return drafts
  const byPlace = Map.groupBy(passed, placeKey)
  return drafts.map((draft) => {
    const own = byPlace.get(placeKey(draft.state))
    if (own === undefined) return draft
    const known = heard(draft.state)
    const news = own.filter((day) => !known.includes(nameOf(day))).sort(inOrder)
    return {
      state: { ...draft.state, steps: [...new Set(own.map(nameOf))].sort() },
      get pairs() {
        return draft.pairs
      },
      content: () => withNews(draft.content(), news, language),
    }
  })
}

const inOrder = compareBy<PassedDay>(
  (day) => day.day,
  (day) => nameOf(day),
)

/** Stays the same while the demand does, whatever becomes of the calendar. */
function nameOf({ step, asked, version, since }: PassedDay): string {
  return `${step} ${asked} ${version ?? ''} ${formatInstant(since)}`
}

function placeKey({ model, environment }: Pick<PassedDay, 'model' | 'environment'>): string {
  return `${model}\0${environment}`
}

function withNews(content: NoticeContent, news: readonly PassedDay[], language: Language): NoticeContent {
  if (news.length === 0) return content
  const words = (language === 'pt' ? portuguese : english).passed
  const { action } = vocabularyOf(language)
  const said = news.map(({ step, asked, effective, day }) => {
    const on = formatDay(day, language)
    return step === 'overdue' ? words.overdue(action[asked], on) : words.escalated(action[asked], action[effective], on)
  })
  const title = `${content.title}; ${said.join('; ')}`
  const [, ...lines] = content.text.split('\n')
  return {
    ...content,
    title,
    text: [title, ...lines].join('\n'),
    data: {
      ...content.data,
      passed: news.map(({ step, asked, effective, version, day }) => ({ step, version, asked, effective, day })),
    },
  }
}
