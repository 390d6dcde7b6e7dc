// The ports of content-addressed storage: where the blocks of pinned logs are kept here, a node that pins them, and a gateway
// that others serve them by. CIDs are text. Nobody here is trusted: whoever asks holds each block against its CID.

/** Blocks that are kept here, by CID. */
export interface BlockStore {
  /** Null where it is not there, or cannot be read. */
  get(cid: string): Uint8Array | null
  /** Keeps blocks durably, in the order given; those that are there already are left alone. */
  put(blocks: ReadonlyMap<string, Uint8Array>): Promise<void>
  /** Bytes of all blocks, with those that were put twice. */
  bytes(): number
  /** Drops all other blocks; after a crash midway the store may be empty. */
  keepOnly(cids: ReadonlySet<string>): Promise<void>
  /** Writes a file of pieces beside the blocks, durably, in place of the one that was there; its path. */
  writeCar(cid: string, pieces: Iterable<Uint8Array>): string
}

/** What a node says of one root that it took. */
export interface ImportedRoot {
  readonly cid: string
  /** Empty: it is pinned. A node answers with status 200 either way. */
  readonly pinError: string
}

/** `absent`: the service has no such pin. */
export type ServicePinState = 'queued' | 'pinning' | 'pinned' | 'failed' | 'absent'

/** An IPFS node by its RPC, as Kubo has it. Every call ends by a deadline. Faults `pin/no-answer`, `pin/refused`, `pin/bad-answer`. */
export interface PinNode {
  /** For people: `http://127.0.0.1:5001`. */
  readonly address: string
  /** Pinning services that the node knows by these names, and passes pins on to. */
  readonly services: readonly string[]
  /** Takes a CAR and pins its roots; what was said of each. */
  importCar(pieces: Iterable<Uint8Array>): Promise<readonly ImportedRoot[]>
  /** Whether it is pinned with all below it. */
  isPinned(cid: string): Promise<boolean>
  /** CIDs of the pins whose names begin so; none where the node keeps no names. */
  namedPins(name: string): Promise<readonly string[]>
  /** Gives a pin a name; does nothing where the node keeps none. */
  namePin(cid: string, name: string): Promise<void>
  /** The bytes that the node gives for a CID; at most `largestBytes`. */
  block(cid: string, largestBytes: number): Promise<Uint8Array>
  /** The CAR of everything below a CID. */
  exportCar(cid: string): AsyncIterable<Uint8Array>
  /** Asks a service to pin; it does so in its own time. */
  pinAtService(service: string, cid: string, name: string): Promise<ServicePinState>
  /** How far the service is. */
  stateAtService(service: string, cid: string): Promise<ServicePinState>
}

/** A gateway that gives CARs over HTTP. */
export interface Gateway {
  readonly address: string
  /** The CAR of everything below a CID. Faults as `PinNode`. */
  exportCar(cid: string): AsyncIterable<Uint8Array>
}
