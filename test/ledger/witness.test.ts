import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { formatCheckpoint, parseCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { addCosignatures, cosign } from '../../engine/ledger/cosignature.ts'
import { parseNote, signNote } from '../../engine/ledger/note.ts'
import { parseSignerKey, parseVerifierKey, type Signer, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { proveConsistency } from '../../engine/ledger/prove.ts'
import { leafHash } from '../../engine/ledger/tree-hash.ts'
import { answerCheckpoint, type Witness, type WitnessAnswer } from '../../engine/ledger/witness.ts'
import { formatWitnessRequest, parseWitnessRequest } from '../../engine/ledger/witness-request.ts'
import { openWitnessState } from '../../engine/ledger/witness-state.ts'
import { append, type MemoryLog, ORIGIN, SIGNER, sampleEntries } from './memory-log.ts'
import { LEDGER, LOG_KEY, readJson, skipWithoutVectors } from './vectors.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-witness-'))
after(() => rmSync(root, { recursive: true }))

const WITNESS = signerOfSeed('witness.tutela.example', Buffer.alloc(32, 9), 'cosignature')
const SINCE = '2026-11-22T06:00:00Z'
let made = 0

function witnessOf(logs: Witness['logs'], folder = join(root, `state-${made++}`)): Witness & { folder: string } {
  return { signer: WITNESS, logs, state: openWitnessState(folder, { key: WITNESS.key, since: SINCE }), folder }
}

function ask(witness: Witness, log: MemoryLog, old: number, seconds = 1_800_000_000): WitnessAnswer {
  return answerCheckpoint(witness, requestOf(log, old), seconds)
}

function requestOf(log: MemoryLog, old: number): Uint8Array {
  const read = (path: string) => log.get(path) ?? null
  const checkpoint = read('checkpoint') ?? new Uint8Array(0)
  const size = Number(parseCheckpoint(parseNote(checkpoint)?.text ?? '')?.size)
  const proof = old === 0 || old >= size ? [] : (proveConsistency(read, old, size) ?? [])
  return formatWitnessRequest({ old: BigInt(old), proof, checkpoint })
}

function logOf(entries: readonly Uint8Array[], signers: readonly Signer[] = [SIGNER]): MemoryLog {
  const log: MemoryLog = new Map()
  append(log, entries, signers)
  return log
}

interface Step {
  readonly what: string
  readonly body: string
  readonly status: number
  readonly also?: number
  readonly reply?: string
  readonly size: number
}

test('the published dialogue goes as published, and each answer is remembered before it is given', {
  skip: skipWithoutVectors,
}, () => {
  const key = parseVerifierKey(LOG_KEY)
  assert.ok(key)
  const witness = witnessOf([key])
  const { steps } = readJson(join(LEDGER, 'tlog-witness/dialogue.json')) as { steps: Step[] }
  assert.equal(steps.length, 20)
  for (const { what, body, status, also, reply, size } of steps) {
    const answer = answerCheckpoint(witness, Buffer.from(body), 1_800_000_000)
    assert.ok([status, also].includes(answer.status), `${what}: ${answer.status} ${answer.told}`)
    if (reply !== undefined) assert.deepEqual([answer.body, answer.type], [reply, 'text/x.tlog.size'], what)
    if (answer.status === 409) assert.equal(answer.body, `${size}\n`, what)
    assert.equal(witness.state.head(key.name)?.size, BigInt(size), what)
    const note = body.slice(body.indexOf('\n\n') + 2)
    const gained = addCosignatures(Buffer.from(note), Buffer.from(answer.status === 200 ? answer.body : ''), [
      WITNESS.key,
    ])
    assert.equal(gained?.added.length ?? 0, answer.status === 200 ? 1 : 0, what)
  }
  const [place = ''] = readdirSync(witness.folder).filter((name) => !name.startsWith('.'))
  const kept = readdirSync(join(witness.folder, place, 'refused'))
  assert.equal(kept.filter((name) => name.startsWith('fork-257-')).length, 1)
  witness.state.close()
})

test('the published witness keys cosign as published, and do not sign logs', { skip: skipWithoutVectors }, () => {
  const { skeys, cases } = readJson(join(LEDGER, 'cosignature/cosignature-v1.json')) as {
    readonly skeys: Readonly<Record<string, string>>
    readonly cases: readonly { readonly note?: string; readonly signedBy?: Readonly<Record<string, number>> }[]
  }
  let compared = 0
  for (const { note: text, signedBy = {} } of cases) {
    const note = parseNote(Buffer.from(text ?? ''))
    for (const [name, time] of Object.entries(note === null ? {} : signedBy)) {
      const signer = parseSignerKey(skeys[name] ?? '', 'cosignature')
      if (signer === null || note === null) continue
      assert.ok(text?.includes(cosign(note.text, signer, BigInt(time))), name)
      compared++
    }
  }
  assert.ok(compared >= 4)
  for (const skey of Object.values(skeys)) assert.equal(parseSignerKey(skey), null)
})

test('a fork of the same size or a larger one is refused, and the witness keeps what it saw', () => {
  const witness = witnessOf([SIGNER.key])
  const log = logOf(sampleEntries(0, 10))
  assert.equal(ask(witness, log, 0).status, 200)
  const fork = logOf([...sampleEntries(0, 9), Buffer.from('another tenth entry')])
  const same = ask(witness, fork, 10)
  assert.deepEqual([same.status, same.body], [409, '10\n'])
  assert.match(same.told, /PROOF OF A FORK/)
  append(fork, sampleEntries(10, 20))
  assert.equal(ask(witness, fork, 10).status, 422)
  assert.equal(ask(witness, logOf(sampleEntries(0, 9)), 9).status, 409)
  assert.equal(witness.state.head(ORIGIN)?.size, 10n)
  append(log, sampleEntries(10, 300))
  assert.equal(ask(witness, log, 10).status, 200)
  witness.state.close()
  const [place = ''] = readdirSync(witness.folder)
  assert.deepEqual(readdirSync(join(witness.folder, place, 'refused')).length, 2)
})

test('the state outlives the process, is held by one, and fails closed where it was changed', () => {
  const first = witnessOf([SIGNER.key])
  assert.equal(ask(first, logOf(sampleEntries(0, 5)), 0).status, 200)
  const held = (error: unknown) => error instanceof Fault && error.code === 'lock/held'
  assert.throws(() => witnessOf([SIGNER.key], first.folder), held)
  first.state.close()
  const second = witnessOf([SIGNER.key], first.folder)
  assert.equal(ask(second, logOf(sampleEntries(0, 6)), 0).status, 409)
  const [place = ''] = readdirSync(first.folder).filter((name) => !name.startsWith('.'))
  const path = join(first.folder, place, 'checkpoint')
  const good = readFileSync(path)
  const changed = (error: unknown) => error instanceof Fault && error.code === 'witness/bad-state'
  for (const bad of [
    '',
    'x',
    good.subarray(0, -30),
    Buffer.from(good)
      .fill(0x35, good.indexOf('\n5\n') + 1, good.indexOf('\n5\n') + 2)
      .fill(0x36, good.indexOf('\n5\n') + 1, good.indexOf('\n5\n') + 2),
  ]) {
    writeFileSync(path, bad)
    assert.throws(() => ask(second, logOf(sampleEntries(0, 6)), 5), changed)
  }
  writeFileSync(path, good)
  assert.equal(ask(second, logOf(sampleEntries(0, 6)), 5).status, 200)
  second.state.close()
})

test('a clock that goes back never dates a larger log before a smaller one', () => {
  const witness = witnessOf([SIGNER.key])
  ask(witness, logOf(sampleEntries(0, 5)), 0, 2000)
  ask(witness, logOf(sampleEntries(0, 6)), 5, 1000)
  assert.equal(witness.state.head(ORIGIN)?.seconds, 2000n)
  ask(witness, logOf(sampleEntries(0, 7)), 6, 3000)
  assert.equal(witness.state.head(ORIGIN)?.seconds, 3000n)
  witness.state.close()
})

test('signatures of strangers are not kept, however many stand on the checkpoint', () => {
  const witness = witnessOf([SIGNER.key])
  const text = formatCheckpoint({ origin: ORIGIN, size: 1n, root: leafHash(Buffer.from('x')) })
  const strangers = Array.from({ length: 99 }, (_, i) => signerOfSeed(ORIGIN, Buffer.alloc(32, 100 + i)))
  const checkpoint = signNote(text, [...strangers, SIGNER])
  const answer = answerCheckpoint(witness, formatWitnessRequest({ old: 0n, proof: [], checkpoint }), 1)
  assert.equal(answer.status, 200)
  assert.equal(parseNote(witness.state.head(ORIGIN)?.note ?? new Uint8Array(0))?.signatures.length, 2)
  const unsigned = signNote(text, strangers)
  assert.equal(
    answerCheckpoint(witness, formatWitnessRequest({ old: 1n, proof: [], checkpoint: unsigned }), 1).status,
    403,
  )
  witness.state.close()
})

test('every body but the documented form is refused, and nothing is remembered', () => {
  const witness = witnessOf([SIGNER.key])
  const good = Buffer.from(requestOf(logOf(sampleEntries(0, 5)), 0)).toString()
  const bodies = [
    '',
    '\n\n',
    good.replace('old 0', 'old'),
    good.replace('old 0', 'old -1'),
    good.replace('old 0', 'old 00'),
    good.replace('old 0', 'old 0 '),
    good.replace('old 0', 'old 0\r'),
    good.replace('old 0', 'Old 0'),
    good.replace('old 0\n', 'old 0\nAAAA\n'),
    good.replace('old 0', `old ${'9'.repeat(20)}`),
    good.replace('old 0\n', `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}`),
    good.slice(0, -1),
    good + 'x'.repeat(140_000),
  ]
  for (const body of bodies) {
    assert.equal(answerCheckpoint(witness, Buffer.from(body), 1).status, 400, JSON.stringify(body.slice(0, 40)))
  }
  const withProof = good.replace('old 0\n', `old 0\n${Buffer.alloc(32).toString('base64')}\n`)
  assert.equal(answerCheckpoint(witness, Buffer.from(withProof), 1).status, 422)
  assert.equal(witness.state.head(ORIGIN), null)
  const request = parseWitnessRequest(Buffer.from(good))
  assert.ok(request)
  assert.deepEqual(Buffer.from(formatWitnessRequest(request)).toString(), good)
  witness.state.close()
})
