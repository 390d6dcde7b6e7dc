// The page's worker as it is built, in a realm without Node: it says of every CAR what the engine's own verifier says.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { parseCid } from '../../../engine/ledger/ipfs/cid.ts'
import { verifyCar } from '../../../engine/ledger/ipfs/verify-car.ts'
import type { KitAnswer, KitParts } from '../../../engine/ledger/kit/browser/kit-log.ts'
import type { Order, Report } from '../../../engine/ledger/kit/browser/messages.ts'
import { buildWorker } from '../../../engine/ledger/kit/build-page.ts'
import { signerOfSeed } from '../../../engine/ledger/note-key.ts'
import { sourceOf } from '../ipfs/log-blocks.ts'
import { append, type MemoryLog, SIGNER, sampleEntries, TRUST } from '../memory-log.ts'
import { decisionLog, kitOf } from './sample-kit.ts'

/** What a worker has of a browser, and nothing of Node. */
const realm = { TextEncoder, TextDecoder, crypto, atob, btoa, DOMException } as unknown as typeof globalThis & {
  onmessage: (event: { data: Order }) => void
  postMessage: (report: Report) => void
}
before(async () => {
  createContext(realm)
  runInContext(await buildWorker(), realm)
})

/** The worker's answer. The realm has its own `Uint8Array`, so the CAR goes in as text, as it stands in a page. */
function ask(parts: Omit<KitParts, 'car'> & { readonly car: Uint8Array }): Promise<KitAnswer> {
  return new Promise((resolve, reject) => {
    realm.postMessage = (report) => {
      if (report.type === 'broken') reject(new Error(report.message))
      if (report.type === 'answer') resolve(report.answer)
    }
    realm.onmessage({ data: { type: 'open', parts: { ...parts, car: Buffer.from(parts.car).toString('base64') } } })
  })
}

const seen = ({ ok, origin, size, root, entries, problems, signatures }: ReturnType<typeof verifyCar>) =>
  JSON.parse(JSON.stringify({ ok, origin, size, root, entries, problems, signatures })) as unknown

async function same(parts: { car: Uint8Array; policy: Uint8Array; cid: string }, what: string): Promise<boolean> {
  const cid = parseCid(parts.cid)
  const expected = verifyCar(sourceOf(parts.car), TRUST, cid === null ? {} : { cid })
  assert.deepEqual(seen(await ask(parts)), seen(expected), what)
  return expected.ok
}

const small: MemoryLog = new Map()
append(small, sampleEntries(0, 2))
const { car, policy, about } = kitOf(small, 2)

test('sound logs of many sizes are proven by both', async () => {
  for (const size of [0, 1, 2, 255, 256, 257, 600]) {
    const log = decisionLog(size)
    if (size === 0) append(log, [])
    const kit = kitOf(log, size)
    assert.equal(await same({ ...kit, cid: kit.about.cid }, `${size} entries`), true, `${size} entries`)
  }
})

test('every byte of a CAR that is changed is told by both, in the same words', async () => {
  for (let at = 0; at < car.length; at++) {
    const changed = Buffer.from(car)
    changed[at] = (changed[at] ?? 0) ^ (at % 2 === 0 ? 0x01 : 0x80)
    assert.equal(await same({ car: changed, policy, cid: about.cid }, `byte ${at}`), false, `byte ${at}`)
  }
})

test('a CAR cut anywhere is told by both', async () => {
  for (let end = 0; end < car.length; end += 7) {
    assert.equal(await same({ car: car.subarray(0, end), policy, cid: about.cid }, `cut at ${end}`), false)
  }
})

test('every byte of a checkpoint that is changed, with blocks made anew, is told by both', async () => {
  const note = small.get('checkpoint') ?? assert.fail()
  for (let at = 0; at < note.length; at++) {
    const changed = Buffer.from(note)
    changed[at] = (changed[at] ?? 0) ^ 1
    const kit = kitOf(new Map(small).set('checkpoint', changed), 2)
    assert.equal(await same({ ...kit, cid: kit.about.cid }, `byte ${at}`), false, `byte ${at}`)
  }
})

test('notes with several signatures, known, unknown and bad, are judged alike', async () => {
  const other = signerOfSeed('somebody.example', Buffer.alloc(32, 8))
  const imposter = signerOfSeed(SIGNER.key.name, Buffer.alloc(32, 8))
  for (const signers of [
    [SIGNER, SIGNER],
    [SIGNER, imposter],
  ]) {
    const log: MemoryLog = new Map()
    append(log, sampleEntries(0, 3), signers)
    const kit = kitOf(log, 3)
    assert.equal(await same({ ...kit, cid: kit.about.cid }, 'two signatures'), true)
  }
  const log: MemoryLog = new Map(small)
  const line = `— ${other.key.name} ${Buffer.alloc(68, 1).toString('base64')}\n`
  log.set('checkpoint', Buffer.concat([small.get('checkpoint') ?? Buffer.alloc(0), Buffer.from(line)]))
  const kit = kitOf(log, 2)
  assert.equal(await same({ ...kit, cid: kit.about.cid }, 'an unknown line'), true)
})
