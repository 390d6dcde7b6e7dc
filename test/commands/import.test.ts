// `tutela import` from a file to a snapshot: what is written where, and what loading would refuse is not.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import { column, fault, importFile, linesIn, PATH, put, REPORT, report, repository, scratch } from './import-scene.ts'
import { FILES } from './reading-world.ts'

describe('in the working tree', () => {
  test('the snapshot is one canonical line in the file of its hour', async () => {
    const { root, store } = repository()
    const { exit, text } = await importFile(root, REPORT)
    assert.equal(exit, 0)
    const [line = '', rest] = linesIn(root, PATH)
    assert.equal(rest, '')
    const snapshot = JSON.parse(line) as Snapshot
    assert.deepEqual(snapshot.measurements, [
      { metric: 'drift.ks_p', feature: 'income', value: 0.2, definition: 'evidently:K-S p_value' },
    ])
    assert.equal(snapshot.environment, 'production')
    assert.equal(snapshot.purpose, 'monitoring')
    assert.equal(snapshot.source.tool, 'evidently')
    assert.equal(snapshot.source.version, '0.6.7')
    assert.match(
      text(),
      /^1 measurement of evidently 0\.6\.7 \(evidently-report\) → models\/snapshots\/2026\/11\/20T00\/credit-default\.evidently\.ndjson:1\n/,
    )
    assert.deepEqual(store.dirtyIn(['models']), [PATH])
  })

  test('a second window of the hour is a second line, and the first stays byte by byte', async () => {
    const { root } = repository()
    await importFile(root, REPORT)
    const [first] = linesIn(root, PATH)
    const { json } = await importFile(root, REPORT, { window: '2026-11-20T00:30:00Z/2026-11-21' })
    assert.equal((json as { snapshot: { line: number } }).snapshot.line, 2)
    assert.equal(linesIn(root, PATH)[0], first)
    assert.equal(linesIn(root, PATH).length, 3)
  })

  test('the same snapshot again is there already, whatever the writer, and nothing is written', async () => {
    const { root } = repository()
    await importFile(root, REPORT)
    const { exit, text, json } = await importFile(root, REPORT, { writer: 'other' })
    assert.equal(exit, 0)
    assert.match(text(), /^already there: .*credit-default\.evidently\.ndjson:1: nothing was written\ndigest sha256:/)
    const { ok, state, snapshot } = json as { ok: boolean; state: string; snapshot: { line: number } }
    assert.deepEqual({ ok, state, line: snapshot.line }, { ok: true, state: 'unchanged', line: 1 })
    assert.equal(linesIn(root, PATH).length, 2)
  })

  test('other content of the same is a fault with both digests, until a person says that it is a correction', async () => {
    const { root } = repository()
    const digestIn = ({ json }: { json: unknown }) => (json as { snapshot: { digest: string } }).snapshot.digest
    const first = digestIn(await importFile(root, REPORT))
    const other = report(column('income', 0.3))
    const second = digestIn(await importFile(root, other, { out: '-' }))
    const both = new RegExp(`there \`${first}\`, here \`${second}\`; .*--supersedes ${first}`)
    await assert.rejects(importFile(root, other), fault('observe/other-content', both))
    assert.equal(linesIn(root, PATH).length, 2)
    const corrected = await importFile(root, other, { supersedes: first })
    assert.deepEqual([corrected.exit, linesIn(root, PATH).length], [0, 3])
    for (const again of [other, REPORT]) {
      const { exit, text } = await importFile(root, again)
      assert.equal(exit, 0)
      assert.match(text(), /^already there: /)
    }
    assert.equal(linesIn(root, PATH).length, 3)
  })

  test('what is no digest corrects nothing', async () => {
    await assert.rejects(
      importFile(repository().root, REPORT, { supersedes: 'the last one' }),
      fault('cli/bad-option', /is no digest/),
    )
  })

  test('a window that is not over is refused', async () => {
    const { root } = repository()
    const { exit, diagnostics } = await importFile(root, REPORT, { window: '2026-11-22/2026-11-23' })
    assert.equal(exit, 1)
    assert.equal(diagnostics?.[0]?.code, 'load/future-window')
  })

  test('an unknown version is written with a warning', async () => {
    const { root } = repository()
    const { exit, diagnostics } = await importFile(root, REPORT, { version: '9.9.9' })
    assert.equal(exit, 0)
    assert.deepEqual(
      diagnostics?.map(({ code, severity }) => [code, severity]),
      [['load/unknown-version', 'warning']],
    )
  })

  test('features of which the card has none are written with a warning that names both', async () => {
    const { root } = repository()
    const many = Array.from({ length: 12 }, (_, i) => column(`x${i + 10}`, 0.2))
    const { exit, diagnostics } = await importFile(root, report(...many))
    assert.equal(exit, 0)
    const [only, ...others] = diagnostics ?? []
    assert.deepEqual(
      [only?.code, only?.severity, only?.file, others.length],
      ['observe/unknown-feature', 'warning', PATH, 0],
    )
    assert.match(only?.message ?? '', /`credit-default`: `x10`, .*`x17` and 4 more$/)
    assert.match(only?.hint ?? '', /the card has `income`/)
    assert.deepEqual((await importFile(repository().root, report(column('income', 0.2), ...many))).diagnostics, [])
  })

  test('a torn file is not added to', async () => {
    const { root } = repository({ ...FILES, [PATH]: '{"half":' })
    await assert.rejects(importFile(root, REPORT), fault('observe/torn-file', /has no newline/))
    assert.equal(readFileSync(join(root, PATH), 'utf8'), '{"half":')
  })

  test('a link on the way is not followed', async () => {
    const { root } = repository()
    const elsewhere = mkdtempSync(join(tmpdir(), 'tutela-elsewhere-'))
    scratch.push(elsewhere)
    symlinkSync(elsewhere, join(root, 'models/snapshots/2026/11/20T01'))
    await assert.rejects(
      importFile(root, REPORT, { window: '2026-11-20T01:00:00Z/2026-11-21' }),
      fault('observe/not-a-folder', /2026\/11\/20T01` is a link/),
    )
  })

  test('a file that Git ignores keeps its lines', async () => {
    const { root } = repository({ ...FILES, '.gitignore': '*.evidently.ndjson\n' })
    put(join(root, PATH), '{"kept":true}\n')
    await importFile(root, REPORT)
    assert.equal(linesIn(root, PATH)[0], '{"kept":true}')
  })
})

describe('as a commit', () => {
  test('just that file is committed on the branch, and the folder follows', async () => {
    const { root, store } = repository()
    const tip = store.resolve('HEAD')
    writeFileSync(join(root, 'policies/barred.yaml'), 'half-written')
    const { exit, json } = await importFile(root, REPORT, { commit: true })
    assert.equal(exit, 0)
    const { commit } = json as { commit: string }
    assert.equal(store.resolve('HEAD'), commit)
    assert.deepEqual(store.readCommit(commit).parents, [tip])
    assert.deepEqual(store.changedPaths(tip, commit), [PATH])
    assert.equal(linesIn(root, PATH).length, 2)
    assert.equal(readFileSync(join(root, 'policies/barred.yaml'), 'utf8'), 'half-written')
    assert.match(store.readCommit(commit).message, /^snapshot: credit-default 3\.2\.0 by evidently, /)
  })

  test('lines that are not committed yet are in the way, and nothing moves', async () => {
    const { root, store } = repository()
    await importFile(root, REPORT)
    const tip = store.resolve('HEAD')
    await assert.rejects(
      importFile(root, report(column('age', 0.4)), { commit: true }),
      (error) => error instanceof Fault && error.code === 'git/dirty',
    )
    assert.equal(store.resolve('HEAD'), tip)
    assert.equal(linesIn(root, PATH).length, 2)
  })

  test('the first commit of a record branch has no parent, and the log of the base', async () => {
    const governance = `${FILES['policies/governance.yaml']}record: { branch: tutela/records }\n`
    const { root, store } = repository({ ...FILES, 'policies/governance.yaml': governance, 'ledger/policy': 'log\n' })
    const main = store.resolve('HEAD')
    await importFile(root, REPORT, { commit: true })
    const record = store.resolve('refs/heads/tutela/records') ?? ''
    assert.equal(store.resolve('HEAD'), main)
    assert.deepEqual(store.readCommit(record).parents, [])
    assert.deepEqual(store.changedPaths(null, record), ['ledger/policy', PATH])
    await importFile(root, report(column('age', 0.4)), { commit: true })
    const next = store.resolve('refs/heads/tutela/records') ?? ''
    assert.deepEqual(store.readCommit(next).parents, [record])
    assert.deepEqual(store.changedPaths(record, next), [PATH])
  })

  test('a measurement that the base has already is refused on the record branch', async () => {
    const { root } = repository()
    await importFile(root, REPORT, { commit: true })
    const governance = `${FILES['policies/governance.yaml']}record: { branch: tutela/records }\n`
    writeFileSync(join(root, 'policies/governance.yaml'), governance)
    await assert.rejects(
      importFile(root, report(column('income', 0.3)), { commit: true }),
      fault('observe/other-content', /credit-default\.evidently\.ndjson:1` measures the same/),
    )
  })

  test('the same committed again moves nothing', async () => {
    const { root, store } = repository()
    await importFile(root, REPORT, { commit: true })
    const tip = store.resolve('HEAD')
    const { exit, text } = await importFile(root, REPORT, { commit: true })
    assert.equal(exit, 0)
    assert.match(text(), /^already there: /)
    assert.equal(store.resolve('HEAD'), tip)
  })
})

describe('to a file', () => {
  test('the one line, and nothing in the repository', async () => {
    const { root, store } = repository()
    const { exit } = await importFile(root, REPORT, { out: '.git/line.ndjson' })
    assert.equal(exit, 0)
    assert.equal((JSON.parse(readFileSync(join(root, '.git/line.ndjson'), 'utf8')) as Snapshot).model, 'credit-default')
    assert.deepEqual(store.dirtyIn(['models']), [])
  })

  test('never in place of what is no snapshot: the report itself, a policy', async () => {
    const { root } = repository()
    put(join(root, '.git/notes.md'), 'kept')
    await assert.rejects(
      importFile(root, REPORT, { out: '.git/notes.md' }),
      fault('observe/out-file', /is no snapshot/),
    )
    assert.equal(readFileSync(join(root, '.git/notes.md'), 'utf8'), 'kept')
  })

  test('`-` is standard output', async () => {
    const { root } = repository()
    const { text } = await importFile(root, REPORT, { out: '-' })
    assert.equal((JSON.parse(text()) as Snapshot).kind, 'Snapshot')
  })

  test('a model without a card needs its environment', async () => {
    const { root } = repository()
    await assert.rejects(
      importFile(root, REPORT, { model: 'new-model', out: '-' }),
      fault('cli/bad-usage', /no environment is known.*--environment/),
    )
    const { exit } = await importFile(root, REPORT, { model: 'new-model', out: '-', environment: 'staging' })
    assert.equal(exit, 0)
  })
})

describe('what is left out is told', () => {
  test('metrics that are not declared, with the lines to add; declared, they are kept', async () => {
    const text = report(column('income', 0.2), column('age', 0.01, 't_test'))
    const { root } = repository()
    const { notes } = await importFile(root, text)
    const line = notes.at(-1)?.trim() ?? ''
    assert.match(notes.join('\n'), /1 number left out, of metrics that governance\.yaml does not declare/)
    assert.match(line, /^custom\.evidently\.t_test: \{/)
    const governance = `${FILES['policies/governance.yaml']}metrics:\n  ${line}\n`
    const declared = repository({ ...FILES, 'policies/governance.yaml': governance })
    const { notes: none, exit } = await importFile(declared.root, text)
    assert.equal(exit, 0)
    assert.deepEqual(none, [])
    assert.match(linesIn(declared.root, PATH)[0] ?? '', /"metric":"custom\.evidently\.t_test"/)
  })

  test('the warnings of a server, and parts without a measurement', async () => {
    const reply = JSON.stringify({
      status: 'success',
      warnings: ['remote_read: refused'],
      data: { resultType: 'scalar', result: [Date.parse('2026-11-20T12:00:00Z') / 1000, '0.01'] },
    })
    const { root } = repository()
    const { notes, json } = await importFile(root, reply, { metric: 'sla.error_rate', query: 'errors' }, 'prometheus')
    assert.match(notes[0] ?? '', /the source says: remote_read: refused/)
    assert.deepEqual((json as { source: { notes: string[] } }).source.notes, ['remote_read: refused'])
    assert.match(
      linesIn(root, PATH)[0] ?? '',
      /"definition":"prometheus:errors","metric":"sla\.error_rate","value":0\.01/,
    )
  })
})
