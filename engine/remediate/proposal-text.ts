// What a proposal says: title and body in Markdown. Whatever comes from cards, policies or data goes through
// base/markdown-text.ts, so that no mention, reference, link, HTML, fence or bidi character of it does anything.
import { lineDiff } from '../base/line-diff.ts'
import { code, joined, type Markdown, md, table, trusted } from '../base/markdown-text.ts'
import { visibleSource, visibleText } from '../base/visible-text.ts'
import { formatNumber, formatWindow } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import { limitFigure, marginFigure, ruleOf, subjectOf, valueFigure } from '../domain/finding-figures.ts'
import type { Language } from '../domain/governance.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import type { RetrainRequest } from './card-patch.ts'
import type { DemandedRemedy } from './demanded-remedies.ts'
import { historyOf } from './proposal-history.ts'
import { english, type ProposalWords } from './proposal-words.en.ts'
import { portuguese } from './proposal-words.pt.ts'
import type { RemedyContext } from './remedy-input.ts'

/** What a proposal is about. */
export interface ProposalSubject {
  readonly remedy: DemandedRemedy
  readonly card: ModelCard
  /** Of a retrain. */
  readonly request: RetrainRequest | null
  /** The card's file, its text on the base and with the remedy. */
  readonly file: string
  readonly before: string
  readonly after: string
  /** A person committed to its branch. */
  readonly isFrozen: boolean
}

/** Title: one line of plain text. Body: Markdown. */
export interface ProposalText {
  readonly title: string
  readonly body: string
}

/** Arbitrary: a forge takes 65,536 characters, and nobody reads as many. */
const MOST_FINDINGS = 40
const MOST_HISTORIES = 12
const MOST_WINDOWS = 8
const MOST_SNAPSHOTS = 20
const LONGEST_DIFF = 8000
const LONGEST_LINE = 2000

/** In the first language of governance.yaml. Equal facts, equal text, whatever the day. */
export function proposalText(subject: ProposalSubject, context: RemedyContext): ProposalText {
  const words = wordsOf(context.language)
  const title = titleOf(subject.remedy, words)
  const findings = subject.remedy.findings()
  return {
    title,
    body: `${[
      `# ${visibleTitle(subject.remedy, words)}`,
      ...(subject.isFrozen ? [`> ${words.frozen}`] : []),
      whatItDoes(subject, words),
      ...insteadLines(subject.remedy, words, context.language),
      ...whySection(findings, words, context),
      ...historySection(findings, words, context),
      `## ${words.change}`,
      diffBlock(subject),
      ...evidenceSection(subject, findings, words),
      ...decideSection(subject.remedy.key.slice(0, 10), words, context),
      '---',
      `${words.footer} ${code(subject.remedy.key.slice(0, 10)).markdown}`,
    ].join('\n\n')}\n`,
  }
}

/** The words of proposals in a language. */
export function wordsOf(language: Language): ProposalWords {
  return language === 'pt' ? portuguese : english
}

/** Plain text of one line. */
function titleOf({ action, model, environment, target }: DemandedRemedy, words: ProposalWords): string {
  return words.title[action](visibleText(model), visibleText(environment), visibleText(target ?? ''))
}

function visibleTitle({ action, model, environment, target }: DemandedRemedy, words: ProposalWords): string {
  return words.title[action](code(model).markdown, code(environment).markdown, code(target ?? '').markdown)
}

function whatItDoes({ remedy, card }: ProposalSubject, words: ProposalWords): string {
  if (remedy.action === 'retrain') return words.what.retrain(code(card.retrain?.trigger ?? '').markdown)
  if (remedy.action === 'hold') return words.what.hold
  return words.what.rollback(code(remedy.version).markdown, code(remedy.target ?? '').markdown)
}

/** Where the policies name another remedy than the one that is proposed: which, and why it is not that one. */
function insteadLines({ instead, action }: DemandedRemedy, words: ProposalWords, language: Language): string[] {
  const names = vocabularyOf(language).action
  return instead.map(({ asked, why }) => words.instead[why](names[asked], names[action]))
}

function whySection(findings: readonly Finding[], words: ProposalWords, context: RemedyContext): string[] {
  const { language, policies } = context
  const header = [words.requirement, words.subject, words.value, words.limit, words.margin, words.sample, words.window]
  const rows = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const limit = limitFigure(finding, ruleOf(finding, policies), language)
    return [
      requirement(finding),
      subjectCell(finding),
      figure(valueFigure(finding, ruleOf(finding, policies), language)),
      figure(limit),
      figure(marginFigure(finding, language)),
      figure(finding.n === undefined ? null : formatNumber(finding.n, { language })),
      finding.window === null ? null : trusted(formatWindow(finding.window, language)),
    ]
  })
  const rest = findings.length - MOST_FINDINGS
  return [
    `## ${words.why}`,
    words.violated(findings.length),
    table(header, rows),
    ...(rest > 0 ? [words.more(rest)] : []),
  ]
}

function historySection(findings: readonly Finding[], words: ProposalWords, context: RemedyContext): string[] {
  const { language, policies, histories } = context
  const [first] = findings
  // Of one model, as all findings of a remedy are; opened once, since to open it is to read its files.
  const history = first === undefined ? null : (histories?.(first.model) ?? null)
  const rows = findings.slice(0, MOST_HISTORIES).flatMap((finding) => {
    const points = historyOf(finding, policies, history, MOST_WINDOWS)
    if (points.length < 2) return []
    const unit = finding.unit === undefined ? {} : { unit: finding.unit }
    const told = points.map(({ window, value }) => {
      const number = value === null ? '—' : `**${formatNumber(value, { language, ...unit })}**`
      return trusted(`${formatWindow(window, language)}: ${number}`)
    })
    const subject = subjectOf(finding.subject)
    const name = subject === null ? requirement(finding) : md`${requirement(finding)} ${code(subject)}`
    return [[name, joined(told, ' → ')]]
  })
  return rows.length === 0 ? [] : [`## ${words.history}`, table(words.historyColumns, rows)]
}

/** In a fence longer than any run of backticks or tildes in it. Invisible characters are shown, each line by itself. */
function diffBlock({ file, before, after }: ProposalSubject): string {
  const lines = lineDiff(before, after)
    .slice(0, LONGEST_DIFF)
    .split('\n')
    .map((line) => visibleSource(line, LONGEST_LINE))
  const name = visibleText(file)
  const diff = [`--- a/${name}`, `+++ b/${name}`, ...lines].join('\n')
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}diff\n${diff}\n${fence}`
}

function evidenceSection(
  { remedy, card, request }: ProposalSubject,
  findings: readonly Finding[],
  words: ProposalWords,
): string[] {
  const evidence = findings.flatMap((finding) => finding.evidence ?? [])
  const snapshots = [...new Set<string>(evidence)].sort()
  const shown = snapshots.slice(0, MOST_SNAPSHOTS).map((digest) => code(digest))
  const rows: [string, Markdown][] = [
    [words.model, code(remedy.model)],
    [words.environment, code(remedy.environment)],
    [words.version, code(remedy.version)],
    [words.owners, list(card.owners)],
    [words.validator, card.validator === undefined ? trusted(words.none) : code(card.validator)],
    [words.evidenceName, code(remedy.evidence)],
    ...(request === null ? [] : [[words.request, code(request.id)] satisfies [string, Markdown]]),
    [words.snapshots, shown.length === 0 ? trusted(words.none) : joined(shown, ', ')],
  ]
  return [`## ${words.evidence}`, rows.map(([name, value]) => `- ${name}: ${value.markdown}`).join('\n')]
}

function decideSection(id: string, words: ProposalWords, { rulebook }: RemedyContext): string[] {
  const title = `## ${words.decide}`
  if (rulebook.governance.forge.kind !== 'local') return [title, words.decideBy, words.onForge]
  return [title, words.decideBy, shell(words.commands(id)), words.otherwise, shell(words.otherCommands(id))]
}

function shell(lines: readonly string[]): string {
  return `\`\`\`sh\n${lines.join('\n')}\n\`\`\``
}

function requirement({ policy, rule }: Finding): Markdown {
  return code(`${policy}/${rule}`)
}

function subjectCell(finding: Finding): Markdown | null {
  const subject = subjectOf(finding.subject)
  return subject === null ? null : code(subject)
}

function figure(text: string | null): Markdown | null {
  return text === null ? null : trusted(text)
}

function list(names: readonly string[]): Markdown {
  return joined(
    names.map((name) => code(name)),
    ', ',
  )
}
