// `ledger export`, and `verify` of what it wrote: the folder, the page alone, and both after somebody changed them.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { pageTemplate } from '../../engine/ledger/kit/page-template.ts'
import { parseVerifierKey } from '../../engine/ledger/note-key.ts'
import { decisionEntry, decisionLog, kitOf, logOf, writeKit } from '../ledger/kit/sample-kit.ts'
import { copyOf, governedRepository, NOW, runIn, scratch } from '../run/governed-repository.ts'
import { ask, commitAs } from './ledger-scene.ts'

const folder = governedRepository()
await runIn(folder, NOW, { deliver: false })
const kit = join(scratch(), 'kit')

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
const problemsIn = ({ json }: { json: Record<string, unknown> }) =>
  (json.problems as { code: string; where: string }[]).map(({ code, where }) => `${code} ${where}`)

test('a kit is five files, says its CID, and is proven; its key is the log’s', async () => {
  const made = await ask('ledger', folder, ['export'], { out: kit })
  assert.equal(made.exit, 0)
  assert.deepEqual(readdirSync(kit).sort(), ['README.txt', 'keys.txt', 'log.car', 'policy', 'verify.html'])
  const { kind, size, cid, isEmbedded, isQuorum } = made.json
  assert.deepEqual([kind, isEmbedded, isQuorum], ['LedgerExport', true, true])
  assert.match(made.text, /open .*verify\.html in a browser/)
  const proven = await ask('verify', folder, [kit])
  assert.deepEqual([proven.exit, proven.json.ok, proven.json.size, proven.json.cid], [0, true, size, cid])
  assert.equal(proven.json.originOnTrust, true)
  const key = readFileSync(join(kit, 'keys.txt'), 'utf8').trim()
  assert.equal(parseVerifierKey(key)?.type, 'ed25519')
  const named = await ask('verify', folder, [kit], { vkey: key })
  assert.deepEqual([named.exit, named.json.originOnTrust], [0, undefined])
})

test('two kits of one log are the same bytes', async () => {
  const other = join(scratch(), 'again')
  await ask('ledger', folder, ['export'], { out: other })
  for (const name of readdirSync(kit))
    assert.deepEqual(readFileSync(join(other, name)), readFileSync(join(kit, name)), name)
})

test('of a log that does not hold, nothing is written: no file, no folder', async () => {
  const other = copyOf(folder)
  const bundle = join(other, 'ledger/tile/entries/000.p')
  const [name = ''] = readdirSync(bundle)
  writeFileSync(join(bundle, name), readFileSync(join(bundle, name), 'latin1').replace('"v":1', '"v":2'), 'latin1')
  commitAs(other, 'a better past')
  const out = join(scratch(), 'no-kit')
  await assert.rejects(ask('ledger', other, ['export'], { out }), hasCode('ledger/entry-hash'))
  assert.equal(existsSync(out), false)
  mkdirSync(out)
  writeFileSync(join(out, 'log.car'), 'an older one')
  await assert.rejects(ask('ledger', other, ['export'], { out }), hasCode('ledger/entry-hash'))
  assert.deepEqual(readdirSync(out), ['log.car'])
  assert.equal(readFileSync(join(out, 'log.car'), 'utf8'), 'an older one')
})

test('the page alone is verified with the log that it carries', async () => {
  const answer = await ask('verify', folder, [join(kit, 'verify.html')])
  assert.deepEqual([answer.exit, answer.json.ok], [0, true])
})

const CHANGES: readonly { name: string; change: (at: string) => void; codes: readonly string[] }[] = [
  {
    name: 'the program of the page',
    change: (at) => writeFileSync(at, readFileSync(at, 'utf8').replace('use strict', 'use  strict')),
    codes: ['ledger/other-kit-file verify.html'],
  },
  {
    name: 'the claim of another version',
    change: (at) => {
      const html = readFileSync(at, 'utf8')
      const about = /id="kit-about">([^<]*)/.exec(html)?.[1] ?? ''
      const forged = Buffer.from(about, 'base64').toString().replace('"version":"', '"version":"9.')
      writeFileSync(at, html.replace(about, Buffer.from(forged).toString('base64')))
    },
    codes: ['ledger/unknown-page verify.html'],
  },
]

for (const { name, change, codes } of CHANGES) {
  test(`not proven, as a page and in its folder: ${name}`, async () => {
    const forged = join(scratch(), 'forged')
    cpSync(kit, forged, { recursive: true })
    change(join(forged, 'verify.html'))
    for (const path of [forged, join(forged, 'verify.html')]) {
      const answer = await ask('verify', folder, [path])
      assert.equal(answer.exit, 2)
      for (const code of codes) assert.ok(problemsIn(answer).includes(code), `${code} in ${problemsIn(answer)}`)
    }
  })
}

test('--since: a kit that goes on from an older checkpoint is proven; of one that does not, a fraud bundle is written', async () => {
  const template = await pageTemplate()
  const older = join(scratch(), 'older')
  const [before, other] = [decisionLog(10), logOf([1, 2, 3].map((i) => decisionEntry(i)))]
  const given = dirname(writeKit(join(scratch(), 'longer'), kitOf(decisionLog(20), 20), template))
  writeFileSync(older, before.get('checkpoint') ?? '')
  assert.equal((await ask('verify', folder, [given], { since: older })).exit, 0)
  writeFileSync(older, other.get('checkpoint') ?? '')
  const fraud = join(scratch(), 'fraud.json')
  const told = await ask('verify', folder, [given], { since: older, fraud })
  assert.deepEqual([told.exit, problemsIn(told)], [2, ['ledger/rewritten older checkpoint']])
  const key = readFileSync(join(given, 'keys.txt'), 'utf8').trim()
  assert.equal((await ask('verify', folder, [fraud], { vkey: key })).exit, 0)
})

test('a file that is missing is told; without log or policy nothing is proven', async () => {
  for (const name of ['log.car', 'policy', 'keys.txt', 'README.txt', 'verify.html']) {
    const forged = join(scratch(), 'missing')
    cpSync(kit, forged, { recursive: true })
    rmSync(join(forged, name))
    const answer = await ask('verify', folder, [forged])
    assert.equal(answer.exit, 2, name)
    assert.ok(problemsIn(answer).includes(`ledger/other-kit-file ${name}`), `${name}: ${problemsIn(answer)}`)
  }
})

test('a page without the log, or none of a kit, is a fault that says what to name', async () => {
  const other = join(scratch(), 'x.html')
  writeFileSync(other, '<!doctype html><p>hello')
  await assert.rejects(ask('verify', folder, [other]), hasCode('ledger/no-log'))
  await assert.rejects(ask('verify', folder, [kit], { entry: other }), hasCode('cli/bad-option'))
})
