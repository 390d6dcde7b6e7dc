// What an audit finds: codes for machines, and the sentence of each for people. What is wrong with the log itself has the
// codes of the verifier (verify-problem.ts).
import type { VerifyProblem } from './verify-problem.ts'

/** Every finding, with what it means. The keys are the codes. */
export const AUDIT_MEANINGS = {
  'audit/outside-history': {
    en: 'the repository does not hold what these entries are of (another clone, or a shallow one): nothing was compared with them',
    pt: 'o repositório não tem aquilo de que tratam estas entradas (outro clone, ou um clone raso): nada foi comparado com elas',
  },
  'audit/closed': {
    en: 'encrypted entries that no given identity opens: what they say was not compared',
    pt: 'entradas cifradas que nenhuma identidade indicada abre: o que dizem não foi comparado',
  },
  'audit/no-run-entry': {
    en: 'entries of a run that has no `run` entry before them',
    pt: 'entradas de uma execução sem a entrada `run` antes delas',
  },
  'audit/run-twice': {
    en: 'a run stands in the log twice',
    pt: 'uma execução está duas vezes no registro',
  },
  'audit/run-without-entry': {
    en: 'a commit says that it records a run, and the log has no such run where the commit put it',
    pt: 'um commit diz registrar uma execução, e o registro não a tem onde o commit a pôs',
  },
  'audit/run-without-commit': {
    en: 'the log has a run that no commit of the record branch recorded',
    pt: 'o registro tem uma execução que nenhum commit do ramo de registro gravou',
  },
  'audit/other-run': {
    en: 'a `run` entry says something else than the commits that it is of',
    pt: 'uma entrada `run` diz outra coisa que os commits de que trata',
  },
  'audit/checkpoint-not-kept': {
    en: 'the log does not continue the checkpoint that a commit holds',
    pt: 'o registro não continua o checkpoint que um commit contém',
  },
  'audit/change-without-entry': {
    en: 'a policy, card or waiver changed between two runs, and no entry says so',
    pt: 'uma política, ficha ou dispensa mudou entre duas execuções, e nenhuma entrada o diz',
  },
  'audit/entry-without-change': {
    en: 'an entry says that a policy, card or waiver changed, and the runs around it say that it did not',
    pt: 'uma entrada diz que uma política, ficha ou dispensa mudou, e as execuções ao redor dizem que não',
  },
  'audit/report-missing': {
    en: 'a report that the log says was published is not there',
    pt: 'falta um relatório que o registro diz ter sido publicado',
  },
  'audit/report-changed': {
    en: 'a report is not the one that was published',
    pt: 'um relatório não é o que foi publicado',
  },
  'audit/report-without-entry': {
    en: 'a report that the log does not know',
    pt: 'há um relatório que o registro não conhece',
  },
  'audit/verdict-without-entry': {
    en: 'a decision that a run reported has no entry',
    pt: 'uma decisão relatada por uma execução não tem entrada',
  },
  'audit/entry-without-verdict': {
    en: 'an entry of a decision that its run did not report',
    pt: 'há a entrada de uma decisão que a sua execução não relatou',
  },
  'audit/snapshot-missing': {
    en: 'a decision rests on a snapshot that the repository does not have (or not with these bytes)',
    pt: 'uma decisão se apoia em um snapshot que o repositório não tem (ou não com estes bytes)',
  },
  'audit/decision-not-repeated': {
    en: 'judging the commit of the last run again does not give what it recorded',
    pt: 'julgar de novo o commit da última execução não dá o que ela registrou',
  },
  'audit/event-without-entry': {
    en: 'something happened before the last run, and the log does not tell it',
    pt: 'algo aconteceu antes da última execução, e o registro não o conta',
  },
  'audit/entry-without-event': {
    en: 'the log tells of something that neither the proposals nor the deliveries know',
    pt: 'o registro conta algo que nem as propostas nem as entregas conhecem',
  },
  'audit/undelivered': {
    en: 'a run decided to do this, and it was not done',
    pt: 'uma execução decidiu fazer isto, e não foi feito',
  },
  'audit/alert-ignored': {
    en: 'a decision that failed, with no notice, proposal or waiver for it',
    pt: 'uma decisão que reprovou, sem aviso, proposta ou dispensa',
  },
  'audit/other-anchor': {
    en: '`anchors.ndjson` names a CID for another log than this one',
    pt: '`anchors.ndjson` indica um CID de outro registro, não deste',
  },
  'audit/pinned-differs': {
    en: 'what is pinned has another entry here: two histories',
    pt: 'o que está fixado tem outra entrada aqui: duas histórias',
  },
  'audit/behind-pinned': {
    en: 'what is pinned has entries that the repository does not have',
    pt: 'o que está fixado tem entradas que o repositório não tem',
  },
  'audit/more-problems': {
    en: 'more problems of this kind than are listed',
    pt: 'há mais problemas deste tipo do que os listados',
  },
} as const

/** The closed list of an audit's own findings. */
export type AuditCode = keyof typeof AUDIT_MEANINGS

/** One thing that is missing, or differs, on either side. */
export type AuditProblem =
  | VerifyProblem
  | {
      readonly code: AuditCode
      /** `entry 5`, `commit …`, a path, `proposal …`. */
      readonly where: string
      readonly expected?: string
      readonly actual?: string
    }

/** How many problems of one code are listed. */
const LISTED = 50

/** Takes problems in; of each code the first are listed, and the rest counted. */
export class AuditProblems {
  private readonly byCode = new Map<string, AuditProblem[]>()
  private readonly more = new Map<string, number>()

  /** Takes one in. */
  add(problem: AuditProblem): void {
    const list = this.byCode.get(problem.code) ?? []
    this.byCode.set(problem.code, list)
    if (list.length < LISTED) list.push(problem)
    else this.more.set(problem.code, (this.more.get(problem.code) ?? 0) + 1)
  }

  /** By code in the order of first sight; in each as they came. */
  all(): AuditProblem[] {
    return [...this.byCode].flatMap(([code, list]): AuditProblem[] => {
      const more = this.more.get(code)
      return more === undefined ? list : [...list, { code: 'audit/more-problems', where: code, actual: String(more) }]
    })
  }
}
