// What runs do with the cosignatures of witnesses, in clones of one remote. The witness answers in this process.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import { command as runCommand } from '../../engine/commands/run.ts'
import { policyText } from '../../engine/ledger/log-policy.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { formatVerifierKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { answerCheckpoint, type Witness } from '../../engine/ledger/witness.ts'
import { parseWitnessRequest } from '../../engine/ledger/witness-request.ts'
import { openWitnessState } from '../../engine/ledger/witness-state.ts'
import type { World } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { clonesOf } from './clones.ts'
import { git } from './finished-run.ts'
import { GOVERNANCE, governedRepository, ORIGIN, runIn, scratch } from './governed-repository.ts'

const LOG = signerOfSeed(ORIGIN, new Uint8Array(32).fill(7))
const SIGNER = signerOfSeed('witness.example', Buffer.alloc(32, 9), 'cosignature')
const WITNESSES = [{ key: formatVerifierKey(SIGNER.key), url: 'https://witness.example' }]
const LEDGER = { witnesses: WITNESSES, quorum: 1 }

const CHANGED = {
  'policies/governance.yaml': GOVERNANCE.replace(
    'ledger: {',
    `ledger: { witnesses: ${JSON.stringify(WITNESSES)}, quorum: 1,`,
  ),
  'ledger/policy': policyText({ raw: LEDGER }, [LOG.key]),
}

/** A witness, and the sizes from which it was asked. */
function newWitness() {
  const state = openWitnessState(join(scratch(), 'state'), { key: SIGNER.key, since: '2026-11-22T06:00:00Z' })
  const witness: Witness = { signer: SIGNER, logs: [LOG.key], state }
  const asked: number[] = []
  const worldAt = (now: string): World => {
    const world = assembleWorld(Date.parse(now))
    const post = async (_url: string, body: Uint8Array) => {
      asked.push(Number(parseWitnessRequest(body)?.old))
      const answer = answerCheckpoint(witness, body, Date.parse(now) / 1000)
      return { status: answer.status, bytes: Buffer.from(answer.body) }
    }
    return { ...world, witnesses: { post, serve: () => Promise.reject(new Error('not here')) } }
  }
  const runWith = (folder: string, now: string) => runIn(folder, now, { world: worldAt(now) })
  return { asked, runWith, worldAt }
}

const cosignedIn = (folder: string): string => git(folder, 'show', 'refs/tutela/cosigned:checkpoint')

test('cosignatures are pushed, and the next clone asks from where the last one ended', async () => {
  const clones = clonesOf(CHANGED)
  const [a, b] = [clones.clone(), clones.clone()]
  const { asked, runWith } = newWitness()
  const first = await runWith(a, '2026-11-22T06:00:00Z')
  assert.equal(first.cosigned[0]?.state, 'cosigned')
  const size = first.checkpoint?.size ?? 0
  assert.equal(parseNote(Buffer.from(`${cosignedIn(clones.remote)}\n`))?.signatures.length, 2)
  const second = await runWith(b, '2026-11-22T07:00:00Z')
  assert.equal(second.cosigned[0]?.state, 'cosigned')
  assert.deepEqual(asked, [0, size])
  assert.equal(cosignedIn(clones.remote), cosignedIn(b))
  // The same run again: it is cosigned already, so nobody is asked.
  assert.deepEqual((await runWith(b, '2026-11-22T07:00:00Z')).cosigned, [])
  assert.equal(asked.length, 2)
})

test('clones that each kept a cosignature of their own are no conflict: the remote counts', async () => {
  const clones = clonesOf(CHANGED)
  const [a, b] = [clones.clone(), clones.clone()]
  const { runWith } = newWitness()
  await runWith(a, '2026-11-22T06:00:00Z')
  // As if `b` had asked by itself and could not push.
  const tree = git(a, 'rev-parse', 'refs/tutela/cosigned^{tree}')
  git(b, 'fetch', '-q', 'origin', 'refs/tutela/cosigned')
  const env = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
  git(b, 'update-ref', 'refs/tutela/cosigned', git(b, ...env, 'commit-tree', tree, '-m', 'own'))
  const run = await runWith(b, '2026-11-22T07:00:00Z')
  assert.equal(run.cosigned[0]?.state, 'cosigned')
  assert.equal(cosignedIn(clones.remote), cosignedIn(b))
})

test('a run that delivers nothing shows its checkpoint to nobody; the same run finishes that', async () => {
  const folder = governedRepository(CHANGED)
  const { asked, runWith } = newWitness()
  const now = '2026-11-22T06:00:00Z'
  assert.deepEqual((await runIn(folder, now, { deliver: false })).cosigned, [])
  assert.deepEqual(asked, [])
  const again = await runWith(folder, now)
  assert.deepEqual([again.wasRecorded, again.cosigned[0]?.state], [true, 'cosigned'])
})

test('a clock that goes back breaks neither the log nor its witness', async () => {
  const folder = governedRepository(CHANGED)
  const { runWith } = newWitness()
  const sizes: number[] = []
  for (const now of ['2026-11-22T08:00:00Z', '2026-11-22T06:00:00Z', '2026-11-22T09:00:00Z']) {
    const run = await runWith(folder, now)
    assert.equal(run.cosigned[0]?.state, 'cosigned', now)
    sizes.push(run.checkpoint?.size ?? 0)
  }
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  )
  const { problems } = verifyLog(readLogFolder(join(folder, 'ledger')), trustInKey(LOG.key))
  assert.deepEqual(problems, [])
})

test('a branch that was put back behind what a witness cosigned is not signed over', async () => {
  const folder = governedRepository(CHANGED)
  const { runWith, worldAt } = newWitness()
  await runWith(folder, '2026-11-22T06:00:00Z')
  await runWith(folder, '2026-11-22T07:00:00Z')
  git(folder, 'reset', '-q', '--hard', 'HEAD~1')
  git(folder, 'update-ref', '-d', 'refs/tutela/delivered')
  const now = '2026-11-22T08:00:00Z'
  await assert.rejects(runWith(folder, now), {
    code: 'ledger/rewound',
    message: /log of \d+ entries, and `refs\/tutela\/cosigned` knows one of \d+/,
  })
  // As in a copy that never heard of it: then the witness says so, and to ask again is no way out.
  git(folder, 'update-ref', '-d', 'refs/tutela/cosigned')
  const { exit, notes } = await askCommand(runCommand, folder, { now, world: worldAt(now) })
  assert.equal(exit, 1)
  assert.match(notes.join('\n'), /asking again will not help: witness .*: fork or rolled back; stop runs/)
  // Told again, and no more recorded, by the run that finds its checkpoint refused.
  assert.equal((await askCommand(runCommand, folder, { now, world: worldAt(now) })).exit, 1)
})

test('witnesses that nobody could ask are a fault before anything is recorded', async () => {
  for (const witnesses of [
    'nobody',
    '["nobody"]',
    '[{ url: "https://witness.example" }]',
    `[{ key: "${WITNESSES[0]?.key}", url: "ftp://x" }]`,
    `["${WITNESSES[0]?.key}", "${WITNESSES[0]?.key}"]`,
  ]) {
    const governance = GOVERNANCE.replace('ledger: {', `ledger: { witnesses: ${witnesses},`)
    const folder = governedRepository({ 'policies/governance.yaml': governance })
    const commits = git(folder, 'rev-list', '--count', 'HEAD')
    const outcome = await runIn(folder).catch((error: unknown) => error)
    const isRefused =
      outcome instanceof Fault
        ? outcome.code === 'ledger/bad-witnesses'
        : (outcome as { recorded: unknown }).recorded === null
    assert.ok(isRefused, witnesses)
    assert.equal(git(folder, 'rev-list', '--count', 'HEAD'), commits)
  }
})
