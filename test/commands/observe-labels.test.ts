// Labels that come from a file of their own: which rows get them, and what is refused rather than guessed.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { textLiteral } from '../../engine/base/sql-text.ts'
import { command as checkVerb } from '../../engine/commands/check.ts'
import type { Invocation } from '../../engine/commands/command.ts'
import { globalsAt } from '../ask-command.ts'
import { fault, type Place } from './import-scene.ts'
import { csv, lineOf, observe, rows, scene, value, without } from './observe-scene.ts'
import { NOW } from './reading-world.ts'

const ALL = csv(rows(100))
const CURRENT = without(ALL, 'defaulted')
const LABELS = without(ALL, 'decided_at', 'income', 'region', 'note', 'sex', 'score', 'refused')
const linesOf = (text: string) => text.trim().split('\n')

const labelled = (labels: string, current = CURRENT) =>
  observe(scene({ 'current.csv': current, 'labels.csv': labels }), { labels: ['labels.csv'] })

describe('joined by the columns that both have', () => {
  test('make the same numbers as labels in the data', async () => {
    const apart = await labelled(LABELS)
    const together = await observe(scene({ 'current.csv': ALL }))
    assert.deepEqual(lineOf(apart).measurements, lineOf(together).measurements)
    assert.match(apart.notes.join('\n'), /labels are joined by `id`/)
  })

  test('in any order and format, of some rows alone, of rows that are unknown, without a key', async () => {
    const some = linesOf(LABELS)
      .slice(1, 41)
      .reverse()
      .map((line) => line.split(','))
    const lines = [...some, ['7777', '1'], ['7778', '1']].map(([id, defaulted]) => JSON.stringify({ id, defaulted }))
    const place = scene({ 'current.csv': CURRENT, 'labels.ndjson': `${lines.join('\n')}\n{"id":null,"defaulted":1}\n` })
    const result = await observe(place, { labels: ['labels.ndjson'] })
    assert.equal(value(result, 'performance.label_coverage'), 0.4)
    assert.equal(value(result, 'performance.support'), 40)
    assert.match(result.notes.join('\n'), /2 labels are of no row of the window\n.*one row of the labels without a key/)
    const { labels } = result.json as { labels: unknown }
    assert.deepEqual(labels, { key: ['id'], rows: 43, keyless: 1, unknown: 2, contradicting: 0, shared: 0 })
  })

  test('come before labels that the data have, and leave the others', async () => {
    const zeros = ALL.replaceAll(/,[01]$/gm, ',0')
    const result = await labelled('id,defaulted\n0,1\n1,1\n', zeros)
    const { json } = await observe(scene({ 'current.csv': zeros }))
    assert.equal(value(result, 'performance.label_coverage'), 1)
    const before = value({ exit: 0, json, text: () => '' }, 'performance.accuracy') ?? 0
    assert.notEqual(value(result, 'performance.accuracy'), before)
  })

  test('come before those of Parquet, whatever their types', async () => {
    const place = scene({ 'current.csv': ALL, 'labels.csv': 'id,defaulted\n0,true\n1,false\n' })
    const folder = join(place.root, '.git')
    const engine = await assembleWorld(NOW).openEngine?.({ engine: 'duckdb', beside: 1 })
    const from = textLiteral(join(folder, 'current.csv'))
    await engine?.query(
      `COPY (FROM read_csv(${from})) TO ${textLiteral(join(folder, 'current.parquet'))} (FORMAT parquet)`,
    )
    engine?.close()
    const result = await observe(place, { current: ['current.parquet'], labels: ['labels.csv'] })
    assert.equal(value(result, 'performance.label_coverage'), 1)
    assert.equal(value(result, 'performance.support'), 100)
  })

  test('by several columns, a missing one being equal to a missing one', async () => {
    const current = CURRENT.replaceAll(/,(N|S),/g, (cell, region) => (region === 'N' ? ',,' : cell))
    const labels = linesOf(ALL).map((line, i) => {
      const [id, , , region, , , , , label] = line.split(',')
      return i === 0 ? 'id,region,defaulted' : `${id},${region === 'N' ? '' : region},${label}`
    })
    const result = await labelled(`${labels.join('\n')}\n`, current)
    assert.equal(value(result, 'performance.label_coverage'), 1)
    assert.match(result.notes.join('\n'), /labels are joined by `id`, `region`/)
  })

  test('are told where rows share a key', async () => {
    const twice = `${CURRENT}${linesOf(CURRENT)[1]}\n`
    const result = await labelled(LABELS, twice)
    assert.equal(value(result, 'data.rows'), 101)
    assert.match(result.notes.join('\n'), /2 rows of the window share their key with another/)
  })
})

test('labels that come later correct the snapshot of their window, which is then the one that counts', async () => {
  const place = scene({ 'current.csv': CURRENT, 'labels.csv': LABELS })
  const first = await observe(place)
  const second = await observe(place, { labels: ['labels.csv'], commit: false })
  assert.equal(second.exit, 0)
  const { digest } = (first.json as { snapshot: { digest: string } }).snapshot
  assert.equal(lineOf(second).supersedes, digest)
  assert.match(
    second.notes.join('\n'),
    /other data of this window were measured before: this snapshot corrects sha256:/,
  )
  const check = await checkVerb.run(readingOf(place))
  assert.deepEqual(
    check.diagnostics?.filter(({ file }) => file.startsWith('models/snapshots')),
    [],
  )
})

test('labels that contradict those of the data are counted, and told', async () => {
  const lines = rows(60)
  const turned = lines.slice(0, 7).map((line, i) => `${i},${1 - Number(line.at(-1))}`)
  const same = lines.slice(7, 20).map((line, i) => `${i + 7},${line.at(-1)}`)
  const place = scene({ 'current.csv': csv(lines), 'labels.csv': `id,defaulted\n${[...turned, ...same].join('\n')}\n` })
  const result = await observe(place, { labels: ['labels.csv'] })
  assert.match(
    result.notes.join('\n'),
    /7 rows of the window had another label in the data: that of `--labels` is taken/,
  )
})

test('keys that are written otherwise find no row, and that is told', async () => {
  const place = scene({ 'current.csv': csv(rows(60)), 'labels.csv': 'id,defaulted\n1.0,1\n2.0,0\n' })
  const result = await observe(place, { labels: ['labels.csv'] })
  assert.match(result.notes.join('\n'), /no label found its row: is `id` written alike in both files\?/)
})

describe('refused', () => {
  test('a key that stands twice in the labels', async () => {
    const wanted = fault(
      'observe/ambiguous-key',
      /2 keys stand more than once in `labels\.csv` \(by `id`\): rows 4 and \d+, the header aside, are the first two of one; a row/,
    )
    await assert.rejects(labelled(`${LABELS}3,1\n4,0\n`), wanted)
  })

  test('labels without a column in common', async () => {
    await assert.rejects(
      labelled(LABELS.replace('id,', 'key,')),
      fault('observe/no-key', /no column in common.*; the labels have `key`, `defaulted`/),
    )
  })

  test('labels without a label', async () => {
    const wanted = fault('observe/missing-column', /`labels\.csv` has no column `defaulted`; did you mean `default`\?/)
    await assert.rejects(labelled(LABELS.replace('defaulted', 'default')), wanted)
  })

  test('a label that is neither 0 nor 1', async () => {
    await assert.rejects(
      labelled(LABELS.replace('\n3,1', '\n3,2').replace('\n3,0', '\n3,2')),
      fault('observe/not-binary', /`defaulted`/),
    )
  })
})

function readingOf({ root }: Place): Invocation {
  const globals = globalsAt(root, { now: NOW })
  return { world: assembleWorld(NOW), globals, args: [], options: {}, note: () => undefined }
}
