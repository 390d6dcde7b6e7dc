// What files become as tables: formats, delimiters, kinds, missing values, times; and that nothing in them is code.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { textLiteral } from '../../../engine/base/sql-text.ts'
import type { FileEngine, WantedColumn } from '../../../engine/world-sql.ts'
import { engineOf, FOLDER, read, write } from './data-files.ts'

const ROWS = [
  [1.5, 'x'],
  [null, 'ção'],
  [-3, null],
]
const SAME: readonly (readonly [string, string, string | Uint8Array])[] = [
  ['a comma', 'comma.csv', 'a,b\n1.5,x\n,ção\n-3,\n'],
  ['a semicolon', 'semicolon.csv', 'a;b\n1.5;x\n;ção\n-3;\n'],
  ['a tab', 'tab.tsv', 'a\tb\n1.5\tx\n\tção\n-3\t\n'],
  ['a bar', 'bar.csv', 'a|b\n1.5|x\n|ção\n-3|\n'],
  ['other columns, in another order', 'order.csv', 'z,b,y,a\n9,x,"q,r",1.5\n9,ção,"q\nr",\n9,,,-3\n'],
  ['lines of Windows and a mark of UTF-8', 'windows.csv', '\ufeffa,b\r\n1.5,x\r\n,ção\r\n-3,\r\n'],
  ['no line end at the end', 'open.csv', 'a,b\n1.5,x\n,ção\n-3,'],
  ['gzip', 'zipped.csv.gz', gzipSync('a,b\n1.5,x\n,ção\n-3,\n')],
  ['NDJSON', 'lines.ndjson', '{"a":1.5,"b":"x"}\n{"b":"ção","a":null}\n{"a":-3}\n'],
  ['gzipped NDJSON', 'lines.jsonl.gz', gzipSync('{"a":1.5,"b":"x"}\n{"b":"ção"}\n{"a":-3}\n')],
]

describe('the same table from', () => {
  for (const [name, file, content] of SAME) {
    test(name, async () => assert.deepEqual((await read([write(file, content)])).rows, ROWS))
  }

  test('Parquet', async () => {
    const engine = await engineOf()
    const path = join(FOLDER, 'table.parquet')
    const select = "SELECT * FROM (VALUES (1.5::DOUBLE, 'x'), (NULL, 'ção'), (-3, NULL)) t(a, b)"
    await engine.query(`COPY (${select}) TO ${textLiteral(path)} (FORMAT parquet)`)
    assert.deepEqual((await read([path], undefined, engine)).rows, ROWS)
  })
})

test('several files of several formats are one table, in the order of their names; a glob names them', async () => {
  mkdirSync(join(FOLDER, 'many/deep'), { recursive: true })
  write('many/1.csv', 'a,b\n1,x\n')
  write('many/2.ndjson', '{"a":2,"b":"x"}\n')
  write('many/deep/3.csv', 'b;a\nx;3\n')
  write('many/.hidden.csv', 'a,b\n99,x\n')
  const numbers = async (pattern: string) => (await read([join(FOLDER, pattern)])).rows.map(([a]) => a)
  assert.deepEqual(await numbers('many/**/*.*'), [1, 2, 3])
  assert.deepEqual(await numbers('many/?.*'), [1, 2])
})

test('a file whose name is a pattern is read by its name', async () => {
  const path = write('w[1]*?.csv', 'a,b\n9,x\n')
  write('w1x.csv', 'a,b\n7,x\n')
  assert.deepEqual((await read([path])).rows, [[9, 'x']])
})

test('the digest is that of the bytes; of several files, of theirs', async () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const [one, two] = ['a,b\n1,x\n', 'a,b\n2,x\n']
  const [first, second] = [write('digest-1.csv', one), write('digest-2.csv', two)]
  assert.equal((await read([first])).table.digest, `sha256:${sha256(one)}`)
  const both = sha256(JSON.stringify([sha256(one), sha256(two)]))
  assert.equal((await read([second, first])).table.digest, `sha256:${both}`)
})

const KINDS: readonly (readonly [string, WantedColumn['kind'], string, readonly unknown[]])[] = [
  ['numbers, in every form', 'number', '1\n 2.5 \n-3e2\n.5\n""\n', [1, 2.5, -300, 0.5, null]],
  ['numbers that are none or have no end', 'number', 'NaN\ninf\n-Infinity\n', [Number.NaN, Infinity, -Infinity]],
  ['truth', 'boolean', 'true\nFalse\n1\n0\n""\n', [true, false, true, false, null]],
  ['categories, never guessed', 'category', '01\nNA\nnull\n1.0\n', ['01', 'NA', 'null', '1.0']],
  [
    'times with zones, across the end of daylight saving, and without one in UTC',
    'timestamp',
    '2026-11-01T01:30:00-04:00\n2026-11-01T01:30:00-05:00\n2026-11-01 05:30\n2026-11-01\n',
    ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z', '2026-11-01T05:30:00.000Z', '2026-11-01T00:00:00.000Z'],
  ],
]
describe('by the kind of the card', () => {
  for (const [name, kind, cells, values] of KINDS) {
    test(name, async () => {
      const path = write(`kind-${kind}-${cells.length}.csv`, `v,w\n${cells.replaceAll('\n', ',1\n')}`)
      const { rows } = await read([path], [{ name: 'v', kind }])
      assert.deepEqual(
        rows.map(([value]) => value),
        values,
      )
    })
  }

  test('a class keeps the type of the file, and whole doubles as text have no fraction', async () => {
    const engine = await engineOf()
    const path = join(FOLDER, 'classes.parquet')
    await engine.query(`COPY (SELECT 1.0::DOUBLE AS n, true AS t, 'x' AS c) TO ${textLiteral(path)} (FORMAT parquet)`)
    const classes = (['n', 't', 'c'] as const).map((name): WantedColumn => ({ name, kind: 'class' }))
    const { table, rows } = await read([path], classes, engine)
    assert.deepEqual(
      table.columns.map(({ kind }) => kind),
      ['number', 'boolean', 'category'],
    )
    assert.deepEqual(rows, [[1, true, 'x']])
    assert.deepEqual((await read([path], [{ name: 'n', kind: 'category' }], engine)).rows, [['1']])
  })
})

test('a header alone is a table of no rows', async () => {
  assert.deepEqual((await read([write('header.csv', 'a,b\n')])).rows, [])
  assert.deepEqual((await read([write('header-open.csv', 'a,b')])).rows, [])
})

test('10,000 categories are read', async () => {
  const path = write('many-categories.csv', `a,b\n${Array.from({ length: 10_000 }, (_, i) => `${i},c${i}`).join('\n')}`)
  const engine = await engineOf()
  const { table } = await read([path], undefined, engine)
  assert.deepEqual(await engine.query(`SELECT count(DISTINCT b) FROM ${table.from}`), [[10_000]])
})

test('names and values that are SQL are names and values', async () => {
  const [one, two] = ['a"; DROP TABLE x; --', "b'); SELECT 1; --"]
  const path = write("i'); DROP TABLE y; --.csv", `"${one.replaceAll('"', '""')}","${two}"\n1,"x'; DROP TABLE z; --"\n`)
  const { rows } = await read(
    [path],
    [
      { name: one, kind: 'number' },
      { name: two, kind: 'category' },
    ],
  )
  assert.deepEqual(rows, [[1, "x'; DROP TABLE z; --"]])
})

describe('the scratch folder', () => {
  const SCRIPT = `import { readdirSync, statSync } from 'node:fs'
import { openFileEngine } from ${JSON.stringify(join(import.meta.dirname, '../../../engine/adapters/duckdb/file-engine.ts'))}
const engine = await openFileEngine({ threads: 1, memory: '200MB' })
await engine.keep('rows', 'SELECT range AS a FROM range(10)', [{ name: 'a', kind: 'number' }])
const [folder] = readdirSync(process.env.TMPDIR)
console.log((statSync(process.env.TMPDIR + '/' + folder).mode & 0o777).toString(8))
if (process.argv.includes('close')) engine.close()
else setInterval(() => undefined, 1000)
`
  for (const ends of ['close', 'SIGTERM', 'SIGINT'] as const) {
    test(`is for the user alone, and goes with ${ends}`, async () => {
      const folder = join(FOLDER, `scratch-${ends}`)
      mkdirSync(folder)
      const words = ['--input-type=module-typescript', '-e', SCRIPT, ends]
      const child = spawn(process.execPath, words, { env: { PATH: process.env.PATH, TMPDIR: folder } })
      const [mode] = (await once(child.stdout, 'data')) as [Buffer]
      assert.equal(String(mode).trim(), '700')
      const exit = once(child, 'exit')
      if (ends !== 'close') child.kill(ends)
      assert.deepEqual(await exit, ends === 'close' ? [0, null] : [null, ends])
      assert.deepEqual(readdirSync(folder), [])
    })
  }
})

test('names of NDJSON columns are those of the whole file, also of one that comes after the first MiB', async () => {
  const early = `{"a":1,"b":"${'x'.repeat(1000)}"}\n`.repeat(1100)
  const engine = await engineOf()
  for (const [name, content] of [
    ['late-label.ndjson', `${early}{"a":1,"b":"y","paid":1}\n`],
    ['long-line.ndjson', `{"a":1,"b":"${'x'.repeat(1_100_000)}","paid":1}\n`],
  ] as const) {
    const names = await engine.columnNames({ role: 'current', files: [write(name, content)], columns: [] })
    assert.deepEqual([...names].sort(), ['a', 'b', 'paid'])
  }
})

describe('an answer of numbers', () => {
  test('comes as columns, NULL as NaN, however many at the same time', async () => {
    const engine = await engineOf()
    const sql = 'SELECT CAST(i AS DOUBLE), CASE WHEN i > 0 THEN i + 0.5e0 END FROM range(5000) t(i) ORDER BY i'
    const all = await Promise.all([0, 1, 2].map(async () => await batchesOf(engine, sql)))
    for (const batches of all) {
      const [whole, half] = [0, 1].map((column) => batches.flatMap((batch) => [...(batch[column] ?? [])]))
      assert.equal(whole?.length, 5000)
      assert.deepEqual(whole?.slice(-2), [4998, 4999])
      assert.deepEqual(half?.slice(0, 3), [Number.NaN, 1.5, 2.5])
    }
  })

  test('of anything else is a bug', async () => {
    const engine = await engineOf()
    await assert.rejects(batchesOf(engine, "SELECT 'x'"), /^Error: internal error/)
  })
})

async function batchesOf({ numbers }: FileEngine, sql: string): Promise<readonly (readonly Float64Array[])[]> {
  const batches = []
  for await (const batch of numbers(sql)) batches.push(batch)
  return batches
}
