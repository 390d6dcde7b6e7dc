// Words under `refs/tutela/` that whoever can push may write, without a key: merges that never were, deliveries that
// nobody made, marks that were put back. None silences a remedy, reaches the log, or starts a training twice.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { localForge } from '../../engine/adapters/local-forge/local-forge.ts'
import { PROPOSALS } from '../../engine/adapters/local-forge/proposal-chain.ts'
import { command as doctor } from '../../engine/commands/doctor.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { command as run } from '../../engine/commands/run.ts'
import { DELIVERED, type Mark, putMarks } from '../../engine/remediate/delivered-marks.ts'
import { askCommand } from '../ask-command.ts'
import { assertFinished, git } from './finished-run.ts'
import { copyOf, governedRepository, LATER, NOW, openStore, runIn } from './governed-repository.ts'

const ENGINE = { name: 'Tutela', email: 'tutela@localhost' }
const PERSON = { name: 'Ana', email: 'ana@example.org', at: Date.parse(NOW) / 1000 }
const START = "import { appendFileSync } from 'node:fs'\nappendFileSync('.git/starts.txt', 'started\\n')\n"
const AT = (hour: number) => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`

const proposed = (async () => {
  const folder = governedRepository({ 'retrain.mjs': START })
  await runIn(folder, NOW)
  return folder
})()

async function opened() {
  const folder = copyOf(await proposed)
  const store = openStore(folder)
  const [proposal] = await localForge(store, ENGINE).list(store.resolve('HEAD') ?? '')
  assert.ok(proposal)
  return { folder, store, proposal }
}

async function merged() {
  const { folder, store, proposal } = await opened()
  const { id, head } = proposal
  await localForge(store, ENGINE).merge(id, { into: 'refs/heads/main', head, by: 'ana', person: PERSON, at: NOW })
  return { folder, store: openStore(folder), proposal }
}

/** The chain's next commit as somebody writes it by hand. */
function forge({ store, proposal }: Awaited<ReturnType<typeof opened>>, change: (state: State) => object): void {
  const ref = PROPOSALS + proposal.id
  const tip = store.resolve(ref)
  assert.ok(tip)
  const state = JSON.parse(Buffer.from(store.commitTree(tip).read('proposal.json')).toString()) as State
  const text = JSON.stringify({ ...state, sequence: state.sequence + 1, ...change(state) })
  const changes = new Map([['proposal.json', Buffer.from(text)]])
  const commit = { base: tip, parents: [tip], changes, message: 'forged\n', author: PERSON, committer: PERSON }
  assert.ok(store.updateRef({ ref, expect: tip, to: store.writeCommit(commit) }))
}

interface State {
  readonly sequence: number
  readonly evidence: string
  readonly head: string
}

function starts(folder: string): number {
  const file = join(folder, '.git/starts.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}

function logText(folder: string): string {
  const store = openStore(folder)
  const tree = store.commitTree(store.resolve('HEAD') ?? '')
  const texts = tree.list(['ledger/tile/entries']).map(({ path }) => Buffer.from(tree.read(path)).toString('latin1'))
  return texts.join('')
}

describe('a merge that a proposal says and the base does not have', () => {
  const AS: Readonly<Record<string, (state: State, base: string) => object>> = {
    'its own head': ({ head }) => ({ head }),
    'a commit of the base for its head': (_, base) => ({ head: base }),
  }
  for (const [what, headOf] of Object.entries(AS)) {
    test(`counts for nothing, is told by every verb and by no entry: with ${what}`, async () => {
      const world = await opened()
      const { folder, store, proposal } = world
      const base = store.resolve('HEAD') ?? ''
      forge(world, (state) => {
        const { head } = headOf(state, base) as { head: string }
        const at = '2026-11-22T06:20:00Z'
        const { evidence } = state
        return {
          ...{ state: 'merged', head, heads: [head], merged: [{ evidence, at, commit: base }] },
          end: { at, by: 'person', reason: 'merged', who: 'Ana' },
          event: { kind: 'merged', at, by: 'Ana', head, evidence, commit: base },
        }
      })
      const asked = [
        await askCommand(plan, folder, { now: LATER }),
        await askCommand(gate, folder, { options: { base: 'HEAD', head: 'HEAD' }, now: LATER }),
        await askCommand(run, folder, { now: LATER }),
      ]
      for (const { notes } of asked)
        assert.match(notes.join('\n'), new RegExp(`${proposal.id} says that it was merged .* counts as open`))
      const found = await askCommand(doctor, folder, { now: LATER })
      assert.match(found.text(), new RegExp(`✗ proposals +proposal ${proposal.id} says that it was merged`))
      const { planned, proposals } = await runIn(folder, AT(8))
      assert.equal(planned.plan.verdicts.find(({ model }) => model === proposal.model)?.demand, 'retrain')
      assert.equal(proposals[0]?.state, 'open')
      assert.doesNotMatch(logText(folder), /proposal-merged/)
      assertFinished(folder, what)
    })
  }

  test('silences nothing either where an open proposal says that it was merged before', async () => {
    const world = await opened()
    const { folder, store } = world
    const commit = store.resolve('HEAD') ?? ''
    forge(world, ({ evidence }) => ({ merged: [{ evidence, at: NOW, commit }] }))
    assert.deepEqual((await runIn(folder, LATER)).proposals[0]?.merged, [])
  })

  test('is believed once the base has it', async () => {
    const { folder } = await merged()
    const { proposals } = await runIn(folder, LATER)
    assert.deepEqual([proposals[0]?.state, proposals[0]?.claimedMerge], ['merged', undefined])
    assert.match(logText(folder), /proposal-merged/)
  })
})

describe('marks that no run made', () => {
  for (const state of ['done', 'started'] as const) {
    test(`a training that is marked as ${state} runs, once, and the log has what the run did`, async () => {
      const { folder, store, proposal } = await merged()
      const { key, evidence } = proposal
      const of = { key, evidence, run: '0'.repeat(16), at: NOW, model: proposal.model }
      const forged: Mark = { kind: 'trigger', ...of, state, ref: 'nowhere' }
      const commitment = `hmac-sha256:${'a'.repeat(64)}`
      const erased: Mark = { kind: 'erasure', key: 'b'.repeat(64), evidence: '', run: '', at: NOW, state, commitment }
      const marks = [forged, erased].map((mark) => ({ mark, expect: null }))
      assert.ok(putMarks(store, ENGINE, marks))
      const { notes } = await askCommand(run, folder, { now: LATER })
      assert.match(notes.join('\n'), /says `trigger` .* no recorded run planned it/)
      assert.match(notes.join('\n'), /says `erasure`/)
      for (const hour of [8, 9]) await runIn(folder, AT(hour))
      assert.equal(starts(folder), 1)
      const log = logText(folder)
      assert.doesNotMatch(log, /nowhere|"erasure"/)
      assert.equal(log.split('"trigger-sent"').length, 2)
      assertFinished(folder, state)
    })
  }

  test('marks that were put back or deleted stop the run before anything is sent a second time', async () => {
    const { folder } = await merged()
    const before = openStore(folder).resolve(DELIVERED)
    for (const hour of [7, 8]) await runIn(folder, AT(hour))
    assert.equal(starts(folder), 1)
    for (const to of [before, null]) {
      const store = openStore(folder)
      store.updateRef({ ref: DELIVERED, expect: store.resolve(DELIVERED), to })
      await assert.rejects(runIn(folder, AT(9)), { code: 'forge/rewound' })
    }
    assert.equal(starts(folder), 1)
  })
})

test('a training that the log has as sent is not sent again where marks and bookmark are gone', async () => {
  const { folder } = await merged()
  for (const hour of [7, 8]) await runIn(folder, AT(hour))
  const latest = JSON.parse(readFileSync(join(folder, 'reports/latest.json'), 'utf8')) as object
  writeFileSync(join(folder, 'reports/latest.json'), `${JSON.stringify({ ...latest, events: null })}\n`)
  git(folder, '-c', 'user.name=M', '-c', 'user.email=m@example.org', 'commit', '-qam', 'forget')
  git(folder, 'update-ref', '-d', DELIVERED)
  const first = await runIn(folder, AT(9))
  const second = await runIn(folder, AT(10))
  assert.equal(starts(folder), 1)
  const told = [...first.delivered, ...second.delivered].filter(({ kind }) => kind === 'trigger')
  assert.ok(told.length > 0 && told.every(({ message }) => message === 'the log says that it was sent before'))
})

describe('refs where proposals are that hold none', () => {
  test('another name is passed over and told; another object is a fault that names the ref', async () => {
    const { folder, store } = await opened()
    const head = store.resolve('HEAD') ?? ''
    store.updateRef({ ref: `${PROPOSALS}zzz`, expect: null, to: head })
    for (const verb of [plan, run]) {
      const { notes } = await askCommand(verb, folder, { now: LATER })
      assert.match(notes.join('\n'), /`refs\/tutela\/proposals\/zzz` is no proposal's name/)
    }
    store.updateRef({ ref: `${PROPOSALS}0123456789`, expect: null, to: head })
    await assert.rejects(runIn(folder, AT(8)), {
      code: 'forge/unreadable',
      message: /refs\/tutela\/proposals\/0123456789/,
    })
  })
})
