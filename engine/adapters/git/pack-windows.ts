// The pieces of packs that were read last, of all packs of a store together: a long history that was not collected has
// dozens of packs, and some megabytes of each would be a quarter of a gigabyte.

/** Arbitrary: 12 MB of windows of 128 KiB. */
const MOST = 96

/** Windows by pack and place; the one that was used longest ago goes first. */
export class PackWindows {
  readonly #windows = new Map<string, Buffer>()

  get(pack: string, start: number): Buffer | undefined {
    const key = `${start} ${pack}`
    const window = this.#windows.get(key)
    if (window === undefined) return undefined
    this.#windows.delete(key)
    this.#windows.set(key, window)
    return window
  }

  add(pack: string, start: number, window: Buffer): void {
    this.#windows.set(`${start} ${pack}`, window)
    const oldest = this.#windows.keys().next().value
    if (this.#windows.size > MOST && oldest !== undefined) this.#windows.delete(oldest)
  }
}
