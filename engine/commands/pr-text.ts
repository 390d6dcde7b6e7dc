// `pr list|show|diff`: proposals in the terminal and as JSON.
import { alignRows } from '../base/text-columns.ts'
import { visibleSource, visibleText } from '../base/visible-text.ts'
import { formatDay, momentOf } from '../domain/figures.ts'
import { type Instant, lastLocalDay, localDay, parseInstant } from '../domain/instant.ts'
import type { Proposal, ProposalEvent } from '../domain/proposal.ts'
import { reasonText, vocabularyOf } from '../domain/vocabulary.ts'
import { approvalText, gateWords, problemText } from '../remediate/gate-text.ts'
import { snoozedUntil } from '../remediate/proposal-gates.ts'
import type { CommandResult, Invocation } from './command.ts'
import { gateOf } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'
import { changersOf, fileDiffs, patchLines, withPatch } from './pr-diff.ts'
import { type Stakes, stakesOf } from './pr-stakes.ts'
import { wordsOf } from './pr-words.ts'
import { painted } from './terminal-text.ts'

/** Open ones first. */
export function list(invocation: Invocation, opened: OpenedProposals): CommandResult {
  const { proposals, language } = opened
  const stakes = proposals.some(({ state }) => state === 'open') ? stakesOf(invocation, opened) : new Map()
  const sorted = [...proposals].sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open'))
  return {
    exit: 0,
    json: {
      apiVersion: 'tutela/v1',
      kind: 'Proposals',
      proposals: sorted.map((one) => ({ ...proposalJson(one), ...stakes.get(one.key) })),
    },
    text: () => {
      if (sorted.length === 0) return wordsOf(language).none
      return alignRows(
        sorted.map((one) => [
          painted(one.id, 'bold', invocation.globals),
          visibleText(one.title, 80),
          [stateText(one, opened, invocation.globals.now), ...stakesInBrief(stakes.get(one.key), opened)].join(', '),
        ]),
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
  const files = fileDiffs(opened, proposal)
  const changers = changersOf(opened, proposal, history)
  const changed = words.changed(
    (changers ?? []).map((name) => visibleText(name, 60)).join(', '),
    proposal.head.slice(0, 10),
  )
  const stakes = proposal.state === 'open' ? (stakesOf(invocation, opened).get(proposal.key) ?? null) : null
  const head = { apiVersion: 'tutela/v1', kind: 'Proposal', ...proposalJson(proposal), ...stakes }
  const more = changers === null ? {} : { changedBy: changers }
  return {
    exit: 0,
    json: { ...head, body, history, approvals, missing, ...more },
    text: () =>
      [
        // Made by the engine, with every text from data escaped; what a terminal would act on is made visible.
        ...(changers === null ? [] : [painted(changed, 'red', invocation.globals), '']),
        ...withPatch(body, patchLines(files, words.unseen)).map((line) => visibleSource(line)),
        ...(stakes === null ? [] : ['', ...stakesLines(stakes, opened)]),
        '',
        painted(
          `${words.history} (${stateText(proposal, opened, invocation.globals.now)})`,
          'bold',
          invocation.globals,
        ),
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

/** What it changes as it stands now. */
export function diff(_: Invocation, opened: OpenedProposals, proposal: Proposal): CommandResult {
  const files = fileDiffs(opened, proposal)
  const { id, head } = proposal
  return {
    exit: 0,
    json: {
      ...{ apiVersion: 'tutela/v1', kind: 'ProposalDiff', proposal: id, head },
      files: files.map(({ path, diff: hunks }) => ({ path, diff: hunks })),
    },
    text: () => patchLines(files, wordsOf(opened.language).unseen).join('\n'),
  }
}

/** As the forge has it, less what is only of use inside. */
function proposalJson(proposal: Proposal): Readonly<Record<string, unknown>> {
  const { approvals, source: _, body: __, ...facts } = proposal
  return { ...facts, branch: proposal.branch.replace(/^refs\/heads\//, ''), signatures: approvals.length }
}

function stateText(proposal: Proposal, { language, governance }: OpenedProposals, now: Instant): string {
  const words = wordsOf(language)
  const { timeZone } = governance.institution
  const day = (text: string) => formatDay(localDay(parseInstant(text) ?? 0, timeZone), language)
  const snoozed = snoozedUntil(proposal, now)
  if (proposal.state !== 'open') {
    const { at, reason } = proposal.end ?? { at: proposal.openedAt, reason: '' }
    // Merged says the state already.
    return words.ended(words.state[proposal.state], day(at), reason === 'merged' ? '' : reasonText(reason, language))
  }
  return [
    words.opened(day(proposal.openedAt)),
    vocabularyOf(language).action[proposal.action],
    ...(proposal.isFrozen ? [words.frozen] : []),
    ...(snoozed === null
      ? []
      : [words.snoozed(formatDay(lastLocalDay(parseInstant(snoozed) ?? 0, timeZone), language))]),
  ].join(', ')
}

/** `high, blocks, due by 2026-11-27` */
function stakesInBrief(stakes: Stakes | undefined, { language }: OpenedProposals): string[] {
  if (stakes === undefined) return []
  const words = wordsOf(language)
  const day = stakes.dueDay === null ? [] : [formatDay(stakes.dueDay, language)]
  return [
    ...(stakes.severity === null ? [] : [vocabularyOf(language).severity[stakes.severity]]),
    ...(stakes.blocks ? [words.blocks] : []),
    ...day.map((text) => (stakes.isOverdue ? words.overdue(text) : words.due(text))),
  ]
}

/** A line a policy, then what it means for the deployment and by when. */
function stakesLines(stakes: Stakes, opened: OpenedProposals): string[] {
  const words = wordsOf(opened.language)
  const vocabulary = vocabularyOf(opened.language)
  const policies = stakes.policies.map(
    ({ id, title, severity }) =>
      `  ${visibleText(id, 60)}: ${visibleText(title, 120)} (${words.severity} ${vocabulary.severity[severity]})`,
  )
  const { severity: _, ...rest } = stakes
  const brief = stakesInBrief({ ...rest, severity: null }, opened)
  return [words.policies, ...policies, ...(brief.length === 0 ? [] : [`  ${brief.join(', ')}`])]
}

function eventRow({ at, by, kind, text }: ProposalEvent, { language, governance }: OpenedProposals): string[] {
  const words = wordsOf(language)
  return [
    momentOf(at, governance.institution.timeZone, language),
    by === null ? words.engine : visibleText(by, 40),
    words.event[kind],
    visibleText(by === null ? reasonText(text ?? '', language) : (text ?? ''), 120),
  ]
}
