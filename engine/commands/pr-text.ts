// `pr list|show|diff`: proposals in the terminal and as JSON.
import { lineDiff } from '../base/line-diff.ts'
import { alignRows } from '../base/text-columns.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatDay } from '../domain/figures.ts'
import type { Language } from '../domain/governance.ts'
import { localDay, parseInstant } from '../domain/instant.ts'
import type { Proposal, ProposalEvent } from '../domain/proposal.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import { approvalText, gateWords, problemText } from '../remediate/gate-text.ts'
import type { CommandResult, Invocation } from './command.ts'
import { changedFiles, gateOf } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'
import { english, type PrWords } from './pr-words.en.ts'
import { portuguese } from './pr-words.pt.ts'
import { painted } from './terminal-text.ts'

/** The words of `pr` in a language. */
export function wordsOf(language: Language): PrWords {
  return language === 'pt' ? portuguese : english
}

/** Open ones first. */
export function list({ globals }: Invocation, opened: OpenedProposals): CommandResult {
  const { proposals, language } = opened
  const sorted = [...proposals].sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open'))
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'Proposals', proposals: sorted.map(proposalJson) },
    text: () => {
      if (sorted.length === 0) return wordsOf(language).none
      return alignRows(
        sorted.map((one) => [painted(one.id, 'bold', globals), visibleText(one.title, 80), stateText(one, opened)]),
      ).join('\n')
    },
  }
}

/** Body, history, approvals and what is still missing, by the gate. Faults `forge/…` where its chain cannot be read. */
export async function show(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
): Promise<CommandResult> {
  const { forge, language } = opened
  const [body, history] = await Promise.all([forge.body(proposal.id), forge.history(proposal.id)])
  const verdict = gateOf(invocation, opened, proposal)
  const missing = verdict.missing.map((problem) => ({ ...problem, message: problemText(problem, language) }))
  const approvals = verdict.approvals.map((one) => ({ ...one, why: approvalText(one, language) }))
  const words = wordsOf(language)
  const gate = gateWords(language)
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'Proposal', ...proposalJson(proposal), body, history, approvals, missing },
    text: () =>
      [
        // Made by the engine, with every text from data escaped; what a terminal would act on is made visible.
        ...body.trimEnd().split('\n').map(visibleLine),
        '',
        painted(`${words.history} (${stateText(proposal, opened)})`, 'bold', invocation.globals),
        ...alignRows(history.map((event) => eventRow(event, opened))).map((line) => `  ${line}`),
        ...approvals.map(({ by, why }) => `  ${visibleText(by ?? '?')}: ${why ?? gate.counts}`),
        '',
        ...(proposal.state !== 'open' ? [] : missing.length === 0 ? [gate.may] : [gate.mayNot]),
        ...(proposal.state === 'open' ? missing.map(({ message }) => `  - ${message}`) : []),
      ]
        .join('\n')
        .trimEnd(),
  }
}

/** What it changes against where it forked from the base; of an ended one, from what it was rendered on. */
export function diff(_: Invocation, { store, base }: OpenedProposals, proposal: Proposal): CommandResult {
  const text = (bytes: Uint8Array | null) => (bytes === null ? '' : Buffer.from(bytes).toString('utf8'))
  const files = changedFiles(store, proposal.state === 'open' ? base.commit : proposal.base, proposal.head).map(
    ({ path, before, after }) => ({ path, diff: lineDiff(text(before), text(after)) }),
  )
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'ProposalDiff', proposal: proposal.id, head: proposal.head, files },
    text: () =>
      files
        .flatMap(({ path, diff: hunks }) => [
          `--- a/${visibleText(path)}`,
          `+++ b/${visibleText(path)}`,
          ...hunks.split('\n').map(visibleLine),
        ])
        .join('\n'),
  }
}

/** As the forge has it, less what is only of use inside. */
function proposalJson(proposal: Proposal): Readonly<Record<string, unknown>> {
  const { approvals, source: _, body: __, ...facts } = proposal
  return { ...facts, branch: proposal.branch.replace(/^refs\/heads\//, ''), signatures: approvals.length }
}

function stateText(proposal: Proposal, { language, governance }: OpenedProposals): string {
  const words = wordsOf(language)
  const day = (text: string) => formatDay(localDay(parseInstant(text) ?? 0, governance.institution.timeZone), language)
  if (proposal.state !== 'open') {
    const { at, reason } = proposal.end ?? { at: proposal.openedAt, reason: '' }
    return words.ended(words.state[proposal.state], day(at), reason)
  }
  return [
    words.opened(day(proposal.openedAt)),
    vocabularyOf(language).action[proposal.action],
    ...(proposal.isFrozen ? [words.frozen] : []),
    ...(proposal.snoozedUntil === null ? [] : [words.snoozed(day(proposal.snoozedUntil))]),
  ].join(', ')
}

function eventRow({ at, by, kind, text }: ProposalEvent, { language }: OpenedProposals): string[] {
  const words = wordsOf(language)
  return [at, by === null ? words.engine : visibleText(by, 40), words.event[kind], visibleText(text ?? '', 120)]
}

/** One line with its indentation. */
function visibleLine(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return indent + visibleText(line.slice(indent.length), 2000)
}
