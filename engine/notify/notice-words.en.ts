// English sentences of notices. notice-words.pt.ts has the same keys; a test holds them equal.

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** The words of notices. The Portuguese ones have the same shape. */
export const english = {
  title: (model: string, environment: string, what: string) => `${model} in ${environment}: ${what}`,
  failed: (count: number) => counted(count, 'failed check', 'failed checks'),
  errors: (count: number) => counted(count, 'check in error', 'checks in error'),
  resolved: 'the problems told earlier are gone',
  waived: (count: number) =>
    `the problems told earlier are waived, not gone: ${counted(count, 'check still fails', 'checks still fail')}`,
  alsoWaived: (count: number) => `Besides, waived: ${counted(count, 'failed check', 'failed checks')}.`,
  invalid: 'its files are invalid, so nothing was judged',
  and: ' and ',
  blocks: 'The deployment is blocked.',
  demand: (action: string) => `Demanded: ${action}.`,
  passed: {
    overdue: (action: string, day: string) => `overdue: ${action} was due ${day}`,
    escalated: (asked: string, action: string, day: string) =>
      `${asked} was not done by ${day}, so now demanded: ${action}`,
  },
  model: 'the model',
  value: (value: string) => `value ${value}`,
  limit: (limit: string) => `limit ${limit}`,
  more: (count: number) => counted(count, 'more problem', 'more problems'),
  readOn: (model: string) => `Read on: tutela explain ${model}`,
}

/** Held by both languages, so that neither lacks a sentence. */
export type NoticeWords = typeof english
