// An IPFS node by Kubo's RPC. Each call has a deadline of its own beside the client's: a client that lets go of its signal
// once headers are there, and a node that never ends its answer, must not hold a run. What comes back is judged elsewhere.
import { CID, create, type KuboRPCClient } from 'kubo-rpc-client'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import type { ImportedRoot, PinNode, ServicePinState } from '../world-pins.ts'
import { boundedGet } from './bounded-get.ts'
import { byDeadline, eachByDeadline } from './deadline.ts'

/** Where the node is, how it is entered, and how long it may take. */
export interface KuboOptions {
  /** Of the RPC: `http://127.0.0.1:5001`. */
  readonly api: string
  /** The `authorization` header. */
  readonly authorization?: string
  readonly services?: readonly string[]
  /** For one call. */
  readonly timeoutMs?: number
  /** For taking a CAR, and for each piece of one that is given. */
  readonly transferMs?: number
}

const CALL_MS = 30_000
const TRANSFER_MS = 300_000
/** A CAR of ours has one root; a node that names more is wrong already. */
const MOST_ROOTS = 10

/** Nothing is asked before the first call. Faults `pin/bad-url`. */
export function openKuboNode(options: KuboOptions): PinNode {
  const { services = [], timeoutMs = CALL_MS, transferMs = TRANSFER_MS } = options
  const api = addressOf(options.api)
  const headers: Record<string, string> =
    options.authorization === undefined ? {} : { authorization: options.authorization }
  const client = create({ url: api.href, headers })
  const who = `the IPFS node at \`${api.host}\``
  const call = <T>(what: string, act: (signal: AbortSignal) => Promise<T>, ms = timeoutMs): Promise<T> =>
    byDeadline(act, { ms, told: (error) => failure(`${who} ${what}`, error) })
  return {
    address: api.origin,
    services,
    importCar: (pieces) => call('takes no CAR', (signal) => importCar(client, pieces, signal), transferMs),
    isPinned: (cid) => call('says nothing of a pin', (signal) => isPinned(client, cid, signal)),
    namedPins: (name) => call('lists no pins', (signal) => namedPins(client, name, signal)),
    namePin: (cid, name) =>
      call('names no pin', async (signal) => {
        await client.pin.add(CID.parse(cid), { name, recursive: true, signal })
      }),
    block: async (cid, largestBytes) => {
      const url = new URL(`${api.href.replace(/\/$/, '')}/api/v0/block/get?arg=${encodeURIComponent(cid)}`)
      const { status, bytes } = await boundedGet({ url, method: 'POST', headers, timeoutMs, largestBytes, who })
      if (status === 200) return bytes
      throw new Fault('pin/refused', `${who} gives no block: HTTP ${status}`)
    },
    exportCar: (cid) =>
      eachByDeadline((signal) => client.dag.export(CID.parse(cid), { signal }), {
        ms: transferMs,
        told: (error) => failure(`${who} gives no CAR`, error),
      }),
    pinAtService: (service, cid, name) =>
      call(`passes no pin on to \`${service}\``, async (signal) => {
        const { status } = await client.pin.remote.add(CID.parse(cid), { service, name, background: true, signal })
        return stateOf(status)
      }),
    stateAtService: (service, cid) =>
      call(`says nothing of \`${service}\``, (signal) => stateAtService(client, service, cid, signal)),
  }
}

function addressOf(api: string): URL {
  if (URL.canParse(api) && /^https?:$/.test(new URL(api).protocol)) return new URL(api)
  throw new Fault('pin/bad-url', `\`${visibleText(api)}\` is no web address`, 'write `http://127.0.0.1:5001`')
}

async function importCar(
  client: KuboRPCClient,
  pieces: Iterable<Uint8Array>,
  signal: AbortSignal,
): Promise<ImportedRoot[]> {
  const roots: ImportedRoot[] = []
  for await (const { root } of client.dag.import([asynchronous(pieces)], { pinRoots: true, signal })) {
    roots.push({ cid: root.cid.toString(), pinError: String(root.pinErrorMsg ?? '') })
    if (roots.length > MOST_ROOTS) break
  }
  return roots
}

/** Lets other work run between pieces: a log is long. */
async function* asynchronous(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    yield piece
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function isPinned(client: KuboRPCClient, cid: string, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const pin of client.pin.ls({ paths: [CID.parse(cid)], type: 'recursive', signal })) {
      if (pin.cid.toString() === cid && pin.type === 'recursive') return true
    }
    return false
  } catch (error) {
    // This is how a node says that it has no such pin.
    if (/is not pinned/.test(String((error as Error).message))) return false
    throw error
  }
}

/** A node that knows no names lists all, without any. */
async function namedPins(client: KuboRPCClient, name: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = []
  for await (const pin of client.pin.ls({ type: 'recursive', name, signal })) {
    if (pin.name?.startsWith(name) === true) found.push(pin.cid.toString())
    if (found.length > MOST_NAMED) break
  }
  return found
}

/** Of a log that is pinned every hour for eleven years. */
const MOST_NAMED = 100_000

const STATES: readonly ServicePinState[] = ['queued', 'pinning', 'pinned', 'failed']

function stateOf(status: string): ServicePinState {
  return STATES.find((state) => state === status) ?? 'absent'
}

/** The best of the pins that the service has of this CID: one that failed may have been asked for again. */
async function stateAtService(
  client: KuboRPCClient,
  service: string,
  cid: string,
  signal: AbortSignal,
): Promise<ServicePinState> {
  const found = new Set<ServicePinState>()
  const status = ['queued', 'pinning', 'pinned', 'failed'] as const
  for await (const pin of client.pin.remote.ls({ service, cid: [CID.parse(cid)], status: [...status], signal })) {
    if (pin.cid.toString() === cid) found.add(stateOf(pin.status))
    if (found.size > status.length) break
  }
  return (['pinned', 'pinning', 'queued', 'failed'] as const).find((state) => found.has(state)) ?? 'absent'
}

function failure(what: string, error: unknown): Fault {
  if (error instanceof Fault) return error
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string } }
  const reason = visibleText(String(cause?.code ?? message ?? 'no reason is given')).slice(0, 300)
  if (name === 'HTTPError') return new Fault('pin/refused', `${what}: ${reason}`, 'see its log')
  if (error instanceof SyntaxError) return new Fault('pin/bad-answer', `${what}: its answer is no JSON`)
  if (name === 'TypeError' && cause === undefined)
    return new Fault('pin/bad-answer', `${what}: its answer is of another form (${reason})`)
  return new Fault('pin/no-answer', `${what}: ${reason}`, 'is it running, and can it be reached from here?')
}
