// How bytes that a model leaves behind are held until they are printed: as they are, or laid aside in a file.
import type { ScratchFile } from '../world.ts'

/** Gives back what was put in. */
export type Reader = () => Uint8Array

/** Takes bytes to be held. */
export type Hold = (bytes: Uint8Array) => Reader

export interface Holds {
  readonly bytes: Hold
  /** Null: cards are not held as bytes. */
  readonly cards: Hold | null
}

/** As they are. */
export const asTheyAre: Hold = (bytes) => () => bytes

const IN_MEMORY: Holds = { bytes: asTheyAre, cards: null }

/** Arbitrary: of fewer models, what is found is no burden. */
const LARGE = 2000

/** For so many models: in a file where they are many and there is one. */
export function holdsFor(models: number, scratch: (() => ScratchFile | null) | undefined): Holds {
  const file = models < LARGE ? null : (scratch?.() ?? null)
  return file === null ? IN_MEMORY : laidAside(file)
}

/** Arbitrary: few writes, and as much is held at most. */
const BATCH_BYTES = 1 << 20

/** In a file; what it does not take, as on a full disk, stays in memory. */
export function laidAside(file: ScratchFile): Holds {
  let batch: Uint8Array[] = []
  let waiting = new Map<number, Uint8Array>()
  let [written, length] = [0, 0]
  const flush = () => {
    if (!file.append(batch)) return
    written = length
    batch = []
    waiting = new Map()
  }
  const bytes: Hold = (piece) => {
    const [from, size] = [length, piece.length]
    if (size === 0) return asTheyAre(piece)
    length += size
    batch.push(piece)
    waiting.set(from, piece)
    if (length - written >= BATCH_BYTES) flush()
    // Not the piece itself, which would never be let go.
    return () => waiting.get(from) ?? file.read(from, size)
  }
  return { bytes, cards: asTheyAre }
}
