// What the ledger is told of people and deliveries: each thing once, roles for people, no free text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localForge } from '../../engine/adapters/local-forge/local-forge.ts'
import { approvalDigest } from '../../engine/domain/proposal.ts'
import { findPersonalData } from '../../engine/ledger/personal-data.ts'
import { type Mark, putMarks } from '../../engine/remediate/delivered-marks.ts'
import { type Bookmark, eventsSince } from '../../engine/remediate/events-since.ts'
import {
  BRANCH,
  commitBy,
  day,
  draft,
  ENGINE,
  EVIDENCE,
  FILES,
  ID,
  KEY,
  MAIN,
} from '../adapters/local-forge/forge-draft.ts'
import { memoryGit } from '../memory-git.ts'
import { governance } from './small-world.ts'

async function begin() {
  const git = memoryGit(FILES)
  const forge = localForge(git, ENGINE)
  await forge.open(draft(git, 0))
  let bookmark: Bookmark | null = null
  const told = async () => {
    const since = await eventsSince({ git, forge, governance }, bookmark)
    bookmark = JSON.parse(JSON.stringify(since.bookmark)) as Bookmark
    return since.events
  }
  return { git, forge, told }
}

const approval = { text: '{"by":"ana"}', signature: 'signed\n' }

test('a proposal’s life is told in its order, each step once', async () => {
  const { git, forge, told } = await begin()
  const { head } = (await forge.list(git.resolve('main') ?? ''))[0] ?? { head: '' }
  const identity = { proposal: ID, key: KEY, evidence: EVIDENCE, model: 'credit', environment: 'production' }
  assert.deepEqual(
    (await told()).map(({ kind, at, body }) => [kind, at, body]),
    [['proposal-opened', day(1), { ...identity, action: 'rollback', head }]],
  )
  await forge.refresh(draft(git, 1, { commit: null }))
  await forge.say(ID, { kind: 'commented', by: 'ana', at: day(2), text: 'call +55 11 98765-4321' })
  assert.deepEqual(await told(), [], 'a newer body and a comment are no entries')
  await forge.say(ID, { kind: 'approved', by: 'ana', at: day(2), approval })
  const options = { into: MAIN, head, by: 'ana', person: { name: 'Ana', email: 'a@x', at: 1_800_000_001 }, at: day(2) }
  const { commit } = await forge.merge(ID, options)
  const events = await told()
  assert.deepEqual(
    [...events].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ kind, body }) => [kind, body]),
    [
      [
        'proposal-approved',
        { proposal: ID, evidence: EVIDENCE, head, by: ['team:credit-models'], approval: approvalDigest(approval) },
      ],
      ['proposal-merged', { proposal: ID, head, commit }],
      ['rolled-back', { ...identity, version: '1' }],
    ],
  )
  assert.deepEqual(await told(), [])
})

test('who closed it stands as a role, and why stays in the repository', async () => {
  const { forge, told } = await begin()
  await forge.say(ID, { kind: 'rejected', by: 'lia', at: day(2), text: 'Maria said no' })
  const [, closed] = await told()
  assert.deepEqual(closed?.body, { proposal: ID, reason: 'rejected', by: ['team:model-risk'] })
})

test('a person without a team is nobody', async () => {
  const { forge, told } = await begin()
  await forge.say(ID, { kind: 'closed', by: 'Zoe Zanetti', at: day(2), text: 'x' })
  assert.deepEqual((await told())[1]?.body, { proposal: ID, reason: 'closed', by: [] })
})

test('a person’s commit and a new rendering are updates', async () => {
  const { git, forge, told } = await begin()
  await told()
  const theirs = commitBy(git, BRANCH, { 'README.md': 'mine\n' })
  await forge.refresh(draft(git, 1))
  assert.deepEqual(
    (await told()).map(({ kind, body }) => [kind, body.head]),
    [['proposal-updated', theirs]],
  )
})

test('what was done in a moment before the last run, on another clone, is told all the same', async () => {
  const { forge, told } = await begin()
  await told()
  await forge.say(ID, { kind: 'approved', by: 'rui', at: '2020-01-01T00:00:00Z', approval })
  assert.deepEqual(
    (await told()).map(({ at }) => at),
    ['2020-01-01T00:00:00Z'],
  )
})

const mark = (kind: string, state: Mark['state']): Mark => ({
  ...{ kind, key: KEY, evidence: EVIDENCE, run: 'r', state, at: day(3), ref: 'status 0' },
  ...{ model: 'credit', environment: 'production' },
  ...(kind === 'trigger' ? { trigger: 'local', request: '0123456789abcdef' } : { channel: 'file' }),
})

test('deliveries are told by their marks; one that a crash hid is unknown, and told again when it ends', async () => {
  const { git, told } = await begin()
  await told()
  putMarks(git, ENGINE, [{ mark: mark('trigger', 'started'), expect: null }])
  const identity = { key: KEY, evidence: EVIDENCE, model: 'credit', environment: 'production' }
  const request = { trigger: 'local', request: '0123456789abcdef', ref: 'status 0' }
  assert.deepEqual(
    (await told()).map(({ body }) => body),
    [{ ...identity, ...request, state: 'unknown' }],
  )
  putMarks(git, ENGINE, [
    { mark: mark('trigger', 'sent'), expect: 'started' },
    { mark: mark('notify', 'sent'), expect: null },
    { mark: mark('open-proposal', 'done'), expect: null },
    { mark: { kind: 'run', key: 'r', evidence: '', run: 'r', state: 'done', at: day(3) }, expect: null },
  ])
  assert.deepEqual((await told()).map(({ kind, at, body }) => [kind, at, body.state]).sort(), [
    ['notice-sent', day(3), 'sent'],
    ['trigger-sent', day(3), 'sent'],
  ])
  putMarks(git, ENGINE, [{ mark: mark('trigger', 'not-started'), expect: 'sent' }])
  assert.deepEqual(await told(), [])
})

test('nothing that could identify a person is in any event', async () => {
  const { git, forge, told } = await begin()
  await forge.say(ID, { kind: 'commented', by: 'ana@example.org', at: day(2), text: 'CPF 529.982.247-25' })
  await forge.say(ID, { kind: 'approved', by: 'ana@example.org', at: day(2), approval })
  await forge.say(ID, { kind: 'closed', by: 'user:ana', at: day(2), text: 'ana@example.org' })
  putMarks(git, ENGINE, [{ mark: mark('trigger', 'sent'), expect: null }])
  const events = await told()
  assert.equal(events.length, 4)
  for (const { kind, body } of events) assert.deepEqual(findPersonalData(body), [], kind)
})
