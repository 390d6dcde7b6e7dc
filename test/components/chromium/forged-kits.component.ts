// Sound kits are proven; each forgery is named. The forger here does what a forger would: he makes blocks, CIDs and the page
// anew around what he changed, where he can.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signerOfSeed } from '../../../engine/ledger/note-key.ts'
import { formatPolicy } from '../../../engine/ledger/trust-policy.ts'
import { decisionEntry, decisionLog, kitOf, logOf, type SampleKit, writeKit } from '../../ledger/kit/sample-kit.ts'
import { append, type MemoryLog, ORIGIN, SIGNER } from '../../ledger/memory-log.ts'
import { folder, listed, openFile, problemCodes, standing, template } from './open-page.ts'

const SIZE = 300
const log = decisionLog(SIZE)
const kit = kitOf(log, SIZE)
const OTHER = signerOfSeed(ORIGIN, Buffer.alloc(32, 9))

test('a sound kit is proven, under the institution’s first language, and reaches for nothing', async () => {
  const opened = await openFile(writeKit(join(folder, 'good'), kit, template))
  assert.equal(await standing(opened.page), 'proven')
  assert.equal(await opened.page.textContent('#verdict-word'), 'Provado')
  assert.equal(await opened.page.getAttribute('html', 'lang'), 'pt-BR')
  assert.match((await opened.page.textContent('#checks')) ?? '', /300 de 300 entradas/)
  assert.deepEqual(opened.requests, [])
  assert.deepEqual(opened.errors, [])
  assert.deepEqual(await opened.violations(), [])
  await opened.close()
})

test('the kit that `ledger export` makes of the bundled example is proven', async () => {
  const out = join(folder, 'example')
  const project = join(import.meta.dirname, '../../..')
  execFileSync(process.execPath, ['engine/cli.ts', '--repo', project, 'ledger', 'export', '--out', out], {
    cwd: project,
  })
  const opened = await openFile(join(out, 'verify.html'))
  assert.equal(await standing(opened.page), 'proven')
  await listed(opened.page)
  assert.deepEqual([opened.requests, opened.errors, await opened.violations()], [[], [], []])
  await opened.close()
})

test('logs of none and of one entry are proven too', async () => {
  for (const size of [0, 1]) {
    const small: MemoryLog = size === 0 ? logOf([]) : decisionLog(1)
    if (size === 0) append(small, [])
    const opened = await openFile(writeKit(join(folder, `of-${size}`), kitOf(small, size), template))
    assert.equal(await standing(opened.page), 'proven', `${size} entries`)
    await opened.close()
  }
})

/** The log with one file changed, in a kit that is made anew around it. */
function withFile(path: string, change: (bytes: Buffer) => void): SampleKit {
  const changed = new Map(log)
  const bytes = Buffer.from(changed.get(path) ?? assert.fail(path))
  change(bytes)
  changed.set(path, bytes)
  return kitOf(changed, SIZE)
}

const flip = (bytes: Buffer, at: number): void => {
  bytes[at] = (bytes[at] ?? 0) ^ 1
}

/** Where the signature's base64 stands in the note, some letters after its beginning. */
const inSignature = (note: Buffer): number => note.lastIndexOf(' ') + 30

/** A CAR with a block left out: the last of its frames, found by the length before it. */
function withoutLastBlock(car: Uint8Array): Uint8Array {
  let at = 59
  let last = at
  while (at < car.length) {
    last = at
    let length = 0
    let shift = 0
    for (let byte = 0x80; byte >= 0x80; shift += 7) {
      byte = car[at++] ?? 0
      length += (byte & 0x7f) * 2 ** shift
    }
    at += length
  }
  return car.subarray(0, last)
}

const flippedInCar = (): Uint8Array => {
  const car = Buffer.from(kit.car)
  flip(car, car.length >> 1)
  return car
}

const signedByOther = (): SampleKit => {
  const other: MemoryLog = new Map()
  append(
    other,
    Array.from({ length: SIZE }, (_, i) => decisionEntry(i)),
    [OTHER],
  )
  return kitOf(other, SIZE)
}

const FORGED: readonly { name: string; kit: () => SampleKit; codes: readonly string[] }[] = [
  {
    name: 'a byte of an entry',
    kit: () => withFile('tile/entries/000', (bytes) => flip(bytes, bytes.indexOf('model-05') + 7)),
    codes: ['ledger/entry-hash'],
  },
  {
    name: 'an entry that is no JSON any more',
    kit: () => withFile('tile/entries/001.p/44', (bytes) => flip(bytes, 2)),
    codes: ['ledger/bad-entry', 'ledger/entry-hash'],
  },
  {
    name: 'a byte of a full tile',
    kit: () => withFile('tile/0/000', (bytes) => flip(bytes, 100)),
    codes: ['ledger/entry-hash', 'ledger/tile-hash'],
  },
  {
    name: 'a byte of a tile at the edge',
    kit: () => withFile('tile/0/001.p/44', (bytes) => flip(bytes, 3)),
    codes: ['ledger/entry-hash', 'ledger/root'],
  },
  {
    name: 'a byte of a tile of level 1',
    kit: () => withFile('tile/1/000.p/1', (bytes) => flip(bytes, 3)),
    codes: ['ledger/root', 'ledger/tile-hash'],
  },
  {
    name: 'a letter of the signature',
    kit: () =>
      withFile('checkpoint', (bytes) => bytes.write(bytes[inSignature(bytes)] === 65 ? 'B' : 'A', inSignature(bytes))),
    codes: ['ledger/bad-signature', 'ledger/not-signed'],
  },
  {
    name: 'the size in the checkpoint',
    kit: () => withFile('checkpoint', (bytes) => bytes.write('299', bytes.indexOf('300'))),
    codes: ['ledger/bad-signature', 'ledger/missing-file', 'ledger/not-signed', 'ledger/stray-file'],
  },
  {
    name: 'a byte of the file',
    kit: () => ({ ...kit, car: flippedInCar() }),
    codes: ['ledger/bad-block', 'ledger/missing-block'],
  },
  {
    name: 'a block that was dropped',
    kit: () => ({ ...kit, car: withoutLastBlock(kit.car) }),
    codes: ['ledger/missing-block'],
  },
  {
    name: 'a file that was cut',
    kit: () => ({ ...kit, car: kit.car.subarray(0, kit.car.length - 40) }),
    codes: ['ledger/bad-car', 'ledger/missing-block'],
  },
  {
    name: 'an empty file',
    kit: () => ({ ...kit, car: new Uint8Array(0) }),
    codes: ['ledger/bad-car', 'ledger/no-checkpoint'],
  },
  { name: 'the key of somebody else', kit: signedByOther, codes: ['ledger/not-signed'] },
  {
    name: 'the log of another time under the name of this one',
    kit: () => ({ ...kitOf(decisionLog(200), 200), about: kit.about }),
    codes: ['ledger/other-cid'],
  },
  {
    name: 'a policy that is none',
    kit: () => ({ ...kit, policy: Buffer.from('trust everybody\n') }),
    codes: ['ledger/bad-policy', 'ledger/other-origin'],
  },
  {
    name: 'a policy that asks for a witness who never signed',
    kit: () => {
      const key = signerOfSeed('witness.example', Buffer.alloc(32, 3), 'cosignature').key
      const policy = formatPolicy({ logs: [SIGNER.key], witnesses: [{ name: 'regulator', key }], quorum: 'all' })
      return { ...kit, policy: Buffer.from(policy) }
    },
    codes: ['ledger/no-quorum'],
  },
]

for (const { name, kit: forge, codes } of FORGED) {
  test(`not proven, and named: ${name}`, async () => {
    const opened = await openFile(writeKit(join(folder, name.replaceAll(' ', '-')), forge(), template))
    assert.equal(await standing(opened.page), 'broken')
    assert.equal(await opened.page.textContent('#verdict-word'), 'Não provado')
    const found = await problemCodes(opened.page)
    for (const code of codes) assert.ok(found.includes(code), `${code} in ${found}`)
    assert.equal((await opened.page.locator('#checks .step.bad').count()) > 0, true)
    assert.match((await opened.page.textContent('.meaning.yes')) ?? '', /Nada, enquanto/)
    assert.deepEqual([opened.requests, opened.errors, await opened.violations()], [[], [], []])
    await opened.close()
  })
}

test('a page whose data were damaged says so, and proves nothing', async () => {
  const path = writeKit(join(folder, 'damaged'), kit, template)
  const html = readFileSync(path, 'utf8')
  writeFileSync(path, html.replace('id="kit-policy">', 'id="kit-policy">*'))
  const opened = await openFile(path)
  assert.equal(await standing(opened.page), 'unable')
  assert.match((await opened.page.textContent('#verdict-said')) ?? '', /danificado ou alterado/)
  await opened.close()
})

test('a browser without Ed25519 neither proves nor refutes, and says what to do', async () => {
  const path = writeKit(join(folder, 'old-browser'), kit, template)
  // The worker's code and the page's are one text; the page's policy then no longer names it, so it goes too.
  const old = readFileSync(path, 'utf8')
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replaceAll('Ed25519', 'Ed25518')
  writeFileSync(path, old)
  const opened = await openFile(path)
  assert.equal(await standing(opened.page), 'unable')
  assert.match((await opened.page.textContent('#verdict-said')) ?? '', /Ed25518/)
  assert.equal(await opened.page.locator('#checks .step.bad').count(), 0)
  await opened.close()
})
