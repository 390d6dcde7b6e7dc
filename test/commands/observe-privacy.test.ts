// Nothing row-level leaves `observe`: values planted in rows are in no output, in no fault, in no file that stays.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { Place } from './import-scene.ts'
import { CARD, csv, figures, HEADER, lineOf, observe, rows, scene } from './observe-scene.ts'

// What is left in the folder of scratch files is looked at below: other tests leave theirs in it for a moment, too.
const scratch = mkdtempSync(join(tmpdir(), 'tutela-privacy-'))
process.env.TMPDIR = scratch
after(() => rmSync(scratch, { recursive: true }))

/** Each stands in one row: an id, a moment, a number, a category, a text, a group, a score, and a column that is not read. */
const MARKS = {
  id: 'ID-55012',
  decided_at: '2026-11-20T13:37:41Z',
  income: '987654.3125',
  region: 'RUA-DAS-FLORES',
  note: 'MARIA-DA-SILVA',
  score: '0.7310585786',
  unread: 'CPF-123.456.789-09',
} as const
/** As they might be written elsewhere. */
const FORMS = [...Object.values(MARKS), '13:37:41', '98765', '7310585']

const planted = (side: number) => {
  const cells = [
    MARKS.id,
    MARKS.decided_at,
    MARKS.income,
    MARKS.region,
    MARKS.note,
    'F',
    MARKS.score,
    '1',
    '0',
    MARKS.unread,
  ]
  const lines = rows(60, side === 0 ? {} : { day: '2026-10-01' }).map((line) => `${line},x`)
  return csv([...lines.slice(0, 30), cells.join(','), ...lines.slice(30)], `${HEADER},unread`)
}

function scan(text: string, where: string): void {
  for (const mark of FORMS) assert.ok(!text.includes(mark), `\`${mark}\` stands in ${where}`)
}

/** Everything below a folder that is not the data itself. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => !/\.(csv|ndjson)$/.test(path) || path.includes('snapshots'))
    .filter((path) => statSync(path).isFile())
}

const openScratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tutela-observe-'))

async function outcome(place: Place, options: Parameters<typeof observe>[1]): Promise<string> {
  try {
    const result = await observe(place, options)
    return [result.text(), JSON.stringify(result.json), JSON.stringify(result.diagnostics), ...result.notes].join('\n')
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `${error.code} ${error.message} ${error.hint} ${error.stack} ${String(error.cause)}`
  }
}

describe('planted values', () => {
  test('of a measured window and its reference are in no output and in no file of the repository', async () => {
    const data = {
      'current.csv': planted(0),
      'reference.csv': planted(1),
      'labels.csv': `id,defaulted\n${MARKS.id},1\n`,
    }
    const card = CARD.replace('values: [N, S]', 'notNull: true')
    const place = scene(data, { 'models/loans/card.yaml': card })
    const before = new Set(openScratch())
    const text = await outcome(place, {
      reference: ['reference.csv'],
      labels: ['labels.csv'],
      window: '2026-11-20/2026-11-21',
    })
    assert.match(text, /"ok":true/)
    scan(text, 'the output')
    const files = filesIn(place.root)
    assert.ok(files.some((file) => file.includes('tutela/cache/reference-')))
    assert.ok(files.some((file) => file.includes('models/snapshots/')))
    for (const file of files) scan(readFileSync(file, 'latin1'), file)
    assert.deepEqual(
      openScratch().filter((name) => !before.has(name)),
      [],
    )
  })

  const BROKEN: readonly (readonly [string, (text: string) => string, object?])[] = [
    ['in a number', (text) => text.replace(MARKS.income, MARKS.note)],
    ['in a time', (text) => text.replace(MARKS.decided_at, MARKS.note)],
    ['in a class', (text) => text.replace(`${MARKS.score},1,`, `${MARKS.score},${MARKS.note},`)],
    ['in a row that is too long', (text) => text.replace(MARKS.unread, `${MARKS.unread},${MARKS.note}`)],
    ['in an open quote', (text) => text.replace(MARKS.note, `"${MARKS.note}`)],
    ['in place of a header', (text) => `${text.split('\n')[31]}\n${text}`],
    ['in bytes that are no text', (text) => text.replace(MARKS.note, `${MARKS.note}\u0000`)],
    ['in the future', (text) => text.replace(MARKS.decided_at, '2031-01-01T13:37:41Z')],
    ['in labels of two rows', (text) => text, { labels: ['labels.csv'] }],
  ]
  for (const [name, spoil, options] of BROKEN) {
    test(`${name} are in no fault`, async () => {
      const labels = `id,defaulted\n${MARKS.id},1\n${MARKS.id},0\n`
      const place = scene({ 'current.csv': spoil(planted(0)), 'labels.csv': labels })
      const text = await outcome(place, { ...options })
      scan(text, `the fault \`${text}\``)
      for (const file of filesIn(place.root)) scan(readFileSync(file, 'latin1'), file)
    })
  }
})

describe('a group of few people', () => {
  const sexes = (names: Readonly<Record<number, string>>) =>
    csv(rows(60).map((line, i) => line.replace(/,[FM],/, (sex) => (names[i] === undefined ? sex : `,${names[i]},`))))
  const CPF = '123.456.789-00'
  const few = { 0: 'X', 2: 'X', 4: 'X', 5: CPF }

  test('has no name of its own, and a size only together with the others', async () => {
    const result = await observe(scene({ 'current.csv': sexes(few) }))
    const groups = lineOf(result).measurements.filter(({ group }) => group === 'suppressed')
    assert.deepEqual(
      groups.map(({ metric, value, n }) => [metric, value, n]),
      [['fairness.group_size', 4, 4]],
    )
    const [gap] = figures(result, 'fairness.demographic_parity_difference')
    assert.deepEqual(gap?.groups?.at(-1), { group: 'suppressed', n: 4, suppressed: true })
    for (const text of [JSON.stringify(result.json), result.text(), ...result.notes]) {
      assert.ok(!text.includes(CPF))
      assert.doesNotMatch(text, /"X"| X /)
    }
  })

  test('in pairs neither', async () => {
    const card = CARD.replace('[{ name: sex, privileged: [M] }]', '[{ name: sex, privileged: [M] }, { name: region }]')
    const result = await observe(scene({ 'current.csv': sexes(few) }, { 'models/loans/card.yaml': card }))
    const text = JSON.stringify(result.json)
    assert.ok(!text.includes(CPF) && !text.includes('sex=X'))
    const sizes = figures(result, 'fairness.group_size').filter(({ attribute }) => attribute === undefined)
    assert.equal(sizes.find(({ group }) => group === 'sex=suppressed|region=suppressed')?.value, 13)
    assert.equal(
      sizes.reduce((sum, one) => sum + (one.value ?? 0), 0),
      60,
    )
  })

  test('keeps its name where the card has it, and is still measured by size alone', async () => {
    const card = CARD.replace('privileged: [M]', 'privileged: [M, X]')
    const result = await observe(scene({ 'current.csv': sexes(few) }, { 'models/loans/card.yaml': card }))
    const named = lineOf(result).measurements.filter(({ group }) => group === 'X')
    assert.deepEqual(
      named.map(({ metric, value }) => [metric, value]),
      [['fairness.group_size', 3]],
    )
  })

  test('is told from a real group called `suppressed`', async () => {
    const names = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, 'suppressed']))
    const result = await observe(scene({ 'current.csv': sexes({ ...names, 30: 'X' }) }))
    const size = (name: string) => figures(result, 'fairness.group_size').find(({ group }) => group === name)?.value
    assert.deepEqual([size("'suppressed'"), size('suppressed')], [20, 1])
  })
})

test('a group that bears the number of a person is refused, however many rows it has', async () => {
  const lines = rows(60).map((line, i) => (i < 20 ? line.replace(/,[FM],/, ',123.456.789-00,') : line))
  await assert.rejects(observe(scene({ 'current.csv': csv(lines) })), (error) => {
    assert.ok(error instanceof Fault)
    assert.equal(error.code, 'observe/personal-group')
    assert.match(error.message, /a group of `sex` of `current\.csv` bears a CPF number/)
    assert.doesNotMatch(`${error.message}${error.hint}`, /123/)
    return true
  })
})
