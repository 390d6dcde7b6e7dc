import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../engine/base/fault.ts'
import { commitTo, isOpening } from '../../engine/ledger/commitment.ts'
import {
  erasedIn,
  eraseOpening,
  keepCommitment,
  openingsFolder,
  readOpening,
} from '../../engine/ledger/commitment-store.ts'
import { ask, entriesOf } from '../commands/ledger-scene.ts'
import { git } from '../run/finished-run.ts'
import { governedRepository, LATER, NOW, runIn, scratch } from '../run/governed-repository.ts'

const KEY = Buffer.alloc(32, 9)

describe('a commitment', () => {
  test('is HMAC-SHA-256 as RFC 4231 has it', () => {
    // Test case 2 has a short key, so its key is filled with zeros: HMAC does the same.
    const key = Buffer.concat([Buffer.from('Jefe'), Buffer.alloc(28)])
    assert.equal(
      commitTo('what do ya want for nothing?', key),
      'hmac-sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('is opened by its key and reference alone', () => {
    const property = fc.property(
      fc.string(),
      fc.string(),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (a, b, key) => {
        const commitment = commitTo(a, key)
        const text = Buffer.from(key).toString('base64')
        assert.ok(isOpening({ commitment, key: text, value: a }))
        assert.equal(isOpening({ commitment, key: text, value: b }), a === b)
        const other = Buffer.from(key)
        other[0] = (other[0] ?? 0) ^ 1
        assert.ok(!isOpening({ commitment, key: other.toString('base64'), value: a }))
      },
    )
    fc.assert(property, { numRuns: 100 })
  })

  test('needs a key of 32 bytes', () => {
    assert.throws(() => commitTo('x', KEY.subarray(1)), /internal error/)
  })
})

describe('the store of openings', () => {
  test('keeps what opens a commitment for its owner alone, and erases it for good', () => {
    const folder = join(scratch(), 'openings')
    const commitment = keepCommitment(folder, 'customer 17', KEY)
    const [name = ''] = readdirSync(folder)
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    assert.deepEqual(readOpening(folder, commitment), { commitment, key: KEY.toString('base64'), value: 'customer 17' })
    assert.deepEqual(erasedIn(folder), [])
    assert.deepEqual(eraseOpening(folder, commitment, NOW), { isNew: true })
    assert.deepEqual(readOpening(folder, commitment), { commitment, erased: NOW })
    assert.deepEqual(eraseOpening(folder, commitment, LATER), { isNew: false })
    assert.deepEqual(erasedIn(folder), [{ commitment, erased: NOW }])
    const left = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    assert.ok(!left.join('').includes('customer') && !left.join('').includes(KEY.toString('base64')))
  })

  test('erases what a killed writer left of the same opening', () => {
    const folder = join(scratch(), 'openings')
    const commitment = keepCommitment(folder, 'customer 17', KEY)
    const rest = join(folder, `.${commitment.slice(12)}.77-0.tmp`)
    writeFileSync(rest, 'customer 17')
    eraseOpening(folder, commitment, NOW)
    assert.deepEqual(readdirSync(folder), [`${commitment.slice(12)}.json`])
  })

  test('finishes an erasure that was killed between the bytes and the name', () => {
    const folder = join(scratch(), 'openings')
    const commitment = keepCommitment(folder, 'customer 17', KEY)
    writeFileSync(join(folder, `${commitment.slice(12)}.json`), Buffer.alloc(80))
    assert.deepEqual(erasedIn(folder), [])
    assert.deepEqual(eraseOpening(folder, commitment, NOW), { isNew: true })
    assert.deepEqual(erasedIn(folder), [{ commitment, erased: NOW }])
  })

  test('says what it never had, and what does not open its commitment', () => {
    const folder = join(scratch(), 'openings')
    const commitment = commitTo('x', KEY)
    assert.equal(readOpening(folder, commitment), null)
    assert.throws(() => eraseOpening(folder, commitment, NOW), isFault('ledger/no-opening'))
    mkdirSync(folder)
    const other = { commitment, key: KEY.toString('base64'), value: 'y' }
    writeFileSync(join(folder, `${commitment.slice(12)}.json`), JSON.stringify(other))
    assert.throws(() => readOpening(folder, commitment), isFault('ledger/bad-opening'))
  })
})

describe('`ledger erase`', () => {
  test('destroys the opening, the next run records it once, and the log stays proven', async () => {
    const repository = governedRepository()
    await runIn(repository)
    const folder = openingsFolder(join(repository, '.git'))
    const commitment = keepCommitment(folder, 'customer 17', randomBytes(32))
    const erased = await ask('ledger', repository, ['erase', commitment])
    assert.deepEqual([erased.exit, erased.json.state], [0, 'erased'])
    assert.equal((await ask('ledger', repository, ['erase', commitment])).json.state, 'already-erased')
    await runIn(repository, LATER)
    await runIn(repository, '2026-11-22T08:00:00Z')
    const told = entriesOf(repository).filter(({ kind }) => kind === 'erasure')
    assert.deepEqual(
      told.map(({ at, body }) => [at, body]),
      [[LATER, { commitment, at: NOW }]],
    )
    assert.equal((await ask('verify', repository, ['ledger'])).exit, 0)
  })

  test('a crash between the disk and the mark is made good by the next run', async () => {
    const repository = governedRepository()
    await runIn(repository)
    const folder = openingsFolder(join(repository, '.git'))
    const commitment = keepCommitment(folder, 'customer 17', randomBytes(32))
    eraseOpening(folder, commitment, NOW)
    await runIn(repository, LATER)
    assert.equal(entriesOf(repository).filter(({ kind }) => kind === 'erasure').length, 1)
  })

  test('an opening is in no object of the repository, and in nothing that is pinned', async () => {
    const repository = governedRepository()
    keepCommitment(openingsFolder(join(repository, '.git')), 'customer 17', randomBytes(32))
    await runIn(repository)
    const objects = git(repository, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n')
    for (const id of objects) assert.ok(!git(repository, 'cat-file', '-p', id).includes('customer 17'))
    assert.equal(git(repository, 'status', '--porcelain', '-uall'), '')
  })

  for (const [args, code] of [
    [['erase'], 'cli/bad-usage'],
    [['erase', 'sha256:00'], 'cli/bad-usage'],
    [['erase', `hmac-sha256:${'0'.repeat(64)}`], 'ledger/no-opening'],
  ] as const) {
    test(`${args.join(' ')} is refused: ${code}`, async () => {
      const repository = governedRepository()
      await assert.rejects(ask('ledger', repository, args), isFault(code))
    })
  }
})

function isFault(code: string) {
  return (error: unknown) => error instanceof Fault && error.code === code
}
