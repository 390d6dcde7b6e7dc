// Checkpoints that somebody forged, bent or blew up: each is refused for its own reason, and none takes long.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { checkNote, parseNote, signNote } from '../../engine/ledger/note.ts'
import { signerOfSeed, type VerifierKey } from '../../engine/ledger/note-key.ts'
import { parsePolicy, type Trust } from '../../engine/ledger/trust-policy.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { append, filesOf, type MemoryLog, ORIGIN, SIGNER, sampleEntries, TRUST } from './memory-log.ts'

const LOG: MemoryLog = new Map()
append(LOG, sampleEntries(0, 5))
const OLDER = LOG.get('checkpoint') ?? Buffer.of()
append(LOG, sampleEntries(5, 300))
const CHECKPOINT = Buffer.from(LOG.get('checkpoint') ?? []).toString('utf8')
const [TEXT = ''] = CHECKPOINT.split('\n\n')
const NOTE_TEXT = `${TEXT}\n`

const STRANGER = signerOfSeed('stranger.example/log', Buffer.alloc(32, 1))
const NAMESAKE = signerOfSeed(ORIGIN, Buffer.alloc(32, 2))

function lineOf(signer: typeof SIGNER, text = NOTE_TEXT): string {
  return Buffer.from(signNote(text, [signer]))
    .toString('utf8')
    .slice(text.length + 1)
}

/** The signature of the log with one bit turned. */
function bent(line: string): string {
  const [dash = '', name = '', base64 = ''] = line.trimEnd().split(' ')
  const bytes = Buffer.from(base64, 'base64')
  bytes[40] = (bytes[40] ?? 0) ^ 1
  return `${dash} ${name} ${bytes.toString('base64')}\n`
}

function codes(checkpoint: string | Uint8Array, trust: Trust = TRUST): readonly string[] {
  const files = filesOf(new Map([...LOG, ['checkpoint', Buffer.from(checkpoint)]]))
  const { ok, problems } = verifyLog(files, trust)
  assert.equal(ok, problems.length === 0)
  return [...new Set(problems.map(({ code }) => code))]
}

const ours = lineOf(SIGNER)
const both: Trust = { ...TRUST, logs: [SIGNER.key, NAMESAKE.key] }
const NOTES: readonly [name: string, note: string, codes: readonly string[], trust?: Trust][] = [
  ['as it is', CHECKPOINT, []],
  ['no signature', `${NOTE_TEXT}\n`, ['ledger/bad-note']],
  ['no signature and no empty line', NOTE_TEXT, ['ledger/bad-note']],
  ["a stranger's signature alone", `${NOTE_TEXT}\n${lineOf(STRANGER)}`, ['ledger/not-signed']],
  ["a stranger's beside ours", `${NOTE_TEXT}\n${lineOf(STRANGER)}${ours}`, []],
  ["a stranger's that does not hold, beside ours", `${NOTE_TEXT}\n${bent(lineOf(STRANGER))}${ours}`, []],
  ['our name with a key that nobody trusts', `${NOTE_TEXT}\n${lineOf(NAMESAKE)}`, ['ledger/not-signed']],
  ['our name with such a key, beside ours', `${NOTE_TEXT}\n${lineOf(NAMESAKE)}${ours}`, []],
  ['ours twice', `${NOTE_TEXT}\n${ours}${ours}`, []],
  ['ours, and then ours that does not hold', `${NOTE_TEXT}\n${ours}${bent(ours)}`, ['ledger/bad-signature']],
  ['ours that does not hold', `${NOTE_TEXT}\n${bent(ours)}`, ['ledger/not-signed', 'ledger/bad-signature']],
  ['two keys of ours, one bad', `${NOTE_TEXT}\n${ours}${bent(lineOf(NAMESAKE))}`, ['ledger/bad-signature'], both],
  [
    'ours over another text',
    `${NOTE_TEXT}\n${lineOf(SIGNER, `${NOTE_TEXT}x\n`)}`,
    ['ledger/not-signed', 'ledger/bad-signature'],
  ],
  [
    "ours under a stranger's name",
    `${NOTE_TEXT}\n${ours.replace(ORIGIN, 'stranger.example/log')}`,
    ['ledger/not-signed'],
  ],
  ['100 strangers beside ours', `${NOTE_TEXT}\n${lineOf(STRANGER).repeat(99)}${ours}`, []],
  ['101 signatures', `${NOTE_TEXT}\n${lineOf(STRANGER).repeat(100)}${ours}`, ['ledger/bad-note']],
  ['a byte after the end', `${CHECKPOINT}x`, ['ledger/bad-note']],
  ['a line after the end', `${CHECKPOINT}x\n`, ['ledger/bad-note']],
  ['an empty line after the end', `${CHECKPOINT}\n`, ['ledger/bad-note']],
  ['no newline at the end', CHECKPOINT.trimEnd(), ['ledger/bad-note']],
  ['line ends of Windows', CHECKPOINT.replaceAll('\n', '\r\n'), ['ledger/bad-note']],
  ['a mark of byte order', `\ufeff${CHECKPOINT}`, ['ledger/other-origin']],
  ['a NUL', CHECKPOINT.replace(ORIGIN, `${ORIGIN}\0`), ['ledger/bad-note']],
  ['nothing', '', ['ledger/bad-note']],
  ['a megabyte', `${'x'.repeat(1_000_001)}\n\n${ours}`, ['ledger/bad-note']],
]
for (const [name, note, expected, trust] of NOTES) {
  test(`a checkpoint with ${name} is ${expected.length === 0 ? 'accepted' : 'refused'}`, () => {
    const found = codes(note, trust)
    // Of a text that was not signed, the root may be wrong besides; who signed comes first.
    assert.deepEqual(found.slice(0, Math.max(1, expected.length)), expected)
  })
}

test('keys of one name and id that differ are each tried: no collision hides a good signature or lets a bad one in', () => {
  const colliding: VerifierKey = { ...NAMESAKE.key, id: SIGNER.key.id }
  for (const keys of [
    [SIGNER.key, colliding],
    [colliding, SIGNER.key],
  ]) {
    const check = (line: string) => {
      const note = parseNote(Buffer.from(`${NOTE_TEXT}\n${line}`))
      assert.ok(note)
      return checkNote(note, keys)
    }
    assert.deepEqual([check(ours).ok, check(ours).verified], [true, [SIGNER.key]])
    assert.equal(check(bent(ours)).ok, false)
  }
})

test('a size that no log has ends at once', () => {
  const signedAt = (size: string) => signNote(`${ORIGIN}\n${size}\n${TEXT.split('\n')[2]}\n`, [SIGNER])
  const sizes: readonly [size: string, code: string][] = [
    [String(2n ** 63n), 'ledger/bad-checkpoint'],
    [String(2n ** 64n), 'ledger/bad-checkpoint'],
    ['9'.repeat(400_000), 'ledger/bad-checkpoint'],
    ['-1', 'ledger/bad-checkpoint'],
    ['0300', 'ledger/bad-checkpoint'],
    ['300 ', 'ledger/bad-checkpoint'],
    ['3e2', 'ledger/bad-checkpoint'],
    [String(2n ** 63n - 1n), 'ledger/too-large'],
    [String(2n ** 53n), 'ledger/too-large'],
    [String(2n ** 53n - 1n), 'ledger/missing-file'],
    ['299', 'ledger/stray-file'],
    ['301', 'ledger/missing-file'],
    ['0', 'ledger/stray-file'],
  ]
  for (const [size, code] of sizes) assert.ok(codes(signedAt(size)).includes(code), size.slice(0, 30))
})

test('an older checkpoint is as strictly read as the newest, and must be one of this log', () => {
  const fork: MemoryLog = new Map()
  append(fork, sampleEntries(100, 105))
  const ahead: MemoryLog = new Map(LOG)
  append(ahead, sampleEntries(300, 301))
  const other: MemoryLog = new Map()
  append(other, sampleEntries(0, 5), [STRANGER])
  const at = (size: bigint, root: Uint8Array) => signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [SIGNER])
  const root = Buffer.alloc(32)
  const cases: readonly [name: string, since: Uint8Array, codes: readonly string[]][] = [
    ['older', OLDER, []],
    ['the same', Buffer.from(CHECKPOINT), []],
    ['newer', ahead.get('checkpoint') ?? root, ['ledger/rolled-back']],
    ['forked', fork.get('checkpoint') ?? root, ['ledger/rewritten']],
    ['of the same size and another root', at(300n, root), ['ledger/rewritten']],
    ['of no entries and another root', at(0n, root), ['ledger/rewritten']],
    ['of a size that no log has', at(2n ** 63n - 1n, root), ['ledger/rolled-back']],
    ['of another log', other.get('checkpoint') ?? root, ['ledger/other-origin']],
    ['signed by nobody whom one trusts', signNote(`${TEXT}\n`, [NAMESAKE]), ['ledger/not-signed']],
    ['with line ends of Windows', Buffer.from(CHECKPOINT.replaceAll('\n', '\r\n')), ['ledger/bad-note']],
    ['with a byte after the end', Buffer.concat([OLDER, Buffer.from('x')]), ['ledger/bad-note']],
    ['that is empty', Buffer.of(), ['ledger/bad-note']],
  ]
  for (const [name, since, expected] of cases) {
    const { ok, problems } = verifyLog(filesOf(LOG), TRUST, { since })
    assert.deepEqual([ok, [...new Set(problems.map(({ code }) => code))]], [expected.length === 0, expected], name)
  }
})

test('files with names that are almost right are strangers', () => {
  const names = [
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/00/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/044',
    'tile/0/000.p/44/x',
    'tile/0/000.P/44',
    'tile/Entries/000',
    'tile/-1/000',
    'tile/64/000',
    'tile/1e1/000',
    'tile/0/../0/000',
    'tile//000',
    'tile/0/000\0',
    'tile/0/٠٠٠',
    'tile/__proto__/000',
  ]
  for (const name of names) {
    const { problems } = verifyLog(filesOf(new Map([...LOG, [name, LOG.get('tile/0/000') ?? Buffer.of()]])), TRUST)
    assert.deepEqual(
      problems.map(({ code, where }) => `${code} ${where}`),
      [`ledger/stray-file ${name}`],
    )
  }
})

test('a tile or bundle of the wrong size is a problem of that file, however large or small', () => {
  for (const path of [...LOG.keys()].filter((one) => one !== 'checkpoint')) {
    const bytes = LOG.get(path) ?? Buffer.of()
    for (const changed of [
      Buffer.of(),
      Buffer.of(0),
      bytes.subarray(0, -1),
      bytes.subarray(32),
      Buffer.concat([bytes, Buffer.alloc(32)]),
      Buffer.concat([bytes, bytes]),
      Buffer.alloc(2_000_000),
      Buffer.alloc(bytes.length, 0xff),
    ]) {
      const { ok, problems } = verifyLog(filesOf(new Map([...LOG, [path, changed]])), TRUST)
      assert.equal(ok, false, `${path} of ${changed.length} bytes`)
      assert.ok(
        problems.some(({ where }) => where.startsWith(path) || where === 'checkpoint'),
        `${path} of ${changed.length} bytes: ${JSON.stringify(problems)}`,
      )
    }
  }
})

test('a policy of groups in groups is read and asked, up to a depth that nobody needs', () => {
  const witness = 'witness w witness1.vectors.tutela.example+061e1c5d+BBE3rdl5395w8IE6GlZQHcB9NO89IRGOtDXCSfL3dbFJ'
  const nested = (depth: number) => {
    const groups = Array.from({ length: depth }, (_, i) => `group g${i} 1 ${i === 0 ? 'w' : `g${i - 1}`}`)
    return parsePolicy(Buffer.from(`${[witness, ...groups, `quorum g${depth - 1}`].join('\n')}\n`))
  }
  const parsed = nested(100)
  assert.ok(parsed.ok)
  const { problems } = verifyLog(filesOf(LOG), { ...parsed.trust, logs: TRUST.logs })
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['ledger/no-quorum'],
  )
  for (const depth of [101, 9_000]) {
    const refused = nested(depth)
    assert.deepEqual(refused.ok ? null : refused.problem, {
      line: 102,
      message: 'groups in groups, more than 100 deep',
    })
  }
})
