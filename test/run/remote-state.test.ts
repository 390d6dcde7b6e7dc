// What a run leaves at the remote besides its commit: proposals, their branches, marks of deliveries. And what another
// clone, or a run that was killed, makes of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localForge } from '../../engine/adapters/local-forge/local-forge.ts'
import type { GitRemote, GitStore } from '../../engine/world.ts'
import { clonesOf, dyingAfterPushes } from './clones.ts'
import { assertFinished, git } from './finished-run.ts'
import { BY_APPROVAL, GOVERNANCE, openStore, runIn } from './governed-repository.ts'

const ENGINE = { name: 'Tutela', email: 'tutela@localhost' }
const PERSON = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
const RECORDED = { 'policies/governance.yaml': `${GOVERNANCE}record: { branch: tutela/records }\n` }
const at = (hour: number) => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`
const SHARED = ['refs/tutela/proposals/', 'refs/tutela/delivered', 'refs/heads/tutela/']

/** Ref → commit of all that clones share. */
function sharedRefs(folder: string): string {
  return git(folder, 'for-each-ref', '--format=%(refname) %(objectname)', ...SHARED)
}

const forgeOf = (folder: string) => localForge(openStore(folder), ENGINE)

async function onlyProposal(folder: string) {
  const [proposal, ...others] = await forgeOf(folder).list(git(folder, 'rev-parse', 'HEAD'))
  assert.ok(proposal !== undefined && others.length === 0)
  return proposal
}

function withRemote(store: GitStore, wrap: (remote: GitRemote) => Partial<GitRemote>): GitStore {
  return {
    ...store,
    remote: () => {
      const remote = store.remote()
      return remote === null ? null : { ...remote, ...wrap(remote) }
    },
  }
}

for (const [where, files] of [
  ['the judged branch', {}],
  ['a branch of its own', RECORDED],
] as const) {
  test(`a run that records on ${where} leaves its proposal and its marks at the remote at once`, async () => {
    const { remote, clone } = clonesOf(files)
    const one = clone()
    await runIn(one)
    assert.match(sharedRefs(remote), /refs\/tutela\/proposals\//)
    assert.equal(sharedRefs(remote), sharedRefs(one))
    await runIn(one, at(7))
    assert.equal(sharedRefs(remote), sharedRefs(one))
  })
}

test('the branch of a proposal that ended in another clone is not pushed back', async () => {
  const { remote, clone } = clonesOf(BY_APPROVAL)
  const [one, two] = [clone(), clone()]
  await runIn(one)
  await runIn(two, at(7))
  const { id, branch } = await onlyProposal(two)
  assert.notEqual(git(two, 'for-each-ref', branch), '')
  await forgeOf(one).say(id, { kind: 'closed', by: 'ana', at: at(8), text: 'no' })
  await runIn(one, at(8))
  assert.equal(git(remote, 'for-each-ref', branch), '')
  await runIn(two, at(9))
  assert.deepEqual([git(remote, 'for-each-ref', branch), git(two, 'for-each-ref', branch)], ['', ''])
  assert.equal((await onlyProposal(two)).state, 'closed')
})

test('a record branch below `tutela/` that went on here and there is a fault, and nothing of it is lost', async () => {
  const { clone } = clonesOf(RECORDED)
  const [one, two] = [clone(), clone()]
  await runIn(one)
  await runIn(two, at(7))
  git(two, 'checkout', '-q', 'tutela/records')
  git(two, ...PERSON, 'commit', '-q', '--allow-empty', '-m', 'mine')
  git(two, 'checkout', '-q', 'main')
  const mine = git(two, 'rev-parse', 'tutela/records')
  await runIn(one, at(8))
  await assert.rejects(runIn(two, at(9)), { code: 'git/diverged' })
  assert.equal(git(two, 'rev-parse', 'tutela/records'), mine)
})

test('a run asks its remote once before it is recorded, also where a person’s word is unpushed', async () => {
  const { clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  await runIn(one)
  await runIn(two, at(7))
  const { id } = await onlyProposal(one)
  await forgeOf(two).say(id, { kind: 'commented', by: 'lia', at: at(7), text: 'theirs' })
  await runIn(two, at(8))
  await forgeOf(one).say(id, { kind: 'commented', by: 'ana', at: at(7), text: 'ours' })
  const asked: string[] = []
  const counted = withRemote(openStore(one), (remote) => ({
    fetch: (refs) => {
      asked.push('fetch')
      return remote.fetch(refs)
    },
    push: (updates) => {
      asked.push('push')
      return remote.push(updates)
    },
  }))
  await runIn(one, at(9), { store: counted })
  assert.equal(asked.filter((what) => what === 'fetch').length, 1)
  assert.equal(asked[0], 'fetch')
  const words = (await forgeOf(one).history(id)).filter(({ kind }) => kind === 'commented')
  assert.deepEqual(
    words.map(({ text }) => text),
    ['theirs', 'ours'],
  )
})

test('what came too late for its proposal is told by the run, once', async () => {
  const { clone } = clonesOf(BY_APPROVAL)
  const [one, two] = [clone(), clone()]
  await runIn(one)
  await runIn(two, at(7))
  const { id } = await onlyProposal(one)
  await forgeOf(two).say(id, { kind: 'closed', by: 'lia', at: at(7), text: 'no' })
  await runIn(two, at(8))
  await forgeOf(one).say(id, { kind: 'snoozed', by: 'ana', at: at(7), until: at(23) })
  const { lost } = await runIn(one, at(9))
  assert.deepEqual(
    lost.map((word) => [word.id, word.event.kind, word.event.by]),
    [[id, 'snoozed', 'ana']],
  )
  assert.deepEqual((await runIn(one, at(10))).lost, [])
})

test('what the remote does not have yet is not recorded, so nothing is told twice when it is said again', async () => {
  const { remote, clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  // Delivered here, and killed before the remote knew.
  await assert.rejects(runIn(one, at(6), { store: dyingAfterPushes(one, 1) }), /killed/)
  const { id, key, evidence, head } = await onlyProposal(one)
  await forgeOf(one).say(id, { kind: 'commented', by: 'ana', at: at(6), text: 'unpushed' })
  await runIn(one, at(7), { deliver: false })
  // The same deliveries, done by another clone, where something else is said.
  await runIn(two, at(8))
  assert.deepEqual(await onlyProposal(two).then((other) => [other.key, other.evidence, other.head]), [
    key,
    evidence,
    head,
  ])
  await forgeOf(two).say(id, { kind: 'snoozed', by: 'lia', at: at(8), until: at(23) })
  await runIn(two, at(9))
  await runIn(one, at(10))
  await runIn(one, at(11))
  assertFinished(one, 'told once')
  assert.equal(sharedRefs(remote), sharedRefs(one))
})

test('a word that is said while a run is written, and said again after another’s, is told once', async () => {
  const { clone } = clonesOf()
  const [one, two] = [clone(), clone()]
  await runIn(one, at(6))
  await runIn(two, at(7))
  const { id } = await onlyProposal(two)
  // So that the next run has something to push before it reads what happened.
  await forgeOf(one).say(id, { kind: 'commented', by: 'ana', at: at(7), text: 'ours' })
  const store = openStore(one)
  let isFirst = true
  const spokenAfterFirstPush = withRemote(store, (remote) => ({
    push: async (updates) => {
      const isTaken = await remote.push(updates)
      if (!isFirst) return isTaken
      isFirst = false
      const approval = { text: '{"by":"ana"}', signature: 'signed\n' }
      await forgeOf(one).say(id, { kind: 'approved', by: 'ana', at: at(7), approval })
      const theirs = openStore(two).remote()
      assert.ok(theirs !== null)
      const fetched = await forgeOf(two).fetch(theirs, [])
      await forgeOf(two).say(id, { kind: 'commented', by: 'lia', at: at(7), text: 'theirs' })
      assert.ok(await forgeOf(two).push(fetched))
      return isTaken
    },
  }))
  await runIn(one, at(8), { store: spokenAfterFirstPush })
  assert.equal(isFirst, false)
  await runIn(one, at(9))
  await runIn(one, at(10))
  assertFinished(one, 'told once')
  const kinds = (await forgeOf(one).history(id)).map(({ kind }) => kind)
  assert.equal(kinds.filter((kind) => kind === 'approved').length, 1)
})
