// The file of what was found of each model, and of the plan that was made of all: each kept under everything that it was
// made from. Findings are kept as the JSON that will be printed, one after the other, so that a whole plan is one piece.
import { parseChecked, serialiseChecked } from '../base/checked-file.ts'
import type { Instant } from '../domain/instant.ts'
import type { CacheFolder } from '../world.ts'

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
  /** A JSON object of texts by key; null where there is none. */
  readonly texts: Uint8Array | null
  /** The findings of each judgement as JSON, members of an array without its brackets. */
  readonly findings: readonly Uint8Array[]
}

/** A whole plan as it is printed, less its findings, which are those of the models in order. */
export interface KeptPlan {
  readonly key: string
  readonly from: Instant
  readonly until: Instant
  readonly exit: number
  /** The text before and after the members of `findings`, in pieces. */
  readonly before: Iterable<Uint8Array>
  readonly after: Iterable<Uint8Array>
}

/** Half-open ranges of the body. */
type Range = readonly [from: number, to: number]

interface ModelEntry {
  readonly id: string
  readonly key: string
  readonly from: number
  /** Null: Infinity. */
  readonly until: number | null
  readonly formerly: readonly string[]
  readonly rest: Range
  readonly texts: Range | null
  readonly findings: readonly Range[]
}

interface PlanEntry {
  readonly key: string
  readonly from: number
  readonly until: number | null
  readonly exit: number
  /** Of the whole text. */
  readonly text: Range
}

interface Header {
  readonly models: readonly ModelEntry[]
  readonly plan: PlanEntry | null
}

type Texts = Readonly<Record<string, unknown>>

/** One file a variant (language, …): variants do not push each other out. */
export class KeptModels {
  private readonly folder: CacheFolder
  private readonly name: string
  private readonly header: Header
  private readonly body: Uint8Array
  private readonly before = new Map<string, ModelEntry>()
  private readonly now = new Map<string, KeptModel>()
  private readonly used = new Map<string, Texts>()
  private hasChanged = false

  constructor(folder: CacheFolder, variant: string) {
    this.folder = folder
    this.name = `models-${variant}`
    const bytes = folder.read(this.name)
    const file = bytes === null ? null : parseChecked(bytes, folder.engine)
    this.header = file === null ? { models: [], plan: null } : (file.header as Header)
    this.body = file?.body ?? new Uint8Array()
    for (const entry of this.header.models) this.before.set(entry.id, entry)
  }

  /** What is kept of a model, right or not: hold `key` and times against it before using it. */
  find(id: string): KeptModel | null {
    const entry = this.before.get(id)
    if (entry === undefined) return null
    const { key, from, until, formerly, rest, texts, findings } = entry
    const part = (range: Range) => this.part(range)
    return {
      key,
      from,
      until: until ?? Number.POSITIVE_INFINITY,
      formerly,
      rest: part(rest),
      texts: texts && part(texts),
      findings: findings.map(part),
    }
  }

  /** The text of the kept plan, if its key is this one and it holds at that instant. */
  findPlan(key: string, now: Instant): { readonly exit: number; readonly text: Uint8Array } | null {
    const { plan } = this.header
    if (plan === null || plan.key !== key) return null
    if (now < plan.from || (plan.until !== null && now > plan.until)) return null
    return { exit: plan.exit, text: this.part(plan.text) }
  }

  /** Keeps a model for the next time; `isNew`: it was not found here. */
  keep(id: string, model: KeptModel, isNew: boolean): void {
    this.now.set(id, model)
    if (isNew) this.hasChanged = true
  }

  /** A text that is kept of a model; null where there is none, or the model is not what it was. */
  textOf(id: string, key: string): unknown {
    const kept = this.now.get(id)?.texts ?? null
    const text = kept === null ? undefined : (JSON.parse(Buffer.from(kept).toString('utf8')) as Texts)[key]
    if (text !== undefined) this.used.set(id, { ...this.used.get(id), [key]: text })
    return text ?? null
  }

  /** Keeps a text beside those that were asked for since this was opened; others of the model go. */
  keepText(id: string, key: string, value: unknown): void {
    const model = this.now.get(id)
    if (model === undefined) return
    const texts = { ...this.used.get(id), [key]: value }
    this.used.set(id, texts)
    this.keep(id, { ...model, texts: Buffer.from(JSON.stringify(texts)) }, true)
  }

  /** Writes what was kept since this was opened, if that differs from what was there. Never faults. */
  save(plan: KeptPlan | null): void {
    const isSamePlan = plan === null || this.header.plan?.key === plan.key
    if (!this.hasChanged && this.now.size === this.before.size && isSamePlan) return
    const body = new Body()
    const rests = [...this.now.values()].map(({ rest }) => body.add(rest))
    const texts = [...this.now.values()].map((model) => model.texts && body.add(model.texts))
    const start = body.length
    for (const piece of plan?.before ?? []) body.add(piece)
    const findings = [...this.now.values()].map((model) => model.findings.map((members) => body.addMembers(members)))
    for (const piece of plan?.after ?? []) body.add(piece)
    const end = body.length
    const models = [...this.now].map(([id, { key, from, until, formerly }], i): ModelEntry => {
      const ranges = { rest: rests[i] ?? [0, 0], texts: texts[i] ?? null, findings: findings[i] ?? [] } as const
      return { id, key, from, until: orNull(until), formerly, ...ranges }
    })
    const header: Header = {
      models,
      plan: plan && { key: plan.key, from: plan.from, until: orNull(plan.until), exit: plan.exit, text: [start, end] },
    }
    this.folder.write(this.name, serialiseChecked(this.folder.engine, header, body.pieces))
  }

  private part([from, to]: Range): Uint8Array {
    return this.body.subarray(from, to)
  }
}

const COMMA = Buffer.from(',')

class Body {
  readonly pieces: Uint8Array[] = []
  length = 0
  private hasMembers = false

  add(piece: Uint8Array): Range {
    const from = this.length
    this.pieces.push(piece)
    this.length += piece.length
    return [from, this.length]
  }

  /** Members of an array, after a comma where others stand before them. */
  addMembers(members: Uint8Array): Range {
    if (members.length > 0 && this.hasMembers) this.add(COMMA)
    this.hasMembers ||= members.length > 0
    return this.add(members)
  }
}

function orNull(instant: Instant): number | null {
  return Number.isFinite(instant) ? instant : null
}
