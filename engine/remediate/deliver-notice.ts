// One planned notice → its channel. The channel may know a repetition; where it does not, the mark alone prevents one.
import { Fault } from '../base/fault.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { DeliveryPorts, DeliveryStep, Outbox } from './deliver.ts'

/** Sends one notice; its mark is the caller's to put. Faults `remediate/no-channel`, and `notify/…` where it was not taken. */
export async function deliverNotice(
  ports: DeliveryPorts,
  outbox: Outbox,
  action: PlannedAction,
): Promise<DeliveryStep> {
  const { key, evidence = '', model, environment, channel: name = 'file' } = action
  const channel = ports.channel(name)
  if (channel === null) {
    throw new Fault(
      'remediate/no-channel',
      `the channel \`${name}\` is not configured`,
      'add it to `channels` in policies/governance.yaml',
    )
  }
  const { title, text, data } = textOf(action)
  const { ref } = await channel.send({ key, evidence, title, text, data })
  const { run, now } = outbox
  return {
    delivered: { kind: 'notify', key, state: 'done', ref },
    mark: {
      ...{ kind: 'notify', key, evidence, run, state: 'sent', at: now, ref, channel: name },
      ...(model === undefined ? {} : { model }),
      ...(environment === undefined ? {} : { environment }),
    },
    isRepeatable: channel.repeats === 'harmless',
  }
}

function textOf({ detail, reason }: PlannedAction) {
  const { title, text, data } = (detail ?? {}) as { title?: unknown; text?: unknown; data?: unknown }
  return {
    title: typeof title === 'string' ? title : reason,
    text: typeof text === 'string' ? text : reason,
    data: typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {},
  }
}
