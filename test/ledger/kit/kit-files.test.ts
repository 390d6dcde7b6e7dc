// The files of a kit: data that stay data in the page, a page that names its own code, and a kit that is told from every other.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { buildPage } from '../../../engine/ledger/kit/build-page.ts'
import { checkKit } from '../../../engine/ledger/kit/check-kit.ts'
import { DATA_MARK, fillPage, type KitAbout, readPage } from '../../../engine/ledger/kit/fill-page.ts'
import { embeddedCar, KIT_NAMES, kitFiles } from '../../../engine/ledger/kit/kit-files.ts'
import { logCar } from '../../../engine/ledger/kit/log-car.ts'
import { VERSION } from '../../../engine/version.ts'
import { addLog, type Blocks } from '../ipfs/log-blocks.ts'
import { append, type MemoryLog, ORIGIN, sampleEntries } from '../memory-log.ts'
import { decisionLog, kitOf, logOf } from './sample-kit.ts'

let template = ''
before(async () => {
  template = await buildPage()
})

const countOf = (text: string, part: RegExp): number => text.match(part)?.length ?? 0
const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

test('whatever the data are, they add three elements to the page and come back as they were', () => {
  const nasty = fc.constantFrom('</script>', '<!--', '-->', '<script>', '$&', "$'", DATA_MARK, '\u2028', '"', 'x')
  const text = fc.array(fc.oneof(nasty, fc.string()), { maxLength: 6 }).map((parts) => parts.join('').toWellFormed())
  const before = countOf(template, /<\/?script/gi)
  fc.assert(
    fc.property(text, text, fc.uint8Array({ maxLength: 60 }), (institution, origin, bytes) => {
      const about: KitAbout = { institution, origin, size: 3, cid: 'bafy', languages: ['pt'], version: VERSION }
      const html = fillPage(template, { about, policy: Buffer.from(institution), car: bytes })
      assert.equal(countOf(html, /<\/?script/gi), before + 6)
      assert.equal(countOf(html, /<!--/g), 0)
      const read = readPage(html)
      assert.deepEqual(read?.about, about)
      assert.deepEqual(Buffer.from(read?.policy ?? []).toString(), institution)
      assert.deepEqual([...(read?.car ?? [])], [...bytes])
    }),
  )
})

test('what is no page of a kit is null: other HTML, cut, spoiled base64, an about of another shape', () => {
  const about: KitAbout = { institution: 'B', origin: 'o', size: 1, cid: 'c', languages: [], version: VERSION }
  const html = fillPage(template, { about, policy: Buffer.from('p'), car: null })
  assert.equal(readPage(html)?.car, null)
  assert.equal(readPage('<html></html>'), null)
  assert.equal(readPage(html.slice(0, html.indexOf('kit-policy') + 14)), null)
  assert.equal(readPage(html.replace('id="kit-policy">', 'id="kit-policy">*')), null)
  for (const text of ['', '[]', 'null', '{}', '{"cid":1}', '{"institution":"x"}'])
    assert.equal(readPage(html.replace(/id="kit-about">[^<]*/, `id="kit-about">${btoa(text)}`)), null, text)
})

test('the page’s policy allows its own code and style, by hash, and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(template)?.[1] ?? ''
  const script = /<script>([\s\S]*)<\/script>/.exec(template)?.[1] ?? assert.fail()
  const style = /<style>([\s\S]*)<\/style>/.exec(template)?.[1] ?? assert.fail()
  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types tutela-worker',
  ])
  assert.ok(template.indexOf('Content-Security-Policy') < template.indexOf('<style>'))
})

test('the page refers to nothing outside and writes no markup', () => {
  assert.doesNotMatch(template, /\b(?:src|href)="(?!#)/)
  assert.doesNotMatch(template, /@import|url\(|https?:\/\/(?!c2sp)/)
  assert.doesNotMatch(template, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
})

test('the template is the same bytes each time', async () => assert.equal(await buildPage(), template))

test('the CAR of a log is the one that its blocks give, and has its CID', () => {
  for (const size of [1, 256, 300]) {
    const log: MemoryLog = logOf(sampleEntries(0, size))
    const made = logCar((path) => log.get(path) ?? null, size)
    const blocks: Blocks = new Map()
    assert.equal(cidText(made.cid), cidText(addLog(log, size, blocks).cid))
    assert.ok(Buffer.concat([...made.pieces]).length > 0)
  }
})

const log = decisionLog(20)
const kit = kitOf(log, 20)
const files = () => {
  const made = kitFiles({ ...kit, car: embeddedCar(kit.car) }, template)
  return new Map<string, Uint8Array>([...made].map(([name, bytes]) => [name, Uint8Array.from(bytes)]))
}
const found = { origin: ORIGIN, size: 20, cid: kit.about.cid }
const codesOf = (given: ReadonlyMap<string, Uint8Array>, more: Partial<Parameters<typeof checkKit>[0]> = {}) =>
  checkKit({
    read: (name) => given.get(name) ?? null,
    car: kit.car,
    log: found,
    template,
    version: VERSION,
    ...more,
  }).map(({ code, where }) => `${code} ${where}`)

test('a kit as it was written is whole', () => assert.deepEqual(codesOf(files()), []))

/** Bytes are compared one by one, so not each has to be tried. */
const STEPS: Readonly<Record<string, number>> = { [KIT_NAMES.page]: 997, [KIT_NAMES.readme]: 7 }

test('any byte of any file changed, and any file dropped, cut or taken for another, is told', () => {
  for (const [name, bytes] of files()) {
    const step = STEPS[name] ?? 1
    for (let at = 0; at < bytes.length; at += step) {
      const given = files()
      const changed = given.get(name) ?? assert.fail()
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.notDeepEqual(codesOf(given), [], `${name} byte ${at}`)
    }
    const others = [...files().keys()].filter((other) => other !== name)
    const variants: [string, Uint8Array | null][] = [
      ['dropped', null],
      ['cut', bytes.subarray(0, -1)],
      ['longer', Buffer.concat([bytes, Buffer.of(10)])],
      ...others.map((other): [string, Uint8Array] => [`replaced by ${other}`, files().get(other) ?? bytes]),
    ]
    for (const [what, replaced] of variants) {
      const given = files()
      if (replaced === null) given.delete(name)
      else given.set(name, replaced)
      assert.notDeepEqual(codesOf(given), [], `${name} ${what}`)
    }
  }
})

test('a page of another log, of another version, or with another log inside is told', () => {
  const page = `ledger/other-kit-file ${KIT_NAMES.page}`
  assert.deepEqual(codesOf(files(), { log: { ...found, size: 21 } }), [page])
  assert.deepEqual(codesOf(files(), { log: { ...found, origin: 'o' } }), [page])
  assert.deepEqual(codesOf(files(), { log: { ...found, cid: null } }), [page])
  assert.deepEqual(codesOf(files(), { version: '9.9.9' }), [`ledger/unknown-page ${KIT_NAMES.page}`])
  assert.ok(codesOf(files(), { car: Buffer.from('another') }).includes(page))
  assert.ok(codesOf(files(), { template: `${template} ` }).includes(page))
})

test('a log too large for the page stays beside it', () => {
  const given = new Map(kitFiles({ ...kit, car: null }, template))
  assert.deepEqual(codesOf(given, { car: null }), [])
  assert.match(Buffer.from(given.get(KIT_NAMES.readme) ?? []).toString(), /verify\.html \+ log\.car/)
})

test('appending after a kit was made changes its CID', () => {
  const grown: MemoryLog = new Map(log)
  append(grown, sampleEntries(0, 1))
  assert.notEqual(kitOf(grown, 21).about.cid, kit.about.cid)
})
