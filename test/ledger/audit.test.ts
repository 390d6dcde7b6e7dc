// Completeness: a repository lives through every event, its log has each, and an institution that holds the key and leaves
// one out, doubles it or says something else is found out.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { ENTRY_KINDS, type ReadEntry } from '../../engine/ledger/entry.ts'
import { commitAs, entriesOf } from '../commands/ledger-scene.ts'
import { git } from '../run/finished-run.ts'
import { copyOf, runIn, scratch } from '../run/governed-repository.ts'
import { audit, auditWith, bytesOf, codesOf, lived, rawEntries } from './audit-scene.ts'
import { livedRepository } from './audited-story.ts'

/** Kinds that no verb writes yet. */
const WITHOUT_WRITER = ['candidate-judged', 'promoted', 'review-request', 'incident']

describe('a repository that lived through everything', () => {
  test('has an entry of each kind that has a writer, where its event happened', async () => {
    const entries = entriesOf(await lived)
    const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length
    for (const kind of ENTRY_KINDS) assert.equal(count(kind) > 0, !WITHOUT_WRITER.includes(kind), kind)
    for (const [kind, expected] of [
      ['run', 5],
      ['report-published', 5],
      ['anchor', 4],
      ['proposal-approved', 2],
      ['proposal-merged', 2],
      ['rolled-back', 1],
      ['trigger-sent', 1],
      ['waiver-granted', 1],
      ['waiver-expired', 1],
      ['policy-changed', 1],
      ['key-rotated', 1],
      ['erasure', 1],
    ] as const)
      assert.equal(count(kind), expected, kind)
    // Two merges and a release by hand.
    assert.equal(count('card-changed'), 3)
  })

  test('is complete', async () => {
    const { exit, ok, problems, repeated, closed, compared, text } = await audit(await lived)
    assert.deepEqual([exit, ok, problems, repeated, closed], [0, true, [], 'yes', 0], text)
    assert.deepEqual([compared.runs, compared.reports, compared.anchors], [5, 5, 5])
    assert.match(text, /^complete: banco.example\/tutela\n/)
  })

  test('is complete after each of its runs', async () => {
    for (const runs of [1, 3]) {
      const { problems } = await audit(await livedRepository(runs))
      assert.deepEqual(problems, [], `after ${runs} runs`)
    }
  })
})

describe('whoever holds the key and rewrites the log', () => {
  test('cannot leave out any entry unnoticed, even if nobody kept a checkpoint', async () => {
    const folder = await lived
    const entries = rawEntries(folder)
    const whole = codesOf((await auditWith(folder, entries)).problems)
    // The key of this test is not the one that the policy in history names; the entries are all there.
    assert.deepEqual(whole, [])
    for (const [i, left] of entriesOf(folder).entries()) {
      const { problems } = await auditWith(folder, entries.toSpliced(i, 1))
      const named = codesOf(problems).filter((code) => !TREE_ONLY.includes(code))
      assert.notDeepEqual(named, [], `entry ${i} (${left.kind}) left out`)
    }
  })

  test('cannot say any event or decision twice', async () => {
    const folder = await lived
    const entries = rawEntries(folder)
    for (const [i, { kind }] of entriesOf(folder).entries()) {
      const entry = entries[i]
      assert.ok(entry !== undefined)
      const { problems } = await auditWith(folder, entries.toSpliced(i, 0, entry))
      const named = codesOf(problems).filter((code) => !TREE_ONLY.includes(code))
      assert.notDeepEqual(named, [], `entry ${i} (${kind}) doubled`)
    }
  })

  for (const [kind, change, code] of [
    [
      'evaluation',
      (b: Body) => ({ ...b, verdict: { ...(b.verdict as object), outcome: 'pass' } }),
      'audit/entry-without-verdict',
    ],
    ['run', (b: Body) => ({ ...b, trees: { policies: null, models: null } }), 'audit/other-run'],
    ['run', (b: Body) => ({ ...b, digest: `sha256:${'0'.repeat(64)}` }), 'audit/report-changed'],
    [
      'report-published',
      (b: Body) => ({ ...b, files: { 'run.json': `sha256:${'0'.repeat(64)}` } }),
      'audit/report-changed',
    ],
    ['proposal-approved', (b: Body) => ({ ...b, head: '0'.repeat(40) }), 'audit/entry-without-event'],
    ['notice-sent', (b: Body) => ({ ...b, evidence: '0'.repeat(64) }), 'audit/event-without-entry'],
    ['policy-changed', (b: Body) => ({ ...b, policy: 'other' }), 'audit/change-without-entry'],
    ['card-changed', (b: Body) => ({ ...b, model: 'other' }), 'audit/entry-without-change'],
    ['erasure', (b: Body) => ({ ...b, commitment: `hmac-sha256:${'0'.repeat(64)}` }), 'audit/entry-without-event'],
  ] as const) {
    test(`is found out when \`${kind}\` says something else: ${code}`, async () => {
      const folder = await lived
      const entries = rawEntries(folder)
      const at = entriesOf(folder).findIndex((entry) => entry.kind === kind)
      const entry = entriesOf(folder)[at]
      assert.ok(entry?.body !== undefined)
      const changed = bytesOf({ ...entry, body: change(entry.body) })
      const { problems } = await auditWith(folder, entries.with(at, changed))
      assert.ok(codesOf(problems).includes(code), codesOf(problems).join())
    })
  }

  test('is found out when the last decision was never judged so', async () => {
    const folder = await lived
    const entries = rawEntries(folder)
    const at = entriesOf(folder).findLastIndex(({ kind }) => kind === 'run')
    const entry = entriesOf(folder)[at] as ReadEntry
    const changed = bytesOf({ ...entry, body: { ...entry.body, digest: `sha256:${'1'.repeat(64)}` } })
    const { problems } = await auditWith(folder, entries.with(at, changed))
    assert.ok(codesOf(problems).includes('audit/decision-not-repeated'))
  })
})

type Body = Readonly<Record<string, unknown>>

/** Said of every rewritten log by the checkpoints in history; what is asked for here is more than that. */
const TREE_ONLY: readonly string[] = ['audit/checkpoint-not-kept', 'audit/run-without-entry']

describe('what is missing in the repository', () => {
  for (const [what, code, act] of [
    [
      'a snapshot line that a decision rests on',
      'audit/snapshot-missing',
      (f: string) => rmSync(join(f, 'models/snapshots/2026/11/21T00/credit.ndjson')),
    ],
    ['a published report', 'audit/report-missing', (f: string) => rmSync(join(f, reportOf(f), 'report.en.md'))],
    [
      'a byte of a published report',
      'audit/report-changed',
      (f: string) => writeFileSync(join(f, reportOf(f), 'report.en.md'), 'all is well\n'),
    ],
    [
      'the anchor of another log',
      'audit/other-anchor',
      (f: string) => writeFileSync(join(f, 'ledger/anchors.ndjson'), OTHER_ANCHOR),
    ],
  ] as const) {
    test(`${what}: ${code}`, async () => {
      const folder = copyOf(await lived)
      act(folder)
      commitAs(folder, 'tidy up')
      const { exit, problems } = await audit(folder)
      assert.equal(exit, 2)
      assert.deepEqual(codesOf(problems), [code])
    })
  }

  test('a report that no run published', async () => {
    const folder = copyOf(await lived)
    const run = 'ab'.repeat(8)
    git(folder, 'mv', reportOf(folder), `reports/2026-11-22/${run}`)
    commitAs(folder, 'rename')
    const { problems } = await audit(folder)
    const codes = codesOf(problems)
    for (const code of ['audit/report-missing', 'audit/report-without-entry'] as const)
      assert.ok(codes.includes(code), codes.join())
  })

  test('the commit of a run', async () => {
    const folder = copyOf(await lived)
    // The history is told anew as one commit, with the same files.
    const tree = git(folder, 'rev-parse', 'HEAD^{tree}')
    const commit = git(
      folder,
      '-c',
      'user.name=Ana',
      '-c',
      'user.email=a@b.org',
      'commit-tree',
      '-m',
      'all of it',
      tree,
    )
    git(folder, 'reset', '-q', '--hard', commit)
    const { problems } = await audit(folder)
    assert.ok(codesOf(problems).includes('audit/run-without-commit'))
  })

  test('a run whose deliveries were held back, and its alerts with them', async () => {
    const folder = copyOf(await livedRepository(0))
    await runIn(folder, '2026-11-22T06:00:00Z', { deliver: false })
    const before = await audit(folder)
    assert.equal(before.exit, 2)
    const codes = codesOf(before.problems)
    assert.ok(codes.includes('audit/undelivered') || codes.includes('audit/outside-history'), codes.join())
    assert.ok(codes.includes('audit/alert-ignored'), codes.join())
    await runIn(folder, '2026-11-22T07:00:00Z')
    assert.deepEqual((await audit(folder)).problems, [])
  })
})

const OTHER_ANCHOR = `${canonicalJson({
  cid: 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354',
  root: `${'A'.repeat(43)}=`,
  size: 5,
})}\n`

function reportOf(folder: string): string {
  const published = entriesOf(folder).find(({ kind }) => kind === 'report-published')
  return String(published?.body?.path)
}

describe('a clone', () => {
  test('without refs/tutela says in one finding what it could not compare', async () => {
    const clone = join(scratch(), 'clone')
    git(await lived, 'clone', '-q', '.', clone)
    const { exit, problems } = await audit(clone)
    assert.equal(exit, 2)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['audit/outside-history'],
    )
  })

  test('that has them is as complete as the repository', async () => {
    const clone = join(scratch(), 'clone')
    git(await lived, 'clone', '-q', '.', clone)
    git(clone, 'fetch', '-q', 'origin', 'refs/tutela/*:refs/tutela/*', 'refs/heads/tutela/*:refs/heads/tutela/*')
    const { problems } = await audit(clone)
    assert.deepEqual(problems, [])
  })

  test('of one commit compares what it has, and says the rest in one finding', async () => {
    const clone = join(scratch(), 'clone')
    git(await lived, 'clone', '-q', '--depth', '1', `file://${await lived}`, clone)
    const { exit, problems } = await audit(clone)
    assert.equal(exit, 2)
    assert.equal(problems.filter(({ code }) => code === 'audit/outside-history').length, 1)
  })
})
