// The English sentences of `demo`. demo-words.pt.ts has the same keys; the type holds them equal.

export const english = {
  title: 'Tutela: a bank governs two real models from one Git repository',
  intro: [
    'policies/ says what is required, models/ what is in use, ledger/ proves what was decided, reports/ tells it.',
    'The data are real: US small-business loans (2004–2006) and the COMPAS scores (2013–2014), measured month by month.',
    'Outcomes are used with hindsight, as if known when each month ends. The bank and its people are made up.',
    'Each line is one run or one deed:  ✓ all rules hold  ! something to watch  ✗ something is demanded  · people act',
  ],
  creditChapter: 'A credit model decays',
  creditEnters: (auc: string, rows: string) =>
    `ana commits the model's card: it goes into use. Baseline: AUC ${auc} over ${rows} loans.`,
  aucHolds: (month: string, auc: string) => `Loans of ${month}: AUC ${auc}. Nothing is demanded.`,
  aucWarns: (month: string, auc: string, drop: string) =>
    `Loans of ${month}: AUC ${auc}, ${drop} under the baseline. One bad month warns, a second one fails.`,
  formChanged: (psi: string) =>
    `\`jobs_retained\`, nearly always 0 so far, is being filled in: PSI ${psi}. An advisory policy only reports that.`,
  aucFails: (month: string, auc: string) =>
    `Loans of ${month}: AUC ${auc}, for the second month more than 5% under the baseline.`,
  proposalOpens: (id: string, remedy: string, owners: string) =>
    `→ proposal ${id}: ${remedy}. Nothing changes unless ${owners} approves.`,
  remedy: { retrain: 'retrain', rollback: 'roll back', hold: 'hold the model', promote: 'promote' },
  approvedAndMerged: (who: string, id: string) =>
    `${who} signs ${id} with an SSH key, for this change and this evidence. The gate agrees: merged.`,
  retrainStarts: (times: number) =>
    `The merged request started the retraining ${times === 1 ? 'once' : `${times} times`}; repeating a run does not repeat it.`,
  floorBroken: (month: string, auc: string, limit: string, feature: string, psi: string) =>
    `Loans of ${month}: AUC ${auc}, under the floor of ${limit} (PSI of \`${feature}\`: ${psi}). Mandatory: it blocks.`,
  held: (who: string) => `${who} approves and merges: the card now says \`hold: true\`.`,
  retired: (who: string) => `${who} retires the model by a commit. Its card and its history stay for ever.`,
  compasChapter: 'A score is unfair, and its labels break',
  compasEnters: (black: string, white: string) =>
    `dora commits the card of COMPAS. In its baseline, ${black} of African-Americans and ${white} of whites get medium or high risk.`,
  gapWarns: (gap: string, limit: string) =>
    `Shares called high risk differ between races by ${gap}; the limit is ${limit}, and within the interval: a warning.`,
  agesFail: (gap: string, limit: string) =>
    `Between ages they differ by ${gap} (limit ${limit}), with 95% confidence two months in a row. Mandatory: it blocks.`,
  gapFails: (gap: string, limit: string) =>
    `Now between races, too: ${gap} (limit ${limit}), with 95% confidence two months in a row.`,
  waived: (until: string) =>
    `teresa grants a waiver, with reason and ticket: ages may differ until ${until}. Races may not.`,
  monthsPass: (count: number, blocked: number, low: string, high: string) =>
    `${count} more months, ${blocked} of them blocked; the gap between races is ${low} to ${high}. Nobody approves.`,
  waiverEnds: (day: string) => `The waiver ran out on ${day} by itself: ages count again.`,
  labelBreaks: (rate: string, limit: string) =>
    `${rate} of the labels are positive (${limit} at most is plausible): the label broke, not the model.`,
  labelBreaksWhy: 'The evidence is another one now, so an approval of the old evidence would be void.',
  aucMissing: (reason: string) =>
    `No AUC any more (\`${reason}\`). What cannot be measured is an error, and blocks like a failure.`,
  published: (fprBlack: string, fprWhite: string, fnrBlack: string, fnrWhite: string) =>
    `Over the whole period, as ProPublica published: of those who did not re-offend, ${fprBlack} of African-Americans and ${fprWhite} of whites were called medium or high risk; of those who did, ${fnrBlack} and ${fnrWhite} were called low risk.`,
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
  tryObserve: 'measure a month of loans again, with every figure',
  tryVerify: 'prove the ledger',
}

export type DemoWords = typeof english
