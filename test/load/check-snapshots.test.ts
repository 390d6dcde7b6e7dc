// Every fault that a snapshot file can have, each with its place and the model that it makes invalid.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Diagnostic, sortDiagnostics } from '../../engine/domain/diagnostic.ts'
import { checkAllSnapshots } from '../../engine/load/check-snapshots.ts'
import type { MemoryFile } from '../memory-tree.ts'
import { AUC, CATALOGUE, CREDIT, FILE, FOLDER, FRAUD, indexOf, lineOf, SNAPSHOT } from './snapshot-fixture.ts'

interface Fault {
  readonly name: string
  readonly files: Readonly<Record<string, MemoryFile>>
  /** `file:line:column severity code`, the files shortened to what follows `models/snapshots/`. */
  readonly expect: readonly string[]
  readonly invalid?: readonly string[]
  readonly count?: number
}

const one = (changes: object) => ({ [FILE]: `${lineOf(changes)}\n` })
const measuring = (...measurements: readonly object[]) => one({ measurements })
const HERE = '2026/11/21T00/credit.ndjson'
const column = (line: string, text: string, from = 0) => line.indexOf(text, from) + 1
/** A fault of the one line that `files` holds, at the text. */
const at = (line: string, text: string, code: string) => [`${HERE}:1:${column(line, text)} error ${code}`]
const OK = lineOf()

const FAULTS: readonly Fault[] = [
  { name: 'nothing is wrong', files: one({}), expect: [], invalid: [], count: 1 },
  { name: 'equal lines are one snapshot', files: { [FILE]: `${OK}\n${OK}\n` }, expect: [], invalid: [], count: 1 },
  {
    name: 'a torn line that is no JSON names no model',
    files: { [FILE]: `${OK}\n${OK.slice(0, 50)}` },
    expect: [`${HERE}:2:51 error load/torn-line`],
    invalid: [],
    count: 1,
  },
  {
    name: 'a whole line without newline',
    files: { [FILE]: OK },
    expect: [`${HERE}:1:${OK.length + 1} error load/torn-line`],
  },
  {
    name: 'two writers made one line of two',
    files: { [FILE]: `${OK.slice(0, 90)}${OK}\n` },
    expect: [`${HERE}:1:93 error load/invalid-json`],
    invalid: [],
  },
  {
    name: 'a bare NaN',
    files: { [FILE]: `${OK.replace('"value":0.8', '"value":NaN')}\n` },
    expect: at(OK.replace('0.8', 'NaN'), 'NaN', 'load/invalid-json'),
    invalid: [],
  },
  {
    name: 'a byte order mark',
    files: { [FILE]: `\ufeff${OK}\n` },
    expect: [`${HERE}:1:1 error load/byte-order-mark`],
    invalid: [],
  },
  { name: 'CRLF', files: { [FILE]: `${OK}\r\n` }, expect: [`${HERE}:1:${OK.length + 1} error load/line-end`] },
  {
    name: 'invalid UTF-8',
    files: { [FILE]: Buffer.from(`${OK.replace('tutela/', 'tut\u00ffla/')}\n`, 'latin1') },
    expect: [`${HERE}:1:19 error load/invalid-utf8`],
    invalid: [],
  },
  {
    name: 'a Git LFS pointer',
    files: { [FILE]: 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n' },
    expect: [`${HERE}:1:1 error load/lfs-pointer`],
    invalid: [],
  },
  { name: 'an empty line', files: { [FILE]: `${OK}\n\n` }, expect: [`${HERE}:2:1 error load/torn-line`], invalid: [] },
  {
    name: 'a line over 8 MiB',
    files: one({ measurements: [{ ...AUC, definition: 'x'.repeat(8 << 20) }] }),
    expect: [`${HERE}:1:1 error load/line-too-long`],
    invalid: [],
  },
  {
    name: 'a list instead of an object',
    files: { [FILE]: '[]\n' },
    expect: [`${HERE}:1:1 error load/wrong-type`],
    invalid: [],
  },
  {
    name: 'a duplicate key',
    files: { [FILE]: `${OK.replace('"n":100', '"n":100,"n":100')}\n` },
    expect: at(OK.replace('"n":100', '"n":100,"N"'), '"N"', 'load/duplicate-key'),
  },
  {
    name: 'a duplicate key in disguise',
    files: { [FILE]: `${OK.slice(0, -1)},"w\\u0069ndow":${JSON.stringify(SNAPSHOT.window)}}\n` },
    expect: [`${HERE}:1:${OK.length + 1} error load/duplicate-key`],
  },
  {
    name: '__proto__ as a key',
    files: { [FILE]: `${OK.slice(0, -1)},"__proto__":{"purpose":"baseline"}}\n` },
    expect: [`${HERE}:1:${OK.length + 13} error load/unknown-field`],
  },
  {
    name: 'an unknown field',
    files: one({ windo: 1 }),
    expect: [`${HERE}:1:${column(lineOf({ windo: 1 }), ':1,"window"') + 1} error load/unknown-field`],
  },
  { name: 'a missing field', files: one({ source: undefined }), expect: [`${HERE}:1:1 error load/missing-field`] },
  {
    name: 'another purpose',
    files: one({ purpose: 'baselin' }),
    expect: at(lineOf(), '"monitoring"', 'load/bad-value'),
  },
  { name: 'a number as a text', files: measuring({ ...AUC, value: '0.8' }), expect: at(OK, '0.8', 'load/wrong-type') },
  {
    name: 'an infinite number',
    files: { [FILE]: `${OK.replace('0.8', '1e999')}\n` },
    expect: at(OK, '0.8', 'load/not-finite'),
  },
  {
    name: 'a value outside the range',
    files: measuring({ ...AUC, value: 80 }),
    expect: at(OK, '0.8', 'load/out-of-range'),
  },
  { name: 'null without a reason', files: measuring({ ...AUC, value: null }), expect: at(OK, '0.8', 'load/no-reason') },
  {
    name: 'an unknown metric',
    files: measuring({ ...AUC, metric: 'performance.acu' }),
    expect: at(OK, '"performance.auc"', 'load/unknown-metric'),
  },
  {
    name: 'a metric without its subject',
    files: measuring({ metric: 'drift.psi', value: 1 }),
    expect: at(OK, '{"metric"', 'load/wrong-subject'),
  },
  {
    name: 'a metric with the wrong subject',
    files: measuring({ ...AUC, attribute: 'sex' }),
    expect: at(OK, '{"metric"', 'load/wrong-subject'),
  },
  {
    name: 'a lone surrogate',
    files: { [FILE]: `${OK.replace('"n":100', '"n":100,"reason":"\\ud800"')}\n` },
    expect: at(OK.replace('"n":100', '"n":100,"reason":S'), 'S,', 'load/bad-text'),
  },
  {
    name: 'half a row',
    files: one({ rows: { current: 0.5 } }),
    expect: at(lineOf({ rows: { current: 0.5 } }), '0.5', 'load/bad-number'),
  },
  {
    name: 'a measurement twice in a line',
    files: measuring(AUC, { ...AUC, value: 0.7 }),
    expect: at(lineOf({ measurements: [AUC, AUC] }), '{"metric"', 'load/duplicate-measurement').map((d) =>
      d.replace(/:1:\d+/, `:1:${column(lineOf({ measurements: [AUC, AUC] }), ',{"metric"') + 1}`),
    ),
  },
  {
    name: 'a measurement in two lines of a window',
    files: {
      [FILE]: `${OK}\n`,
      [`${FOLDER}/credit.airflow.ndjson`]: `${lineOf({ source: { tool: 'b', version: '1', digest: SNAPSHOT.source.digest } })}\n`,
    },
    expect: [`${HERE}:1:${column(OK, '{"metric"')} error load/duplicate-measurement`],
    count: 2,
  },
  {
    name: 'a window that ends before it starts',
    files: one({ window: { start: SNAPSHOT.window.start, end: '2026-11-20T00:00:00Z' } }),
    expect: at(OK, '"2026-11-22T', 'load/window-order'),
  },
  {
    name: 'a window that ends after now',
    files: one({ window: { start: SNAPSHOT.window.start, end: '2026-11-23T00:00:00Z' } }),
    expect: at(OK, '"2026-11-22T', 'load/future-window'),
  },
  {
    name: 'a window in another folder',
    files: { [FILE.replace('T00', 'T01')]: `${OK}\n` },
    expect: [`2026/11/21T01/credit.ndjson:1:${column(OK, '"2026-11-21T')} error load/wrong-folder`],
  },
  {
    name: 'a day that does not exist',
    files: one({ window: { start: '2026-02-30T00:00:00Z', end: '2026-03-02T00:00:00Z' } }),
    expect: [`${HERE}:1:${column(OK, '"2026-11-21T')} error load/bad-instant`],
  },
  {
    name: 'an offset instead of UTC',
    files: one({ window: { start: '2026-11-21T00:00:00+00:00', end: SNAPSHOT.window.end } }),
    expect: at(OK, '"2026-11-21T', 'load/bad-instant'),
  },
  {
    name: 'a line in the file of another model blames the model that it names',
    files: { [`${FOLDER}/fraud.ndjson`]: `${OK}\n` },
    expect: [`2026/11/21T00/fraud.ndjson:1:${column(OK, '"credit"')} error load/wrong-model-file`],
  },
  {
    name: 'a file of an unknown model',
    files: { [`${FOLDER}/frau.ndjson`]: `${OK}\n` },
    expect: ['2026/11/21T00/frau.ndjson:1:1 error load/unknown-model'],
    invalid: [],
    count: 0,
  },
  {
    name: 'a folded line of an unknown model',
    files: { 'models/snapshots/2026/11/21.ndjson': `${OK}\n${lineOf({ model: 'frau' })}\n` },
    expect: ['2026/11/21.ndjson:2:1 error load/unknown-model'],
    invalid: [],
    count: 1,
  },
  {
    name: 'a folded line of another day',
    files: { 'models/snapshots/2026/11/20.ndjson': `${OK}\n` },
    expect: [`2026/11/20.ndjson:1:${column(OK, '"2026-11-21T')} error load/wrong-folder`],
  },
  {
    name: 'a version that the card lacks',
    files: one({ version: '3.2.1' }),
    expect: [`${HERE}:1:${column(OK, '"3.2.0"')} warning load/unknown-version`],
    invalid: [],
  },
  {
    name: 'a correction of nothing',
    files: one({ supersedes: `sha256:${'1'.repeat(64)}` }),
    expect: [`${HERE}:1:${column(lineOf({ supersedes: '?' }), '"?"')} error load/supersedes-nothing`],
  },
  {
    name: 'a digest that is none',
    files: one({ supersedes: 'sha1:00' }),
    expect: [`${HERE}:1:${column(lineOf({ supersedes: '?' }), '"?"')} error load/bad-digest`],
  },
  {
    name: 'a symbolic link',
    files: { [FILE]: { mode: 'link', content: '../../../../etc/passwd' } },
    expect: [`${HERE}:1:1 error load/not-a-file`],
    invalid: [],
    count: 0,
  },
  {
    name: 'another ending',
    files: { [`${FOLDER}/credit.yml`]: '' },
    expect: ['2026/11/21T00/credit.yml:1:1 error load/misplaced-snapshot'],
    invalid: [],
    count: 0,
  },
  {
    name: 'another place',
    files: { 'models/snapshots/credit.ndjson': '', 'models/snapshots/README.md': '' },
    expect: ['README.md:1:1 warning load/misplaced-snapshot', 'credit.ndjson:1:1 error load/misplaced-snapshot'],
    invalid: [],
    count: 0,
  },
  {
    name: 'a folder of no day',
    files: { 'models/snapshots/2026/02/30T00/credit.ndjson': '' },
    expect: ['2026/02/30T00/credit.ndjson:1:1 error load/misplaced-snapshot'],
    invalid: [],
    count: 0,
  },
]

for (const { name, files, expect, invalid = ['credit'], count } of FAULTS) {
  test(`check tells: ${name}`, () => {
    const checked = checkAllSnapshots(indexOf(files), [CREDIT, FRAUD], CATALOGUE)
    assert.deepEqual(sortDiagnostics(checked.diagnostics).map(shortly), expect)
    assert.deepEqual([...checked.invalid], invalid)
    if (count !== undefined) assert.equal(checked.count, count)
  })
}

function shortly({ file, line, column: c, severity, code }: Diagnostic): string {
  return `${file.replace('models/snapshots/', '')}:${line}:${c} ${severity} ${code}`
}
