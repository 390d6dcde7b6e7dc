// What every section of a report needs, looked up once: words, policies by id, controls with their framework,
// and how texts of a deployment or a finding are written.

import { code, type Markdown, md, prose, trusted } from '../base/markdown-text.ts'
import { NO_ENVIRONMENT } from '../domain/by-deployment.ts'
import type { Decision } from '../domain/decision.ts'
import { decisionText } from '../domain/decision-text.ts'
import { formatNumber } from '../domain/figures.ts'
import { policiesById } from '../domain/finding-figures.ts'
import type { Language } from '../domain/governance.ts'
import type { Control, Framework, Policy } from '../domain/policy.ts'
import { runFolder } from '../domain/recorded-run.ts'
import { type Vocabulary, vocabularyOf } from '../domain/vocabulary.ts'
import type { ReportInput } from './report-input.ts'
import { english, type ReportWords } from './report-words.en.ts'
import { portuguese } from './report-words.pt.ts'

/** A control with the framework that it is of. */
export interface CitedControl {
  readonly framework: Framework
  readonly control: Control
}

/** What every section of one report in one language needs. */
export interface ReportContext {
  readonly input: ReportInput
  readonly language: Language
  readonly words: ReportWords
  readonly vocabulary: Vocabulary
  readonly policies: ReadonlyMap<string, Policy>
  /** By `framework/control`. */
  readonly controls: ReadonlyMap<string, CitedControl>
  readonly timeZone: string
  /** `reports/<yyyy-mm-dd>/<run>/run.json` as a code span. */
  readonly fullPath: Markdown
}

/** Made once a report. */
export function reportContext(input: ReportInput, language: Language): ReportContext {
  return {
    input,
    language,
    words: language === 'pt' ? portuguese : english,
    vocabulary: vocabularyOf(language),
    policies: policiesById(input.rulebook),
    controls: citedControls(input.rulebook.frameworks),
    timeZone: input.rulebook.governance.institution.timeZone,
    fullPath: code(`${runFolder(input.now, input.plan.run)}/run.json`),
  }
}

/** `credit-default` · `production` · `3.2.0` */
export function deploymentName(
  d: {
    readonly model: string
    readonly environment: string
    readonly version: string | null
  },
  context: ReportContext,
): Markdown {
  const version = d.version === null ? trusted('') : md` · ${code(d.version)}`
  return md`${code(d.model)} · ${environmentName(d.environment, context)}${version}`
}

/** As it is written in the card; where a model has no deployment, that it has none. */
export function environmentName(environment: string, { words }: ReportContext): Markdown {
  return environment === NO_ENVIRONMENT ? trusted(words.noEnvironment) : code(environment)
}

/** What a person decided, and where a retrain that was merged stands. */
export function decisionLine(decision: Decision, { input, language, timeZone }: ReportContext): Markdown {
  const isRequestedNow = input.plan.actions.some(({ kind, key }) => kind === 'trigger' && key === decision.key)
  return trusted(
    decisionText(decision, {
      ...{ language, timeZone, isRequestedNow },
      role: (name) => code(name).markdown,
      reason: (text) => prose(text).markdown,
    }),
  )
}

/** A count as the language groups it. */
export function counted(count: number, { language }: ReportContext): string {
  return formatNumber(count, { language })
}

/** The first `most` of a list as lines, and how many were left out and where they stand. */
export function boundedLines<T>(
  list: readonly T[],
  most: number,
  context: ReportContext,
  line: (one: T) => Markdown,
): string[] {
  const lines = list.slice(0, most).map((one) => `- ${line(one).markdown}`)
  if (list.length > most) lines.push(`- ${leftOut(list.length - most, context)}`)
  return lines
}

/** The line that says how many more there are, and where all stand. */
export function leftOut(count: number, context: ReportContext): string {
  return context.words.more(counted(count, context), context.fullPath.markdown)
}

function citedControls(frameworks: readonly Framework[]): ReadonlyMap<string, CitedControl> {
  return new Map(
    frameworks.flatMap((framework) =>
      framework.controls.map((control): [string, CitedControl] => {
        const id = control.id.startsWith(`${framework.id}/`) ? control.id : `${framework.id}/${control.id}`
        return [id, { framework, control }]
      }),
    ),
  )
}
