// A Chromium and pages in it that note all they should not do: requests, violations of the page's policy, errors, slow tasks.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { pageTemplate } from '../../../engine/ledger/kit/page-template.ts'

export const folder = mkdtempSync(join(tmpdir(), 'tutela-chromium-'))
export const template = await pageTemplate()
const browser: Browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
})
after(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A page, and what it did. */
export interface OpenedPage {
  readonly page: Page
  /** Addresses asked for besides the page itself. */
  readonly requests: readonly string[]
  readonly errors: readonly string[]
  /** Directives of its policy that it broke. */
  violations(): Promise<readonly string[]>
  /** Milliseconds of each task on the page's own thread above 50 ms. */
  slowTasks(): Promise<readonly number[]>
  close(): Promise<void>
}

interface Watched {
  readonly violations: string[]
  readonly slow: number[]
}

/** Opens a file from disk; `await` it, then `standing`. */
export async function openFile(
  path: string,
  options: { colorScheme?: 'light' | 'dark'; width?: number; height?: number } = {},
): Promise<OpenedPage> {
  const { colorScheme = 'light', width = 1280, height = 900 } = options
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-US' })
  const page = await context.newPage()
  const requests: string[] = []
  const errors: string[] = []
  const url = pathToFileURL(path).href
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('blob:')) requests.push(request.url())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.addInitScript(() => {
    const watched: Watched = { violations: [], slow: [] }
    Object.assign(globalThis, { watched })
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => watched.violations.push(effectiveDirective))
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.slow.push(Math.round(duration))
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(url)
  const watchedOf = () => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched)
  return {
    page,
    requests,
    errors,
    violations: async () => (await watchedOf()).violations,
    slowTasks: async () => (await watchedOf()).slow,
    close: () => context.close(),
  }
}

/** Waits until the check has ended and tells its word: the class of the banner. */
export async function standing(page: Page): Promise<string> {
  await page.waitForSelector('.verdict:not(.checking)', { timeout: 60_000 })
  const classes = (await page.getAttribute('#verdict', 'class')) ?? ''
  return classes.replace('verdict ', '')
}

/** Waits until the list is there too. */
export async function listed(page: Page): Promise<void> {
  await page.waitForFunction(() => /\d/.test(document.querySelector('.count')?.textContent ?? ''), null, {
    timeout: 60_000,
  })
}

/** The codes that the page names, sorted, each once. */
export async function problemCodes(page: Page): Promise<string[]> {
  const codes = await page.locator('#problems li > code').allTextContents()
  return [...new Set(codes)].sort()
}
