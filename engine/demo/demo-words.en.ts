// The English sentences of `demo`. demo-words.pt.ts has the same keys; the type holds them equal.

export const english = {
  title: 'Tutela: a bank governs two real models from one Git repository',
  intro: [
    'policies/ says what is required, models/ what is in use, ledger/ proves what was decided, reports/ tells it.',
    'The data are real: small-business loans in the US (2004–2006) and the COMPAS scores (2013–2014), measured month by',
    'month. Outcomes are used with hindsight, as if known at the end of each month; the bank and its people are made up.',
  ],
  creditChapter: 'A credit model decays',
  creditEnters: (auc: string, rows: string) =>
    `ana commits the model's card: it may decide. Baseline: AUC ${auc} over ${rows} loans.`,
  aucHolds: (auc: string) => `AUC ${auc}. Nothing is demanded.`,
  aucWarns: (auc: string, drop: string) =>
    `AUC ${auc}, ${drop} under the baseline. One bad month is a warning, two in a row are a failure.`,
  formChanged: (psi: string) =>
    `jobs_retained, always 0 until now, is being filled in: PSI ${psi}. That policy is advisory: it reports.`,
  aucFails: (auc: string) => `AUC ${auc}: the second month more than 5 % under the baseline.`,
  proposalOpens: (id: string, remedy: string, owners: string) =>
    `→ proposal ${id} opens: ${remedy}. Nothing changes until ${owners} approve it.`,
  remedy: { retrain: 'retrain', rollback: 'roll back', hold: 'hold the model', promote: 'promote' },
  approvedAndMerged: (who: string, id: string) =>
    `${who} approves ${id}: an SSH signature over this change and this evidence. The gate agrees; it is merged.`,
  retrainStarts: (times: number) =>
    `The merged request starts the retraining: ${times === 1 ? 'once' : `${times} times`}, however often a run is repeated.`,
  floorBroken: (auc: string, limit: string, feature: string, psi: string) =>
    `AUC ${auc}, under the floor of ${limit}; PSI of \`${feature}\` ${psi}. This policy is mandatory: it blocks.`,
  held: (who: string) => `${who} approves and merges: the card now says \`hold: true\`.`,
  retired: (who: string) => `${who} retires the model by a commit. Its card and its history stay for ever.`,
  compasChapter: 'A score is unfair, and its labels break',
  compasEnters: (black: string, white: string) =>
    `dora commits the card of COMPAS. In its baseline, ${black} of African-Americans and ${white} of whites are called risky.`,
  gapWarns: (gap: string, limit: string) =>
    `Error rates of races differ by ${gap}; the limit is ${limit}. A first month only warns.`,
  gapFails: (gap: string, limit: string) => `${gap} again (limit ${limit}): the policy is mandatory, so it blocks.`,
  waived: (until: string) =>
    `teresa grants a waiver: age bands may differ until ${until}, with a reason and a ticket. Race may not.`,
  monthsPass: (count: number, blocked: number, low: string, high: string) =>
    `${count} more months: blocked in ${blocked} of them; the gap between races is ${low} to ${high}. Nobody approves.`,
  waiverEnds: (day: string) => `The waiver ran out on ${day} by itself: ages count again.`,
  labelBreaks: (rate: string, limit: string) =>
    `${rate} of the labels are positive (at most ${limit} is plausible): follow-up ended. Not a better or worse model:`,
  labelBreaksWhy: 'a broken label. The evidence changed, so approvals given for the old evidence would be void.',
  aucMissing: (reason: string) =>
    `Only one class is left: AUC cannot be measured (\`${reason}\`). An error blocks like a failure; it never passes.`,
  published: (fprBlack: string, fprWhite: string, fnrBlack: string, fnrWhite: string) =>
    `Over the whole period, as ProPublica published: of those who did not re-offend, ${fprBlack} of African-Americans and ${fprWhite} of whites were called risky; of those who did, ${fnrBlack} and ${fnrWhite} were called safe.`,
  endChapter: 'What is left',
  runs: (runs: number, commits: number, reports: number) =>
    `${runs} runs, each one commit; ${commits} commits in all; ${reports} reports.`,
  proven: (entries: number) =>
    `The ledger has ${entries} entries. \`verify\` recomputed every hash and signature: proven.`,
  notProven: (problems: number) => `The ledger has ${problems} problems: see \`tutela verify\`.`,
  waiting: (id: string, owners: string) => `Proposal ${id} is open: hold COMPAS. It waits for ${owners}.`,
  folder: (folder: string) => `All of it is in ${folder}`,
  next: 'Try next',
  tryProposal: 'why, the evidence, the diff of the card',
  tryApprove: 'sign it as dora, the owner',
  tryMerge: 'the gate decides',
  tryPlan: 'every verdict, with reasons',
  tryExplain: 'one rule with all its numbers',
  tryReport: 'what the committee reads',
  tryVerify: 'prove the ledger',
}

export type DemoWords = typeof english
