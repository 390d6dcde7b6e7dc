// From `ledger.pin` of governance.yaml, or the environment, to the places where logs are pinned and read.
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import type { Process } from '../world.ts'
import type { Gateway, PinNode } from '../world-pins.ts'
import { openGateway } from './gateway.ts'

/** The node that governance.yaml names; null where it names none. Faults `pin/bad-url`, `config/no-secret`. */
export async function openPinNode({ ledger }: Governance, { env }: Process): Promise<PinNode | null> {
  const { pin } = ledger
  if (pin === undefined) return null
  const authorization = pin.authorization === undefined ? {} : { authorization: secretOf(pin.authorization, env) }
  return await node({ api: pin.api, services: pin.services, ...authorization })
}

/** Who is asked for a CID: the gateway that is named, else TUTELA_IPFS_API, else TUTELA_IPFS_GATEWAY; null for nobody. */
export async function openCarGiver(gateway: string | null, { env }: Process): Promise<Gateway | null> {
  if (gateway !== null) return openGateway(gateway)
  const { TUTELA_IPFS_API: api = '', TUTELA_IPFS_GATEWAY: address = '', TUTELA_IPFS_AUTHORIZATION: secret = '' } = env
  if (api !== '') return await node({ api, ...(secret === '' ? {} : { authorization: secret }) })
  return address === '' ? null : openGateway(address)
}

/** The client is large, and most runs need none. */
async function node(options: Parameters<typeof import('./kubo-node.ts').openKuboNode>[0]): Promise<PinNode> {
  const { openKuboNode } = await import('./kubo-node.ts')
  return openKuboNode(options)
}

function secretOf(place: string, env: Process['env']): string {
  const name = /^env:(.+)$/.exec(place)?.[1] ?? ''
  const value = env[name]?.trim() ?? ''
  if (value !== '') return value
  throw new Fault(
    'config/no-secret',
    `the variable \`${name}\` is not set`,
    'it holds the `authorization` header of the IPFS node',
  )
}
