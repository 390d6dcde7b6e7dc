// The pages on metrics are the catalogue, in words.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { METRICS } from '../../engine/observe/metrics/catalogue.ts'
import { NULL_REASONS } from '../../engine/observe/metrics/measured.ts'
import { metricsPage, PAGES } from './make-metrics.ts'

for (const language of ['en', 'pt'] as const) {
  test(`the page on metrics in ${language} is up to date (node test/docs/make-metrics.ts)`, () => {
    const page = metricsPage(language)
    assert.equal(readFileSync(PAGES[language], 'utf8'), page)
    for (const { id } of METRICS) assert.ok(page.includes(`| \`${id}\` |`), id)
  })
}

test('every reason for a missing number is on both pages', () => {
  for (const language of ['en', 'pt'] as const) {
    const page = readFileSync(PAGES[language], 'utf8')
    for (const reason of NULL_REASONS) assert.ok(page.includes(`\`${reason}\``), `${reason} (${language})`)
  }
})

test('the pages cite what a reader can find, and the Portuguese one has no unit in English', () => {
  const [en, pt] = [readFileSync(PAGES.en, 'utf8'), readFileSync(PAGES.pt, 'utf8')]
  for (const page of [en, pt]) assert.doesNotMatch(page, /METRICS\.md/)
  assert.doesNotMatch(pt, /\| (share|count|hours|p-value|distance|ratio|output|target|per second), /)
  assert.doesNotMatch(pt, /defined here|of categories|more than two classes/)
})
