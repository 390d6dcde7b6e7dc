/// <reference lib="dom" />
// What the reader does, carried out: opens files, chooses entries, filters, names a key, saves receipts. Talks to the worker and
// changes the state; draws nothing.
import { decodeBase64 } from '../../../base/base64.ts'
import type { Language } from '../../../domain/governance.ts'
import type { EntryFacts } from '../browser/entry-facts.ts'
import { type EntryFilter, NO_FILTER } from '../browser/find-entries.ts'
import type { OwnTrust } from '../browser/kit-log.ts'
import { parseAbout } from '../fill-page.ts'
import { saveFile } from './element.ts'
import { entryOf, type GivenFile, kindOf } from './given-file.ts'
import { KitWorker, type WorkerReport } from './kit-worker.ts'
import { type OpenedFile, START, type Store, wordsOf } from './state.ts'
import type { Taken } from './view-verdict.ts'

/** One reader at one page. */
export class Desk {
  private readonly store: Store
  private worker: KitWorker | null = null
  private policy: Uint8Array = new Uint8Array(0)
  private since: Uint8Array | null = null
  private pieces: (readonly EntryFacts[])[] = []

  constructor(store: Store) {
    this.store = store
  }

  /** Reads what the page carries, and verifies it where the log is in it. */
  start(): void {
    const [about = null, policy = null] = ['kit-about', 'kit-policy'].map((id) => decodeBase64(dataOf(id) ?? '?'))
    const said = about === null ? null : parseAbout(new TextDecoder().decode(about))
    if (said === null || policy === null) {
      this.store.change({ failure: { kind: 'badPage' } })
      return
    }
    this.policy = policy
    this.store.change({ about: said, language: said.languages[0] ?? 'pt' })
    const car = dataOf('kit-car')
    if (car !== null) this.verify(car)
  }

  /** Of a CAR in the page its base64, of another its bytes. */
  private verify(car: string | Uint8Array): void {
    const { language, about } = this.store.state
    const opened = this.store.state.opened.filter(({ kind }) => kind !== 'since' && kind !== 'policy')
    this.since = null
    this.pieces = []
    this.store.change({ ...START, language, about, opened, hasLog: true, isEmbedded: typeof car === 'string' })
    const failed = (): void => this.store.change({ failure: { kind: 'noWorker' } })
    try {
      this.worker ??= new KitWorker((report) => this.told(report), failed)
    } catch {
      failed()
      return
    }
    this.worker.open({ car, policy: this.policy, cid: about?.cid ?? null })
  }

  private told(report: WorkerReport): void {
    if (report.type === 'progress') this.store.change({ progress: report })
    else if (report.type === 'answer') this.store.change({ answer: report.answer })
    else if (report.type === 'broken') this.store.change({ failure: { kind: 'crashed', message: report.message } })
    else {
      this.pieces.push(report.facts)
      if (report.isLast) this.store.change({ facts: this.pieces.flat(), isRead: true, progress: null })
    }
  }

  /** Verifies again under a key or policy of the reader's; null: under the kit's own. */
  trust(own: OwnTrust): void {
    const isPolicy = own !== null && 'policy' in own
    const opened = this.store.state.opened.filter(({ kind }) => kind !== 'policy' || isPolicy)
    this.store.change({ own, opened, answer: null })
    this.worker?.verify(own, this.since)
  }

  /** Back to before an older checkpoint, or a key or policy, was given. */
  takeBack(what: Taken): void {
    if (what === 'since') {
      this.since = null
      this.store.change({ opened: this.store.state.opened.filter(({ kind }) => kind !== 'since') })
    }
    this.trust(what === 'own' ? null : this.store.state.own)
  }

  /** Shows everything in a language; what was searched is searched in its words. */
  speak(language: Language): void {
    this.store.change({ language })
    const { filter } = this.store.state
    if (filter.words !== '') this.find(filter)
  }

  select(index: number): void {
    this.store.change({ selected: index })
    void this.worker?.entry(index).then((reply) => {
      if (this.store.state.selected === index) this.store.change({ entry: { ...reply, index } })
    })
  }

  find(filter: EntryFilter): void {
    this.store.change({ filter })
    const isAll = Object.values(filter).every((value) => value === '')
    if (isAll) {
      this.store.change({ filter: NO_FILTER, found: null })
      return
    }
    const { language } = this.store.state
    void this.worker?.find(filter, language).then((found) => {
      const { state } = this.store
      if (state.filter === filter && state.language === language) this.store.change({ found })
    })
  }

  saveCheckpoint(): void {
    const { answer } = this.store.state
    if (answer !== null && answer.checkpoint !== null) saveFile(`checkpoint-${answer.size ?? 0}`, answer.checkpoint)
  }

  saveReceipt(index: number): void {
    void this.worker?.receipt(index).then((files) => {
      if (files !== null) return saveFile(`entry-${index}.tlog-proof`, files.receipt)
      const place = document.getElementById('receipt-said')
      if (place !== null) place.textContent = wordsOf(this.store.state).entry.noReceipt
    })
  }

  saveEntry(index: number): void {
    const { entry } = this.store.state
    if (entry?.index === index && entry.bytes !== null) saveFile(`entry-${index}.json`, entry.bytes)
  }

  open(files: readonly File[]): void {
    void Promise.all(
      files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    ).then((given) => this.take(given))
  }

  private async take(given: readonly GivenFile[]): Promise<void> {
    const kinds = new Map(given.map((file) => [file, kindOf(file.bytes)]))
    const opened: OpenedFile[] = []
    const paired = new Set<GivenFile>()
    for (const file of given.filter((one) => kinds.get(one) === 'receipt')) {
      const entry = entryOf(file, given, kinds)
      if (entry !== null) paired.add(entry)
      const receipt = await this.worker?.checkReceipt(file.bytes, entry?.bytes ?? null)
      opened.push({ kind: 'receipt', name: file.name, ...(receipt !== undefined && { receipt }) })
    }
    for (const file of given) {
      const kind = kinds.get(file) ?? 'unknown'
      if (kind === 'receipt' || paired.has(file)) continue
      opened.push({ kind: kind === 'entry' ? 'alone' : kind, name: file.name })
      if (kind === 'car') this.verify(file.bytes)
      if (kind === 'policy') this.trust({ policy: file.bytes })
      if (kind === 'since') {
        this.since = file.bytes
        this.trust(this.store.state.own)
      }
    }
    this.store.change({ opened: [...opened, ...this.store.state.opened] })
  }
}

/** The text of a data element, without what is around it. */
function dataOf(id: string): string | null {
  return document.getElementById(id)?.textContent ?? null
}
