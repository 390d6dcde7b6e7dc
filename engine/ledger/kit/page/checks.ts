// The steps of a verification, as a reader follows them, from the answer of the verifier: each problem belongs to one step, and
// a step that was not reached is said not to be checked.
import type { VerifyCode, VerifyProblem } from '../../verify-problem.ts'
import type { KitAnswer } from '../browser/kit-log.ts'

/** In the order of checking. */
export const STEPS = ['file', 'signature', 'witnesses', 'entries', 'tree', 'since'] as const

/** A step's name. */
export type Step = (typeof STEPS)[number]

/** `open`: not reached, or not asked for. */
export type StepState = 'ok' | 'bad' | 'open'

const OF_FILE: readonly VerifyCode[] = [
  'ledger/bad-car',
  'ledger/other-cid',
  'ledger/bad-block',
  'ledger/repeated-block',
  'ledger/missing-block',
  'ledger/stray-block',
  'ledger/bad-name',
]
const OF_ENTRIES: readonly VerifyCode[] = [
  'ledger/bad-bundle',
  'ledger/bad-entry',
  'ledger/entry-hash',
  'ledger/bad-age',
]
const OF_TREE: readonly VerifyCode[] = [
  'ledger/missing-file',
  'ledger/stray-file',
  'ledger/bad-length',
  'ledger/tile-hash',
  'ledger/stale-partial',
  'ledger/root',
  'ledger/more-problems',
]

/** The step that a problem belongs to. What no step claims is of the signature: nothing passes for lack of a place. */
export function stepOf({ code, where }: VerifyProblem): Step {
  if (where === 'older checkpoint' || code === 'ledger/rewritten' || code === 'ledger/rolled-back') return 'since'
  if (OF_FILE.includes(code)) return 'file'
  if (code === 'ledger/no-quorum') return 'witnesses'
  if (OF_ENTRIES.includes(code)) return 'entries'
  return OF_TREE.includes(code) ? 'tree' : 'signature'
}

/** How each step ended. */
export function stepsOf(answer: KitAnswer): Readonly<Record<Step, StepState>> {
  const bad = new Set(answer.problems.map(stepOf))
  const isRead = answer.size !== null
  const reached: Readonly<Record<Step, boolean>> = {
    file: true,
    signature: answer.origin !== null && answer.supported,
    witnesses: answer.origin !== null && answer.supported && answer.hasQuorum,
    entries: isRead && answer.entries === answer.size,
    tree: isRead && !bad.has('file'),
    since: isRead && answer.since,
  }
  const stateOf = (step: Step): StepState => {
    if (!answer.supported && (step === 'signature' || step === 'witnesses')) return 'open'
    if (bad.has(step)) return 'bad'
    return reached[step] ? 'ok' : 'open'
  }
  return Object.fromEntries(STEPS.map((step) => [step, stateOf(step)])) as Record<Step, StepState>
}

/** How the comparison with an older checkpoint failed: history changed, entries missing, or nothing could be compared. */
export function sinceFailure(problems: readonly VerifyProblem[]): 'since' | 'shorter' | 'unusable' {
  const codes = new Set(problems.map(({ code }) => code))
  if (codes.has('ledger/rewritten')) return 'since'
  return codes.has('ledger/rolled-back') ? 'shorter' : 'unusable'
}

/** The indexes of the entries that problems name. */
export function damagedEntries(problems: readonly VerifyProblem[]): ReadonlySet<number> {
  const named = problems.flatMap(({ where }) => / entry (\d+)$/.exec(where)?.[1] ?? [])
  return new Set(named.map(Number))
}
