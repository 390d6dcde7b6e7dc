// What a reader is shown of entries: facts from hostile bytes, filters, cases, steps of the check, files told apart, words.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ENTRY_KINDS } from '../../../engine/ledger/entry.ts'
import { DECISIONS, type EntryFacts, entryFacts } from '../../../engine/ledger/kit/browser/entry-facts.ts'
import { entryWords, plainText } from '../../../engine/ledger/kit/browser/entry-words.ts'
import { type EntryFilter, findEntries, NO_FILTER } from '../../../engine/ledger/kit/browser/find-entries.ts'
import type { KitAnswer } from '../../../engine/ledger/kit/browser/kit-log.ts'
import { relatedEntries, withProposalModels } from '../../../engine/ledger/kit/browser/related-entries.ts'
import { damagedEntries, STEPS, sinceFailure, stepOf, stepsOf } from '../../../engine/ledger/kit/page/checks.ts'
import { entryOf as entryFor, kindOf } from '../../../engine/ledger/kit/page/given-file.ts'
import { english } from '../../../engine/ledger/kit/page/words.en.ts'
import { portuguese } from '../../../engine/ledger/kit/page/words.pt.ts'
import { bytesText, dateText, shownWhole, timeText } from '../../../engine/ledger/kit/page/written.ts'
import { makeReceipt } from '../../../engine/ledger/make-receipt.ts'
import { PROBLEM_MEANINGS, type VerifyCode } from '../../../engine/ledger/verify-problem.ts'
import { decisionEntry, decisionLog, entryOf, kitOf } from './sample-kit.ts'

const factsOf = (bytes: Uint8Array): EntryFacts => entryFacts(7, bytes)

test('a verdict gives model, version, environment, outcome; an approval the roles', () => {
  const verdict = factsOf(decisionEntry(2))
  assert.deepEqual(
    [verdict.form, verdict.kind, verdict.model, verdict.version, verdict.environment, verdict.outcome, verdict.blocks],
    ['open', 'evaluation', 'model-02', '1.2.0', 'production', 'fail', true],
  )
  const approval = factsOf(decisionEntry(8))
  assert.deepEqual(
    [approval.kind, approval.proposal, approval.by],
    ['proposal-approved', '0000000000', ['team:model-risk']],
  )
  assert.deepEqual(factsOf(entryOf('x', 0, { by: ['team:a', 'team:b'] })).by, ['team:a', 'team:b'])
  assert.equal(factsOf(entryOf('x', 0, { at: '2020-01-01T00:00:00Z' })).at, '2020-01-01T00:00:00Z')
})

test('fields of other types are nothing, and bytes that are no entry are opaque', () => {
  const odd = factsOf(
    entryOf('evaluation', 1, { verdict: [1], model: { a: 1 }, version: 3, by: [1, null], proposal: false }),
  )
  assert.deepEqual([odd.model, odd.version, odd.by, odd.proposal, odd.blocks], [null, null, [], null, false])
  for (const bytes of [Buffer.alloc(0), Buffer.from('x'), Buffer.from('{"a":1}'), Buffer.alloc(70_000, '[')])
    assert.deepEqual([factsOf(bytes).form, factsOf(bytes).kind], ['opaque', ''])
})

const facts = withProposalModels(Array.from({ length: 40 }, (_, i) => entryFacts(i, decisionEntry(i))))
const recordedAt = (index: number): string => Buffer.from(decisionEntry(index)).toString()
const words = entryWords('en')
const find = (filter: Partial<EntryFilter>) => [
  ...findEntries(facts, { ...NO_FILTER, ...filter }, (one) => words(one, recordedAt(one.index))),
]

test('filters: each by itself, and all together', () => {
  assert.equal(find({}).length, 40)
  assert.deepEqual(find({ kind: 'proposal-opened' }), [7, 17, 27, 37])
  assert.deepEqual(find({ kind: 'decisions' }).length, 40)
  assert.deepEqual(find({ model: 'model-07' }), [7, 8])
  assert.deepEqual(find({ outcome: 'warn', words: 'model-1' }), [13])
  assert.deepEqual(find({ words: 'TEAM:model-risk model-17' }), [18])
  assert.deepEqual(find({ from: '2024-01-02' }), [])
  assert.equal(find({ from: '2024-01-01', to: '2024-01-01' }).length, 40)
  assert.deepEqual(find({ kind: '__proto__' }), [])
})

test('a search finds the words and dates that the page shows in each language, with and without accents', () => {
  const granted = entryOf('waiver-granted', 1, { model: 'm', issued: '2013-10-02', by: 'team:risk' })
  const judged = entryOf('evaluation', 2, {
    verdict: { model: 'm', outcome: 'pass', demand: 'retrain', counts: { error: 0, fail: 0, warn: 1 } },
  })
  const failed = entryOf('evaluation', 3, { verdict: { model: 'm', outcome: 'fail', blocks: true } })
  const bytes = [granted, judged, failed]
  const read = bytes.map((one, i) => entryFacts(i, one))
  const ask = (language: 'pt' | 'en', asked: string): number[] => {
    const textOf = entryWords(language)
    const text = (one: EntryFacts): string => textOf(one, Buffer.from(bytes[one.index] ?? []).toString())
    return [...findEntries(read, { ...NO_FILTER, words: asked }, text)]
  }
  const cases: ['pt' | 'en', string, number[]][] = [
    ['pt', 'reprovado', [2]],
    ['pt', 'Retreinar', [1]],
    ['pt', 'exceção', [0]],
    ['pt', 'EXCECAO concedida', [0]],
    ['pt', '02/10/2013', [0]],
    ['pt', 'bloqueia', [2]],
    ['pt', 'alerta', [1]],
    ['pt', 'waiver-granted 2013-10-02', [0]],
    ['en', 'exception', [0]],
    ['en', '2 oct 2013', [0]],
    ['en', 'reprovado', []],
  ]
  for (const [language, asked, found] of cases) assert.deepEqual(ask(language, asked), found, `${language} ${asked}`)
  assert.equal(plainText('Ação ÊXITO'), 'acao exito')
})

test('a case: the steps of a proposal after the verdict before it; what followed a verdict until the next', () => {
  const chain = withProposalModels([
    entryFacts(0, entryOf('evaluation', 0, { verdict: { model: 'a', environment: 'p', outcome: 'fail' } })),
    entryFacts(1, entryOf('evaluation', 1, { verdict: { model: 'b', environment: 'p', outcome: 'fail' } })),
    entryFacts(2, entryOf('proposal-opened', 2, { proposal: 'x', model: 'a', environment: 'p' })),
    entryFacts(3, entryOf('proposal-approved', 3, { proposal: 'x', by: 'team:r' })),
    entryFacts(4, entryOf('notice-sent', 4, { model: 'a', environment: 'q' })),
    entryFacts(5, entryOf('evaluation', 5, { verdict: { model: 'a', environment: 'p', outcome: 'pass' } })),
    entryFacts(6, entryOf('proposal-merged', 6, { proposal: 'x' })),
  ])
  assert.deepEqual(
    chain.map(({ model }) => model),
    ['a', 'b', 'a', 'a', 'a', 'a', 'a'],
  )
  assert.deepEqual(relatedEntries(chain, 3), [0, 2, 3, 6])
  assert.deepEqual(relatedEntries(chain, 0), [2, 3])
  assert.deepEqual(relatedEntries(chain, 1), [])
  assert.deepEqual(relatedEntries(chain, 5), [6])
  assert.deepEqual(relatedEntries(chain, 99), [])
})

const ANSWER: KitAnswer = {
  ok: true,
  origin: 'o',
  size: 3,
  root: '',
  signatures: [],
  entries: 3,
  problems: [],
  cid: null,
  carBytes: 1,
  blocks: 1,
  supported: true,
  keys: [],
  witnesses: [],
  hasQuorum: true,
  checkpoint: null,
  since: true,
}

test('every problem makes exactly its own step bad, and no step is good that was not reached', () => {
  assert.deepEqual(
    Object.values(stepsOf(ANSWER)),
    STEPS.map(() => 'ok'),
  )
  for (const code of Object.keys(PROBLEM_MEANINGS) as VerifyCode[]) {
    const problem = { code, where: 'x' }
    const steps = stepsOf({ ...ANSWER, ok: false, problems: [problem] })
    assert.equal(steps[stepOf(problem)], 'bad', code)
    assert.equal(Object.values(steps).filter((state) => state === 'bad').length, 1, code)
  }
  const nothing = stepsOf({
    ...ANSWER,
    ok: false,
    origin: null,
    size: null,
    entries: 0,
    problems: [{ code: 'ledger/bad-car', where: 'header' }],
  })
  assert.deepEqual(nothing, {
    file: 'bad',
    signature: 'open',
    witnesses: 'open',
    entries: 'open',
    tree: 'open',
    since: 'open',
  })
  const old = stepsOf({ ...ANSWER, supported: false, problems: [{ code: 'ledger/not-signed', where: 'checkpoint' }] })
  assert.deepEqual([old.signature, old.witnesses, old.entries], ['open', 'open', 'ok'])
  assert.equal(stepsOf({ ...ANSWER, entries: 2 }).entries, 'open')
})

test('words of failure say what failed: none is the sentence that stands there when the step holds', () => {
  for (const { checks, failed } of [english, portuguese]) {
    for (const step of [...STEPS, 'key'] as const) {
      assert.notEqual(failed[step][0], checks[step], step)
      assert.notEqual(failed[step][1], checks.sinceSaid, step)
    }
  }
  assert.match(portuguese.failed.since.join(' '), /NÃO continua.*foi removido ou alterado algo.*guarde os dois/)
  const failureOf = (code: VerifyCode) => sinceFailure([{ code, where: 'older checkpoint' }])
  assert.equal(failureOf('ledger/rewritten'), 'since')
  assert.equal(failureOf('ledger/rolled-back'), 'shorter')
  assert.equal(failureOf('ledger/not-signed'), 'unusable')
})

test('problems name the entries that they are about', () => {
  const problems = [
    { code: 'ledger/entry-hash' as const, where: 'tile/entries/001 entry 300' },
    { code: 'ledger/root' as const, where: 'checkpoint' },
  ]
  assert.deepEqual([...damagedEntries(problems)], [300])
})

test('files are told apart by what they hold, and an entry goes to its receipt', () => {
  const log = decisionLog(4)
  const note = log.get('checkpoint') ?? assert.fail()
  const { receipt, entry } = makeReceipt({ read: (path) => log.get(path) ?? null, index: 1, size: 4, note })
  const kit = kitOf(log, 4)
  const table: [Uint8Array, string][] = [
    [kit.car, 'car'],
    [receipt, 'receipt'],
    [note, 'since'],
    [entry, 'entry'],
    [kit.policy, 'policy'],
    [Buffer.from('hello'), 'unknown'],
    [new Uint8Array(0), 'unknown'],
  ]
  for (const [bytes, kind] of table) assert.equal(kindOf(bytes), kind)
  const files = [
    { name: 'a.tlog-proof', bytes: receipt },
    { name: 'b.tlog-proof', bytes: receipt },
    { name: 'b.json', bytes: entry },
  ]
  const kinds = new Map(files.map((file) => [file, kindOf(file.bytes)]))
  const [a, b, json] = files
  assert.ok(a && b && json)
  assert.equal(entryFor(b, files, kinds), json)
  assert.equal(entryFor(a, files, kinds), null)
  assert.equal(entryFor(a, [a, json], kinds), json)
})

test('each kind of entry has its words in both languages, and both have the same fields', () => {
  for (const kind of ENTRY_KINDS) {
    assert.equal(english.kinds[kind]?.length, 2, kind)
    assert.equal(portuguese.kinds[kind]?.length, 2, kind)
  }
  assert.deepEqual(Object.keys(portuguese.kinds), Object.keys(english.kinds))
  assert.deepEqual(Object.keys(portuguese.fields), Object.keys(english.fields))
  for (const kind of DECISIONS) assert.ok((ENTRY_KINDS as readonly string[]).includes(kind), kind)
})

test('dates, sizes and hostile lines as a reader of each language writes them', () => {
  assert.equal(dateText('2013-05-02T12:00:00Z', 'pt'), '02/05/2013')
  assert.equal(dateText('2013-05-02T12:00:00Z', 'en'), '2 May 2013')
  assert.equal(timeText('2013-05-02T23:30:00Z', 'en'), '2 May 2013, 23:30 UTC')
  assert.equal(dateText('yester\u202Eday', 'en'), 'yester⟨U+202E⟩day')
  assert.equal(bytesText(999, 'en'), '999 B')
  assert.equal(bytesText(63_202_012, 'pt'), '63,2 MB')
  assert.equal(shownWhole('a\u0000b\n  c\u200B'), 'a⟨U+0000⟩b\n  c⟨U+200B⟩')
})

test('the guides for auditors explain every message of the page and of `verify`', () => {
  for (const language of ['pt', 'en'] as const) {
    const guide = readFileSync(join(import.meta.dirname, `../../../docs/regulators.${language}.md`), 'utf8')
    const words = language === 'pt' ? portuguese : english
    for (const code of Object.keys(PROBLEM_MEANINGS)) assert.ok(guide.includes(`\`${code}\``), `${code} in ${language}`)
    for (const word of [...Object.values(words.state), words.open, words.checks.key, words.trust.title])
      assert.ok(guide.includes(word), word)
  }
})

test('the digest that the guides compute of a snapshot’s line is of the line that the example has', () => {
  const root = join(import.meta.dirname, '../../..')
  for (const language of ['pt', 'en'] as const) {
    const guide = readFileSync(join(root, `docs/regulators.${language}.md`), 'utf8')
    const [, file = '', digest] = /sed -n 1p (\S+) \| tr -d '\\n' \| sha256sum\n +([0-9a-f]{64}) /.exec(guide) ?? []
    const [line = ''] = readFileSync(join(root, file), 'utf8').split('\n')
    assert.equal(createHash('sha256').update(line).digest('hex'), digest, language)
  }
})
