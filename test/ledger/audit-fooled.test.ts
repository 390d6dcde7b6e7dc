// Attempts to fool `ledger audit`: by whoever holds the key and the refs, and changes one thing each, everywhere that they
// can think of. Each is named for what it is.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { digestOf } from '../../engine/base/canonical-json.ts'
import type { AuditProblem } from '../../engine/ledger/audit-problem.ts'
import type { ReadEntry } from '../../engine/ledger/entry.ts'
import { loadGovernance } from '../../engine/load/load-governance.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { keepCosigned } from '../../engine/record/cosigned-head.ts'
import { DELIVERED, markPath, putMarks } from '../../engine/remediate/delivered-marks.ts'
import { commitAs, entriesOf } from '../commands/ledger-scene.ts'
import { git } from '../run/finished-run.ts'
import { copyOf, openStore, runIn } from '../run/governed-repository.ts'
import { audit, auditWith, bytesOf, codesOf, lived, rawEntries } from './audit-scene.ts'
import { livedRepository, MOMENTS } from './audited-story.ts'

type Body = Readonly<Record<string, unknown>>

const named = (problems: readonly AuditProblem[]) => problems.map(({ code, where }) => `${code} ${where}`)

/** Told of every rewritten log by the checkpoints in history; what is asked for here is more than that. */
const byCheckpoints = (code: string) => code === 'audit/checkpoint-not-kept' || code === 'audit/run-without-entry'

async function withEntry(find: (entry: ReadEntry) => boolean, change: (body: Body) => Body, folder?: string) {
  const place = folder ?? (await lived)
  const told = entriesOf(await lived)
  const at = told.findIndex(find)
  const entry = told[at]
  assert.ok(entry?.body !== undefined)
  const entries = rawEntries(await lived).with(at, bytesOf({ ...entry, body: change(entry.body as Body) }))
  const { problems } = await auditWith(place, entries)
  return { at, problems: problems.filter(({ code }) => !byCheckpoints(code)) }
}

const isFailed = ({ kind, body }: ReadEntry) =>
  kind === 'evaluation' && (body as { verdict?: { outcome?: string } }).verdict?.outcome === 'fail'

for (const [field, change] of [
  ['findings', (b: Body) => ({ ...b, findings: (b.findings as Body[]).map((f) => ({ ...f, waiver: 'made-up' })) })],
  ['findings', (b: Body) => ({ ...b, findings: (b.findings as Body[]).map((f) => ({ ...f, value: 0.99 })) })],
  ['findings', (b: Body) => ({ ...b, findings: [] })],
  ['policies', (b: Body) => ({ ...b, policies: `sha256:${'1'.repeat(64)}` })],
  ['card', (b: Body) => ({ ...b, card: null })],
] as const) {
  test(`a decision that keeps its verdict and changes its ${field}: ${change}`, async () => {
    const { at, problems } = await withEntry(isFailed, change)
    assert.ok(named(problems).includes(`audit/entry-without-verdict entry ${at} ${field}`), named(problems).join('\n'))
  })
}

test('a dataset digest that is swapped for another one that is there', async () => {
  const swapped = entriesOf(await lived).flatMap(({ kind, body }) =>
    kind === 'evaluation' ? ((body as { verdict: { snapshots: string[] } }).verdict.snapshots ?? []) : [],
  )
  const { at, problems } = await withEntry(isFailed, (body) => {
    const verdict = body.verdict as { snapshots: string[] }
    const other = swapped.find((digest) => !verdict.snapshots.includes(digest))
    return { ...body, verdict: { ...verdict, snapshots: [other] } }
  })
  assert.ok(named(problems).includes(`audit/entry-without-verdict entry ${at}`), named(problems).join('\n'))
})

test('a snapshot that is gone, and the entry holds the digest of its list alone', async () => {
  const folder = copyOf(await lived)
  rmSync(join(folder, 'models/snapshots/2026/11/21T00/credit.ndjson'))
  commitAs(folder, 'tidy up')
  const isOfCredit = (entry: ReadEntry) => isFailed(entry) && JSON.stringify(entry.body).includes('"model":"credit"')
  const shorten = (body: Body) => {
    const verdict = body.verdict as { snapshots: string[] }
    return { ...body, verdict: { ...verdict, snapshots: digestOf(verdict.snapshots) } }
  }
  const { at, problems } = await withEntry(isOfCredit, shorten, folder)
  assert.ok(named(problems).includes(`audit/snapshot-missing entry ${at}`), named(problems).join('\n'))
})

test('a policy that was loosened for one run and is back: its digests left as they were, and no entry of the change', async () => {
  const folder = await lived
  const told = entriesOf(folder)
  const runs = told.flatMap(({ kind }, i) => (kind === 'run' ? [i] : []))
  const [first = 0, second = 0] = runs
  const before = told[first]?.body as Body
  for (const field of ['rulebook', 'policies', 'cards', 'waivers']) {
    const { problems } = await withEntry(
      (entry) => entry === told[second] || JSON.stringify(entry) === JSON.stringify(told[second]),
      (body) => ({ ...body, [field]: field === 'cards' ? {} : before[field] }),
    )
    assert.ok(
      named(problems).includes(`audit/other-run entry ${second} ${field}`),
      `${field}\n${named(problems).join('\n')}`,
    )
  }
})

test('an approval that is another one', async () => {
  const isApproval = ({ kind }: ReadEntry) => kind === 'proposal-approved'
  const { at, problems } = await withEntry(isApproval, (body) => ({ ...body, approval: `sha256:${'0'.repeat(64)}` }))
  assert.ok(named(problems).includes(`audit/entry-without-event entry ${at}`))
  assert.ok(codesOf(problems).includes('audit/event-without-entry'))
})

test('a proposal whose ref is deleted', async () => {
  const folder = copyOf(await lived)
  const [ref = ''] = openStore(folder)
    .listRefs('refs/tutela/proposals/')
    .map((one) => (typeof one === 'string' ? one : one.ref))
  git(folder, 'update-ref', '-d', ref)
  const { exit, problems } = await audit(folder)
  assert.equal(exit, 2)
  assert.ok(codesOf(problems).includes('audit/entry-without-event'), named(problems).join('\n'))
})

test('a person’s decision that the log does not tell, and the mark of how far events were read is put back', async () => {
  const folder = copyOf(await livedRepository(3))
  const told = entriesOf(folder)
  const at = told.findIndex(({ kind }) => kind === 'proposal-approved')
  // As it was before the approval: what came later counts as news.
  const latest = join(folder, 'reports/latest.json')
  const now = JSON.parse(readFileSync(latest, 'utf8'))
  const [, earlier = ''] = git(folder, 'log', '--format=%H', '--', 'reports/latest.json').split('\n')
  const { events } = JSON.parse(git(folder, 'show', `${earlier}:reports/latest.json`))
  writeFileSync(latest, JSON.stringify({ ...now, events }))
  commitAs(folder, 'tidy up')
  const { problems } = await auditWith(folder, rawEntries(folder).toSpliced(at, 1))
  const found = problems.filter(
    ({ code, where }) => code === 'audit/event-without-entry' && where.startsWith('proposal-approved'),
  )
  assert.equal(found.length, 1, named(problems).join('\n'))
})

test('a delivery whose mark is dropped', async () => {
  const folder = copyOf(await lived)
  const store = openStore(folder)
  const tip = store.resolve(DELIVERED)
  assert.ok(tip !== null)
  const notice = store
    .commitTree(tip)
    .list(['done'])
    .find(({ path }) => {
      return Buffer.from(store.commitTree(tip).read(path))
        .toString()
        .match(new RegExp(`"kind":"notify".*"at":"${MOMENTS[0]}"`))
    })
  const person = { name: 'Ana', email: 'ana@example.org', at: 0 }
  const changes = new Map([[notice?.path ?? '', null]])
  const to = store.writeCommit({ base: tip, parents: [], changes, message: 'x\n', author: person, committer: person })
  store.updateRef({ ref: DELIVERED, expect: tip, to })
  const { problems } = await audit(folder)
  for (const code of ['audit/undelivered', 'audit/entry-without-event'] as const)
    assert.ok(codesOf(problems).includes(code), named(problems).join('\n'))
})

test('alerts that nobody was sent, under a mark that says that the run was delivered whole', async () => {
  const folder = copyOf(await livedRepository(0))
  await runIn(folder, MOMENTS[0], { deliver: false })
  const [{ run } = { run: '' }] = entriesOf(folder)
  const mark = { kind: 'run', key: run, evidence: '', run, state: 'done', at: MOMENTS[0] } as const
  assert.ok(markPath(mark).startsWith('run/'))
  assert.equal(putMarks(openStore(folder), { name: 'Ana', email: 'ana@example.org' }, [{ mark, expect: null }]), true)
  const { problems } = await audit(folder)
  assert.ok(codesOf(problems).includes('audit/undelivered'), named(problems).join('\n'))
  assert.ok(codesOf(problems).includes('audit/alert-ignored'))
})

test('an action that is taken out of the outbox of a run', async () => {
  const folder = copyOf(await lived)
  const published = entriesOf(folder).find(({ kind }) => kind === 'report-published')
  const file = join(folder, String(published?.body?.path), 'run.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\{"kind":"notify".*\n/, ''))
  commitAs(folder, 'tidy up')
  const { problems } = await audit(folder)
  assert.ok(named(problems).includes(`audit/report-changed ${String(published?.body?.path)}/run.json`))
})

test('a log that was cut back to an earlier run, though a witness saw it and it was pinned', async () => {
  const folder = copyOf(await lived)
  const store = openStore(folder)
  const tree = store.workingTree()
  const { governance } = loadGovernance(tree, { metrics: metricsById })
  assert.ok(keepCosigned(store, readFileSync(join(folder, 'ledger/checkpoint')), { governance, now: 0 }))
  const [, earlier = ''] = git(folder, 'log', '--format=%H', '--grep', '^Tutela-Run: ').split('\n')
  git(folder, 'reset', '-q', '--hard', earlier)
  const { exit, problems } = await audit(folder)
  assert.equal(exit, 2)
  assert.ok(named(problems).includes('audit/checkpoint-not-kept refs/tutela/cosigned'), named(problems).join('\n'))
  assert.ok(codesOf(problems).includes('audit/other-anchor'), named(problems).join('\n'))
})
