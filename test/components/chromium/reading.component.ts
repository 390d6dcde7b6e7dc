// A reader at a sound kit: by keyboard alone, filters, the steps of a case, receipts, an older checkpoint, a key of one's own, and
// entries that try to break out of the page.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Download, Page } from 'playwright-core'
import { makeReceipt } from '../../../engine/ledger/make-receipt.ts'
import { formatVerifierKey, signerOfSeed } from '../../../engine/ledger/note-key.ts'
import { verifyReceipt } from '../../../engine/ledger/receipt.ts'
import { decisionEntry, decisionLog, entryOf, kitOf, logOf, writeKit } from '../../ledger/kit/sample-kit.ts'
import { append, type MemoryLog, ORIGIN, SIGNER, TRUST } from '../../ledger/memory-log.ts'
import { freePort } from '../free-port.ts'
import { folder, listed, openFile, problemCodes, standing, template } from './open-page.ts'

const SIZE = 400
const log = decisionLog(SIZE)
const path = writeKit(join(folder, 'reading'), kitOf(log, SIZE, { languages: ['en', 'pt'] }), template)

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '')

/** Presses Tab until the element with this id, or with this text, has the focus. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if ((await focused(page)) === wanted) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`\`${wanted}\` cannot be reached by Tab: ${await focused(page)}`)
}

async function bytesOf(download: Download): Promise<Uint8Array> {
  return new Uint8Array(readFileSync(await download.path()))
}

test('by keyboard alone: skip, search, walk the list, read a verdict, follow its case, save a receipt that holds', async () => {
  const { page, requests, errors, close } = await openFile(path)
  await listed(page)
  await page.keyboard.press('Tab')
  assert.equal(await focused(page), 'Skip to the decisions')
  await page.keyboard.press('Enter')
  await tabTo(page, 'filter-words')
  await page.keyboard.type('model-06')
  await page.waitForFunction(() => document.querySelector('.count')?.textContent === '10 of 400 entries')
  await tabTo(page, 'entry-list')
  await page.keyboard.press('ArrowDown')
  await page.waitForSelector('.detail h3')
  assert.match((await page.textContent('.detail')) ?? '', /Entry 6 .*Verdict fail, blocks/)
  assert.match((await page.textContent('.detail')) ?? '', /drift.*psi.*feature income.*fail.*0\.31.*0\.2/)
  await page.keyboard.press('End')
  await page.waitForFunction(() => /Entry 366/.test(document.querySelector('.detail')?.textContent ?? ''))
  assert.equal(await page.getAttribute('#entry-list', 'aria-activedescendant'), 'row-9')
  await page.keyboard.press('Home')
  await page.keyboard.press('PageDown')
  await tabTo(page, 'Save receipt')
  const [receipt] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  await tabTo(page, 'Save entry')
  const [entry] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  assert.match(receipt.suggestedFilename(), /^entry-\d+\.tlog-proof$/)
  assert.equal(verifyReceipt(await bytesOf(receipt), await bytesOf(entry), TRUST).ok, true)
  assert.deepEqual([requests, errors], [[], []])
  await close()
})

test('a proposal shows its case: the verdict, the remedy, and the role that approved', async () => {
  const { page, close } = await openFile(path)
  await listed(page)
  await page.selectOption('#filter-kind', 'proposal-approved')
  await page.waitForFunction(() => document.querySelector('.count')?.textContent === '40 of 400 entries')
  await page.click('.row >> nth=0')
  await page.waitForSelector('.related')
  const detail = (await page.textContent('.detail')) ?? ''
  assert.match(detail, /Approved by \(role\)team:model-risk/)
  assert.match(detail, /Modelmodel-07/)
  const steps = (await page.locator('.related li').allTextContents()).map((text) => text.trim())
  assert.deepEqual(steps, ['7 · 1 Jan 2024 · Remedy proposed', '8 · 1 Jan 2024 · Approved · team:model-risk'])
  await page.click('.related button')
  await page.waitForFunction(() => /Entry 7/.test(document.querySelector('.detail')?.textContent ?? ''))
  await close()
})

test('filters go together: kind, model, verdict and dates; clearing brings all back', async () => {
  const { page, close } = await openFile(path)
  await listed(page)
  const counts = async (wanted: string): Promise<void> => {
    await page.waitForFunction((text) => document.querySelector('.count')?.textContent === text, wanted)
  }
  await page.selectOption('#filter-model', 'model-02')
  await counts('10 of 400 entries')
  await page.selectOption('#filter-outcome', 'fail')
  await counts('10 of 400 entries')
  await page.fill('#filter-from', '2024-01-02')
  await counts('6 of 400 entries')
  await page.fill('#filter-to', '2024-01-02')
  await counts('4 of 400 entries')
  await page.fill('#filter-words', 'nothing has this')
  await page.waitForFunction(() => document.querySelector('.count')?.textContent === 'No entry matches these filters.')
  await page.click('text=Clear filters')
  await counts('400 of 400 entries')
  await page.fill('#filter-words', 'verdict failed')
  await page.click('#language-pt')
  await page.fill('#filter-words', 'veredito REPROVADO 02/01/2024')
  await page.waitForFunction(() => / de 400 entradas/.test(document.querySelector('.count')?.textContent ?? ''))
  await page.waitForFunction(() => !/^(0|400) /.test(document.querySelector('.count')?.textContent ?? ''))
  await close()
})

const receiptAt = (index: number) => {
  const note = log.get('checkpoint') ?? assert.fail()
  return makeReceipt({ read: (name) => log.get(name) ?? null, index, size: SIZE, note })
}
const asFile = (name: string, buffer: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(buffer),
})

test('receipts: alone and with their entry they hold, swapped and damaged ones are named', async () => {
  const { page, close } = await openFile(path)
  await listed(page)
  const [five, six] = [receiptAt(5), receiptAt(6)]
  const damaged = Buffer.from(five.receipt)
  damaged[40] = (damaged[40] ?? 0) ^ 1
  const cases: [string, Parameters<Page['setInputFiles']>[1], RegExp][] = [
    ['alone', asFile('a.tlog-proof', five.receipt), /a\.tlog-proof is proven: entry 5 .*this log has at that place/],
    [
      'with its entry',
      [asFile('b.tlog-proof', six.receipt), asFile('b.json', six.entry)],
      /b\.tlog-proof is proven: entry 6 .*of the file that you opened/,
    ],
    [
      'swapped',
      [asFile('c.tlog-proof', five.receipt), asFile('c.json', six.entry)],
      /c\.tlog-proof is NOT proven.*ledger\/not-included/,
    ],
    ['damaged', asFile('d.tlog-proof', damaged), /d\.tlog-proof is NOT proven.*ledger\/(not-included|bad-receipt)/],
    ['a text', asFile('e.txt', Buffer.from('hello')), /e\.txt: neither a receipt/],
  ]
  for (const [name, files, said] of cases) {
    await page.setInputFiles('#file-chooser', files)
    await page.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector('.opened')?.textContent ?? ''),
      said.source,
    )
    assert.match((await page.textContent('.opened')) ?? '', said, name)
  }
  assert.equal(await page.textContent('#verdict-word'), 'Proven')
  await close()
})

test('an older checkpoint: a log that continues it is proven, a log that was rewritten is named', async () => {
  const older = decisionLog(300).get('checkpoint') ?? assert.fail()
  const rewritten: MemoryLog = logOf(Array.from({ length: 300 }, (_, i) => decisionEntry(i + 1)))
  const other = rewritten.get('checkpoint') ?? assert.fail()
  const { page, close } = await openFile(path)
  await listed(page)
  await page.setInputFiles('#file-chooser', asFile('checkpoint-300', older))
  await page.waitForSelector('#checks >> text=The log continues the older checkpoint')
  assert.equal(await standing(page), 'proven')
  await page.setInputFiles('#file-chooser', asFile('checkpoint-300', other))
  await page.waitForSelector('.verdict.broken')
  assert.deepEqual(await problemCodes(page), ['ledger/rewritten'])
  const checks = (await page.textContent('#checks')) ?? ''
  assert.match(checks, /does NOT continue the older checkpoint.*something was removed or changed since then: keep both/)
  assert.doesNotMatch(checks, /nothing was removed/)
  await page.click('#undo-since')
  await page.waitForSelector('.verdict.proven')
  assert.equal(await page.locator('#checks >> text=older checkpoint').count(), 0)
  assert.equal(await page.locator('.opened li').count(), 0)
  await close()
})

test('a key of one’s own: the right one is said to be it, another refutes, a text that is none is refused', async () => {
  const { page, close } = await openFile(path)
  await listed(page)
  const tryKey = async (key: string, said: RegExp): Promise<void> => {
    await page.fill('#trust-key', key)
    await page.press('#trust-key', 'Enter')
    await page.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector('#trust-said')?.textContent ?? ''),
      said.source,
    )
  }
  await tryKey('abc', /no public key/)
  assert.equal(await standing(page), 'proven')
  await tryKey(formatVerifierKey(SIGNER.key), /This is the key that signed/)
  assert.match((await page.textContent('#checks')) ?? '', /verified with the key that you gave/)
  await tryKey(formatVerifierKey(signerOfSeed(ORIGIN, Buffer.alloc(32, 5)).key), /not signed by this key/)
  assert.equal(await standing(page), 'broken')
  assert.match((await page.textContent('#checks .step.bad:last-child')) ?? '', /✕The key that you gave is not the one/)
  await page.click('text=Back to the kit')
  await page.waitForSelector('.verdict.proven')
  await tryKey(formatVerifierKey(SIGNER.key), /This is the key that signed/)
  await page.click('#undo-own')
  await page.waitForSelector('#checks .step.you')
  assert.equal(await page.inputValue('#trust-key'), '')
  await close()
})

test('a log too large for the page is asked for, and verified when it is given', async () => {
  const kit = kitOf(log, SIZE)
  const { page, close } = await openFile(writeKit(join(folder, 'beside'), kit, template, false))
  assert.equal(await standing(page), 'waiting')
  await page.focus('#open-log')
  const chosen = page.waitForEvent('filechooser')
  // Choosers are caught only once the browser was told so, which the next answers wait for.
  for (let i = 0; i < 3; i++) await page.evaluate(() => new Promise(requestAnimationFrame))
  await page.keyboard.press('Enter')
  const chooser = await chosen
  await chooser.setFiles(join(folder, 'beside/log.car'))
  await page.waitForSelector('.verdict.proven')
  await page.setInputFiles('#file-chooser', asFile('log.car', kitOf(decisionLog(10), 10).car))
  await page.waitForSelector('.verdict.broken')
  assert.deepEqual(await problemCodes(page), ['ledger/other-cid'])
  await close()
})

const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>'

test('entries that try to break out stay text: markup, prototypes, reordering and invisible characters', async () => {
  const hostile: MemoryLog = new Map()
  append(hostile, [
    entryOf('evaluation', 0, {
      verdict: {
        model: HOSTILE,
        version: '\u202Etxt.exe',
        environment: '<!--',
        outcome: '__proto__',
        counts: { ['__proto__']: 1 },
      },
      findings: [{ policy: HOSTILE, rule: 'javascript:alert(3)', outcome: 'constructor', limit: [1, 2] }, 7, null],
      ['__proto__']: { x: 1 },
    }),
    entryOf('constructor', 1, { toString: 1, model: { deep: [[[['x']]]] }, by: [HOSTILE, 3], long: 'a'.repeat(5000) }),
    entryOf('toString', 2, { at: 'yesterday', cause: 'toString', demand: '__proto__' }),
    Buffer.from('no entry: <b>bold</b>'),
  ])
  const kit = kitOf(hostile, 4, { institution: `${HOSTILE}<!--`, languages: [] })
  const { page, requests, errors, violations, close } = await openFile(writeKit(join(folder, 'hostile'), kit, template))
  await listed(page)
  // The last is no entry in a log of entries.
  assert.deepEqual(await problemCodes(page), ['ledger/bad-entry'])
  for (let i = 0; i < 4; i++) {
    await page.click(`[data-place="${i}"]`)
    await page.waitForFunction((n) => document.querySelector('.detail')?.textContent?.includes(`Entrada ${n}`), i)
    await page.click('.detail summary')
  }
  await page.click('[data-place="0"]')
  await page.waitForFunction(() => document.querySelector('.detail')?.textContent?.includes('Entrada 0'))
  const detail = (await page.textContent('.detail')) ?? ''
  assert.ok(detail.includes(HOSTILE))
  assert.ok(detail.includes('⟨U+202E⟩'))
  assert.equal(await page.locator('img, iframe, object, #page script').count(), 0)
  await page.click('#language-en')
  assert.deepEqual([requests, errors, await violations()], [[], [], []])
  await close()
})

test('the page could reach nothing if it tried: its policy refuses fetch, images, frames, eval and markup', async () => {
  const hits: string[] = []
  const port = await freePort()
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end()
  }).listen(port, '127.0.0.1')
  const { page, violations, close } = await openFile(path)
  await listed(page)
  const refused = await page.evaluate(async (base) => {
    const failed: string[] = []
    const image = new Image()
    image.src = `${base}/image`
    const frame = document.createElement('iframe')
    frame.src = `${base}/frame`
    document.body.append(image, frame)
    await fetch(`${base}/fetch`).catch(() => failed.push('fetch'))
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>')
    } catch {
      failed.push('markup')
    }
    const inline = document.createElement('a')
    inline.setAttribute('style', 'color: red')
    document.body.append(inline)
    await new Promise((resolve) => setTimeout(resolve, 300))
    return failed
  }, `http://127.0.0.1:${port}`)
  assert.deepEqual(refused, ['fetch', 'markup'])
  const found = await violations()
  for (const directive of ['connect-src', 'img-src', 'frame-src', 'require-trusted-types-for', 'style-src-attr'])
    assert.ok(found.includes(directive), `${directive} in ${found}`)
  assert.deepEqual(hits, [])
  server.close()
  await close()
})
