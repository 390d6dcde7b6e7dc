// Files that are not what the card says: which file, line and column, what was expected, what to do; never a cell of them.
import assert from 'node:assert/strict'
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { textLiteral } from '../../../engine/base/sql-text.ts'
import { COLUMNS, engineOf, FOLDER, fault, MARK, read, write } from './data-files.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

const BAD: readonly (readonly [
  name: string,
  file: string,
  content: string | Uint8Array,
  code: string,
  words: RegExp,
])[] = [
  [
    'a missing column',
    'near.csv',
    'a,bb\n1,x\n',
    'observe/missing-column',
    /`near\.csv` has no column `b`; did you mean `bb`\? it has `a`, `bb`/,
  ],
  ['another case', 'case.csv', 'A,B\n1,x\n', 'observe/missing-column', /no column `a`; did you mean `A`\?/],
  [
    'a blank before the name',
    'blank.csv',
    'a, b\n1,x\n',
    'observe/missing-column',
    /no column `b`; did you mean ` b`\?/,
  ],
  [
    'a number in groups',
    'groups.csv',
    `a,b\n1,x\n1_000,x\n`,
    'observe/wrong-type',
    /line 3: the column `a` is a number by the card/,
  ],
  [
    'Parquet of another meaning inside',
    'garbage.parquet',
    Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(64, 0xff), Buffer.from([64, 0, 0, 0]), Buffer.from('PAR1')]),
    'observe/bad-parquet',
    /`garbage\.parquet` is no whole Parquet file/,
  ],
  ['no header', 'headless.csv', `${MARK},7\n1,2\n`, 'observe/missing-column', /is the header missing\?/],
  [
    'a page',
    'page.csv',
    '\uFEFF <!DOCTYPE html><p>a,b',
    'observe/unknown-format',
    /`page\.csv` is of no format.*login page/,
  ],
  ['a column twice', 'twice.csv', 'a,b,a\n1,x,2\n', 'observe/duplicate-column', /two columns `a`/],
  [
    'a text for a number',
    'text.csv',
    `a,b\n1,"x\ny"\n\n${MARK},z\n${MARK},z\n`,
    'observe/wrong-type',
    /`text\.csv`, line 5: the column `a` is a number by the card, and here it is none \(2 rows of the file\); a missing value is an empty cell/,
  ],
  [
    'a decimal comma',
    'comma.csv',
    'a;b\n1.5;x\n"1.234,5";y\n',
    'observe/wrong-type',
    /line 3.*decimal comma: write `1234\.56`/,
  ],
  ['NA for a number', 'na.csv', 'a,b\nNA,x\n', 'observe/wrong-type', /line 2.*a missing value is an empty cell/],
  [
    'a row too short',
    'short.csv',
    `a,b\n1,x\n${MARK}\n`,
    'observe/bad-csv',
    /about line 3 a row has 1 cells, and the header 2/,
  ],
  [
    'a row too long',
    'long.csv',
    `a,b\n1,x\n2,${MARK},3\n`,
    'observe/bad-csv',
    /about line 3 a row has 3 cells, and the header 2/,
  ],
  ['a quote left open', 'quote.csv', `a,b\n1,"${MARK}\n2,x\n`, 'observe/bad-csv', /a quote is left open/],
  [
    'Latin-1 in a row',
    'latin.csv',
    latin1(`a,b\n1,S\xe3o ${MARK}\n`),
    'observe/encoding',
    /line 2 is no UTF-8; convert it, for example `iconv -f latin1 -t UTF-8`/,
  ],
  [
    'Latin-1 in the header',
    'latin-head.csv',
    latin1('a,b,\xe3\n1,x,y\n'),
    'observe/encoding',
    /its header is no UTF-8/,
  ],
  ['UTF-16', 'wide.csv', Buffer.from('\ufeffa,b\n1,x\n', 'utf16le'), 'observe/encoding', /iconv -f UTF-16/],
  ['nothing', 'nothing.csv', '', 'observe/empty-file', /`nothing\.csv` is empty/],
  [
    'a cut gzip',
    'cut.csv.gz',
    gzipSync(`a,b\n${'1,x\n'.repeat(50_000)}`).subarray(0, 100),
    'observe/bad-gzip',
    /no whole gzip file/,
  ],
  [
    'a line that is no JSON',
    'cut.ndjson',
    `{"a":1,"b":"x"}\n{"a":2,"b":"${MARK}\n`,
    'observe/bad-ndjson',
    /line 2 is no JSON object/,
  ],
  [
    'a JSON text for a number',
    'text.ndjson',
    `{"a":1,"b":"x"}\n{"a":"${MARK}"}\n`,
    'observe/wrong-type',
    /`text\.ndjson`, line 2/,
  ],
  ['a key that is nowhere', 'keys.ndjson', '{"a":1,"B":"x"}\n', 'observe/missing-column', /did you mean `B`\?/],
  ['a JSON array', 'array.json', '[{"a":1}]', 'observe/unknown-format', /one object a line: `jq -c "\.\[\]"`/],
  ['a cut Parquet file', 'cut.parquet', 'PAR1 and then nothing', 'observe/bad-parquet', /cut off/],
  [
    'a damaged Parquet file',
    'damaged.parquet',
    'PAR1xxxxxxxxxxxxxxxxxxxxPAR1',
    'observe/bad-parquet',
    /no whole Parquet file/,
  ],
  ['a page of HTML', 'page.html', '<html>', 'observe/unknown-format', /Parquet, CSV/],
  ['a workbook', 'book.xlsx', 'PK\u0003\u0004', 'observe/unknown-format', /Parquet, CSV/],
]

describe('refused with a fault', () => {
  for (const [name, file, content, code, words] of BAD) {
    test(name, async () => {
      const engine = await engineOf()
      const path = write(file, content)
      await assert.rejects(read([path], COLUMNS, engine), fault(code, words))
    })
  }

  test('times that are none: day first, infinity, numbers', async () => {
    const engine = await engineOf()
    for (const time of ['31/12/2026', 'infinity', '1767225600']) {
      const path = write('times.csv', `t,u\n2026-01-01,1\n${time},1\n`)
      const wanted = fault(
        'observe/wrong-type',
        /line 3: the column `t` is a timestamp.*RFC 3339.*without a zone it is UTC/,
      )
      await assert.rejects(read([path], [{ name: 't', kind: 'timestamp' }], engine), wanted)
    }
  })

  test('columns of Parquet whose type can never fit', async () => {
    const engine = await engineOf()
    const path = join(FOLDER, 'types.parquet')
    await engine.query(
      `COPY (SELECT [1] AS a, TIMESTAMP '2026-01-01' AS b, 1 AS c) TO ${textLiteral(path)} (FORMAT parquet)`,
    )
    const refused = async (name: string, kind: 'number' | 'category' | 'timestamp', words: RegExp) =>
      await assert.rejects(read([path], [{ name, kind }], engine), fault('observe/wrong-type', words))
    await refused(
      'a',
      'category',
      /`types\.parquet`: the column `a` is of type INTEGER\[\], and by the card a category/,
    )
    await refused('b', 'number', /of type TIMESTAMP, and by the card a number/)
    await refused('c', 'timestamp', /write times as timestamps, not as numbers/)
  })

  test('names that SQL cannot tell apart', async () => {
    const wanted = fault('observe/duplicate-column', /`a` and `A` have the same name in SQL/)
    await assert.rejects(
      read(
        [write('case.csv', 'a,A\n1,2\n')],
        [
          { name: 'a', kind: 'number' },
          { name: 'A', kind: 'number' },
        ],
      ),
      wanted,
    )
  })
})

const PLACES: readonly (readonly [string, string, string, RegExp])[] = [
  [
    'a file that is not there',
    join(FOLDER, 'gone.csv'),
    'observe/no-file',
    /there is no file `gone\.csv`; `--current`/,
  ],
  ['a glob of nothing', join(FOLDER, 'gone*.csv'), 'observe/no-file', /no file matches `gone\*\.csv`/],
  ['a folder', join(FOLDER, 'folder'), 'observe/not-a-file', /is a folder; name its files/],
  ['a device', '/dev/null', 'observe/not-a-file', /no regular file/],
  ['a web address', 'https://example.org/x.csv', 'observe/not-a-file', /a path, a glob, or `s3:/],
  ['an object store without credentials', 's3://bucket/x.parquet', 'observe/no-credentials', /AWS_ACCESS_KEY_ID/],
]
describe('not read at all', () => {
  mkdirSync(join(FOLDER, 'folder'))
  for (const [name, path, code, words] of PLACES) {
    test(name, async () => assert.rejects(read([path]), fault(code, words)))
  }

  test('a file without permission', {
    skip: process.getuid?.() === 0 ? 'root may read everything' : false,
  }, async () => {
    const path = write('locked.csv', 'a,b\n1,x\n')
    chmodSync(path, 0)
    await assert.rejects(read([path]), fault('observe/unreadable', /permission is denied/))
  })

  test('an object store where the extension is not installed: none is fetched', async (t) => {
    const { openFileEngine } = await import('../../../engine/adapters/duckdb/file-engine.ts')
    const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' }
    const engine = await openFileEngine({ threads: 1, memory: '200MB' }, env)
    const [row] = await engine.query("SELECT installed FROM duckdb_extensions() WHERE extension_name = 'httpfs'")
    if (row?.[0] === true) return t.skip('httpfs is installed here')
    await assert.rejects(read(['s3://bucket/x.parquet'], COLUMNS, engine), fault('observe/no-extension', /httpfs/))
    engine.close()
  })
})

describe('a file that changes while it is read', () => {
  const changes: readonly (readonly [string, (path: string) => void])[] = [
    ['grows', (path) => appendFileSync(path, '2,x\n')],
    [
      'is replaced by one of the same size',
      (path) => {
        writeFileSync(`${path}.new`, 'a,b\n2,x\n')
        renameSync(`${path}.new`, path)
      },
    ],
    [
      'is written over, with its size kept and its time put back',
      (path) => {
        const { atime, mtime } = statSync(path)
        writeFileSync(path, 'a,b\n2,x\n')
        utimesSync(path, atime, mtime)
      },
    ],
    ['goes', (path) => rmSync(path)],
  ]
  for (const [name, change] of changes) {
    test(name, async () => {
      const engine = await engineOf()
      const path = write(`changes-${name.length}.csv`, 'a,b\n1,x\n')
      await read([path], COLUMNS, engine)
      engine.requireUnchanged()
      change(path)
      assert.throws(
        () => engine.requireUnchanged(),
        fault('observe/changed', /changed while it was read; .*nothing was kept/),
      )
    })
  }
})

test('a native date that is no timestamp is told without the date', async () => {
  const engine = await engineOf()
  const path = join(FOLDER, 'far-date.parquet')
  await engine.query(`COPY (SELECT DATE '5881580-07-10' AS t) TO ${textLiteral(path)} (FORMAT parquet)`)
  await assert.rejects(
    async () => {
      const { table } = await read([path], [{ name: 't', kind: 'timestamp' }], engine)
      await engine.query(`SELECT max(t) FROM ${table.from}`)
    },
    (error) => error instanceof Error && !error.message.includes('5881580'),
  )
})
