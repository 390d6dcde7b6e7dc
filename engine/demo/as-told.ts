// Whether the story happened as it is told. A step that was refused, or did nothing, ends the demo with a fault: what
// would be told after it would not be true.
import { Fault } from '../base/fault.ts'
import type { Verdict } from '../domain/finding.ts'
import type { OpenedProposal, RunSeen } from './story.ts'

/** Faults `demo/not-as-told` where something that a run recorded did not come out. */
export function requireDelivered(
  delivered: readonly { readonly kind: string; readonly state: string; readonly message?: string }[],
): void {
  const failed = delivered.find(({ state }) => state !== 'done')
  if (failed === undefined) return
  const { kind, state, message } = failed
  throw notAsTold(`\`${kind}\` is ${state}${message === undefined ? '' : `: ${message}`}`)
}

/** The proposals of that remedy; faults `demo/not-as-told` where the run opened none. */
export function requireOpened({ opened }: RunSeen, model: string, remedy: string): readonly OpenedProposal[] {
  const found = opened.filter((one) => one.model === model && one.remedy === remedy)
  if (found.length === 0) throw notAsTold(`no ${remedy} of \`${model}\` was proposed`)
  return found
}

/** Faults `demo/not-as-told` but where the merged request started just one training. */
export function requireOneTraining({ triggered }: RunSeen): void {
  if (triggered !== 1) throw notAsTold(`the retraining was started ${triggered} times`)
}

/** Faults `demo/not-as-told` where the run judged nothing of the model. */
export function requireJudged({ verdicts }: RunSeen, model: string): void {
  if (!verdicts.some((verdict) => verdict.model === model)) throw notAsTold(`\`${model}\` was not judged`)
}

/** Faults `demo/not-as-told` where no finding of the model was excused in any of the runs. */
export function requireWaived(runs: readonly RunSeen[], model: string): void {
  const found = runs.flatMap(({ findings }) => findings).filter((finding) => finding.model === model)
  if (found.every(({ waiver }) => waiver === undefined)) throw notAsTold(`a waiver excused nothing of \`${model}\``)
}

/** Faults `demo/not-as-told` where something is still demanded of a model that was retired. */
export function requireRetired({ verdicts }: RunSeen, model: string): void {
  const isFree = ({ blocks, demand }: Verdict) => !blocks && demand === 'none'
  if (!verdicts.filter((verdict) => verdict.model === model).every(isFree))
    throw notAsTold(`something is demanded of \`${model}\` after it was retired`)
}

/** What a person did and was refused. */
export function notAsTold(what: string): Fault {
  return new Fault(
    'demo/not-as-told',
    `the story did not happen as it is told: ${what}`,
    'the folder is left as it is; where a disk is full or a folder cannot be written, put that right and start anew',
  )
}
