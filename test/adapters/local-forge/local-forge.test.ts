// What every forge of the local kind does, on a store in memory and on the real one.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { localForge } from '../../../engine/adapters/local-forge/local-forge.ts'
import { digestOf } from '../../../engine/base/canonical-json.ts'
import { Fault } from '../../../engine/base/fault.ts'
import type { GitStore, MergingForge, PersonsWord } from '../../../engine/world.ts'
import { memoryGit } from '../../memory-git.ts'
import { commitAll } from '../../scratch-repository.ts'
import { BRANCH, CARD, commitBy, day, draft, ENGINE, EVIDENCE, FILES, ID, MAIN } from './forge-draft.ts'

const folder = mkdtempSync(join(tmpdir(), 'tutela-forge-'))
after(() => rmSync(folder, { recursive: true }))
let made = 0

function realGit(): GitStore {
  const root = join(folder, String(made++))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return commitAll(root)
}

const STORES: readonly [string, () => GitStore][] = [
  ['in memory', () => memoryGit(FILES)],
  ['on disk', realGit],
]

const word = (kind: PersonsWord['kind'], more: Partial<PersonsWord> = {}): PersonsWord => ({
  kind,
  by: 'ana',
  at: day(9),
  ...more,
})
const approval = (n: number) => ({ text: `{"n":${n}}`, signature: `signature ${n}\n` })
const isFault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

async function only(forge: MergingForge, git: GitStore) {
  const [proposal, other] = await forge.list(git.resolve('main') ?? '')
  assert.ok(proposal !== undefined && other === undefined)
  return proposal
}

for (const [where, make] of STORES) {
  const begin = async () => {
    const git = make()
    const forge = localForge(git, ENGINE)
    assert.equal(await forge.open(draft(git, 0)), ID)
    return { git, forge }
  }
  const kinds = async (forge: MergingForge) => (await forge.history(ID)).map(({ kind }) => kind)

  test(`${where}: an opened proposal has a branch of one commit on the judged one, and a chain of its own`, async () => {
    const { git, forge } = await begin()
    const proposal = await only(forge, git)
    assert.equal(proposal.state, 'open')
    assert.equal(proposal.head, git.resolve(BRANCH))
    assert.deepEqual(git.readCommit(proposal.head).parents, [git.resolve('main')])
    assert.deepEqual(git.changedPaths(git.resolve('main'), proposal.head), [CARD])
    assert.equal(await forge.body(ID), '# Roll credit back\n\nrun 0\n')
    assert.deepEqual(await kinds(forge), ['opened'])
  })

  test(`${where}: the same run opens it once, another one only brings it up to date`, async () => {
    const { git, forge } = await begin()
    const before = git.listRefs('refs/')
    await forge.open(draft(git, 0))
    assert.deepEqual(git.listRefs('refs/'), before)
    await forge.open(draft(git, 1, { commit: null }))
    assert.deepEqual(await kinds(forge), ['opened', 'refreshed'])
    assert.equal((await only(forge, git)).head, git.resolve(BRANCH))
    assert.equal(await forge.body(ID), '# Roll credit back\n\nrun 1\n')
  })

  test(`${where}: a new body leaves head and approvals, a new rendering moves the branch`, async () => {
    const { git, forge } = await begin()
    await forge.say(ID, word('approved', { approval: approval(1) }))
    const { head } = await only(forge, git)
    await forge.refresh(draft(git, 1, { commit: null }))
    const confirmed = await only(forge, git)
    assert.equal(confirmed.head, head)
    assert.deepEqual(confirmed.approvals, [approval(1)])
    await forge.refresh(draft(git, 2, { evidence: digestOf('other').slice(7) }))
    const rendered = await only(forge, git)
    assert.notEqual(rendered.head, head)
    assert.equal(rendered.head, git.resolve(BRANCH))
    assert.deepEqual(
      (await forge.history(ID)).map((event) => event.isMaterial ?? null),
      [null, null, false, true],
    )
  })

  test(`${where}: a person's commit freezes it; no rendering touches the branch until somebody writes retry`, async () => {
    const { git, forge } = await begin()
    const theirs = commitBy(git, BRANCH, { 'README.md': 'mine\n' })
    const seen = await only(forge, git)
    assert.deepEqual([seen.isFrozen, seen.head], [true, theirs])
    await forge.refresh(draft(git, 1))
    await forge.refresh(draft(git, 2))
    assert.equal(git.resolve(BRANCH), theirs)
    assert.deepEqual(await kinds(forge), ['opened', 'frozen', 'refreshed', 'refreshed'])
    await forge.say(ID, word('commented', { text: ' retry ' }))
    const retried = await only(forge, git)
    assert.equal(retried.isFrozen, false)
    assert.notEqual(retried.source, seen.source, 'the planner sees that it is to be rendered')
    await forge.refresh(draft(git, 3))
    assert.deepEqual(git.readCommit(git.resolve(BRANCH) ?? '').parents, [git.resolve('main')])
  })

  test(`${where}: a branch that somebody deleted comes back`, async () => {
    const { git, forge } = await begin()
    const { head } = await only(forge, git)
    git.updateRef({ ref: BRANCH, expect: head, to: null })
    assert.equal((await only(forge, git)).head, head)
    await forge.refresh(draft(git, 1, { commit: null }))
    assert.equal(git.resolve(BRANCH), head)
  })

  test(`${where}: a branch of that name that no proposal knows is not overwritten`, async () => {
    const git = make()
    const main = git.resolve('main') ?? ''
    git.updateRef({ ref: BRANCH, expect: null, to: main })
    const theirs = commitBy(git, BRANCH, { 'README.md': 'mine\n' })
    await assert.rejects(localForge(git, ENGINE).open(draft(git, 0)), isFault('forge/branch-taken'))
    assert.equal(git.resolve(BRANCH), theirs)
    assert.deepEqual(git.listRefs('refs/tutela/'), [])
  })

  test(`${where}: a person's close keeps who, evidence and until; the branch goes, its head stays reachable`, async () => {
    const { git, forge } = await begin()
    const { head } = await only(forge, git)
    await forge.say(ID, word('rejected', { text: 'not now', until: day(20) }))
    const closed = await only(forge, git)
    assert.deepEqual(
      [closed.state, closed.end],
      ['closed', { at: day(9), by: 'person', reason: 'rejected', who: 'ana', text: 'not now' }],
    )
    assert.deepEqual(closed.ignored, [{ evidence: EVIDENCE, at: day(9), until: day(20) }])
    assert.equal(git.resolve(BRANCH), null)
    assert.ok(git.isAncestor(head, git.resolve(`refs/tutela/proposals/${ID}`) ?? ''))
    const last = (await forge.history(ID)).at(-1)
    assert.deepEqual([last?.by, last?.text], ['ana', 'not now'])
    for (const kind of ['approved', 'rejected', 'snoozed', 'commented', 'closed'] as const) {
      await assert.rejects(forge.say(ID, word(kind)), isFault('forge/ended'))
    }
  })

  test(`${where}: it opens again in the same chain, with what people said and without old approvals`, async () => {
    const { git, forge } = await begin()
    await forge.say(ID, word('snoozed', { until: day(25) }))
    await forge.say(ID, word('approved', { approval: approval(1) }))
    await forge.say(ID, word('closed', { text: 'no' }))
    await forge.open(draft(git, 10))
    const again = await only(forge, git)
    assert.deepEqual(
      [again.state, again.snoozedUntil, again.ignored.length, again.end, again.approvals],
      ['open', day(25), 1, null, []],
    )
    assert.equal(git.resolve(BRANCH), again.head)
    assert.deepEqual(await kinds(forge), ['opened', 'snoozed', 'approved', 'closed', 'opened'])
  })

  test(`${where}: the engine's close is kept with its reason, and does nothing to an ended one`, async () => {
    const { git, forge } = await begin()
    await forge.keepCount(ID, {
      clean: [{ violation: ['drift', 'limit', 'income'], end: day(2) }],
      at: day(3),
      run: 'r3',
    })
    assert.equal((await only(forge, git)).clean.length, 1)
    await forge.close(ID, { reason: 'resolved', at: day(4), run: 'r4' })
    await forge.close(ID, { reason: 'superseded', at: day(5), run: 'r5' })
    await forge.refresh(draft(git, 6))
    const closed = await only(forge, git)
    assert.deepEqual([closed.state, closed.end?.reason], ['closed', 'resolved'])
    assert.equal(git.resolve(BRANCH), null)
  })

  test(`${where}: an approval given twice is one, and each has its two files`, async () => {
    const { git, forge } = await begin()
    for (const n of [1, 1, 2]) await forge.say(ID, word('approved', { approval: approval(n) }))
    assert.deepEqual((await only(forge, git)).approvals, [approval(1), approval(2)])
    const tree = git.commitTree(git.resolve(`refs/tutela/proposals/${ID}`) ?? '')
    assert.equal(Buffer.from(tree.read('approvals/2.sig')).toString(), 'signature 2\n')
  })

  test(`${where}: events are told once, from a bookmark on`, async () => {
    const { git, forge } = await begin()
    const first = await forge.eventsSince(null)
    assert.deepEqual(
      first.events.map(({ event }) => event.kind),
      ['opened'],
    )
    assert.deepEqual((await forge.eventsSince(first.bookmark)).events, [])
    await forge.say(ID, word('approved', { approval: approval(1), at: day(1) }))
    await forge.say(ID, word('closed', { text: 'x' }))
    const second = await forge.eventsSince(JSON.parse(JSON.stringify(first.bookmark)))
    assert.deepEqual(
      second.events.map(({ event }) => event.kind),
      ['approved', 'closed'],
    )
    assert.deepEqual((await forge.eventsSince(second.bookmark)).events, [])
    assert.ok(git.resolve('main') !== null)
  })

  test(`${where}: a merge joins base and head, ends the proposal, and is finished when it is asked again`, async () => {
    const { git, forge } = await begin()
    const base = commitBy(git, MAIN, { 'other.txt': 'x\n' }, 'Ana')
    const { head } = await only(forge, git)
    const options = {
      into: MAIN,
      head,
      by: 'ana',
      person: { name: 'Ana', email: 'ana@x', at: 1_800_000_001 },
      at: day(9),
    }
    const { commit } = await forge.merge(ID, options)
    assert.equal(git.resolve('main'), commit)
    assert.deepEqual(git.readCommit(commit).parents, [base, head])
    assert.equal(Buffer.from(git.commitTree(commit).read(CARD)).toString(), 'version: "1"\n')
    const merged = await only(forge, git)
    assert.deepEqual([merged.state, merged.merged], ['merged', [{ evidence: EVIDENCE, at: day(9), commit }]])
    assert.equal(git.resolve(BRANCH), null)
    assert.deepEqual(await forge.merge(ID, options), { commit })
  })

  test(`${where}: a conflict refuses, and so does a head that is another by now`, async () => {
    const { git, forge } = await begin()
    const { head } = await only(forge, git)
    const options = {
      into: MAIN,
      head,
      by: 'ana',
      person: { name: 'Ana', email: 'ana@x', at: 1_800_000_001 },
      at: day(9),
    }
    const base = commitBy(git, MAIN, { [CARD]: 'version: "3"\n' })
    await assert.rejects(forge.merge(ID, options), isFault('forge/conflict'))
    assert.equal(git.resolve('main'), base)
    commitBy(git, BRANCH, { 'README.md': 'more\n' })
    await assert.rejects(forge.merge(ID, options), isFault('forge/moved'))
    assert.equal((await only(forge, git)).state, 'open')
  })

  test(`${where}: a head that came to the base by another way is seen there`, async () => {
    const { git, forge } = await begin()
    const { head, isOnBase } = await only(forge, git)
    assert.equal(isOnBase, false)
    git.updateRef({ ref: MAIN, expect: git.resolve('main'), to: head })
    assert.equal((await only(forge, git)).isOnBase, true)
    await forge.close(ID, { reason: 'merged', at: day(4), run: 'r4' })
    const merged = await only(forge, git)
    assert.deepEqual([merged.state, merged.merged[0]?.commit], ['merged', head])
  })

  test(`${where}: a ref that holds no proposal is a fault that names it`, async () => {
    const { git, forge } = await begin()
    const ref = `refs/tutela/proposals/${ID}`
    const tip = git.resolve(ref)
    git.updateRef({ ref, expect: tip, to: git.resolve('main') })
    await assert.rejects(forge.list(git.resolve('main') ?? ''), isFault('forge/unreadable'))
  })
}
