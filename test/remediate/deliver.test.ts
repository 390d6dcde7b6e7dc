// Crashes in the middle of a delivery, at every call in turn. What stands in the end must be as without a crash.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOf } from '../../engine/base/canonical-json.ts'
import type { PlannedAction } from '../../engine/domain/plan.ts'
import { deliver, type Outbox } from '../../engine/remediate/deliver.ts'
import { triggerMarks } from '../../engine/remediate/delivered-marks.ts'
import { requestId } from '../../engine/remediate/identity.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'
import { type MemoryGit, memoryGit } from '../memory-git.ts'
import { Crash, type CrashPoint, nothingSeen, portsOf, type Seen } from './crashing-ports.ts'
import { at, CARD_TEXT, card, finding, input, judgement, policy, rulebook } from './small-world.ts'

const CARD = 'models/credit/card.yaml'
const MAIN = 'refs/heads/main'

function repository(): MemoryGit {
  return memoryGit({ [CARD]: CARD_TEXT, 'policies/governance.yaml': 'x\n' })
}

const run = (n: number) => String(n).padStart(16, '0')

async function outboxOf(
  git: MemoryGit,
  n: number,
  changed: Partial<RemedyInput> = {},
  more: readonly PlannedAction[] = [],
): Promise<Outbox> {
  const commit = git.resolve('main') ?? ''
  const proposals = await portsOf(git, nothingSeen()).forge.list(commit)
  const sent = new Set(triggerMarks(git).map(({ key, evidence }) => `${key} ${evidence}`))
  const cardText = (file: string) => Buffer.from(git.commitTree(commit).read(file)).toString()
  return {
    run: run(n),
    commit,
    now: at(n),
    actions: [...planRemedies(input({ proposals, sent, cardText, ...changed })), ...more],
  }
}

const notices: readonly PlannedAction[] = ['file', 'chat', 'nobody'].map((channel) => ({
  kind: 'notify',
  key: hashOf([channel]),
  evidence: hashOf(['e']),
  model: 'credit',
  environment: 'production',
  channel,
  reason: 'credit fails',
}))

/** What can be seen of a repository and of the outside: equal after a crash and without one. */
async function seenOf(git: MemoryGit, seen: Seen) {
  const { forge } = portsOf(git, nothingSeen())
  const proposals = await forge.list(git.resolve('main') ?? '')
  const histories = await Promise.all(proposals.map(({ id }) => forge.history(id)))
  const refs = [...git.refs].filter(([ref]) => ref !== 'refs/tutela/delivered')
  return { proposals, histories, refs, files: [...seen.files].sort() }
}

interface Story {
  readonly name: string
  /** Makes what stands before, and the outbox that is delivered under crashes. */
  readonly begin: (git: MemoryGit) => Promise<Outbox>
}

async function opened(git: MemoryGit, n = 0): Promise<void> {
  await deliver(portsOf(git, nothingSeen()), await outboxOf(git, n))
}

/** As a person would outside the engine: the branch is merged into main. */
function mergeByHand(git: MemoryGit): void {
  const [branch] = git.listRefs('refs/heads/tutela/')
  const author = { name: 'Ana', email: 'ana@example.org', at: 1_800_000_000 }
  const ours = git.resolve(MAIN) ?? ''
  const merged = git.mergeCommit({ ours, theirs: branch?.id ?? '', message: 'merge\n', author, committer: author })
  assert.ok('commit' in merged)
  git.updateRef({ ref: MAIN, expect: ours, to: merged.commit })
}

const HELD = policy('held', { action: 'hold' })
const regionToo = [judgement([finding('drift'), finding('drift', { subject: { feature: 'region' } })])]
const withdrawn: Partial<RemedyInput> = { judgements: [judgement([finding('other', { outcome: 'pass' })])] }

async function requested(git: MemoryGit): Promise<Partial<RemedyInput>> {
  const [proposal] = await portsOf(git, nothingSeen()).forge.list(git.resolve('main') ?? '')
  assert.ok(proposal !== undefined)
  const { key, evidence, window } = proposal
  const request = { id: requestId(key, evidence), reason: 'drift/limit', evidence, window }
  return { cards: new Map([['credit', card({ retrain: { trigger: 'local', request } })]]) }
}

const STORIES: readonly Story[] = [
  {
    name: 'a proposal is opened, and told',
    begin: (git) =>
      outboxOf(git, 0, { rulebook: rulebook([HELD]), judgements: [judgement([finding('held')])] }, notices),
  },
  {
    name: 'a proposal is rendered again for other facts',
    begin: async (git) => {
      await opened(git)
      return outboxOf(git, 1, { judgements: regionToo })
    },
  },
  {
    name: 'a proposal is closed, and opened again later',
    begin: async (git) => {
      await opened(git)
      await deliver(portsOf(git, nothingSeen()), await outboxOf(git, 1, withdrawn))
      return outboxOf(git, 2)
    },
  },
  {
    name: 'a proposal is closed',
    begin: async (git) => {
      await opened(git)
      return outboxOf(git, 1, withdrawn)
    },
  },
  {
    name: 'a merged retrain is recorded and triggered, and told',
    begin: async (git) => {
      await opened(git)
      mergeByHand(git)
      return outboxOf(git, 1, await requested(git), notices)
    },
  },
]

for (const { name, begin } of STORIES) {
  test(`${name}: whatever call crashes, before or after it acted, the next delivery finishes it exactly once`, async () => {
    const whole = repository()
    const seen = nothingSeen()
    const ports = portsOf(whole, seen)
    const outbox = await begin(whole)
    await deliver(ports, outbox)
    const expected = await seenOf(whole, seen)
    assert.ok(ports.calls() > 2)
    for (let n = 0; n < ports.calls(); n++) {
      for (const when of ['before', 'after'] as const) await finishes({ at: n, when }, begin, expected)
    }
  })
}

async function finishes(crash: CrashPoint, begin: Story['begin'], expected: unknown): Promise<void> {
  const git = repository()
  const seen = nothingSeen()
  const outbox = await begin(git)
  const crashed = deliver(portsOf(git, seen, crash), outbox)
  await crashed.then(
    () => undefined,
    (error: unknown) => assert.ok(error instanceof Crash, String(error)),
  )
  await deliver(portsOf(git, seen), outbox)
  assert.deepEqual(await seenOf(git, seen), expected, `${crash.when} call ${crash.at}`)
  assert.ok(seen.starts.length <= 1, `the trigger ran ${seen.starts.length} times`)
  // A message to a channel without memory may be repeated once, by a crash between it and its mark; never lost.
  const posts = new Set(seen.posts)
  assert.ok(seen.posts.length <= posts.size + 1)
  if (outbox.actions.some(({ channel }) => channel === 'chat')) assert.equal(posts.size, 1)
  const before = new Map(git.refs)
  const again = portsOf(git, seen)
  await deliver(again, outbox)
  assert.deepEqual(new Map(git.refs), before, 'a third delivery changes nothing')
}

test('a trigger runs once without a crash, and is never planned again', async () => {
  const git = repository()
  const seen = nothingSeen()
  await opened(git)
  mergeByHand(git)
  const facts = await requested(git)
  const outbox = await outboxOf(git, 1, facts)
  assert.deepEqual(
    outbox.actions.map(({ kind }) => kind),
    ['close-proposal', 'trigger'],
  )
  const states = (await deliver(portsOf(git, seen), outbox)).map(({ state }) => state)
  assert.deepEqual(states, ['done', 'done'])
  assert.equal(seen.starts.length, 1)
  assert.deepEqual((await outboxOf(git, 2, facts)).actions, [])
})

test('a trigger that another process has begun is not begun here', async () => {
  const git = repository()
  const seen = nothingSeen()
  await opened(git)
  mergeByHand(git)
  const outbox = await outboxOf(git, 1, await requested(git))
  // The first process dies right after its mark: nobody can know whether the training runs.
  let calls = 0
  const dying = portsOf(git, seen)
  const trigger = {
    send: async () => {
      calls++
      throw new Crash()
    },
  }
  await assert.rejects(deliver({ ...dying, trigger: () => trigger }, outbox), Crash)
  const states = (await deliver(portsOf(git, seen), outbox)).map(({ kind, state }) => `${kind} ${state}`)
  assert.deepEqual(states, ['close-proposal already', 'trigger unknown'])
  assert.deepEqual([calls, seen.starts.length], [1, 0])
})

test('a trigger of which it is certain that nothing ran is sent by the next delivery', async () => {
  const git = repository()
  const seen = nothingSeen()
  await opened(git)
  mergeByHand(git)
  const outbox = await outboxOf(git, 1, await requested(git))
  const ports = portsOf(git, seen)
  const missing = { send: async () => ({ state: 'not-started' as const, output: 'no such program' }) }
  const first = await deliver({ ...ports, trigger: () => missing }, outbox)
  assert.deepEqual(first.at(-1), {
    kind: 'trigger',
    key: outbox.actions.at(-1)?.key,
    state: 'failed',
    message: 'no such program',
  })
  assert.equal((await deliver(ports, outbox)).at(-1)?.state, 'done')
  assert.equal(seen.starts.length, 1)
})

test('a channel or trigger that is not configured fails alone, and is tried again', async () => {
  const git = repository()
  const outbox = await outboxOf(git, 0, {}, notices)
  const states = (await deliver(portsOf(git, nothingSeen()), outbox)).map(({ state }) => state)
  assert.deepEqual(states, ['done', 'done', 'done', 'failed'])
  const again = (await deliver(portsOf(git, nothingSeen()), outbox)).map(({ state }) => state)
  assert.deepEqual(again, ['already', 'already', 'already', 'failed'])
})

test('gated actions and those of other stages are not carried out', async () => {
  const git = repository()
  const [open] = (await outboxOf(git, 0)).actions
  assert.ok(open !== undefined)
  const actions: PlannedAction[] = [
    { ...open, gated: { by: 'limit', until: null } },
    { kind: 'report', key: hashOf(['report']), reason: 'the first run' },
  ]
  assert.deepEqual(
    await deliver(portsOf(git, nothingSeen()), { run: run(0), commit: git.resolve('main') ?? '', now: at(0), actions }),
    [],
  )
  assert.equal(git.refs.size, 1)
})
