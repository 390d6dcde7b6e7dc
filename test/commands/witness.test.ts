import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRepository } from '../../engine/adapters/git/create-repository.ts'
import { Fault } from '../../engine/base/fault.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { git } from '../run/finished-run.ts'
import { copyOf, GOVERNANCE, governedRepository, runIn, scratch } from '../run/governed-repository.ts'
import { ask, commitAs, startWitness } from './ledger-scene.ts'

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

/** A regulator's repository with the key of a witness. */
async function regulator(): Promise<{ folder: string; vkey: string }> {
  const folder = join(scratch(), 'regulator')
  createRepository(folder)
  const { json } = await ask('witness', folder, ['key'], { name: 'witness.example/regulator' })
  return { folder, vkey: String(json.vkey) }
}

/** Names the witness in governance.yaml and in the policy, and commits both. */
async function nameWitness(folder: string, vkey: string, url: string | null): Promise<void> {
  const witness = url === null ? `"${vkey}"` : `{ key: "${vkey}", url: "${url}" }`
  const governance = GOVERNANCE.replace('ledger: {', `ledger: { witnesses: [${witness}], quorum: 1,`)
  writeFileSync(join(folder, 'policies/governance.yaml'), governance)
  const { json } = await ask('ledger', folder, ['policy'])
  assert.equal(json.isChanged, true)
  commitAs(folder, 'name the witness')
}

const codesOf = ({ json }: { json: Record<string, unknown> }) =>
  (json.problems as { code: string }[]).map(({ code }) => code)

test('a witness in its own process and repository cosigns each run, and refuses a copy of the repository that forked', async () => {
  const bank = governedRepository()
  const { folder, vkey } = await regulator()
  const witness = await startWitness(folder, join(bank, 'ledger/policy'))
  await nameWitness(bank, vkey, witness.url)
  const policy = join(scratch(), 'policy')
  writeFileSync(policy, readFileSync(join(bank, 'ledger/policy')))

  const first = await runIn(bank, '2026-11-22T06:00:00Z')
  assert.deepEqual(
    first.cosigned.map(({ name, state }) => [name, state]),
    [['witness.example/regulator', 'cosigned']],
  )
  const copy = copyOf(bank)
  assert.equal((await runIn(bank, '2026-11-22T07:00:00Z')).cosigned[0]?.state, 'cosigned')
  assert.deepEqual(codesOf(await ask('verify', bank, ['ledger'], { policy })), [])
  assert.match(git(bank, 'show', 'refs/tutela/cosigned:checkpoint'), /— witness\.example\/regulator /)

  // The copy goes on by itself, at another hour: it has as many entries, and other ones.
  const forked = await runIn(copy, '2026-11-22T07:30:00Z')
  assert.equal(forked.recorded !== null, true)
  const [reply] = forked.cosigned
  assert.equal(reply?.state, 'failed')
  assert.match(reply?.state === 'failed' ? reply.message : '', /fork/)
  assert.match(witness.said(), /PROOF OF A FORK/)
  assert.deepEqual(codesOf(await ask('verify', copy, ['ledger'], { policy })), ['ledger/no-quorum'])
  // It goes on, and stays refused: no proof leads from what the witness knows to it.
  const further = await runIn(copy, '2026-11-22T08:30:00Z')
  assert.match(JSON.stringify(further.cosigned), /refuses \(422\)/)

  // Killed and started again it remembers; nothing that was asked twice is cosigned twice into two histories.
  await witness.end('SIGKILL')
  const again = await startWitness(folder, join(bank, 'ledger/policy'))
  await nameWitness(copy, vkey, again.url)
  assert.match(JSON.stringify((await runIn(copy, '2026-11-22T09:30:00Z')).cosigned), /refuses \(422\)/)
  assert.equal(await again.end('SIGTERM'), 0)

  // The two heads of one size are proof for anybody.
  const older = join(scratch(), 'older')
  writeFileSync(older, `${git(bank, 'show', 'refs/tutela/cosigned:checkpoint')}\n`)
  const fraud = join(scratch(), 'fraud.json')
  const against = await ask('verify', copy, ['ledger'], { policy, since: older, fraud })
  assert.deepEqual([against.exit, against.json.fraud], [2, fraud])
  assert.ok(codesOf(against).includes('ledger/rewritten'))
  const stranger = await ask('verify', scratch(), [fraud], { policy })
  assert.equal(stranger.exit, 0)
  assert.match(stranger.text, /signed two histories/)
})

test('while the witness is away runs go on, and its cosignature is asked for by the next one or by hand', async () => {
  const bank = governedRepository()
  const { folder, vkey } = await regulator()
  await nameWitness(bank, vkey, 'http://127.0.0.1:9/')
  const away = await runIn(bank, '2026-11-22T06:00:00Z')
  assert.match(JSON.stringify(away.cosigned), /gives no answer/)
  assert.notEqual(away.recorded, null)
  const out = scratch()
  const early = await ask('ledger', bank, ['receipt', '0'], { out })
  assert.deepEqual([early.json.isQuorum, early.notes.length], [false, 1])
  const asked = await ask('ledger', bank, ['cosign'])
  assert.equal(asked.exit, 1)

  // Offline: the folder goes to the witness, and its line comes back.
  const policy = join(bank, 'ledger/policy')
  const line = join(scratch(), 'line')
  const signed = await ask('witness', folder, ['sign', join(bank, 'ledger')], { policy })
  assert.equal(signed.exit, 0)
  writeFileSync(line, `${signed.text}\n`)
  const taken = await ask('ledger', bank, ['cosign', line])
  assert.deepEqual([taken.exit, taken.json.isQuorum], [0, true])
  await assert.rejects(ask('ledger', bank, ['cosign', line]), hasCode('ledger/not-cosigned'))
  const { json } = await ask('ledger', bank, ['receipt', '0'], { out })
  assert.equal(json.isQuorum, true)
  const [proof = '', entry = ''] = json.files as string[]
  assert.deepEqual(codesOf(await ask('verify', scratch(), [proof], { policy, entry })), [])

  // A newer head that no witness saw yet: the receipt stands under the older one, which enough of them cosigned.
  await runIn(bank, '2026-11-22T07:00:00Z')
  assert.equal((await ask('ledger', bank, ['receipt', '1'], { out })).json.isQuorum, true)
  assert.equal(
    (await ask('ledger', bank, ['receipt', '99999'], { out }).catch((error) => error)).code,
    'ledger/no-entry',
  )
  await assert.rejects(ask('ledger', bank, ['cosign', line]), hasCode('ledger/not-cosigned'))
})

test('signing offline follows the same memory: a fork, a roll-back and a folder that does not hold are refused', async () => {
  const bank = governedRepository()
  const { folder } = await regulator()
  const policy = join(bank, 'ledger/policy')
  const sign = (path: string, more = {}) => ask('witness', folder, ['sign', join(path, 'ledger')], { policy, ...more })
  await runIn(bank, '2026-11-22T06:00:00Z')
  const copy = copyOf(bank)
  const early = copyOf(bank)
  const old = join(bank, '.git/old')
  writeFileSync(old, readFileSync(join(bank, 'ledger/checkpoint')))
  await runIn(bank, '2026-11-22T07:00:00Z')
  await runIn(copy, '2026-11-22T08:00:00Z')
  const out = join(scratch(), 'cosigned')
  const signed = await sign(bank, { old, out })
  assert.deepEqual([signed.exit, signed.json.known], [0, 0])
  assert.equal(parseNote(readFileSync(out))?.signatures.length, 2)
  assert.equal((await sign(bank)).exit, 0, 'the same again')
  assert.match((await sign(copy)).text, /PROOF OF A FORK/)
  assert.match((await sign(early)).text, /refused \(409\)/)
  assert.match((await sign(copy, { old: out })).text, /does not continue the older checkpoint/)
  const tile = readdirSync(join(bank, 'ledger/tile/0/000.p'))[0] ?? ''
  writeFileSync(join(bank, 'ledger/tile/0/000.p', tile), Buffer.alloc(32 * Number(tile)))
  assert.match((await sign(bank)).text, /do not have the root/)
})

test('what a witness needs is asked for with its fix', async () => {
  const { folder } = await regulator()
  const bank = governedRepository()
  const policy = join(bank, 'ledger/policy')
  await assert.rejects(ask('witness', folder, ['key'], { name: 'a b' }), hasCode('witness/bad-name'))
  await assert.rejects(ask('witness', folder, ['key'], { name: 'w.example' }), hasCode('witness/key-exists'))
  await assert.rejects(ask('witness', bank, ['serve'], { policy }), hasCode('ledger/no-key'))
  await assert.rejects(ask('witness', scratch(), ['serve'], { policy }), hasCode('witness/no-place'))
  await assert.rejects(ask('witness', folder, ['serve']), hasCode('witness/no-log'))
  await assert.rejects(ask('witness', folder, ['serve'], { policy, port: '70000' }), hasCode('cli/bad-option'))
  await assert.rejects(ask('witness', folder, ['serve'], { log: ['x'] }), hasCode('ledger/bad-vkey'))
  await assert.rejects(ask('witness', folder, ['sign', bank], { policy }), hasCode('ledger/no-log'))
  const key = join(bank, '.git/tutela/ledger.key')
  await assert.rejects(ask('witness', folder, ['serve'], { policy, key }), hasCode('witness/bad-key'))
  assert.equal(existsSync(join(folder, '.git/tutela/witness/.lock')), false)
})

test('over HTTP only add-checkpoint is answered, within limits', async () => {
  const bank = governedRepository()
  const { folder } = await regulator()
  const witness = await startWitness(folder, join(bank, 'ledger/policy'))
  const post = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${witness.url}${path}`, { method: 'POST', body: 'x', ...init })
    return [response.status, await response.text()]
  }
  try {
    assert.equal((await post('/add-checkpoint'))[0], 400)
    assert.equal((await post('/prefix/add-checkpoint?x=1'))[0], 400)
    assert.equal((await post('/'))[0], 404)
    assert.equal((await post('/add-checkpoint', { method: 'PUT' }))[0], 405)
    assert.equal((await post('/add-checkpoint', { body: 'x'.repeat(200_000) }))[0], 413)
    const unknown =
      'old 0\n\nelse.example\n1\nzEhZOuvBBze9l/eP2UBGGdCQvBL2n8OOdNaFEgHI5hU=\n\n— else.example AAAAAAAA\n'
    assert.equal((await post('/add-checkpoint', { body: unknown }))[0], 404)
    // A client that sends a part and leaves takes nothing with it.
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(witness.url).port), '127.0.0.1', () => {
        socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nold 0\n')
        setTimeout(() => socket.destroy(), 20)
      })
      socket.on('close', () => resolve())
    })
    assert.equal((await post('/add-checkpoint'))[0], 400)
  } finally {
    assert.equal(await witness.end('SIGTERM'), 0)
  }
  assert.doesNotMatch(witness.said(), /no answer/)
})

test('a witness with a folder in place of its key, or a state that somebody holds, says so', async () => {
  const bank = governedRepository()
  const { folder } = await regulator()
  const policy = join(bank, 'ledger/policy')
  await runIn(bank, '2026-11-22T06:00:00Z')
  const witness = await startWitness(folder, policy)
  await assert.rejects(ask('witness', folder, ['sign', join(bank, 'ledger')], { policy }), hasCode('lock/held'))
  await witness.end('SIGKILL')
  // A holder that is certainly gone is replaced.
  assert.equal((await ask('witness', folder, ['sign', join(bank, 'ledger')], { policy })).exit, 0)
  const key = join(scratch(), 'key')
  mkdirSync(key)
  await assert.rejects(
    ask('witness', folder, ['sign', join(bank, 'ledger')], { policy, key }),
    hasCode('ledger/bad-key'),
  )
})
