// The gate by refs: any pull request against a governance repository.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256Hex } from '../../engine/base/canonical-json.ts'
import { Fault } from '../../engine/base/fault.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import type { GitStore } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import {
  GOVERNANCE,
  GOVERNED_FILES,
  governedRepository,
  NOW,
  openStore,
  snapshotLine,
} from '../run/governed-repository.ts'

const folder = governedRepository()
const SNAPSHOT = 'models/snapshots/2026/11/21T00/fraud.ndjson'

/** A head on top of `main` with these changes; its id. */
function head(changes: Readonly<Record<string, string | null>>): string {
  const store: GitStore = openStore(folder)
  const base = store.resolve('main') ?? ''
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_800_000_000 }
  const files = new Map(Object.entries(changes).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]))
  return store.writeCommit({ base, parents: [base], changes: files, message: 'x\n', author: person, committer: person })
}

async function answer(options: Readonly<Record<string, string>>) {
  const result = await askCommand(gate, folder, { options, now: NOW })
  const { missing, reviewers } = JSON.parse(JSON.stringify(result.json)) as {
    missing: { code: string }[]
    reviewers: { path: string; owners: string[] }[]
  }
  return { exit: result.exit, codes: missing.map(({ code }) => code), reviewers, text: result.text() }
}

const gated = (changes: Readonly<Record<string, string | null>>) => answer({ base: 'main', head: head(changes) })
const policy = (from: string, to: string) => (GOVERNED_FILES['policies/fairness.yaml'] ?? '').replace(from, to)

const CASES: readonly {
  name: string
  changes: Readonly<Record<string, string | null>>
  exit: number
  codes: readonly string[]
}[] = [
  { name: 'a document may change', changes: { 'README.md': 'x\n' }, exit: 0, codes: [] },
  {
    name: 'a measurement may not be altered',
    changes: { [SNAPSHOT]: snapshotLine('fraud', 21, 0.95) },
    exit: 2,
    codes: ['snapshot-changed'],
  },
  {
    name: 'the ledger is written by runs alone',
    changes: { 'ledger/checkpoint': 'x\n' },
    exit: 2,
    codes: ['run-files'],
  },
  {
    name: 'a head that is no valid repository is told as such',
    changes: { 'policies/fairness.yaml': policy('atLeast', 'atLest') },
    exit: 3,
    codes: [],
  },
  {
    name: 'what is blocked already may be changed',
    changes: {
      'models/credit/card.yaml': (GOVERNED_FILES['models/credit/card.yaml'] ?? '').replace('Model credit', 'A model'),
    },
    exit: 0,
    codes: [],
  },
  {
    name: 'a policy that is made easier does not help its own pull request',
    changes: {
      'policies/fairness.yaml': policy('atLeast: 0.8', 'atLeast: 0.1'),
      'models/snapshots/2026/11/21T12/fraud.ndjson': snapshotLine('fraud', 21, 0.5)
        .replaceAll('T00:00:00Z', 'T12:00:00Z')
        .replace('2026-11-22T12', '2026-11-22T00'),
    },
    exit: 2,
    codes: ['blocks'],
  },
]

for (const { name, changes, exit, codes } of CASES) {
  test(name, async () => {
    const found = await gated(changes)
    assert.deepEqual([found.exit, found.codes], [exit, codes], found.text)
  })
}

test('a measurement may be added, and a day folded', async () => {
  const later = 'models/snapshots/2026/11/20T00/fraud.ndjson'
  const added = await gated({ [later]: snapshotLine('fraud', 20, 0.9) })
  assert.deepEqual([added.exit, added.codes], [0, []], added.text)
  const credit = 'models/snapshots/2026/11/21T00/credit.ndjson'
  const lines = (GOVERNED_FILES[credit] ?? '') + (GOVERNED_FILES[SNAPSHOT] ?? '')
  const folded = await gated({ [SNAPSHOT]: null, [credit]: null, 'models/snapshots/2026/11/21.ndjson': lines })
  assert.deepEqual([folded.exit, folded.codes], [0, []], folded.text)
})

test('the errors of a head that is no valid repository are listed in the answer itself', async () => {
  const { text } = await gated({ 'policies/fairness.yaml': policy('atLeast', 'atLest') })
  assert.match(text, /^it may not be merged yet:\n {2}- policies\/fairness\.yaml:\d+:\d+ .*`atLest`/)
})

test('a model is never removed, but it may go on under another id that names the former', async () => {
  const gone = { 'models/silent/card.yaml': null }
  const removed = await gated(gone)
  assert.deepEqual([removed.exit, removed.codes], [2, ['model-removed']], removed.text)
  const card = GOVERNED_FILES['models/silent/card.yaml']?.replace('id: silent', 'id: silents') ?? ''
  assert.ok((await gated({ ...gone, 'models/silents/card.yaml': card })).codes.includes('model-removed'))
  const renamed = await gated({ ...gone, 'models/silents/card.yaml': `${card}formerly: [silent]\n` })
  assert.deepEqual(renamed.codes, [], 'it blocked under the other id, for lack of measurements')
})

test('who answers for a change is read from the base', async () => {
  const takeover = GOVERNED_FILES['models/credit/card.yaml']?.replace('team:credit-models', 'user:eve') ?? ''
  const { reviewers } = await gated({
    'models/credit/card.yaml': takeover,
    'policies/fairness.yaml': policy('team:risk-committee', 'user:eve'),
    'policies/governance.yaml': `${GOVERNANCE}minimumGroupSize: 20\n`,
  })
  assert.deepEqual(reviewers, [
    { path: 'models/credit/card.yaml', owners: ['team:credit-models'] },
    { path: 'policies/fairness.yaml', owners: ['team:risk-committee'] },
    { path: 'policies/governance.yaml', owners: ['team:risk-committee'] },
  ])
})

test('who owns and who validates a model looks at what would correct its measurements', async () => {
  const old = (GOVERNED_FILES['models/snapshots/2026/11/21T00/credit.ndjson'] ?? '').trimEnd()
  const better = JSON.stringify({
    ...(JSON.parse(snapshotLine('credit', 21, 0.9)) as object),
    supersedes: `sha256:${sha256Hex(old)}`,
  })
  const path = 'models/snapshots/2026/11/21T00/credit.ndjson'
  const { exit, reviewers, text } = await gated({ [path]: `${old}\n${better}\n` })
  assert.equal(exit, 0, text)
  assert.deepEqual(reviewers, [{ path, owners: ['team:credit-models', 'team:model-risk'], corrects: ['credit'] }])
  assert.match(text, /corrects measurements of `credit`/)
})

test('a gate without a question, or with two, is refused', async () => {
  for (const options of [{}, { base: 'main' }, { head: 'main' }, { base: 'main', head: 'main', proposal: 'x' }]) {
    await assert.rejects(answer(options), (error) => error instanceof Fault && error.code === 'cli/bad-option')
  }
})
