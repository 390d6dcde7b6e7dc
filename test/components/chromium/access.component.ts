// What people who hear the page, or use it at any size and in any light, need: axe finds nothing in both languages and both
// schemes, in each state of the page; nothing runs off a small screen; paper gets the decisions too.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { decisionLog, kitOf, writeKit } from '../../ledger/kit/sample-kit.ts'
import { folder, listed, openFile, standing, template } from './open-page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SIZE = 60
const log = decisionLog(SIZE)
const kit = kitOf(log, SIZE)
const forged = Buffer.from(kit.car)
forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1

const STATES = {
  proven: writeKit(join(folder, 'axe-good'), kit, template),
  broken: writeKit(join(folder, 'axe-forged'), { ...kit, car: forged }, template),
  waiting: writeKit(join(folder, 'axe-beside'), kit, template, false),
}

interface AxeRun {
  readonly violations: { readonly id: string; readonly nodes: { readonly html: string }[] }[]
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeRun>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

for (const [state, path] of Object.entries(STATES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing: ${state}, ${colorScheme}, in both languages`, async () => {
      const { page, close } = await openFile(path, { colorScheme })
      assert.equal(await standing(page), state)
      if (state === 'proven') {
        await listed(page)
        await page.click('[data-place="6"]')
        await page.waitForSelector('.detail table')
        await page.click('.detail summary')
      }
      for (const language of ['pt', 'en']) {
        await page.click(`#language-${language}`)
        assert.equal(await page.getAttribute('html', 'lang'), language === 'pt' ? 'pt-BR' : 'en-GB')
        assert.deepEqual(await violationsOf(page), [], language)
      }
      await close()
    })
  }
}

test('on a small screen, and at four times the size, nothing runs off the side', async () => {
  for (const width of [320, 400, 900]) {
    const { page, close } = await openFile(STATES.proven, { width })
    await listed(page)
    await page.click('[data-place="6"]')
    await page.waitForSelector('.detail table')
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width} pixels`)
    await close()
  }
})

test('the focus stays where it was when the language changes', async () => {
  const { page, close } = await openFile(STATES.proven)
  await listed(page)
  await page.focus('#language-en')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'language-en')
  assert.equal(await page.textContent('#verdict-word'), 'Proven')
  await close()
})

test('paper gets the verdict, the meaning and the decisions, and no buttons', async () => {
  const { page, close } = await openFile(STATES.proven)
  await listed(page)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  assert.equal(await page.locator('.printed tbody tr').count(), SIZE)
  assert.equal(await page.locator('button:visible, input:visible, select:visible').count(), 0)
  assert.equal(await page.locator('.meaning.no').isVisible(), true)
  await close()
})
