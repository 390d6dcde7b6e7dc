import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localForge } from '../../engine/adapters/local-forge/local-forge.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import { signApproval } from '../../engine/remediate/approval.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import { assertFinished, git } from './finished-run.ts'
import { GOVERNANCE, governedRepository, NOW, openStore, runIn, snapshotLine } from './governed-repository.ts'

const RECORD = 'refs/heads/tutela/records'
const ENGINE = { name: 'Tutela', email: 'tutela@localhost' }
const AUTHOR = { name: 'Pipeline', email: 'pipeline@example.org', at: Date.parse(NOW) / 1000 }
const at = (day: number) => `2026-11-${day}T06:00:00Z`

/** As a pipeline does that writes where runs record: the window of a day that confirms the violation. */
function pushSnapshot(folder: string, day: number): void {
  const store = openStore(folder)
  const tip = store.resolve(RECORD)
  const path = `models/snapshots/2026/11/${day}T00/credit.pipeline.ndjson`
  const to = store.writeCommit({
    base: tip,
    parents: tip === null ? [] : [tip],
    changes: new Map([[path, Buffer.from(snapshotLine('credit', day, 0.7 + day / 1000))]]),
    message: `snapshot of day ${day}\n`,
    author: AUTHOR,
    committer: AUTHOR,
  })
  assert.ok(store.updateRef({ ref: RECORD, expect: tip, to }))
}

async function gateSays(folder: string, proposal: string, now: string) {
  const { exit, json } = await askCommand(gate, folder, { options: { proposal }, now, globals: { format: 'json' } })
  return { exit, json }
}

test('with a record branch, base is unchanged by 20 runs and an approved proposal is still approved', async () => {
  const folder = governedRepository({
    'policies/governance.yaml': `${GOVERNANCE}record: { branch: tutela/records }\n`,
    'policies/allowed-signers': signersOf(ana),
  })
  const base = git(folder, 'rev-parse', 'main')
  await runIn(folder, NOW)
  const forge = localForge(openStore(folder), ENGINE)
  const [proposal] = await forge.list(base)
  assert.ok(proposal)
  const { id, head, evidence } = proposal
  assert.equal((await gateSays(folder, id, at(22))).exit, 2)
  const approval = signApproval({ proposal: id, head, evidence, by: 'ana', at: at(22) }, ana.key)
  await forge.say(id, { kind: 'approved', by: 'ana', at: at(22), approval })
  assert.equal((await gateSays(folder, id, at(22))).exit, 0)

  for (let hour = 7; hour < 17; hour++) await runIn(folder, `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`)
  for (const day of [22, 23, 24, 25, 26]) {
    pushSnapshot(folder, day)
    await runIn(folder, at(day + 1))
    await runIn(folder, `2026-11-${day + 1}T18:00:00Z`)
  }

  assert.equal(git(folder, 'rev-parse', 'main', 'HEAD'), `${base}\n${base}`)
  assert.equal(git(folder, 'status', '--porcelain', '-uall'), '')
  assert.equal(git(folder, 'ls-tree', '--name-only', 'main', 'reports/', 'ledger/'), 'ledger/policy')
  const [after] = await localForge(openStore(folder), ENGINE).list(base)
  assert.deepEqual([after?.state, after?.head, after?.evidence, after?.approvals.length], ['open', head, evidence, 1])
  const { exit, json } = await gateSays(folder, id, at(27))
  assert.equal(exit, 0, JSON.stringify(json))
  const log = git(folder, 'log', '--format=%(trailers:key=Tutela-Run,valueonly,separator=%x2C)', RECORD)
  assert.equal(log.split('\n').filter((run) => run !== '').length, 21)
  git(folder, 'checkout', '-q', 'tutela/records')
  assertFinished(folder, 'the record branch')
})
