// Proposals in the terminal and as JSON. Text from forge and cards cannot move the cursor.
import { lineDiff } from '../base/line-diff.ts'
import { alignRows } from '../base/text-columns.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Language } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { SourceTree } from '../world.ts'
import type { ProposalDesk } from './proposal-desk.ts'

const WORDS = {
  en: {
    header: ['id', 'action', 'model', 'environment', 'state', 'opened', 'approvals'],
    none: 'no proposal is open',
    ended: (count: number) => `${count} ended: \`tutela pr list --all\` shows them`,
    next: 'read one with `tutela pr show ID`',
  },
  pt: {
    header: ['id', 'ação', 'modelo', 'ambiente', 'estado', 'aberta em', 'aprovações'],
    none: 'nenhuma proposta aberta',
    ended: (count: number) => `${count} encerradas: \`tutela pr list --all\` as mostra`,
    next: 'leia uma com `tutela pr show ID`',
  },
} as const

export function listText(proposals: readonly Proposal[], ended: number, language: Language): string {
  const words = WORDS[language]
  const rows = proposals.map((one) => [
    one.id,
    one.action,
    one.model,
    one.environment,
    one.isFrozen
      ? `${one.state}, frozen`
      : one.snoozedUntil !== null
        ? `${one.state}, snoozed until ${one.snoozedUntil}`
        : one.state,
    one.openedAt,
    String(one.approvals.length),
  ])
  return [
    ...(rows.length === 0
      ? [words.none]
      : alignRows([words.header, ...rows].map((row) => row.map((cell) => visibleText(cell))))),
    ...(ended > 0 ? [words.ended(ended)] : []),
    ...(rows.length > 0 ? [words.next] : []),
  ].join('\n')
}

export function showText(proposal: Proposal, body: string, gate: string): string {
  const lines = body.split('\n').map(indented)
  return `${visibleText(proposal.title)}\n${proposal.id} · ${proposal.state} · head ${proposal.head.slice(0, 12)} · evidence ${proposal.evidence.slice(0, 12)}\n\n${lines.join('\n').trimEnd()}\n\n${gate}`
}

/** Indentation is part of a diff, so it stays. */
function indented(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return indent + visibleText(line.slice(indent.length), 2000)
}

/** A proposal as JSON prints it: approvals without their bytes. */
export function proposalJson(proposal: Proposal): object {
  const { approvals, ...rest } = proposal
  return { ...rest, approvals: approvals.length }
}

export interface FileDiff {
  readonly path: string
  readonly diff: string
}

/** What the proposal changes, against the commit that it forked from. */
export function diffOf({ store, base }: ProposalDesk, { head }: Proposal): FileDiff[] {
  const fork = store.mergeBase(base.commit, head)
  const before = fork === null ? null : store.commitTree(fork)
  const after = store.commitTree(head)
  return store
    .changedPaths(fork, head)
    .map((path) => ({ path, diff: lineDiff(textAt(before, path), textAt(after, path)) }))
}

function textAt(tree: SourceTree | null, path: string): string {
  return tree?.has(path) === true ? Buffer.from(tree.read(path)).toString('utf8') : ''
}
