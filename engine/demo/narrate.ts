// From what happened to what is told: a few lines a newcomer reads in a minute, each with the number that decided.
import { formatDay, formatNumber, formatPercent } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import type { Language } from '../domain/governance.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Measurement, Snapshot } from '../domain/snapshot.ts'
import { figureOf } from './bundled-files.ts'
import { type DemoWords, english } from './demo-words.en.ts'
import { portuguese } from './demo-words.pt.ts'
import { COMPAS, CREDIT, type Happening, WAIVED_UNTIL } from './story.ts'

/** As in the terminal: passed, warned, failed or blocked, told; empty for a line that goes on. */
export type Mark = '✓' | '!' | '✗' | '·' | ''

/** One thing that happened. */
export interface StoryLine {
  /** Empty: it goes on from the line before. */
  readonly day: string
  readonly mark: Mark
  readonly text: string
}

/** The lines of one model. */
export interface Chapter {
  readonly title: string
  readonly lines: readonly StoryLine[]
}

/** The words of the demo in a language. */
export function demoWords(language: Language): DemoWords {
  return language === 'pt' ? portuguese : english
}

/** Two chapters, one a model. */
export function narrate(happenings: readonly Happening[], language: Language): Chapter[] {
  const words = demoWords(language)
  const second = happenings.findIndex((h) => h.kind === 'enters' && h.model === COMPAS)
  const teller = new Teller(words, language)
  return [
    { title: words.creditChapter, lines: happenings.slice(0, second).flatMap((h) => teller.tell(h)) },
    {
      title: words.compasChapter,
      lines: [...happenings.slice(second).flatMap((h) => teller.tell(h)), ...teller.rest()],
    },
  ]
}

type Month = Extract<Happening, { kind: 'month' }>

/** Remembers what was told, so that a month that brings nothing new is only counted. */
class Teller {
  private readonly words: DemoWords
  private readonly language: Language
  private readonly told = new Set<string>()
  private baselineAuc = Number.NaN
  private quiet: Month[] = []

  constructor(words: DemoWords, language: Language) {
    this.words = words
    this.language = language
  }

  tell(happening: Happening): StoryLine[] {
    const { words } = this
    const day = this.day(happening)
    switch (happening.kind) {
      case 'enters':
        return [{ day, mark: '·', text: this.enters(happening.model, happening.baseline) }]
      case 'month':
        return happening.model === CREDIT ? this.creditMonth(happening) : this.compasMonth(happening)
      case 'approved': {
        const { by, proposal, remedy } = happening
        return [{ day, mark: '·', text: remedy === 'hold' ? words.held(by) : words.approvedAndMerged(by, proposal) }]
      }
      case 'triggered':
        return [{ day, mark: '·', text: words.retrainStarts(happening.times) }]
      case 'waived':
        this.told.add('waived')
        return [{ day, mark: '·', text: words.waived(formatDay(WAIVED_UNTIL, this.language)) }]
      case 'retired':
        return [{ day, mark: '·', text: words.retired(happening.by) }]
    }
  }

  /** Months at the end of the story that brought nothing new. */
  rest(): StoryLine[] {
    const [first] = this.quiet
    if (first === undefined) return []
    const gaps = this.quiet.flatMap(({ window }) => numberOf(figureOf(window, RACE_GAP, { attribute: 'race' })))
    const blocked = this.quiet.filter(({ run }) => run.verdicts.some((v) => v.model === COMPAS && v.blocks)).length
    const text = this.words.monthsPass(
      this.quiet.length,
      blocked,
      this.number(Math.min(...gaps)),
      this.number(Math.max(...gaps)),
    )
    this.quiet = []
    const lines: StoryLine[] = [{ day: this.day(first), mark: blocked > 0 ? '✗' : '!', text }]
    if (!this.told.has('waived')) return lines
    return [...lines, { day: '', mark: '', text: this.words.waiverEnds(formatDay(WAIVED_UNTIL, this.language)) }]
  }

  private enters(model: string, baseline: Snapshot): string {
    if (model === CREDIT) {
      this.baselineAuc = numberOf(figureOf(baseline, 'performance.auc'))[0] ?? Number.NaN
      const rows = formatNumber(baseline.rows?.current ?? 0, { language: this.language })
      return this.words.creditEnters(this.number(this.baselineAuc), rows)
    }
    const rate = (group: string) =>
      this.percent(figureOf(baseline, 'fairness.selection_rate', { attribute: 'race', group }))
    return this.words.compasEnters(rate('African-American'), rate('Caucasian'))
  }

  private creditMonth(month: Month): StoryLine[] {
    const { words } = this
    const day = this.day(month)
    const of = month.window.window.start.slice(0, 7)
    const auc = numberOf(figureOf(month.window, 'performance.auc'))[0] ?? Number.NaN
    const floor = this.find(month, 'performance-floor', 'auc-floor', 'fail')
    if (floor !== undefined) {
      const psi = this.number(figureOf(month.window, 'drift.psi', { feature: 'revolving' })?.value ?? Number.NaN)
      const text = words.floorBroken(of, this.number(auc), this.number(Number(floor.limit)), 'revolving', psi)
      return [{ day, mark: '✗', text }, ...this.opened(month)]
    }
    if (this.find(month, 'performance', 'auc-drop', 'fail') !== undefined) {
      return [{ day, mark: '✗', text: words.aucFails(of, this.number(auc)) }, ...this.opened(month)]
    }
    if (this.find(month, 'performance', 'auc-drop', 'warn') !== undefined) {
      const drop = formatPercent(1 - auc / this.baselineAuc, this.language)
      return [{ day, mark: '!', text: words.aucWarns(of, this.number(auc), drop) }, ...this.formChange(month)]
    }
    const mark = month.run.verdicts.some((v) => v.model === CREDIT && v.outcome === 'pass') ? '✓' : '!'
    return [{ day, mark, text: words.aucHolds(of, this.number(auc)) }]
  }

  private formChange(month: Month): StoryLine[] {
    const shift = month.run.findings.find((f) => f.rule === 'feature-shift' && f.subject?.feature === 'jobs_retained')
    if (shift?.value === undefined) return []
    return [{ day: '', mark: '', text: this.words.formChanged(this.number(shift.value)) }]
  }

  private compasMonth(month: Month): StoryLine[] {
    const { words } = this
    const day = this.day(month)
    const gapOf = (attribute: string) =>
      month.run.findings.find((f) => f.rule === 'adverse-rate-gap' && f.subject?.attribute === attribute)
    const [gap, ages] = [gapOf('race'), gapOf('age_cat')]
    const label = this.find(month, 'label-integrity', 'label-rate', 'fail')
    if (label !== undefined && this.isNews('label')) {
      const limit = formatPercent(
        Array.isArray(label.limit) ? Number(label.limit[1]) : Number(label.limit),
        this.language,
      )
      return [
        ...this.rest(),
        { day, mark: '✗', text: words.labelBreaks(formatPercent(label.value ?? Number.NaN, this.language), limit) },
        { day: '', mark: '', text: words.labelBreaksWhy },
      ]
    }
    const auc = figureOf(month.window, 'performance.auc')
    if (auc?.value === null && this.isNews('auc'))
      return [...this.rest(), { day, mark: '✗', text: words.aucMissing(auc.reason ?? '') }]
    const told = gap === undefined ? '' : this.number(gap.value ?? Number.NaN)
    if (gap?.outcome === 'warn' && this.isNews('gap warns')) {
      return [{ day, mark: '!', text: words.gapWarns(told, this.number(Number(gap.limit))) }, ...this.opened(month)]
    }
    if (gap?.outcome === 'fail' && this.isNews('gap fails')) {
      const text = words.gapFails(told, this.number(Number(gap.limit)))
      return [...this.rest(), { day, mark: '✗', text }, ...this.opened(month)]
    }
    if (ages?.outcome === 'fail' && this.isNews('ages fail')) {
      const text = words.agesFail(this.number(ages.value ?? Number.NaN), this.number(Number(ages.limit)))
      return [...this.rest(), { day, mark: '✗', text }, ...this.opened(month)]
    }
    this.quiet.push(month)
    return []
  }

  private opened({ run, model }: Month): StoryLine[] {
    return run.opened
      .filter((proposal) => proposal.model === model)
      .map(({ id, remedy, owners }) => ({
        day: '',
        mark: '',
        text: this.words.proposalOpens(id, this.words.remedy[remedy as keyof DemoWords['remedy']], owners.join(', ')),
      }))
  }

  private find({ run, model }: Month, policy: string, rule: string, outcome: Finding['outcome']): Finding | undefined {
    return run.findings.find(
      (f) => f.model === model && f.policy === policy && f.rule === rule && f.outcome === outcome,
    )
  }

  private isNews(what: string): boolean {
    if (this.told.has(what)) return false
    this.told.add(what)
    return true
  }

  private day({ now }: { readonly now: number }): string {
    return formatDay(formatInstant(now).slice(0, 10), this.language)
  }

  private number(value: number): string {
    return formatNumber(value, { language: this.language, unit: 'share', digits: 3 })
  }

  private percent(measurement: Measurement | null): string {
    return formatPercent(measurement?.value ?? Number.NaN, this.language)
  }
}

const RACE_GAP = 'fairness.demographic_parity_difference'

function numberOf(measurement: Measurement | null): number[] {
  return measurement === null || measurement.value === null ? [] : [measurement.value]
}
