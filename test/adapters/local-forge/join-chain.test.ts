// Two clones go on with one proposal, each by itself: what comes of it when one of them meets the other's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { joinChain } from '../../../engine/adapters/local-forge/join-chain.ts'
import { localForge } from '../../../engine/adapters/local-forge/local-forge.ts'
import { PROPOSALS, readAt, readChain, readProposal } from '../../../engine/adapters/local-forge/proposal-chain.ts'
import type { GitStore, PersonsWord } from '../../../engine/world.ts'
import { type MemoryGit, memoryGit } from '../../memory-git.ts'
import { BRANCH, commitBy, day, draft, ENGINE, FILES, ID, MAIN } from './forge-draft.ts'

const REF = PROPOSALS + ID
const chainOf = (git: GitStore) => ({ git, author: ENGINE })
const tipOf = (git: GitStore) => git.resolve(REF) ?? ''

async function opened(): Promise<MemoryGit> {
  const git = memoryGit(FILES)
  await localForge(git, ENGINE).open(draft(git, 0))
  return git
}

/** The tip that some steps lead to from here; the proposal stands as before. */
async function elsewhere(git: GitStore, steps: () => Promise<unknown>): Promise<string> {
  const [before, branch] = [tipOf(git), git.resolve(BRANCH)]
  await steps()
  const tip = tipOf(git)
  git.updateRef({ ref: REF, expect: tip, to: before })
  git.updateRef({ ref: BRANCH, expect: git.resolve(BRANCH), to: branch })
  return tip
}

const events = (git: GitStore): string[] => {
  const read = readProposal(git, ID)
  return read === null
    ? []
    : readChain(git, read)
        .map(({ event }) => `${event.kind} ${event.text ?? ''}`.trim())
        .reverse()
}

const said = (git: GitStore, word: Partial<PersonsWord>) =>
  localForge(git, ENGINE).say(ID, { kind: 'commented', by: 'ana', at: day(3), ...word })

test('what only one side said is taken, or kept', async () => {
  const git = await opened()
  const first = tipOf(git)
  const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
  assert.deepEqual(joinChain(chainOf(git), ID, theirs), [])
  assert.equal(tipOf(git), theirs)
  assert.deepEqual(joinChain(chainOf(git), ID, first), [])
  assert.equal(tipOf(git), theirs)
})

test('what both said stands once each, theirs first, and meeting again changes nothing', async () => {
  const words = fc.array(
    fc.record({ kind: fc.constantFrom('commented', 'snoozed', 'approved'), n: fc.integer({ min: 0, max: 4 }) }),
    { maxLength: 5 },
  )
  await fc.assert(
    fc.asyncProperty(words, words, async (mine, others) => {
      const git = await opened()
      const speak = async (list: typeof mine, who: string) => {
        for (const [i, { kind, n }] of list.entries()) {
          const until = kind === 'snoozed' ? { until: day(20 + n) } : {}
          // Two clones may hold the very same approval; comments are each their own.
          const approval = kind === 'approved' ? { approval: { text: `approval ${n}`, signature: 's' } } : {}
          await said(git, { kind: kind as PersonsWord['kind'], text: `${who} ${i}`, ...until, ...approval })
        }
      }
      const theirs = await elsewhere(git, () => speak(others, 'them'))
      const before = new Set(events(git))
      await speak(mine, 'us')
      const ours = events(git).filter((one) => !before.has(one))
      assert.deepEqual(joinChain(chainOf(git), ID, theirs), [])
      const all = events(git)
      const known = readChain(git, readAt(git, ID, theirs))
      assert.deepEqual(
        all.slice(0, known.length),
        known.map(({ event }) => `${event.kind} ${event.text ?? ''}`.trim()).reverse(),
        'theirs is not touched',
      )
      const approvals = readProposal(git, ID)?.approvals.map(({ text }) => text) ?? []
      const wanted = new Set(
        [...mine, ...others].filter(({ kind }) => kind === 'approved').map(({ n }) => `approval ${n}`),
      )
      assert.deepEqual([...approvals].sort(), [...wanted].sort(), 'each approval once')
      const comments = (list: readonly string[]) => list.filter((one) => !one.startsWith('approved'))
      assert.deepEqual(comments(all.slice(known.length)), comments(ours), 'ours follow in their order')
      const tip = tipOf(git)
      joinChain(chainOf(git), ID, theirs)
      assert.equal(tipOf(git), tip)
    }),
    { numRuns: 60 },
  )
})

test('a word keeps the head and the evidence that it was said of', async () => {
  const git = await opened()
  const theirs = await elsewhere(git, async () => {
    commitBy(git, MAIN, { 'other.txt': 'x\n' })
    await localForge(git, ENGINE).refresh(draft(git, 1, { evidence: 'f'.repeat(64) }))
  })
  await said(git, { kind: 'approved', approval: { text: 'a', signature: 's' } })
  const own = readProposal(git, ID)?.state.event
  joinChain(chainOf(git), ID, theirs)
  assert.deepEqual(readProposal(git, ID)?.state.event, own)
  assert.equal(readProposal(git, ID)?.state.evidence, 'f'.repeat(64))
  assert.deepEqual(git.resolve(BRANCH), readProposal(git, ID)?.state.head, 'the branch follows the chain')
})

const late = [
  {
    name: 'a comment on what ended meanwhile',
    word: { kind: 'commented', text: 'x' },
    evidence: undefined,
    ends: true,
  },
  {
    name: 'a rejection of facts that are others by now',
    word: { kind: 'rejected', text: 'x' },
    evidence: 'f',
    ends: false,
  },
] as const
for (const { name, word, evidence, ends } of late)
  test(`${name} is given back, and theirs stands`, async () => {
    const git = await opened()
    const theirs = await elsewhere(git, () =>
      ends
        ? said(git, { kind: 'rejected', text: 'no', by: 'rui' })
        : localForge(git, ENGINE).refresh(draft(git, 1, { evidence: evidence?.repeat(64) ?? '' })),
    )
    await said(git, word)
    assert.deepEqual(
      joinChain(chainOf(git), ID, theirs).map(({ kind, by }) => [kind, by]),
      [[word.kind, 'ana']],
    )
    assert.equal(tipOf(git), theirs)
  })

test('steps of the engine that nobody pushed are left to the next run', async () => {
  const git = await opened()
  const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
  await localForge(git, ENGINE).refresh(draft(git, 1, { body: 'anew\n' }))
  await said(git, { text: 'ours' })
  joinChain(chainOf(git), ID, theirs)
  assert.deepEqual(events(git), ['opened', 'commented theirs', 'commented ours'])
})

test('a chain that is none is a fault, and ours stays', async () => {
  const git = await opened()
  const before = tipOf(git)
  const theirs = commitBy(git, MAIN, { 'proposal.json': '{"kind":"Proposal"}' })
  assert.throws(() => joinChain(chainOf(git), ID, theirs), { code: 'forge/unreadable' })
  assert.equal(tipOf(git), before)
})

test('a crash around any write leaves ours or the joined one, and the next time joins it', async () => {
  for (let n = 0; ; n++) {
    const git = await opened()
    const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
    await said(git, { text: 'ours' })
    let calls = 0
    const crash = () => {
      if (calls++ === n) throw new Error('crash')
    }
    const dying = git.withCrash(n % 2 === 0 ? { before: crash } : { after: crash })
    try {
      joinChain(chainOf(dying), ID, theirs)
    } catch (error) {
      assert.match(String(error), /crash/)
    }
    joinChain(chainOf(git), ID, theirs)
    assert.deepEqual(events(git), ['opened', 'commented theirs', 'commented ours'])
    if (calls <= n) break
  }
})

test('what was told before it was said again after another’s word is not told again, and theirs is', async () => {
  const git = await opened()
  const forge = localForge(git, ENGINE)
  const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
  await said(git, { text: 'ours' })
  const told = await forge.eventsSince(null)
  joinChain(chainOf(git), ID, theirs)
  await said(git, { text: 'later' })
  const { events: news, bookmark } = await forge.eventsSince(told.bookmark)
  assert.deepEqual(
    news.map(({ event }) => event.text),
    ['theirs', 'later'],
  )
  assert.deepEqual((await forge.eventsSince(bookmark)).events, [])
})

test('what a remote does not have is told when it does, and a remote that is behind tells nothing twice', async () => {
  const git = await opened()
  const forge = localForge(git, ENGINE)
  const first = tipOf(git)
  await said(git, { text: 'ours' })
  const ours = tipOf(git)
  const at = (tip: string) => new Map([[REF, tip]])
  const texts = async (bookmark: Parameters<typeof forge.eventsSince>[0], there: ReadonlyMap<string, string>) =>
    (await forge.eventsSince(bookmark, there)).events.map(({ event }) => event.text ?? event.kind)
  assert.deepEqual(await texts(null, new Map()), [])
  assert.deepEqual(await texts(null, at(first)), ['opened'])
  const { bookmark } = await forge.eventsSince(null, at(first))
  assert.deepEqual(await texts(bookmark, at(ours)), ['ours'])
  const all = await forge.eventsSince(null)
  for (const there of [new Map<string, string>(), at(first)]) {
    const behind = await forge.eventsSince(all.bookmark, there)
    assert.deepEqual([behind.events, behind.bookmark], [[], all.bookmark])
  }
})

test('a remote that put a chain back and went on drops no word that is known here, and none is told twice', async () => {
  for (const word of [
    { kind: 'rejected', text: 'no' },
    { kind: 'closed', text: 'no' },
    { kind: 'snoozed', until: day(20) },
  ] as const) {
    const git = await opened()
    const forge = localForge(git, ENGINE)
    const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
    await said(git, word)
    const { bookmark } = await forge.eventsSince(null)
    const behind = await forge.eventsSince(bookmark, new Map([[REF, theirs]]))
    assert.deepEqual([behind.events, behind.bookmark], [[], bookmark])
    assert.deepEqual(forge.rewound(bookmark), [])
    joinChain(chainOf(git), ID, theirs)
    assert.deepEqual(forge.rewound(bookmark), [])
    const { events: news } = await forge.eventsSince(bookmark)
    assert.deepEqual(
      news.map(({ event }) => event.text),
      ['theirs'],
    )
    git.updateRef({ ref: REF, expect: tipOf(git), to: theirs })
    assert.deepEqual(
      forge.rewound(bookmark).map(({ missing }) => missing.map(({ kind }) => kind)),
      [[word.kind]],
    )
  }
})

test('a merge that is known here is no open proposal again because a remote put its chain back', async () => {
  const git = await opened()
  const forge = localForge(git, ENGINE)
  const theirs = await elsewhere(git, () => said(git, { text: 'theirs' }))
  const head = git.resolve(BRANCH) ?? ''
  const person = { name: 'Ana', email: 'ana@example.org', at: 1_795_000_000 }
  await forge.merge(ID, { into: MAIN, head, by: 'ana', person, at: day(3) })
  const { bookmark } = await forge.eventsSince(null)
  joinChain(chainOf(git), ID, theirs)
  assert.deepEqual(events(git), ['opened', 'commented theirs', 'merged'])
  assert.equal((await forge.list(git.resolve('main') ?? ''))[0]?.state, 'merged')
  assert.deepEqual(forge.rewound(bookmark), [])
})

test('a chain that somebody wrote anew, where the recorded one is not here, is told as such', async () => {
  const git = await opened()
  const recorded = 'e'.repeat(40)
  const forge = localForge(git, ENGINE)
  assert.deepEqual(forge.rewound({ [ID]: recorded, '0123456789': recorded, 'no id': recorded }), [
    { id: ID, recorded, isHere: false, isGone: false, missing: [] },
    { id: '0123456789', recorded, isHere: false, isGone: true, missing: [] },
  ])
})
