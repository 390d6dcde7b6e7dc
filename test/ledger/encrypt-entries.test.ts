import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import { canonicalJson, sha256Hex } from '../../engine/base/canonical-json.ts'
import { Fault } from '../../engine/base/fault.ts'
import { encryptEntries, recipientsOf } from '../../engine/ledger/encrypt-entries.ts'
import { openerOf } from '../../engine/ledger/encrypted-body.ts'
import { openLogEntries } from '../../engine/ledger/encrypted-entries.ts'
import { decodeEntry, type ReadEntry } from '../../engine/ledger/entry.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, filesOf, type MemoryLog, sampleEntries, sampleEntry, TRUST } from './memory-log.ts'

const VECTORS = join(import.meta.dirname, '../../../shared/vectors/ledger/age')
const skip = existsSync(VECTORS) ? false : 'the public vectors are not here'

/** Test keys, those of the public vector `tutela.json`. */
const ANA = {
  recipient: 'age1v2n5ne780yjha8r0wuw4qjdk24tpu5vwq9rsnn30wdajvrwrd4gs4gvd6u',
  identity: 'AGE-SECRET-KEY-1EQEL9QYFJU984JZPHX4QX3GNTNT428ARJHGP9ARS7Q7HDPLEHW2QWWUY3C',
}
const RUI = {
  recipient: 'age1mpg633zhgs06el20yvlzvl9narg0nqnzyj42zlu72c4efks4tvkqyg3h3y',
  identity: 'AGE-SECRET-KEY-16L7NA9JLS0QWATWT9SX7GLM80K7N8ULL06L2FHCG9ZVM2EZ8Z9ZQKMCLPJ',
}

describe('encrypting the bodies of entries', () => {
  test('each recipient alone opens the body, and all else stays as it was and open', async () => {
    const plain = decodeEntry(sampleEntry(5))
    const [bytes] = await encryptEntries([sampleEntry(5)], [ANA.recipient, RUI.recipient])
    const entry = decoded(bytes)
    assert.equal(entry.body, undefined)
    assert.deepEqual(
      [entry.kind, entry.at, entry.run, entry.commit],
      [plain?.kind, plain?.at, plain?.run, plain?.commit],
    )
    for (const { identity } of [ANA, RUI]) {
      assert.deepEqual(await (await openerOf([identity]))(entry), { state: 'opened', body: { n: 5 } })
    }
  })

  test('somebody else opens nothing, and is told that it is for others, not that it is broken', async () => {
    const [bytes] = await encryptEntries([sampleEntry(5)], [ANA.recipient])
    assert.deepEqual(await (await openerOf([RUI.identity]))(decoded(bytes)), { state: 'for-others' })
  })

  test('nothing of a body stands in the encrypted bytes, and no two are alike', async () => {
    const [one, other] = await encryptEntries([sampleEntry(7), sampleEntry(7)], [ANA.recipient])
    assert.ok(!Buffer.from(one ?? '').includes('"n"'))
    assert.notDeepEqual(one, other)
  })

  test('without recipients entries are left alone', async () => {
    const entries = sampleEntries(0, 3)
    assert.equal(await encryptEntries(entries, []), entries)
  })

  test('any byte of the age file changed is told as broken or for others, never as another body', async () => {
    const [bytes] = await encryptEntries([sampleEntry(5)], [ANA.recipient])
    const entry = decoded(bytes)
    const file = Buffer.from(entry.age ?? '', 'base64')
    const open = await openerOf([ANA.identity])
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ 0x01
      const { state } = await open({ ...entry, age: changed.toString('base64') })
      assert.ok(state === 'broken' || state === 'for-others', `byte ${at}: ${state}`)
    }
  })

  test('a file that holds no canonical object is broken', async () => {
    const open = await openerOf([ANA.identity])
    const age = await import('age-encryption')
    for (const text of ['', '[]', '{"b":1,"a":2}', 'null', '{"a":1e999}', '[['.repeat(5000)]) {
      const encrypter = new age.Encrypter()
      encrypter.addRecipient(ANA.recipient)
      const file = Buffer.from(await encrypter.encrypt(text)).toString('base64')
      const entry = { kind: 'x', at: '', run: '', commit: '', age: file }
      assert.equal((await open(entry)).state, 'broken', text.slice(0, 20))
    }
  })
})

describe('a log with encrypted entries', () => {
  test('is proven without a key, and opened with one', async () => {
    const log: MemoryLog = new Map()
    append(log, await encryptEntries(sampleEntries(0, 3), [ANA.recipient]))
    append(log, sampleEntries(3, 5))
    append(log, await encryptEntries(sampleEntries(5, 7), [RUI.recipient]))
    const answer = verifyLog(filesOf(log), TRUST)
    assert.deepEqual([answer.ok, answer.entries], [true, 7])
    const opened = await openLogEntries(answer, filesOf(log).read, await openerOf([ANA.identity]))
    assert.deepEqual([opened.ok, opened.encrypted], [true, { opened: 3, forOthers: 2, broken: 0 }])
  })

  test('tells which entry nobody can open, though it is proven that it was recorded', async () => {
    const log: MemoryLog = new Map()
    const [bytes] = await encryptEntries(sampleEntries(0, 1), [ANA.recipient])
    const broken = { ...decoded(bytes), v: 1, age: 'AAAA' }
    append(log, [sampleEntry(0), Buffer.from(canonicalJson(broken))])
    const answer = verifyLog(filesOf(log), TRUST)
    assert.equal(answer.ok, true)
    const opened = await openLogEntries(answer, filesOf(log).read, await openerOf([ANA.identity]))
    assert.equal(opened.ok, false)
    assert.deepEqual(
      opened.problems.map(({ code, where }) => [code, where]),
      [['ledger/bad-age', 'entry 1']],
    )
  })
})

describe('the recipients of governance.yaml', () => {
  const mistyped = `${ANA.recipient.slice(0, -1)}q`
  for (const [what, recipients] of [
    ['a secret key', [ANA.identity]],
    ['a post-quantum one', [`age1pq1${'q'.repeat(60)}`]],
    ['a name', ['ana']],
    ['a number', [5]],
    [
      '33 of them',
      Array.from(
        { length: 33 },
        (_, i) => `age1${'q'.repeat(56)}${'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[i % 32]}${i > 31 ? 'p' : 'q'}`,
      ),
    ],
  ] as const) {
    test(`${what} is refused`, () => {
      assert.throws(() => recipientsOf({ recipients }), isFault('ledger/bad-recipient'))
    })
  }

  test('a mistyped one is refused by its check sum, before anything is written', async () => {
    assert.deepEqual(recipientsOf({ recipients: [mistyped] }), [mistyped])
    await assert.rejects(encryptEntries([sampleEntry(1)], [mistyped]), isFault('ledger/bad-recipient'))
  })

  test('the message about a secret key does not repeat it', () => {
    assert.throws(
      () => recipientsOf({ recipients: [ANA.identity] }),
      (error: unknown) => error instanceof Fault && !error.message.includes(ANA.identity.slice(20)),
    )
  })

  test('one that is named twice is taken once', () => {
    assert.deepEqual(recipientsOf({ recipients: [ANA.recipient, ANA.recipient] }), [ANA.recipient])
    assert.deepEqual(recipientsOf(undefined), [])
  })
})

describe('public vectors', { skip }, () => {
  test('what another implementation encrypted opens here, for one and for two recipients', async () => {
    const { identities, plaintext, one, two } = JSON.parse(readFileSync(join(VECTORS, 'tutela.json'), 'utf8')) as {
      identities: string[]
      plaintext: string
      one: string
      two: string
    }
    const entry = { kind: 'promoted', at: '', run: '', commit: '' }
    for (const [age, readers] of [
      [one, identities.slice(0, 1)],
      [two, identities],
    ] as const) {
      for (const identity of readers) {
        const opened = await (await openerOf([identity]))({ ...entry, age })
        assert.deepEqual(opened, { state: 'opened', body: JSON.parse(plaintext) })
      }
    }
  })

  test('the age test kit: X25519 files are opened or refused as it says', async () => {
    let files = 0
    for (const name of readdirSync(VECTORS).filter((file) => !/^armor|\.json$/.test(file))) {
      const { fields, file } = vectorIn(name)
      const decrypter = new Decrypter()
      decrypter.addIdentity(fields.get('identity') ?? ANA.identity)
      const plain = await decrypter.decrypt(file).catch(() => null)
      const expected = fields.get('expect')
      assert.equal(plain === null, expected !== 'success', `${name}: ${expected}`)
      if (plain !== null) assert.equal(sha256Hex(plain), fields.get('payload'), name)
      files++
    }
    assert.ok(files > 50)
  })
})

function vectorIn(name: string): { fields: Map<string, string>; file: Uint8Array } {
  const bytes = readFileSync(join(VECTORS, name))
  const end = bytes.indexOf('\n\n')
  const lines = bytes.subarray(0, end).toString('utf8').split('\n')
  const fields = new Map(lines.map((line) => line.split(': ', 2) as [string, string]))
  const rest = bytes.subarray(end + 2)
  return { fields, file: fields.get('compressed') === 'zlib' ? inflateSync(rest) : rest }
}

function decoded(bytes: Uint8Array | undefined): ReadEntry {
  const entry = decodeEntry(bytes ?? new Uint8Array(0))
  assert.ok(entry !== null)
  return entry
}

function isFault(code: string) {
  return (error: unknown) => error instanceof Fault && error.code === code
}
