// One fault of a snapshot line or of a card must not hide another that does not follow from it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256Hex } from '../../engine/base/canonical-json.ts'
import { historyOf } from '../../engine/load/snapshots.ts'
import type { MemoryFile } from '../memory-tree.ts'
import { AUC, CREDIT, FILE, FOLDER, indexOf, lineOf } from './snapshot-fixture.ts'

type Files = Readonly<Record<string, MemoryFile>>

/** `line code` of all that is told, sorted. */
function codesOf(files: Files): string[] {
  const opened = historyOf(indexOf(files), CREDIT)
  opened.readEverything()
  const { diagnostics, isInvalid } = opened.problems()
  assert.equal(isInvalid, true)
  return diagnostics.map(({ line, code }) => `${line} ${code}`).sort()
}

const NEXT_HOUR = FILE.replace('21T00', '21T01')
const future = { start: '2026-11-21T00:00:00Z', end: '2027-11-22T00:00:00Z' }
const reversed = { start: '2026-11-21T00:30:00Z', end: '2026-11-21T00:00:00Z' }
const nothing = `sha256:${'9'.repeat(64)}`

const CASES: readonly { name: string; files: Files; codes: readonly string[] }[] = [
  {
    name: 'a line in the wrong folder has its values checked',
    files: {
      [NEXT_HOUR]: `${lineOf({
        measurements: [
          { ...AUC, value: 80 },
          { ...AUC, metric: 'x.y', value: '1' },
        ],
      })}\n`,
    },
    codes: ['1 load/out-of-range', '1 load/unknown-metric', '1 load/wrong-folder', '1 load/wrong-type'],
  },
  {
    name: 'a line that no pattern reads is in the wrong folder and file all the same',
    files: {
      [NEXT_HOUR.replace('credit', 'loans')]: `${lineOf().replace('{', '{"__proto__":1,')}\n`,
    },
    codes: ['1 load/unknown-field', '1 load/wrong-folder', '1 load/wrong-model-file'],
  },
  {
    name: 'lines of a window to come measure twice, and supersede nothing',
    files: { [FILE]: `${lineOf({ window: future })}\n${lineOf({ window: future, supersedes: nothing })}\n` },
    codes: [
      '1 load/future-window',
      '2 load/duplicate-measurement',
      '2 load/future-window',
      '2 load/supersedes-nothing',
    ],
  },
  {
    name: 'lines of a reversed window do, too',
    files: { [FILE]: `${lineOf({ window: reversed })}\n${lineOf({ window: reversed, supersedes: nothing })}\n` },
    codes: ['1 load/window-order', '2 load/duplicate-measurement', '2 load/supersedes-nothing', '2 load/window-order'],
  },
  {
    name: 'a line in the wrong folder measures again what the right one has',
    files: { [FILE]: `${lineOf()}\n`, [NEXT_HOUR]: `\n${lineOf({ rows: { current: 9 } })}\n` },
    codes: ['1 load/torn-line', '2 load/duplicate-measurement', '2 load/wrong-folder'],
  },
]

for (const { name, files, codes } of CASES) test(name, () => assert.deepEqual(codesOf(files), codes))

test('a correction with errors is told what it lacks, not that it corrects nothing where it names a line', () => {
  const wrong = lineOf()
  const right = lineOf({ supersedes: `sha256:${sha256Hex(wrong)}`, measurements: [{ ...AUC, value: 80 }] })
  assert.deepEqual(codesOf({ [FILE]: `${wrong}\n${right}\n` }), ['2 load/out-of-range'])
  assert.deepEqual(codesOf({ [`${FOLDER}/credit.b.ndjson`]: `${right}\n` }), [
    '1 load/out-of-range',
    '1 load/supersedes-nothing',
  ])
})
