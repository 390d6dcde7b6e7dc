// A node in memory that does what a healthy one does, and counts it; each call can be made to answer otherwise.

import { cidText, readCid } from '../../../engine/ledger/ipfs/cid.ts'
import { readVarint } from '../../../engine/ledger/ipfs/varint.ts'
import type { PinNode, ServicePinState } from '../../../engine/world-pins.ts'

/** The node, with what it holds. */
export interface MemoryNode extends PinNode {
  readonly blocks: Map<string, Uint8Array>
  readonly pins: Set<string>
  /** By CID. */
  readonly names: Map<string, string>
  /** Bytes of each CAR that it took. */
  readonly taken: number[]
  /** What its services say of a CID. */
  readonly states: Map<string, ServicePinState>
}

export function memoryNode(odd: Partial<PinNode> = {}): MemoryNode {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  const taken: number[] = []
  const states = new Map<string, ServicePinState>()
  const names = new Map<string, string>()
  return {
    names,
    blocks,
    pins,
    taken,
    states,
    address: 'http://memory',
    services: [],
    importCar: async (pieces) => {
      const car = Buffer.concat([...pieces])
      taken.push(car.length)
      const root = cidText(
        readCid(car.subarray(car.indexOf(0x58) + 3))?.cid ?? { version: 1, codec: 'raw', digest: new Uint8Array(32) },
      )
      for (let at = 59; at < car.length; ) {
        const length = readVarint(car, at)
        const name = length === null ? null : readCid(car.subarray(length.next))
        if (length === null || name === null) throw new Error('no CAR')
        blocks.set(cidText(name.cid), car.subarray(length.next + name.length, length.next + length.value))
        at = length.next + length.value
      }
      pins.add(root)
      return [{ cid: root, pinError: '' }]
    },
    isPinned: async (cid) => pins.has(cid),
    namedPins: async (name) => [...names].flatMap(([cid, given]) => (given.startsWith(name) ? [cid] : [])),
    namePin: async (cid, name) => {
      names.set(cid, name)
    },
    block: async (cid) => blocks.get(cid) ?? new Uint8Array(0),
    exportCar: async function* () {},
    pinAtService: async (service, cid) => {
      states.set(`${service} ${cid}`, 'queued')
      return 'queued'
    },
    stateAtService: async (service, cid) => states.get(`${service} ${cid}`) ?? 'absent',
    ...odd,
  }
}
