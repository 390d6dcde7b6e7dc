// A gateway of IPFS that gives CARs (the trustless kind): one GET, read in pieces, each with a deadline, no redirect.
// Source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
import { Fault } from '../base/fault.ts'
import type { Gateway } from '../world-pins.ts'
import { eachByDeadline } from './deadline.ts'

const CAR = 'application/vnd.ipld.car'
const PIECE_MS = 60_000

/** Nothing is asked before the first call. Faults `pin/bad-url`. */
export function openGateway(address: string, { pieceMs = PIECE_MS }: { readonly pieceMs?: number } = {}): Gateway {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new Fault('pin/bad-url', 'the address of the gateway is no web address', 'write `https://…`')
  }
  const { origin, host, pathname } = new URL(address)
  const who = `the gateway at \`${host}\``
  return {
    address: origin,
    exportCar: (cid) =>
      eachByDeadline(
        (signal) => carOf(new URL(`${origin}${pathname.replace(/\/$/, '')}/ipfs/${cid}?format=car`), who, signal),
        {
          ms: pieceMs,
          told: (error) => {
            if (error instanceof Fault) return error.code === 'pin/no-answer' ? late(who, error) : error
            const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
            return late(who, new Error(cause?.code ?? cause?.message ?? message ?? 'the connection failed'))
          },
        },
      ),
  }
}

function late(who: string, { message }: Error): Fault {
  const hint = 'is the address right, and can it be reached from here?'
  return new Fault('pin/no-answer', `${who} gives no CAR: ${message}`, hint)
}

async function* carOf(url: URL, who: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const headers = { accept: `${CAR}; version=1; order=dfs; dups=n` }
  const response = await fetch(url, { headers, redirect: 'error', signal })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Fault('pin/refused', `${who} gives no CAR: HTTP ${response.status}`)
  }
  if (!(response.headers.get('content-type') ?? '').startsWith(CAR)) {
    await response.body?.cancel()
    const hint = 'name a gateway that gives CARs, or a node'
    throw new Fault('pin/bad-answer', `${who} gives something else than a CAR`, hint)
  }
  yield* response.body ?? []
}
