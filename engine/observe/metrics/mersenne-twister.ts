// MT19937 as NumPy's RandomState seeds and draws it, for the one place where a reference tool draws: NannyML's trial splits.
// Sources: Matsumoto and Nishimura, ACM TOMACS 8 (1998); NumPy's legacy `RandomState.shuffle` and `permutation`.

export interface Twister {
  /** A whole number from 0 to `most`, each as likely: bits are drawn under the smallest mask until one fits. */
  upTo(most: number): number
}

const WORDS = 624
const MIDDLE = 397

/** `seed`: a whole number below 2³². */
export function mersenneTwister(seed: number): Twister {
  const state = new Uint32Array(WORDS)
  state[0] = seed
  for (let i = 1; i < WORDS; i++) {
    const before = state[i - 1] ?? 0
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
  }
  let at = WORDS

  function next(): number {
    if (at === WORDS) {
      twist(state)
      at = 0
    }
    let word = state[at++] ?? 0
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  return {
    upTo(most) {
      if (most === 0) return 0
      const mask = 0xffffffff >>> Math.clz32(most)
      let value = (next() & mask) >>> 0
      while (value > most) value = (next() & mask) >>> 0
      return value
    },
  }
}

/** 0 … n − 1 in a drawn order, by swaps from the last place down. */
export function permutation(n: number, twister: Twister): Int32Array {
  const places = new Int32Array(n)
  for (let i = 0; i < n; i++) places[i] = i
  return shuffle(places, twister)
}

/** Draws what a permutation draws, and nothing comes of it. */
export function skipPermutation(n: number, twister: Twister): void {
  for (let i = n - 1; i > 0; i--) twister.upTo(i)
}

/** In place. */
export function shuffle<T extends Int32Array | Uint8Array>(values: T, twister: Twister): T {
  for (let i = values.length - 1; i > 0; i--) {
    const other = twister.upTo(i)
    const kept = values[i] ?? 0
    values[i] = values[other] ?? 0
    values[other] = kept
  }
  return values
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) {
    const next = i + 1 < WORDS ? i + 1 : 0
    const middle = i + MIDDLE < WORDS ? i + MIDDLE : i + MIDDLE - WORDS
    const word = ((state[i] ?? 0) & 0x80000000) | ((state[next] ?? 0) & 0x7fffffff)
    state[i] = (state[middle] ?? 0) ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0)
  }
}
