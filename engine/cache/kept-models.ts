// What was found of each model, kept under everything it was made from: another file, policy, engine or time, and it is
// not found here. Findings are kept as the JSON that will be printed; what else there is to a model as one JSON value.
import type { Instant } from '../domain/instant.ts'
import type { CacheFolder } from '../world.ts'
import { parseKept, serialiseKept } from './kept-file.ts'

/** One model as it is kept. */
export interface KeptModel {
  /** Of everything that the result depends on but the time. */
  readonly key: string
  /** The whole seconds, both included (ms), for which the result holds; `until` may be Infinity. */
  readonly from: Instant
  readonly until: Instant
  /** Former ids, which say where the model's snapshots are: a part of the key that must be known before the card is. */
  readonly formerly: readonly string[]
  /** Everything but findings, as JSON. */
  readonly rest: Uint8Array
  /** The findings of each judgement as JSON, members of an array without its brackets. */
  readonly findings: readonly Uint8Array[]
}

/** In the header: `at` are the lengths of `rest` and of each of `findings`, which follow one another in the body. */
interface Entry {
  readonly id: string
  readonly key: string
  readonly from: number
  /** Null: Infinity. */
  readonly until: number | null
  readonly formerly: readonly string[]
  readonly at: readonly number[]
}

/** Of one variant (language, …): variants do not push each other out. */
export class KeptModels {
  private readonly folder: CacheFolder
  private readonly name: string
  private readonly before: ReadonlyMap<string, KeptModel>
  private readonly now = new Map<string, KeptModel>()
  private hasChanged = false

  constructor(folder: CacheFolder, variant: string) {
    this.folder = folder
    this.name = `models-${variant}`
    this.before = readModels(folder, this.name)
  }

  /** What is kept of a model, right or not: hold `key` and times against it before using it. */
  find(id: string): KeptModel | null {
    return this.before.get(id) ?? null
  }

  /** Keeps a model for the next time, new or found. */
  keep(id: string, model: KeptModel): void {
    this.now.set(id, model)
    if (this.before.get(id) !== model) this.hasChanged = true
  }

  /** Writes what was kept since this was opened, if that differs from what was there. Never faults. */
  save(): void {
    if (!this.hasChanged && this.now.size === this.before.size) return
    const entries: Entry[] = []
    const body: Uint8Array[] = []
    for (const [id, { key, from, until, formerly, rest, findings }] of this.now) {
      const pieces = [rest, ...findings]
      body.push(...pieces)
      const at = pieces.map((piece) => piece.length)
      entries.push({ id, key, from, until: Number.isFinite(until) ? until : null, formerly, at })
    }
    this.folder.write(this.name, serialiseKept(this.folder.engine, entries, body))
  }
}

function readModels(folder: CacheFolder, name: string): ReadonlyMap<string, KeptModel> {
  const bytes = folder.read(name)
  const file = bytes === null ? null : parseKept(bytes, folder.engine)
  const models = new Map<string, KeptModel>()
  if (file === null) return models
  let start = 0
  for (const { id, key, from, until, formerly, at } of file.header as readonly Entry[]) {
    const [rest = new Uint8Array(), ...findings] = at.map((length) => {
      start += length
      return file.body.subarray(start - length, start)
    })
    models.set(id, { key, from, until: until ?? Number.POSITIVE_INFINITY, formerly, rest, findings })
  }
  return models
}
