// Files as hostile or careless hands write them: each is one diagnostic at its place, the other models are judged, and a
// run records them all the same unless the rules themselves are broken.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ask } from './ask-verb.ts'
import { assertFinished, git } from './finished-run.ts'
import { copyOf, GOVERNED_FILES, governedRepository, scratch, snapshotLine, writeFiles } from './governed-repository.ts'

const CARD = 'models/credit/card.yaml'
const POLICY = 'policies/fairness.yaml'
const SETTINGS = 'policies/governance.yaml'
const SNAPSHOTS = 'models/snapshots/2026/11/21T00/credit.ndjson'
const textOf = (file: string) => GOVERNED_FILES[file] ?? ''
const LINE = snapshotLine('credit', 21, 0.74)
const MEGABYTES = `# ${'x'.repeat(10 << 20)}\n`

/** Nine times nine … times nine texts, were the aliases followed. */
const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]\n`)
  .join('')}`

const card = (more: string | Uint8Array) => ({ [CARD]: Buffer.concat([Buffer.from(textOf(CARD)), Buffer.from(more)]) })
const cardWith = (from: string | RegExp, to: string) => ({ [CARD]: textOf(CARD).replace(from, to) })
const limit = (text: string) => ({ [POLICY]: textOf(POLICY).replace('0.8', text) })
const value = (text: string) => ({ [SNAPSHOTS]: LINE.replace('0.74', text) })
const lines = (...texts: (string | Uint8Array)[]) => ({
  [SNAPSHOTS]: Buffer.concat(texts.map((text) => Buffer.from(text))),
})

interface Case {
  readonly what: string
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Code and `line:column` of a problem that must be told; null: nothing is wrong. */
  readonly says: string | null
}

const CASES: readonly Case[] = [
  { what: 'a YAML bomb', files: card(BOMB), says: 'load/yaml-anchor 20:4' },
  { what: 'a card of 10 MB', files: card(MEGABYTES), says: 'load/too-large 1:1' },
  { what: 'a policy of 10 MB', files: { [POLICY]: textOf(POLICY) + MEGABYTES }, says: 'load/too-large 1:1' },
  { what: 'settings of 10 MB', files: { [SETTINGS]: textOf(SETTINGS) + MEGABYTES }, says: 'load/too-large 1:1' },
  { what: 'flow lists a hundred thousand deep', files: card(`x: ${'['.repeat(1e5)}\n`), says: 'load/too-deep 20:73' },
  {
    what: 'block maps three hundred deep',
    files: card(Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')),
    says: 'load/too-deep 89:70',
  },
  { what: 'a byte order mark', files: { [CARD]: `\ufeff${textOf(CARD)}` }, says: null },
  { what: 'CRLF line ends', files: cardWith(/\n/g, '\r\n'), says: null },
  { what: 'lone carriage returns', files: cardWith(/\n/g, '\r'), says: 'load/line-end 1:22' },
  { what: 'a tab as indentation', files: cardWith('  kind: binary', '\tkind: binary'), says: 'load/tab 11:1' },
  { what: 'invalid UTF-8', files: card(new Uint8Array([0x23, 0xc3, 0x28, 0x0a])), says: 'load/invalid-utf8 20:2' },
  { what: 'UTF-16', files: { [CARD]: Buffer.from(textOf(CARD), 'utf16le') }, says: 'load/nul 1:2' },
  { what: 'a NUL', files: cardWith('Ranks', 'Ra\0nks'), says: 'load/nul 5:12' },
  { what: '`__proto__` as a field', files: card('__proto__: { stage: retired }\n'), says: 'load/unknown-field 20:1' },
  {
    what: '`__proto__` deeper',
    files: cardWith('risk: {', 'risk: { __proto__: { x: 1 },'),
    says: 'load/unknown-field 9:9',
  },
  { what: 'a tag', files: card('x: !!js/function "x"\n'), says: 'load/yaml-tag 20:4' },
  { what: 'a merge key', files: card('<<: { stage: retired }\n'), says: 'load/yaml-merge-key 20:1' },
  { what: 'two documents', files: card('---\na: 1\n'), says: 'load/several-documents 20:1' },
  { what: 'an empty card', files: { [CARD]: '' }, says: 'load/empty-file 1:1' },
  { what: 'a list for a card', files: { [CARD]: '- a\n' }, says: 'load/empty-file 1:1' },
  { what: 'a limit `.nan`', files: limit('.nan'), says: 'load/bad-number 11:14' },
  { what: 'a limit `.inf`', files: limit('.inf'), says: 'load/bad-number 11:14' },
  { what: 'a limit beyond all numbers', files: limit('1e999'), says: 'load/bad-number 11:14' },
  { what: 'a limit beyond 2^53', files: limit('1152921504606846977'), says: 'load/bad-number 11:14' },
  { what: 'a limit with leading zeros', files: limit('008'), says: 'load/bad-number 11:14' },
  { what: 'a limit in quotes', files: limit('"0.8"'), says: 'load/quoted-number 11:14' },
  { what: 'a limit `yes`', files: limit('yes'), says: 'load/wrong-form 11:14' },
  { what: 'NaN as a value', files: value('NaN'), says: 'load/invalid-json 1:442' },
  { what: 'infinity as a value', files: value('1e999'), says: 'load/not-finite 1:442' },
  { what: 'a text as a value', files: value('"0.74"'), says: 'load/wrong-type 1:442' },
  { what: 'null without a reason', files: value('null'), says: 'load/no-reason 1:442' },
  { what: 'a value outside its range', files: value('-3'), says: 'load/out-of-range 1:442' },
  {
    what: 'lists fifty thousand deep as a value',
    files: value('['.repeat(5e4) + ']'.repeat(5e4)),
    says: 'load/wrong-type 1:442',
  },
  { what: 'a torn line', files: lines(LINE.slice(0, 200)), says: 'load/torn-line 1:201' },
  { what: 'a last line without its end', files: lines(LINE.trimEnd()), says: 'load/torn-line 1:459' },
  { what: 'an empty line between', files: lines(LINE, '\n'), says: 'load/torn-line 2:1' },
  { what: 'a byte order mark before a line', files: lines('\ufeff', LINE), says: 'load/byte-order-mark 1:1' },
  { what: 'a line that ends with CRLF', files: lines(LINE.replace('\n', '\r\n')), says: 'load/line-end 1:459' },
  { what: 'a line that is not UTF-8', files: lines(LINE, new Uint8Array([0xff, 0x0a])), says: 'load/invalid-utf8 2:1' },
  {
    what: '`__proto__` in a line',
    files: lines(LINE.replace('"kind"', '"__proto__":{},"kind"')),
    says: 'load/unknown-field 1:39',
  },
  {
    what: 'a key twice in a line',
    files: lines(LINE.replace('"kind"', '"model":"fraud","kind"')),
    says: 'load/duplicate-key 1:61',
  },
  {
    what: 'a line of 9 MB',
    files: lines(LINE.replace('"kind"', `"x":"${'y'.repeat(9 << 20)}","kind"`)),
    says: 'load/line-too-long 1:1',
  },
  {
    what: 'a line of another model',
    files: lines(LINE, snapshotLine('fraud', 21, 0.1)),
    says: 'load/wrong-model-file 2:53',
  },
  {
    what: 'a window that is not over',
    files: { 'models/snapshots/2026/11/25T00/credit.ndjson': snapshotLine('credit', 25, 0.9) },
    says: 'load/future-window 1:177',
  },
  {
    what: 'a folder with a line end in its name',
    files: { 'models/a\nb/card.yaml': textOf(CARD) },
    says: 'load/id-and-folder 3:5',
  },
  { what: 'a card called `.yml`', files: { 'models/credit/card.yml': textOf(CARD) }, says: 'load/yml-file 1:1' },
  { what: 'a card called `Card.yaml`', files: { 'models/upper/Card.yaml': textOf(CARD) }, says: 'load/no-card 1:1' },
]

describe('a repository with', () => {
  for (const { what, files, says } of CASES) {
    test(what, async () => {
      const folder = scratch()
      writeFiles(folder, { ...GOVERNED_FILES, ...files })
      const [check, plan] = [await ask('check', folder), await ask('plan', folder)]
      const told = check.diagnostics.filter(({ severity }) => severity === 'error')
      assert.deepEqual([check.exit, plan.exit], says === null ? [0, 2] : [3, 3])
      if (says === null) return
      const [file] = Object.keys(files)
      const places = told.map((one) => `${one.code} ${one.line}:${one.column}`)
      assert.ok(places.includes(says), places.join(', '))
      // `no-card` is told of the card that there should be.
      assert.ok(told.every((one) => one.file === file || one.code === 'load/no-card'))
      const ofRules = file === POLICY || file === SETTINGS
      const judged = (plan.json.verdicts as { model: string; outcome: string }[]).map(
        ({ model, outcome }) => `${model} ${outcome}`,
      )
      assert.equal(
        judged.includes('fraud pass'),
        !ofRules && !says.startsWith('load/wrong-model-file'),
        judged.join(', '),
      )
    })
  }
})

describe('a run', () => {
  test('records the others where one card is broken', async () => {
    const folder = copyOf(governedRepository(card(BOMB) as Record<string, Uint8Array>))
    const { exit, json } = await ask('run', folder)
    assert.equal(exit, 3)
    assert.equal((json.recorded as { entries: number }).entries, 5)
    assertFinished(folder, 'a broken card')
  })

  test('records nothing where the rules are broken', async () => {
    const folder = governedRepository(limit('.nan'))
    const { exit, json } = await ask('run', folder)
    assert.deepEqual([exit, json.recorded], [3, null])
    assert.equal(git(folder, 'status', '--porcelain', '-uall'), '')
    assert.equal(git(folder, 'rev-list', '--count', '--all'), '1')
  })
})
