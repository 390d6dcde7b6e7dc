// A real IPFS node (js-ipfs, which speaks the RPC that kubo-rpc-client speaks): import, pin, list, export, verify.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'quick',
  missing: () => missingCommands(['npm', '--version']),
}
