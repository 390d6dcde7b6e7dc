/// <reference lib="dom" />
// The page's worker: carries out orders one after the other, so that the page never waits for a hash.
import { KitLog } from './kit-log.ts'
import type { Order, Reply, Report } from './messages.ts'

const PIECE = 2000

let log: KitLog | null = null
let queue: Promise<void> = Promise.resolve()

globalThis.onmessage = ({ data }: MessageEvent<Order>) => {
  queue = queue
    .then(() => obey(data))
    .catch((error: unknown) => report({ type: 'broken', message: error instanceof Error ? error.message : 'unknown' }))
}

async function obey(order: Order): Promise<void> {
  if (order.type === 'open') {
    log = new KitLog(order.parts, (stage, done, total) => report({ type: 'progress', stage, done, total }))
    await log.open()
    report({ type: 'answer', answer: await log.verify() })
    const facts = log.readFacts()
    for (let at = 0; at === 0 || at < facts.length; at += PIECE) {
      report({ type: 'facts', facts: facts.slice(at, at + PIECE), isLast: at + PIECE >= facts.length })
    }
    return
  }
  if (log === null) return
  if (order.type === 'verify') report({ type: 'answer', answer: await log.verify(order.own, order.since) })
  else report({ type: 'reply', id: order.id, value: await reply(log, order) })
}

async function reply(kit: KitLog, order: Exclude<Order, { type: 'open' | 'verify' }>): Promise<Reply> {
  if (order.type === 'find') return kit.find(order.filter, order.language)
  if (order.type === 'entry') {
    // A copy: the bytes are a view of the whole CAR.
    return { bytes: kit.entryAt(order.index)?.slice() ?? null, related: kit.related(order.index) }
  }
  if (order.type === 'receipt') return kit.receiptOf(order.index)
  return await kit.checkReceipt(order.bytes, order.entry)
}

function report(message: Report): void {
  globalThis.postMessage(message)
}
