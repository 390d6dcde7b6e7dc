// English words of a proposal. proposal-words.pt.ts has the same keys; a test holds them equal.

export const english = {
  title: {
    retrain: (model: string, where: string) => `Retrain ${model} in ${where}`,
    rollback: (model: string, where: string, target: string) => `Roll ${model} in ${where} back to ${target}`,
    hold: (model: string, where: string) => `Hold ${model} in ${where}`,
  },
  instead: {
    'no-recipe': (asked: string, proposed: string) =>
      `The policies demand: ${asked}. Proposed: ${proposed}, because the card says no way to do it (it has no \`retrain\`).`,
    'no-target': (asked: string, proposed: string) =>
      `The policies demand: ${asked}. Proposed: ${proposed}, because there is no earlier version that is known not to fail.`,
    escalated: (asked: string, proposed: string) =>
      `The policies demanded: ${asked}. Proposed: ${proposed}, because that was not done in the time that they give.`,
  },
  what: {
    retrain: (trigger: string) =>
      `Merging adds a retrain request to the card. The next run sends it once, by the trigger ${trigger}. The version that comes out of it is judged before it can be proposed for deployment.`,
    rollback: (from: string, to: string) =>
      `Merging sets the deployed version back from ${from} to ${to}, the newest earlier one whose last verdict did not fail.`,
    hold: 'Merging marks the deployment as held, for manifests and gates to honour. Nothing else about it changes.',
  },
  why: 'Why',
  violated: (count: number) => (count === 1 ? 'One requirement is violated:' : `${count} requirements are violated:`),
  requirement: 'requirement',
  subject: 'subject',
  value: 'value',
  limit: 'limit',
  margin: 'margin',
  sample: 'sample',
  window: 'window',
  more: (count: number) => `${count} more are listed in the report of the run.`,
  history: 'How it came to this',
  historyColumns: ['requirement', 'values, oldest first'] as readonly string[],
  change: 'What changes',
  evidence: 'Evidence',
  model: 'model',
  version: 'deployed version',
  environment: 'environment',
  owners: 'who may approve',
  validator: 'independent validator',
  request: 'retrain request',
  evidenceName: 'evidence',
  snapshots: 'snapshots judged',
  none: 'none',
  decide: 'How to decide',
  decideBy:
    'An approval is signed, and holds for this head commit and this evidence alone: when either changes, it is void. Author, last pusher and the engine never count.',
  commands: (id: string) => [
    `tutela pr diff ${id}`,
    `tutela pr approve ${id} --key ~/.ssh/id_ed25519`,
    `tutela gate --proposal ${id}`,
    `tutela pr merge ${id}`,
  ],
  otherwise: 'Or, with a reason that stays with it:',
  otherCommands: (id: string) => [
    `tutela pr reject ${id} --reason "…"`,
    `tutela pr snooze ${id} --until YYYY-MM-DD --reason "…"`,
  ],
  onForge: 'Approve and merge it here; `tutela gate` is the required check that says what is missing.',
  footer: 'Written by Tutela; edits of this text are overwritten. Proposal',
  frozen:
    'Somebody committed to this branch, so it is not rendered again. Write the comment `retry` to have it rendered anew on the base.',
}

export type ProposalWords = typeof english
