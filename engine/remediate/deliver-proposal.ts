// One planned action about a proposal → the forge. The card is patched again here, from the judged commit, so that the
// same run makes the same head however often it is begun.
import { Fault } from '../base/fault.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { PersonAt, ProposalDraft } from '../world.ts'
import { patchCard } from './card-patch.ts'
import type { Delivered, DeliveryPorts, DeliveryStep, Outbox } from './deliver.ts'
import type { CleanDetail, CloseDetail, ProposalDetail } from './proposal-action.ts'

/** Opens, refreshes or closes one proposal; done already, it is left alone. Faults of the forge pass through. */
export async function deliverProposal(
  ports: DeliveryPorts,
  outbox: Outbox,
  action: PlannedAction,
): Promise<DeliveryStep> {
  const { kind, key } = action
  const ref = await carryOut(ports, outbox, action)
  const delivered: Delivered = { kind, key, state: 'done', ref }
  const { run, now } = outbox
  const evidence = action.evidence ?? ''
  const mark = { kind, key, evidence, run, state: 'done' as const, at: now, ref }
  return { delivered, mark, isRepeatable: true }
}

async function carryOut(ports: DeliveryPorts, outbox: Outbox, action: PlannedAction): Promise<string> {
  const { forge } = ports
  const { run, now: at } = outbox
  const id = action.key.slice(0, 10)
  if (action.kind === 'close-proposal') {
    const { proposal, end } = action.detail as unknown as CloseDetail
    await forge.close(proposal, { reason: end, at, run })
    return proposal
  }
  if (action.kind === 'update-proposal' && action.detail !== undefined && 'clean' in action.detail) {
    const { clean } = action.detail as unknown as CleanDetail
    await forge.keepCount(id, { clean, at, run })
    return id
  }
  const draft = draftOf(ports, outbox, action)
  return action.kind === 'open-proposal' ? forge.open(draft) : forge.refresh(draft)
}

function draftOf({ git, author }: DeliveryPorts, outbox: Outbox, action: PlannedAction): ProposalDraft {
  const { key, evidence = '', model = '', environment = '', remedy = 'hold' } = action
  const detail = action.detail as unknown as ProposalDetail
  const { branch, title, body, violations, target, window, source } = detail
  const at = outbox.now
  const person: PersonAt = { ...author, at: Math.floor(Date.parse(at) / 1000) }
  return {
    ...{ key, evidence, model, environment, action: remedy },
    ...{ branch, title, body, violations, target, window, source },
    base: outbox.commit,
    commit: detail.renders ? commitOf(git.commitTree(outbox.commit), detail, { key, evidence, person }) : null,
    at,
    run: outbox.run,
  }
}

function commitOf(
  tree: { has(path: string): boolean; read(path: string): Uint8Array },
  { file, edit, title }: ProposalDetail,
  { key, evidence, person }: { readonly key: string; readonly evidence: string; readonly person: PersonAt },
): ProposalDraft['commit'] {
  if (!tree.has(file)) throw new Fault('remediate/no-card', `the judged commit has no \`${file}\``)
  const card = patchCard(Buffer.from(tree.read(file)).toString('utf8'), edit)
  const message = `${title}\n\nTutela-Key: ${key}\nTutela-Evidence: ${evidence}\n`
  return { changes: new Map([[file, new TextEncoder().encode(card)]]), message, author: person }
}
