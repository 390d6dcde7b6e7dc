// English words of `pr` and `gate`. pr-words.pt.ts has the same keys; a test holds them equal.

const silence = (until: string) => `these facts stay silent${until === '' ? '' : ` until ${until}`}`

export const english = {
  none: 'There is no proposal.',
  state: { open: 'open', merged: 'merged', closed: 'closed' },
  frozen: 'frozen',
  snoozed: (until: string) => `snoozed until ${until}`,
  approvals: (counted: number, all: number) => `${counted} of ${all} approvals count`,
  opened: (day: string) => `open since ${day}`,
  ended: (state: string, day: string, reason: string) => `${state} on ${day}${reason === '' ? '' : ` (${reason})`}`,
  next: 'Next',
  history: 'History',
  engine: 'Tutela',
  event: {
    opened: 'opened',
    refreshed: 'brought up to date',
    frozen: 'frozen: somebody committed to the branch',
    approved: 'approved',
    rejected: 'rejected',
    snoozed: 'snoozed',
    commented: 'commented',
    merged: 'merged',
    closed: 'closed',
  },
  done: {
    approved: (id: string, by: string, head: string, files: string) => `${by} approved ${id} (head ${head}: ${files}).`,
    rejected: (id: string, by: string, until: string) => `${by} rejected ${id}: ${silence(until)}.`,
    snoozed: (id: string, by: string, until: string) => `${by} snoozed ${id} until ${until}.`,
    commented: (id: string, by: string) => `${by} commented on ${id}.`,
    closed: (id: string, by: string, until: string) => `${by} closed ${id}: ${silence(until)}.`,
    merged: (id: string, commit: string, into: string) => `${id} is merged into ${into} (${commit}).`,
  },
  afterMerge: 'The next `tutela run` records it and sends what it authorises.',
  notPushed: (why: string) =>
    `Recorded here, not yet pushed (${why}): the next \`tutela run\`, or step of \`tutela pr\`, pushes it.`,
  lost: (id: string, what: string, by: string) =>
    `came too late, and is not kept: ${what} by ${by}, of ${id}, which ended or changed at the remote meanwhile`,
  notFetched: (why: string) => `what is known here may be behind the remote: ${why}`,
  gone: (ids: string, then: string) => `recorded, and without a ref here, as if it never was: proposal ${ids}: ${then}`,
  goneHere: (command: string) => `put it back with \`${command}\`, at the remote too, and find out who could delete it`,
  goneElsewhere: (commit: string) =>
    `\`git fetch origin 'refs/tutela/*:refs/tutela/*'\` where it was never fetched; where the remote lacks it too, from a clone that has commit ${commit}`,
  claimed: (id: string, commit: string) =>
    `proposal ${id} says that it was merged as ${commit}, and the base does not have that merge: it counts as open; \`git pull\` where the base is behind, else put \`refs/tutela/proposals/${id}\` back, at the remote too, and find out who could write it`,
  strangeMark: (kind: string, of: string) =>
    `\`refs/tutela/delivered\` says \`${kind}\`${of} was done, and no recorded run planned it, nor does the log know of it: it does not count; find out who could write it`,
  strangeRef: (ref: string) =>
    `\`${ref}\` is no proposal's name, and is passed over: \`git update-ref -d ${ref}\`, at the remote too, and find out who could write it`,
  doesNotCount: (why: string) => `It does not count: ${why}.`,
  unseen: (path: string) => `${path}: changed, and not shown as text: look with git diff`,
  changed: (names: string, head: string) =>
    `CHANGED AFTER IT WAS PROPOSED, by ${names}: the diff below is the branch as it is now (${head}), and an approval is of that`,
  changedApproved: (names: string) =>
    `It was changed after it was proposed, by ${names}: what is approved is the branch as it is now`,
  already: (id: string, by: string, head: string) =>
    `${by} had approved this head (${head}) and this evidence of ${id} already: nothing was added.`,
  policies: 'Demanded by',
  severity: 'severity',
  blocks: 'blocks',
  due: (day: string) => `due by ${day}`,
  overdue: (day: string) => `overdue: it was due by ${day}`,
  reviewers: 'Owners on the base of what it changes:',
}

export type PrWords = typeof english
