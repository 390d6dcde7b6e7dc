/// <reference lib="dom" />
// The worker from the page's side: started from the code within the page, asked by number, answered in time.
import type { Language } from '../../../domain/governance.ts'
import type { EntryFilter } from '../browser/find-entries.ts'
import type { KitParts, OwnTrust, ReceiptAnswer } from '../browser/kit-log.ts'
import type { EntryReply, Order, ReceiptFiles, Reply, Report } from '../browser/messages.ts'

/** Put there by build-page.ts. */
declare const WORKER_CODE: string

/** What comes unasked. */
export type WorkerReport = Exclude<Report, { type: 'reply' }>

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

/** The worker, or an error where the browser allows none. */
export class KitWorker {
  private readonly worker: Worker
  private readonly waiting = new Map<number, (value: Reply) => void>()
  private next = 0

  constructor(told: (report: WorkerReport) => void, failed: () => void) {
    const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: 'text/javascript' }))
    this.worker = new Worker(trusted(url))
    this.worker.onerror = failed
    this.worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.type === 'reply') {
        this.waiting.get(data.id)?.(data.value)
        this.waiting.delete(data.id)
      } else told(data)
    }
  }

  open(parts: KitParts): void {
    this.send({ type: 'open', parts })
  }

  verify(own: OwnTrust, since: Uint8Array | null): void {
    this.send({ type: 'verify', own, since })
  }

  async find(filter: EntryFilter, language: Language): Promise<Uint32Array | null> {
    const value = await this.ask((id) => ({ type: 'find', id, filter, language }))
    return value instanceof Uint32Array ? value : null
  }

  async entry(index: number): Promise<EntryReply> {
    return (await this.ask((id) => ({ type: 'entry', id, index }))) as EntryReply
  }

  async receipt(index: number): Promise<ReceiptFiles | null> {
    return (await this.ask((id) => ({ type: 'receipt', id, index }))) as ReceiptFiles | null
  }

  async checkReceipt(bytes: Uint8Array, entry: Uint8Array | null): Promise<ReceiptAnswer> {
    return (await this.ask((id) => ({ type: 'check-receipt', id, bytes, entry }))) as ReceiptAnswer
  }

  private ask(order: (id: number) => Order): Promise<Reply> {
    const id = this.next++
    return new Promise((resolve) => {
      this.waiting.set(id, resolve)
      this.send(order(id))
    })
  }

  private send(order: Order): void {
    this.worker.postMessage(order)
  }
}

/** The page's policy asks for it; a browser that does not know such policies takes the text. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  return trustedTypes?.createPolicy('tutela-worker', { createScriptURL: (text) => text }).createScriptURL(url) ?? url
}
