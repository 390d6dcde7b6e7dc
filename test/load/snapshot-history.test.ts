// Which snapshots are live and in which order: examples, and laws over any way of storing the same lines.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256Hex } from '../../engine/base/canonical-json.ts'
import { type Diagnostic, sortDiagnostics } from '../../engine/domain/diagnostic.ts'
import { formatInstant } from '../../engine/domain/instant.ts'
import type { LiveSnapshot, Purpose } from '../../engine/domain/snapshot.ts'
import { type HistoryRequest, historyOf, type SnapshotOptions } from '../../engine/load/snapshots.ts'
import type { MemoryFile } from '../memory-tree.ts'
import { AUC, CATALOGUE, CREDIT, FILE, FOLDER, FRAUD, indexOf, lineOf, NOW } from './snapshot-fixture.ts'

const HOUR = 3_600_000
const digest = (line: string) => `sha256:${sha256Hex(line)}`
const auc = (value: number) => [{ ...AUC, value }]
const aucOf = (snapshot: LiveSnapshot) => snapshot.measurementsOf('performance.auc')?.[0]?.value
const codes = (list: readonly Diagnostic[]) => sortDiagnostics(list).map((d) => `${d.line} ${d.severity} ${d.code}`)

type Files = Readonly<Record<string, MemoryFile>>

function open(files: Files, request: Partial<HistoryRequest> = {}, options: Partial<SnapshotOptions> = {}) {
  return historyOf(indexOf(files, options), { ...CREDIT, ...request })
}

function values(files: Files, purpose: Purpose = 'monitoring') {
  return [...open(files).history.windows('3.2.0', 'production', purpose)].map(aucOf)
}

test('a correction takes the place of the line that it names, in any order of lines', () => {
  const wrong = lineOf()
  const right = lineOf({ supersedes: digest(wrong), measurements: auc(0.7) })
  const last = lineOf({ supersedes: digest(right), measurements: auc(0.6) })
  assert.deepEqual(values({ [FILE]: `${wrong}\n${right}\n` }), [0.7])
  assert.deepEqual(values({ [FILE]: `${last}\n${wrong}\n${right}\n` }), [0.6])
  assert.deepEqual(
    values({ [FILE]: `${right}\n${last}\n${wrong}\n`, 'models/snapshots/2026/11/21.ndjson': `${wrong}\n` }),
    [0.6],
  )
})

test('a correction mends a line with errors, which is then a warning', () => {
  const wrong = lineOf({ measurements: auc(80) })
  const torn = wrong.slice(0, 100)
  const right = lineOf({ supersedes: digest(wrong) })
  const other = lineOf({ supersedes: digest(torn), measurements: [] })
  const opened = open({ [FILE]: `${wrong}\n${torn}\n${right}\n${other}\n` })
  assert.equal(opened.readEverything(), 3)
  const { diagnostics, isInvalid } = opened.problems()
  assert.deepEqual(codes(diagnostics), ['1 warning load/out-of-range', '2 warning load/torn-line'])
  assert.equal(isInvalid, false)
})

test('a line of another window, version, environment or purpose corrects nothing', () => {
  const first = lineOf()
  const earlier = { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' }
  const others = [
    { file: 'models/snapshots/2026/11/20.ndjson', fields: { window: earlier } },
    { file: FILE, fields: { version: '3.1.4' } },
    { file: FILE, fields: { environment: 'staging' } },
    { file: FILE, fields: { purpose: 'validation' as const } },
  ]
  for (const { file, fields } of others) {
    const other = lineOf({ ...fields, supersedes: digest(first), measurements: auc(0.99) })
    const files = file === FILE ? { [FILE]: `${first}\n${other}\n` } : { [FILE]: `${first}\n`, [file]: `${other}\n` }
    const opened = open(files)
    assert.deepEqual([...opened.history.windows('3.2.0', 'production', 'monitoring')].map(aucOf), [0.8])
    const { diagnostics, isInvalid } = opened.problems()
    assert.deepEqual(
      diagnostics.map(({ severity, code }) => `${severity} ${code}`),
      ['error load/corrects-another'],
    )
    assert.equal(isInvalid, true)
  }
})

test('a correction that is no snapshot corrects nothing', () => {
  const first = lineOf()
  const torn = lineOf({ supersedes: digest(first), measurements: auc(0.7) }).replace('"n":100', '"n":')
  const opened = open({ [FILE]: `${first}\n${torn}\n` })
  assert.deepEqual([...opened.history.windows('3.2.0', 'production', 'monitoring')].map(aucOf), [0.8])
  assert.deepEqual(codes(opened.problems().diagnostics), ['2 error load/invalid-json'])
  assert.equal(opened.problems().isInvalid, false)
})

test('lines of a former id follow the model, unless another card has that id today', () => {
  const files = { [FILE.replace('credit', 'loans')]: `${lineOf({ model: 'loans' })}\n` }
  assert.deepEqual(values(files), [0.8])
  const index = indexOf(files, { models: ['credit', 'loans'] })
  const { history } = historyOf(index, CREDIT)
  assert.deepEqual([...history.windows('3.2.0', 'production', 'monitoring')], [])
})

test('a line with errors in the file of another model is told once all histories are read', () => {
  const index = indexOf({ [`${FOLDER}/fraud.ndjson`]: `${lineOf({ model: 'loans' })}\n` })
  assert.equal(historyOf(index, CREDIT).problems().isInvalid, false)
  assert.equal(historyOf(index, FRAUD).problems().isInvalid, false)
  assert.deepEqual([...index.finish(CATALOGUE).accused], ['credit'])
})

test('windows that end after now are left out where that is asked, and say when they will count', () => {
  const early = lineOf()
  const late = lineOf({
    window: { start: '2026-11-21T00:00:00Z', end: formatInstant(NOW + HOUR) },
    measurements: auc(0.7),
  })
  const files = { [FILE]: `${late}\n${early}\n` }
  const opened = open(files, {}, { windowsAfterNow: 'leave-out' })
  assert.deepEqual([...opened.history.windows('3.2.0', 'production', 'monitoring')].map(aucOf), [0.8])
  assert.deepEqual(opened.problems().diagnostics, [])
  assert.equal(opened.holdsUntil, NOW + HOUR - 1000)
  const later = open(files, { now: NOW + HOUR }, { windowsAfterNow: 'leave-out' })
  assert.deepEqual([...later.history.windows('3.2.0', 'production', 'monitoring')].map(aucOf), [0.7, 0.8])
  assert.equal(later.holdsUntil, Number.POSITIVE_INFINITY)
})

test('measurements of older windows are not parsed until they are asked for', () => {
  const older = lineOf({
    window: { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' },
    measurements: auc(80),
  })
  const files = { [FILE]: `${lineOf()}\n`, [FILE.replace('21T00', '20T00')]: `${older}\n` }
  const opened = open(files)
  const [newest, oldest] = [...opened.history.windows('3.2.0', 'production', 'monitoring')]
  assert.equal(newest === undefined ? null : aucOf(newest), 0.8)
  assert.deepEqual(opened.problems(), { diagnostics: [], isInvalid: false, accuses: [] })
  assert.equal(oldest?.measurementsOf('performance.auc'), undefined)
  assert.deepEqual(codes(opened.problems().diagnostics), ['1 error load/out-of-range'])
  assert.equal(opened.problems().isInvalid, true)
})

/** Windows of whole hours around one day, with corrections of earlier lines of the list. */
const lines = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 30 }),
      hours: fc.integer({ min: 1, max: 3 }),
      purpose: fc.constantFrom<Purpose>('monitoring', 'baseline'),
      value: fc.integer({ min: 0, max: 100 }),
      corrects: fc.option(fc.nat(), { nil: undefined }),
      isDocumentedForm: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) => {
    const made: { line: string; start: number }[] = []
    for (const { start, hours, purpose, value, corrects, isDocumentedForm } of drafts) {
      const from = NOW - 40 * HOUR + start * HOUR
      const window = { start: formatInstant(from), end: formatInstant(from + hours * HOUR) }
      const target = corrects === undefined ? undefined : made[corrects % made.length]
      const supersedes = target === undefined ? undefined : digest(target.line)
      const line = lineOf({ purpose, window, supersedes, measurements: auc(value / 100) })
      const { measurements, ...rest } = JSON.parse(line)
      made.push({ line: isDocumentedForm ? JSON.stringify({ ...rest, measurements }) : line, start: from })
    }
    return made
  })

const pathOf = (at: number, end: string) =>
  `models/snapshots/${formatInstant(at).slice(0, 13).replace('-', '/').replace('-', '/')}${end}`

/** Puts each line into a file that some choice names. */
function store(
  made: readonly { line: string; start: number }[],
  order: readonly number[],
  where: readonly number[],
): Files {
  const files: Record<string, string> = {}
  for (const i of order) {
    const { line = '', start = 0 } = made[i] ?? {}
    const hour = pathOf(start, '/credit')
    const path =
      [`${hour}.ndjson`, `${hour}.airflow.ndjson`, pathOf(start, '').replace(/T\d\d$/, '.ndjson')][where[i] ?? 0] ?? ''
    files[path] = `${files[path] ?? ''}${line}\n`
  }
  return files
}

function answer(files: Files) {
  const opened = open(files)
  const told = (purpose: Purpose) =>
    [...opened.history.windows('3.2.0', 'production', purpose)].map(
      (s) => `${s.end} ${s.start} ${s.digest} ${aucOf(s)}`,
    )
  const answers = [told('monitoring'), told('baseline')]
  const { diagnostics, isInvalid } = opened.problems()
  return { answers, isInvalid, codes: diagnostics.map((d) => `${d.code} ${d.message}`).sort() }
}

test('the order of lines, the writers and folding a day mean nothing', () => {
  fc.assert(
    fc.property(
      lines.chain((made) =>
        fc.record({
          made: fc.constant(made),
          order: fc.shuffledSubarray([...made.keys()], { minLength: made.length }),
          where: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: made.length, maxLength: made.length }),
        }),
      ),
      ({ made, order, where }) => {
        const plain = answer(store(made, [...made.keys()], []))
        assert.deepEqual(answer(store(made, order, where)), plain)
      },
    ),
    { numRuns: 150 },
  )
})

test('live snapshots are those that no line of their place supersedes, newest first', () => {
  fc.assert(
    fc.property(lines, (made) => {
      const parsed = [...new Set(made.map(({ line }) => line))].map((line) => ({
        id: digest(line),
        ...JSON.parse(line),
      }))
      const place = ({ version, environment, purpose, window }: (typeof parsed)[number]) =>
        JSON.stringify([version, environment, purpose, window.start, window.end])
      const places = new Map(parsed.map((s) => [s.id, place(s)]))
      const sound = parsed.filter((s) => (places.get(s.supersedes) ?? place(s)) === place(s))
      const out = new Set(sound.map((s) => s.supersedes))
      const wanted = sound.filter((s) => s.purpose === 'monitoring' && !out.has(s.id))
      wanted.sort((a, b) => cmp(b.window.end, a.window.end) || cmp(b.window.start, a.window.start) || cmp(a.id, b.id))
      const files = store(made, [...made.keys()], [])
      const found = [...open(files).history.windows('3.2.0', 'production', 'monitoring')].map((s) => s.digest)
      assert.deepEqual(
        found,
        wanted.map((s) => s.id),
      )
    }),
    { numRuns: 150 },
  )
})

const cmp = (a: string, b: string) => (a < b ? -1 : Number(a > b))

test('bytes never throw: whatever stands in a file, the rest is read', () => {
  const ok = Buffer.from(`${lineOf()}\n`)
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(fc.nat(ok.length), fc.uint8Array({ maxLength: 3 }))
      .map(([at, bytes]) => Buffer.concat([ok.subarray(0, at), bytes, ok.subarray(at)])),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc.constantFrom('[', '{"a":', '{"__proto__":{"x":1}}\n').map((text) => Buffer.from(text.repeat(2000))),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), fc.boolean(), (pieces, isFolded) => {
      const path = isFolded ? 'models/snapshots/2026/11/21.ndjson' : FILE
      const index = indexOf({ [path]: Buffer.concat(pieces), [`${FOLDER}/credit.sure.ndjson`]: ok })
      const opened = historyOf(index, CREDIT)
      opened.readEverything()
      assert.ok([...opened.history.windows('3.2.0', 'production', 'monitoring')].some((one) => aucOf(one) === 0.8))
      for (const { line, column } of [...opened.problems().diagnostics, ...index.finish(CATALOGUE).diagnostics]) {
        assert.ok(line >= 1 && column >= 1)
      }
    }),
    { numRuns: 200 },
  )
})
