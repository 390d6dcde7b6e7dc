// What `tutela import` refuses, by which fault, and that nothing is written then.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { column, fault, importFile, REPORT, report, repository } from './import-scene.ts'

const REFUSED: readonly (readonly [string, string, Readonly<Record<string, string>>, string, RegExp])[] = [
  ['an empty file', '', {}, 'observe/empty', /result\.json`: the file is empty/],
  ['a page of HTML', '<html>', {}, 'observe/not-json', /looks like HTML/],
  ['a truncated file', REPORT.slice(0, 80), {}, 'observe/syntax', /line 1, column 81.*cut off/],
  ['a future shape', '{"schemaVersion":9}', {}, 'observe/unknown-shape', /the keys `schemaVersion`/],
  ['a file without a measurement', report(), {}, 'observe/no-measurements', /well formed and holds no measurement/],
  [
    'a file with metrics alone that nobody declared',
    report(column('income', 0.2, 't_test')),
    {},
    'observe/no-measurements',
    /declare the metrics/,
  ],
  ['a file above the limit', REPORT, { largest: '0.0001' }, 'observe/too-large', /the limit is 104/],
  ['an unknown model', REPORT, { model: 'credit' }, 'observe/unknown-model', /there are `credit-default`, `old-score`/],
  ['no window', REPORT, { window: '' }, 'cli/bad-usage', /`--window` is missing/],
  ['a window that is none', REPORT, { window: '2026-11-20' }, 'cli/bad-option', /is no window/],
  ['a day that there is not', REPORT, { window: '2026-02-29/2026-03-01' }, 'cli/bad-option', /is no window/],
  [
    'a window that ends before it starts',
    REPORT,
    { window: '2026-11-21/2026-11-20' },
    'cli/bad-option',
    /ends before it starts/,
  ],
  ['an unknown purpose', REPORT, { purpose: 'training' }, 'cli/bad-option', /monitoring, baseline, validation/],
  ['a writer that is no name', REPORT, { writer: '../x' }, 'cli/bad-option', /is no name/],
]
describe('refused with a fault', () => {
  const { root, store } = repository()
  for (const [name, text, options, code, words] of REFUSED) {
    test(name, async () => {
      await assert.rejects(importFile(root, text, options), fault(code, words))
      assert.deepEqual(store.dirtyIn(['models']), [])
    })
  }

  test('what a server says of its own error', async () => {
    const reply = '{"status":"error","errorType":"bad_data","error":"parse error"}'
    await assert.rejects(
      importFile(root, reply, {}, 'prometheus'),
      fault('observe/source-error', /prometheus says `bad_data`: parse error/),
    )
  })

  test('`--out` with `--commit`', async () => {
    await assert.rejects(importFile(root, REPORT, { out: '-', commit: true }), fault('cli/bad-option', /contradict/))
  })
})
