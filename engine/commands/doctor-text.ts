// What `doctor` found, as a person reads it: a line a thing, and each fix once.

import type { DoctorWords } from './doctor-words.en.ts'

/** `warning`: runs work, but something will surprise; `problem`: `doctor` exits 1. */
export type State = 'ok' | 'warning' | 'problem'

/** One thing that was looked at. */
export interface Check {
  readonly what: string
  readonly state: State
  readonly found: string
  readonly fix?: string
}

/** Without a final newline. What one fix puts right stands together, at the place of the first of it. */
export function checksText(checks: readonly Check[], words: DoctorWords): string {
  return groupsByFix(checks)
    .map((group) => groupText(group, words))
    .join('\n')
}

const MARKS: Readonly<Record<State, string>> = { ok: '✓', warning: '!', problem: '✗' }

/** What needs no fix stands alone. */
function groupsByFix(checks: readonly Check[]): (readonly Check[])[] {
  return [...Map.groupBy(checks, (check) => (check.fix === undefined ? check : check.fix)).values()]
}

/** Those of one group that were found alike share a line. */
function groupText(group: readonly Check[], words: DoctorWords): string {
  const alike = Map.groupBy(group, ({ state, found }) => `${state} ${found}`)
  const lines = [...alike.values()].flatMap((list) => {
    const [first] = list
    if (first === undefined) return []
    return `${MARKS[first.state]} ${list
      .map(({ what }) => words.what[what] ?? what)
      .join(', ')
      .padEnd(16)}  ${first.found}`
  })
  const fix = group[0]?.fix
  return [...lines, ...(fix === undefined ? [] : [`${' '.repeat(20)}${words.fix}: ${fix}`])].join('\n')
}
