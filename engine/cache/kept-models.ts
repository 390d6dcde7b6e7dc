// What was found of each model, kept under everything that it was made from: an index that is written whole, over segments
// to which only what is new is added. Findings stand in segments of their own, since a whole plan needs nothing else.
import { parseChecked, serialiseChecked } from '../base/checked-file.ts'
import { compareText } from '../base/order.ts'
import type { Instant } from '../domain/instant.ts'
import type { CacheFolder } from '../world.ts'
import { type Piece, type Ref, type Segment, Segments } from './segments.ts'

/** One model as it is kept. */
export interface KeptModel {
  /** Of everything that the result depends on but the time. */
  readonly key: string
  /** Of what its card and the problems of its folder depend on. */
  readonly cardKey: string
  /** The whole seconds, both included (ms), for which the result holds; `until` may be Infinity. */
  readonly from: Instant
  readonly until: Instant
  /** Former ids, which say where the model's snapshots are: a part of the key that must be known before the card is. */
  readonly formerly: readonly string[]
  /** Card and problems of the folder, as JSON. */
  readonly card: Piece
  /** Everything but card, notices' texts and findings, as JSON. */
  readonly core: Piece
  /** Texts of notices, with what they were made from. */
  readonly notices: readonly Piece[]
  /** A JSON object of texts by key; null where there is none. */
  readonly texts: Piece | null
  /** The findings of each judgement as JSON, each followed by a comma. */
  readonly findings: readonly Piece[]
}

type Entry = readonly [
  id: string,
  key: string,
  cardKey: string,
  from: number,
  /** Null: Infinity. */
  until: number | null,
  formerly: readonly string[],
  card: Ref,
  core: Ref,
  notices: readonly Ref[],
  texts: Ref | null,
  findings: readonly Ref[],
]

interface Header {
  readonly rest: readonly Segment[]
  readonly found: readonly Segment[]
  readonly models: readonly Entry[]
}

const NOTHING: Header = { rest: [], found: [], models: [] }

type Texts = Readonly<Record<string, unknown>>

/** One index a variant (language, …): variants do not push each other out. */
export class KeptModels {
  readonly #folder: CacheFolder
  readonly #variant: string
  #opened: { readonly rest: Segments; readonly found: Segments; readonly before: Map<string, KeptModel> } | null = null
  readonly #now = new Map<string, KeptModel>()
  readonly #used = new Map<string, Texts>()
  #hasChanged = false

  constructor(folder: CacheFolder, variant: string) {
    this.#folder = folder
    this.#variant = variant
  }

  /** Whether nothing is kept yet. */
  get isEmpty(): boolean {
    return this.#open().before.size === 0
  }

  /** What is kept of a model, right or not: hold `key` and times against it before using it. */
  find(id: string): KeptModel | null {
    return this.#open().before.get(id) ?? null
  }

  /** The bytes of pieces; null where one is lost. */
  bytesOf(pieces: readonly Piece[]): Uint8Array[] | null {
    return allOf(this.#open().rest, pieces)
  }

  findingsOf({ findings }: KeptModel): Uint8Array[] | null {
    return allOf(this.#open().found, findings)
  }

  /** Keeps a model for the next time; `isNew`: it was not found here. */
  keep(id: string, model: KeptModel, isNew: boolean): void {
    this.#now.set(id, model)
    if (isNew) this.#hasChanged = true
  }

  /** A text that is kept of a model; null where there is none, or the model is not what it was. */
  textOf(id: string, key: string): unknown {
    const texts = this.#now.get(id)?.texts ?? null
    const bytes = texts === null ? null : this.#open().rest.get(texts)
    const text = bytes === null ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Texts)[key]
    if (text !== undefined) this.#used.set(id, { ...this.#used.get(id), [key]: text })
    return text ?? null
  }

  /** Keeps a text beside those that were asked for since this was opened; others of the model go. */
  keepText(id: string, key: string, value: unknown): void {
    const model = this.#now.get(id)
    if (model === undefined) return
    const texts = { ...this.#used.get(id), [key]: value }
    this.#used.set(id, texts)
    this.keep(id, { ...model, texts: Buffer.from(JSON.stringify(texts)) }, true)
  }

  /**
   * Writes what was kept since this was opened, if that differs from what was there; where the findings of all stand
   * then, for `withFindings`, which is called before what is not needed any more goes. Never faults.
   */
  save(withFindings: (found: { readonly list: readonly Segment[]; readonly refs: readonly Ref[] }) => void): void {
    const { rest, found, before } = this.#open()
    // In order, whichever were found and whichever are new: then their findings are neighbours.
    const models = [...this.#now].sort(([a], [b]) => compareText(a, b))
    const isSame = !this.#hasChanged && models.length === before.size
    const newRest = isSame ? null : rest.store(models.flatMap(([, model]) => restOf(model)))
    const newFound = found.store(models.flatMap(([, { findings }]) => findings))
    if (newFound === null || (newRest === null && !isSame)) return
    if (newRest !== null) {
      const header = { rest: newRest.list, found: newFound.list, models: entries(models, newRest.refs, newFound.refs) }
      if (!this.#folder.write(this.#index, serialiseChecked(this.#folder.engine, header satisfies Header))) return
    }
    withFindings(newFound)
    if (newRest === null) return
    rest.sweep(newRest.list)
    found.sweep(newFound.list)
  }

  get #index(): string {
    return `models-${this.#variant}`
  }

  #open() {
    if (this.#opened === null) {
      const bytes = this.#folder.read(this.#index)
      const file = bytes === null ? null : parseChecked(bytes, this.#folder.engine)
      const header = file === null ? NOTHING : (file.header as Header)
      this.#opened = {
        rest: new Segments(this.#folder, `rest-${this.#variant}`, header.rest),
        found: new Segments(this.#folder, foundPrefix(this.#variant), header.found),
        before: new Map(header.models.map((entry) => [entry[0], modelOf(entry)])),
      }
    }
    return this.#opened
  }
}

/** Names the segments of findings. */
export function foundPrefix(variant: string): string {
  return `found-${variant}`
}

function allOf(segments: Segments, pieces: readonly Piece[]): Uint8Array[] | null {
  const bytes = pieces.map((piece) => segments.get(piece))
  return bytes.every((one) => one !== null) ? bytes : null
}

/** In the order in which `entries` takes them back. */
function restOf({ card, core, notices, texts }: KeptModel): Piece[] {
  return [card, core, ...notices, ...(texts === null ? [] : [texts])]
}

function entries(
  models: readonly (readonly [string, KeptModel])[],
  rest: readonly Ref[],
  found: readonly Ref[],
): Entry[] {
  let [r, f] = [0, 0]
  const none: Ref = [0, 0, 0]
  return models.map(([id, { key, cardKey, from, until, formerly, notices, texts, findings }]): Entry => {
    const card = rest[r++] ?? none
    const core = rest[r++] ?? none
    const told = notices.map(() => rest[r++] ?? none)
    const written = texts === null ? null : (rest[r++] ?? none)
    const members = findings.map(() => found[f++] ?? none)
    return [id, key, cardKey, from, Number.isFinite(until) ? until : null, formerly, card, core, told, written, members]
  })
}

function modelOf([, key, cardKey, from, until, formerly, card, core, notices, texts, findings]: Entry): KeptModel {
  return {
    key,
    cardKey,
    from,
    until: until ?? Number.POSITIVE_INFINITY,
    formerly,
    card,
    core,
    notices,
    texts,
    findings,
  }
}
