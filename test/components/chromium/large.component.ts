// A log of a hundred thousand decisions: the page stays in hand while it is verified, searched and walked. The bounds are for
// freezes that a reader would notice on a busy machine; what was measured is printed.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { embeddedCar } from '../../../engine/ledger/kit/kit-files.ts'
import { decisionLog, kitOf, writeKit } from '../../ledger/kit/sample-kit.ts'
import { folder, listed, openFile, standing, template } from './open-page.ts'

const SIZE = 100_000
/** To verify on the page's own thread would be one task of more than this, however fast the machine; what is done takes a tenth. */
const FREEZE_MS = 3000

test('100,000 decisions from the file beside the page', async (t) => {
  const kit = kitOf(decisionLog(SIZE), SIZE, { languages: ['en'] })
  assert.equal(embeddedCar(kit.car), null)
  const opened = await openFile(writeKit(join(folder, 'large'), kit, template))
  const { page } = opened
  assert.equal(await standing(page), 'waiting')
  const begin = performance.now()
  await page.setInputFiles('#file-chooser', join(folder, 'large/log.car'))
  await page.waitForSelector('.verdict.proven', { timeout: 120_000 })
  const proven = performance.now() - begin
  await listed(page)
  const read = performance.now() - begin
  assert.equal(await page.textContent('.count'), '100,000 of 100,000 entries')
  const verifying = await opened.slowTasks()

  const took = async (act: () => Promise<void>): Promise<number> => {
    const from = performance.now()
    await act()
    return Math.round(performance.now() - from)
  }
  const counted = (text: string) =>
    page.waitForFunction((wanted) => document.querySelector('.count')?.textContent === wanted, text)
  const search = await took(async () => {
    await page.fill('#filter-words', 'model-17 team:model-risk')
    await counted('2,500 of 100,000 entries')
  })
  await page.click('text=Clear filters')
  await counted('100,000 of 100,000 entries')
  await page.focus('#entry-list')
  const end = await took(async () => {
    await page.keyboard.press('End')
    await page.waitForFunction(() => /Entry 99,999/.test(document.querySelector('.detail')?.textContent ?? ''))
  })
  const walk = await took(async () => {
    for (let i = 0; i < 50; i++) await page.keyboard.press('ArrowUp')
    await page.waitForFunction(() => /Entry 99,949/.test(document.querySelector('.detail')?.textContent ?? ''))
  })
  assert.ok((await page.locator('.row').count()) < 60, 'only the rows in sight are elements')
  const slow = await opened.slowTasks()
  t.diagnostic(
    `${Math.round(kit.car.length / 1e6)} MB: proven in ${Math.round(proven)} ms, listed in ${Math.round(read)} ms, search ${search} ms, End ${end} ms, 50 arrows ${walk} ms`,
  )
  t.diagnostic(
    `tasks above 50 ms on the page's thread: ${verifying.join(', ') || 'none'} while verifying, ${slow.slice(verifying.length).join(', ') || 'none'} after`,
  )
  assert.ok(Math.max(0, ...slow) < FREEZE_MS, `a task of ${Math.max(...slow)} ms`)
  assert.deepEqual([opened.requests, opened.errors], [[], []])
  await opened.close()
})

test('the largest log that a page carries itself', async (t) => {
  const size = 50_000
  const kit = kitOf(decisionLog(size), size, { languages: ['en'] })
  assert.notEqual(embeddedCar(kit.car), null)
  const begin = performance.now()
  const opened = await openFile(writeKit(join(folder, 'carried'), kit, template))
  await opened.page.waitForSelector('.verdict.proven', { timeout: 120_000 })
  await listed(opened.page)
  const slow = await opened.slowTasks()
  t.diagnostic(
    `${Math.round(kit.car.length / 1e6)} MB in the page: listed in ${Math.round(performance.now() - begin)} ms; tasks above 50 ms: ${slow.join(', ') || 'none'}`,
  )
  assert.ok(Math.max(0, ...slow) < FREEZE_MS, `a task of ${Math.max(...slow)} ms`)
  await opened.close()
})
