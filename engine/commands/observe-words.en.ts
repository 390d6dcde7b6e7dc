// English words of `observe` and `import`. observe-words.pt.ts has the same keys; the type holds them equal. What is noted of
// the data stands in the document of `--format json` too, and is English there and here, as diagnostics are.
const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

export const english = {
  part: {} as Readonly<Record<string, string>>,
  columns: ['metric', 'subject', 'value', '95% interval', 'n', ''] as readonly string[],
  interval: (low: string, high: string) => `${low} to ${high}`,
  pairs: (n: number) => `… and ${n} of groups by two attributes (\`--format json\` shows all)`,
  alarms: (what: string, positions: string) =>
    `${what} alarms at ${positions} (rows with a label in order of time, the first is 0)`,
  place: (model: string, version: string, environment: string) => `${model} ${version} in ${environment}`,
  window: (start: string, end: string) => `${start} to ${end}`,
  rows: (n: number, text: string) => `${text} ${n === 1 ? 'row' : 'rows'}`,
  noRows: 'no rows counted',
  against: (current: string, reference: string) => `${current} against ${reference} of the reference`,
  measurements: (n: number) => counted(n, 'measurement', 'measurements'),
  of: (measurements: string, what: string) => `${measurements} of ${what}`,
  nothing: 'nothing was written',
  unmeasured: 'nothing was measured',
  noData: 'no data',
  unchanged: 'unchanged since its last snapshot',
  failed: 'failed',
  refused: 'refused',
  present: (where: string) => `already there: ${where}: nothing was written`,
  flags: (tool: string, flagged: number, failed: number, checks: number) =>
    `${tool} itself flags ${flagged} and fails ${failed} of ${checks} checks; rules judge the numbers`,
  note: 'note',
  sourceSays: (text: string) => `the source says: ${text}`,
  unread: (names: string) => `without a measurement: ${names}`,
  dropped: (names: string) => `never kept: ${names}`,
  leftOut: (count: number, why: string) => `${counted(count, 'number', 'numbers')} left out, ${why}`,
  why: {
    undeclared: 'of metrics that governance.yaml does not declare',
    'small-group': 'of fewer rows than `minimumGroupSize`: only the size of a group is kept',
    'group-size-unknown': 'of groups whose size the file does not tell (`count`)',
    name: 'of a name that a snapshot cannot hold (empty, too long, or with control characters)',
  },
  toKeep: 'to keep them, add to policies/governance.yaml (mend the units):',
}

export type ObserveWords = typeof english
