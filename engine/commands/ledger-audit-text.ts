// The answer of `tutela ledger audit` in words.
import { visibleText } from '../base/visible-text.ts'
import type { Language } from '../domain/governance.ts'
import { AUDIT_MEANINGS, type AuditCode, type AuditProblem } from '../ledger/audit-problem.ts'
import { PROBLEM_MEANINGS, type VerifyCode } from '../ledger/verify-problem.ts'
import type { Audit } from '../record/audit-repository.ts'

/** What is told: the answer's own document. */
export interface ToldAudit extends Pick<Audit, 'ok' | 'compared' | 'pending' | 'closed' | 'repeated' | 'problems'> {
  readonly origin: string | null
  readonly size: number | null
  readonly against?: { readonly common: number; readonly unpinned: number }
}

const WORDS = {
  en: {
    complete: 'complete',
    incomplete: 'NOT COMPLETE',
    compared: ({ runs, decisions, events, reports, snapshots, anchors }: Audit['compared'], size: number) =>
      `${size} entries held against ${runs} commits of runs, ${decisions} decisions, ${reports} reports, ${snapshots} snapshots, ${events} events, ${anchors} anchors`,
    pending: (n: number) => `${n} events since the last run: the next one records them`,
    repeated: {
      yes: 'the last run, judged again, gives what it recorded',
      'other-engine': 'the last run was judged by another version of the engine, and not judged again',
      'not-here': 'the last run could not be judged again here',
    },
    against: (common: number, unpinned: number) =>
      `${common} entries are the same in what is pinned; ${unpinned} are not pinned yet`,
    expected: 'expected',
    actual: 'found',
  },
  pt: {
    complete: 'completo',
    incomplete: 'INCOMPLETO',
    compared: ({ runs, decisions, events, reports, snapshots, anchors }: Audit['compared'], size: number) =>
      `${size} entradas comparadas com ${runs} commits de execuções, ${decisions} decisões, ${reports} relatórios, ${snapshots} snapshots, ${events} eventos, ${anchors} âncoras`,
    pending: (n: number) => `${n} eventos desde a última execução: a próxima os registra`,
    repeated: {
      yes: 'a última execução, julgada de novo, dá o que registrou',
      'other-engine': 'a última execução foi julgada por outra versão do motor, e não foi julgada de novo',
      'not-here': 'a última execução não pôde ser julgada de novo aqui',
    },
    against: (common: number, unpinned: number) =>
      `${common} entradas são iguais no que está fixado; ${unpinned} ainda não estão fixadas`,
    expected: 'esperado',
    actual: 'encontrado',
  },
} as const

/** Several lines, without a final newline. */
export function auditText(audit: ToldAudit, language: Language): string {
  const words = WORDS[language]
  const { ok, origin, size, compared, pending, repeated, against, problems } = audit
  return [
    `${ok ? words.complete : words.incomplete}${origin === null ? '' : `: ${visibleText(origin)}`}`,
    `  ${words.compared(compared, size ?? 0)}`,
    `  ${words.repeated[repeated]}`,
    ...(pending > 0 ? [`  ${words.pending(pending)}`] : []),
    ...(against === undefined ? [] : [`  ${words.against(against.common, against.unpinned)}`]),
    ...problems.flatMap((problem) => problemLines(problem, language)),
  ].join('\n')
}

function problemLines({ code, where, expected, actual }: AuditProblem, language: Language): string[] {
  const words = WORDS[language]
  const meaning = isOfAudit(code) ? AUDIT_MEANINGS[code] : PROBLEM_MEANINGS[code]
  return [
    `  ${code}  ${visibleText(where)}: ${meaning[language]}`,
    ...(expected === undefined ? [] : [`    ${words.expected} ${visibleText(expected)}`]),
    ...(actual === undefined ? [] : [`    ${words.actual} ${visibleText(actual)}`]),
  ]
}

function isOfAudit(code: AuditCode | VerifyCode): code is AuditCode {
  return Object.hasOwn(AUDIT_MEANINGS, code)
}
