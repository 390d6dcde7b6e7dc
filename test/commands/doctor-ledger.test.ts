// What `doctor` finds of the ledger's keys, of a rotation at each of its steps, and of witnesses.
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { ledgerChecks } from '../../engine/commands/doctor-ledger.ts'
import { english } from '../../engine/commands/doctor-words.en.ts'
import { cosign } from '../../engine/ledger/cosignature.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { formatVerifierKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { loadGovernance } from '../../engine/load/load-governance.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { git } from '../run/finished-run.ts'
import { copyOf, GOVERNANCE, governedRepository, ORIGIN, openStore, runIn } from '../run/governed-repository.ts'
import { ask, commitAs } from './ledger-scene.ts'

const NOW = '2026-11-24T06:00:00Z'

function checksOf(folder: string): string[] {
  const store = openStore(folder)
  const tree = store.workingTree()
  const { governance } = loadGovernance(tree, { metrics: metricsById })
  const { process } = { ...assembleWorld(0), process: { env: {} } }
  const checks = ledgerChecks({ process, store, tree, governance, now: Date.parse(NOW), words: english })
  return checks.map(
    ({ what, state, found, fix }) => `${what}: ${state}: ${found}${fix === undefined ? '' : ` → ${fix}`}`,
  )
}

const begun = governedRepository()
await runIn(begun, '2026-11-22T06:00:00Z')

test('of one key, that it is there, that the policy names it, and that the last checkpoint is its own', async () => {
  const folder = copyOf(begun)
  const key = join(folder, '.git/tutela/ledger.key')
  const [first, ...rest] = checksOf(folder)
  assert.match(first ?? '', /^ledger key: ok: banco\.example\/tutela\+/)
  assert.deepEqual(rest, ['ledger/policy: ok: names the key'])
  chmodSync(key, 0o640)
  assert.match(checksOf(folder).join('\n'), /^ledger key: problem: others may read .* → chmod 600 .*$/)
  // The key of another log of that name, named by a policy that was changed with it.
  const other = signerOfSeed(ORIGIN, Buffer.alloc(32, 5))
  writeFileSync(join(folder, 'ledger/policy'), `log ${formatVerifierKey(other.key)}\nquorum none\n`)
  assert.match(
    checksOf(copyWithMode(folder, key)).join('\n'),
    /\nledger\/policy: problem: `ledger\/policy` does not name the key/,
  )
})

function copyWithMode(folder: string, key: string): string {
  chmodSync(key, 0o600)
  return folder
}

test('of a rotation, both keys, and at each step what is next', async () => {
  const folder = copyOf(begun)
  await ask('ledger', folder, ['key', 'rotate'])
  const policy = join(folder, 'ledger/policy')
  const both = readFileSync(policy, 'utf8')
  const told = () => checksOf(folder).filter((line) => !/^(next )?ledger key:/.test(line))
  assert.deepEqual(
    checksOf(folder).map((line) => line.split(':').slice(0, 2).join()),
    ['ledger key, ok', 'next ledger key, ok', 'ledger/policy, ok', 'ledger/checkpoint, warning'],
  )
  writeFileSync(policy, both.replace(/\nlog .*/, ''))
  assert.match(told()[0] ?? '', /^ledger\/policy: warning: names one of two keys/)
  writeFileSync(policy, both)
  commitAs(folder, 'policy with both keys')
  assert.match(told()[1] ?? '', /the next key has not signed yet → .*`tutela run`/)
  await runIn(folder, '2026-11-22T07:00:00Z')
  assert.match(told()[1] ?? '', /both keys sign: a rotation is under way → .*rotate --end`/)

  // A second place where runs are made, which has the old key alone.
  const place = copyOf(folder)
  const key = join(place, '.git/tutela/ledger.key')
  const keys = readFileSync(key, 'utf8').split('\n')
  writeFileSync(key, `${keys[0]}\n`)
  assert.match(checksOf(place)[1] ?? '', /^ledger\/policy: warning: names 2 keys, and 1 is here/)
  await ask('ledger', folder, ['key', 'rotate'], { end: true })
  commitAs(folder, 'policy with the new key')
  assert.deepEqual(told(), ['ledger/policy: ok: names the key'])
})

test('a checkpoint that no key here signed is a problem: no run can go on from it', () => {
  const folder = copyOf(begun)
  const head = join(folder, 'ledger/checkpoint')
  writeFileSync(head, readFileSync(head, 'utf8').replace(/(— \S+ \S{9})./, '$1x'))
  commitAs(folder, 'tidy')
  assert.match(checksOf(folder).at(-1) ?? '', /^ledger\/checkpoint: problem: is signed by no key that is here/)
})

test('a branch that was put back is a problem with the sizes, and the way back', async () => {
  const folder = copyOf(begun)
  await runIn(folder, '2026-11-22T07:00:00Z')
  git(folder, 'reset', '-q', '--hard', 'HEAD~1')
  assert.match(
    checksOf(folder).at(-1) ?? '',
    /^ledger\/checkpoint: problem: `main` has a log of \d+ entries, and `refs\/tutela\/delivered` knows one of \d+ .* → .*git reflog main/,
  )
})

test('of each witness, what it cosigned last and when, and whether they are enough', async () => {
  const folder = copyOf(begun)
  const [north, south] = [8, 9].map((seed) =>
    signerOfSeed(`witness.example/${seed}`, Buffer.alloc(32, seed), 'cosignature'),
  )
  assert.ok(north !== undefined && south !== undefined)
  const keys = [north, south].map(({ key }) => `"${formatVerifierKey(key)}"`).join(', ')
  const governance = GOVERNANCE.replace('ledger: {', `ledger: { witnesses: [${keys}], quorum: all,`)
  writeFileSync(join(folder, 'policies/governance.yaml'), governance)
  assert.match(checksOf(folder)[1] ?? '', /^ledger\/policy: warning: .* something else of witnesses/)
  await ask('ledger', folder, ['policy'])
  commitAs(folder, 'witnesses')
  const told = () => checksOf(folder).slice(1)
  assert.match(
    told().join('\n'),
    /^ledger\/policy: ok.*\nwitness .*8: warning: no cosignature is known.*\nwitness .*9: .*\nwitnesses: warning: too few/,
  )
  const takeOver = async (signer: typeof north, at: string) => {
    const note = parseNote(readFileSync(join(folder, 'ledger/checkpoint')))
    const file = join(folder, '..', 'cosignature')
    writeFileSync(file, cosign(note?.text ?? '', signer, BigInt(Date.parse(at) / 1000)))
    await ask('ledger', folder, ['cosign', file])
  }
  await takeOver(north, '2026-11-23T06:30:00Z')
  await takeOver(south, '2026-11-20T06:00:00Z')
  const sizes =
    /cosigned all (\d+) entries \(2026-11-23T06:30:00Z, 23 h ago\)\n.*all \1 entries \(2026-11-20T06:00:00Z, 4 days ago\)$/
  assert.match(told().join('\n'), sizes)
  await runIn(folder, '2026-11-23T07:00:00Z')
  assert.match(told().join('\n'), /witness .*8: warning: cosigned \d+ of \d+ entries \(.*23 h ago\) → have it run/)
  await takeOver(north, '2026-11-23T08:00:00Z')
  assert.match(told().join('\n'), /8: ok: cosigned all.*\n.*9: warning: cosigned .*\nwitnesses: warning: too few/)
})
