import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOf } from '../../engine/base/canonical-json.ts'
import {
  DELIVERED,
  type Mark,
  marksSince,
  putMarks,
  readMark,
  triggerMarks,
} from '../../engine/remediate/delivered-marks.ts'
import { memoryGit } from '../memory-git.ts'

const AUTHOR = { name: 'Tutela', email: 'tutela@localhost' }

function mark(n: number, changed: Partial<Mark> = {}): Mark {
  const hash = hashOf([n])
  return { kind: 'notify', key: hash, evidence: hash, run: 'r1', state: 'sent', at: '2026-11-22T06:00:00Z', ...changed }
}

test('a mark is read back, and many stand beside one another', () => {
  const git = memoryGit({})
  for (let n = 0; n < 5; n++) assert.ok(putMarks(git, AUTHOR, [{ mark: mark(n), expect: null }]))
  assert.ok(
    putMarks(
      git,
      AUTHOR,
      [5, 6, 7].map((n) => ({ mark: mark(n), expect: null })),
    ),
  )
  for (let n = 0; n < 8; n++) assert.deepEqual(readMark(git, mark(n)), mark(n))
  assert.equal(readMark(git, mark(8)), null)
})

test('a mark that stands is not written again, and nothing beside it is', () => {
  const git = memoryGit({})
  putMarks(git, AUTHOR, [{ mark: mark(1), expect: null }])
  const before = git.resolve(DELIVERED)
  assert.equal(
    putMarks(
      git,
      AUTHOR,
      [mark(1), mark(2)].map((one) => ({ mark: one, expect: null })),
    ),
    false,
  )
  assert.equal(git.resolve(DELIVERED), before)
  assert.equal(putMarks(git, AUTHOR, [{ mark: mark(1, { state: 'failed' }), expect: 'started' }]), false)
})

test('a trigger has one mark whichever run sends it; anything else one a run', () => {
  const git = memoryGit({})
  const trigger = mark(1, { kind: 'trigger', state: 'started' })
  putMarks(git, AUTHOR, [
    { mark: trigger, expect: null },
    { mark: mark(1), expect: null },
  ])
  assert.deepEqual(readMark(git, { ...trigger, run: 'r2' }), trigger)
  assert.equal(readMark(git, { ...mark(1), run: 'r2' }), null)
  assert.deepEqual(triggerMarks(git), [trigger])
  putMarks(git, AUTHOR, [{ mark: { ...trigger, state: 'not-started' }, expect: 'started' }])
  assert.deepEqual(triggerMarks(git), [])
})

test('two writers at a time both get their marks in', () => {
  const git = memoryGit({})
  let others = 0
  const racing = git.withCrash({
    before: (call) => {
      // Another writer is faster, three times.
      if (call === 'updateRef' && others < 3) putMarks(git, AUTHOR, [{ mark: mark(100 + others++), expect: null }])
    },
  })
  assert.ok(putMarks(racing, AUTHOR, [{ mark: mark(1), expect: null }]))
  for (const n of [1, 100, 101, 102]) assert.notEqual(readMark(git, mark(n)), null)
})

test('of two that want to begin the same thing one wins', () => {
  const git = memoryGit({})
  const begin = { mark: mark(1, { kind: 'trigger', state: 'started' }), expect: null }
  const racing = git.withCrash({ before: (call) => void (call === 'updateRef' && putMarks(git, AUTHOR, [begin])) })
  assert.equal(putMarks(racing, AUTHOR, [begin]), false)
})

test('a file that somebody else put there is no mark', () => {
  const git = memoryGit({})
  putMarks(git, AUTHOR, [{ mark: mark(1), expect: null }])
  const tip = git.resolve(DELIVERED) ?? ''
  const author = { ...AUTHOR, at: 0 }
  const changes = new Map(
    ['trigger/0/0/x.json', 'trigger/1/1/y.json'].map((path, i) => [
      path,
      Buffer.from(i === 0 ? 'not JSON' : '{"kind":"trigger"}'),
    ]),
  )
  git.updateRef({
    ref: DELIVERED,
    expect: tip,
    to: git.writeCommit({ base: tip, parents: [tip], changes, message: 'x', author, committer: author }),
  })
  assert.deepEqual(triggerMarks(git), [])
  assert.deepEqual(marksSince(git, tip).marks, [])
})

test('marks that were replaced by those of another clone are told by what differs', () => {
  const git = memoryGit({})
  putMarks(git, AUTHOR, [{ mark: mark(1), expect: null }])
  const first = git.resolve(DELIVERED)
  putMarks(git, AUTHOR, [{ mark: mark(2), expect: null }])
  const lost = git.resolve(DELIVERED)
  git.updateRef({ ref: DELIVERED, expect: lost, to: first })
  putMarks(git, AUTHOR, [{ mark: mark(3), expect: null }])
  putMarks(git, AUTHOR, [{ mark: mark(2), expect: null }])
  assert.deepEqual(marksSince(git, lost).marks, [mark(3)])
})

test('a remote whose marks are behind tells none of them, and they stay told', () => {
  const git = memoryGit({})
  putMarks(git, AUTHOR, [{ mark: mark(1), expect: null }])
  const first = git.resolve(DELIVERED)
  putMarks(git, AUTHOR, [{ mark: mark(2), expect: null }])
  const all = git.resolve(DELIVERED)
  for (const there of [null, first]) assert.deepEqual(marksSince(git, all, there), { marks: [], commit: all })
  assert.deepEqual(marksSince(git, null, first), { marks: [mark(1)], commit: first })
})
