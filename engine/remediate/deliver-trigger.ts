// One merged retrain request → its trigger, at most once: the mark `started` is written first, by compare-and-swap, so
// that of two runs at a time only one goes on, and after a crash none does.
import { Fault } from '../base/fault.ts'
import type { Window } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { RetrainOrder } from '../world.ts'
import type { Delivered, DeliveryPorts, DeliveryStep, Outbox } from './deliver.ts'
import { type Mark, putMarks } from './delivered-marks.ts'

/** `detail` of a planned trigger. */
interface TriggerDetail {
  readonly trigger: string
  readonly request: string
  readonly window: Window | null
  readonly version: string
}

/** Starts one training. `known`: its mark from an earlier attempt, which says whether it may have begun, unless forged. */
export async function deliverTrigger(
  ports: DeliveryPorts,
  outbox: Outbox,
  action: PlannedAction,
  { known, isForged }: { readonly known: Mark | null; readonly isForged: boolean },
): Promise<DeliveryStep> {
  const { git, author } = ports
  const { key, evidence = '', model = '', environment = '' } = action
  const { trigger: name, request, window, version } = action.detail as unknown as TriggerDetail
  const trigger = ports.trigger(name)
  if (trigger === null) {
    throw new Fault(
      'remediate/no-trigger',
      `the card of \`${model}\` names the trigger \`${name}\`, which is not configured`,
      'add it to `triggers` in policies/governance.yaml',
    )
  }
  const step = (state: Delivered['state'], more: Partial<Delivered> = {}): DeliveryStep => ({
    delivered: { kind: 'trigger', key, state, ...more },
    mark: null,
    isRepeatable: false,
  })
  const mark: Mark = {
    kind: 'trigger',
    key,
    evidence,
    run: outbox.run,
    state: 'started',
    at: outbox.now,
    model,
    environment,
    trigger: name,
    request,
  }
  const isBegun = known !== null && !isForged && known.state !== 'not-started'
  const expect = isForged ? known : (known?.state ?? null)
  if (isBegun || !putMarks(git, author, [{ mark, expect }])) return step('unknown', { ref: request })
  const takeBack = () => putMarks(git, author, [{ mark: { ...mark, state: 'not-started' }, expect: 'started' }])
  const order: RetrainOrder = { request, model, environment, version, window }
  const { state, ref, output } = await trigger.send(order)
  if (state === 'not-started') {
    // It is certain that nothing ran, so the way is free for the next run.
    takeBack()
    return step('failed', { message: output })
  }
  const done: Mark = { ...mark, state, ref: ref ?? request }
  putMarks(git, author, [{ mark: done, expect: 'started' }])
  return state === 'sent'
    ? step('done', { ref: done.ref ?? request })
    : step('unknown', { ref: done.ref ?? request, message: output })
}
