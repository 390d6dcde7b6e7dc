import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatCheckpoint, parseCheckpoint } from '../../engine/ledger/checkpoint.ts'
import { checkNote, cosignatureTime, parseNote, signNote } from '../../engine/ledger/note.ts'
import {
  formatSignerKey,
  formatVerifierKey,
  isKeyName,
  parseSignerKey,
  parseVerifierKey,
  signerOfSeed,
  type VerifierKey,
} from '../../engine/ledger/note-key.ts'
import { LEDGER, readJson, skipWithoutVectors } from './vectors.ts'

function keysOf(texts: readonly string[]): VerifierKey[] {
  return texts.map((text) => parseVerifierKey(text)).filter((key) => key !== null)
}

interface NoteCase {
  readonly name: string
  readonly note?: string
  readonly noteBase64?: string
  readonly keys: readonly string[]
  readonly expect: 'accept' | 'reject' | 'either'
  readonly verified?: readonly string[]
}

function noteBytes({ note, noteBase64 }: NoteCase): Uint8Array {
  return noteBase64 === undefined ? Buffer.from(note ?? '') : Buffer.from(noteBase64, 'base64')
}

/** Where the specification leaves it open, Tutela rejects: more than 100 signatures, a bad line after a good one. */
const LEFT_OPEN = new Map([
  ['101 signatures', false],
  ['bad line of ours after the good one', false],
])

for (const file of ['signed-note.json', 'upstream.json']) {
  test(`the notes of ${file} are accepted or rejected as published`, { skip: skipWithoutVectors }, () => {
    const { cases, notes } = readJson(join(LEDGER, 'note', file)) as { cases?: NoteCase[]; notes?: NoteCase[] }
    const all = cases ?? notes ?? []
    assert.ok(all.length > 10)
    for (const c of all) {
      const note = parseNote(noteBytes(c))
      const check = note === null ? null : checkNote(note, keysOf(c.keys))
      const accepted = check?.ok ?? false
      if (c.expect === 'either') assert.equal(accepted, LEFT_OPEN.get(c.name), c.name)
      else assert.equal(accepted, c.expect === 'accept', c.name)
      if (c.verified !== undefined)
        assert.deepEqual(check?.verified.map(({ name }) => name).sort(), [...c.verified].sort(), c.name)
    }
  })
}

test('the verifier keys of vkeys.json are accepted or rejected as published', { skip: skipWithoutVectors }, () => {
  const { cases } = readJson(join(LEDGER, 'note/vkeys.json')) as {
    cases: { vkey: string; expect: string; skey?: string; cosignature?: string; why?: string }[]
  }
  for (const { vkey, expect, skey, cosignature, why } of cases) {
    const key = parseVerifierKey(vkey)
    assert.equal(key?.type === 'cosignature', cosignature === 'accept', why)
    // An upper-case id is another text of the same key: refused, because a key has one text.
    assert.equal(key?.type === 'ed25519', expect === 'accept', why)
    if (skey === undefined || key === null) continue
    const signer = parseSignerKey(skey)
    assert.ok(signer)
    assert.deepEqual(formatVerifierKey(signer.key), vkey)
  }
})

test('the checkpoint texts of checkpoint-body.json are accepted or rejected as a strict reader must', {
  skip: skipWithoutVectors,
}, () => {
  const { cases } = readJson(join(LEDGER, 'note/checkpoint-body.json')) as {
    cases: { text: string; strict: string; origin?: string; size?: string; root?: string; rest?: string }[]
  }
  for (const { text, strict, origin, size, root, rest } of cases) {
    const read = parseCheckpoint(text)
    if (strict === 'either') {
      assert.equal(read, null, 'sizes of 2^63 and more are refused')
      continue
    }
    assert.equal(read !== null, strict === 'accept', text)
    if (read === null) continue
    assert.deepEqual([read.origin, String(read.size)], [origin, size])
    if (root !== undefined) assert.equal(Buffer.from(read.root).toString('base64'), root)
    if ((rest ?? '') === '') assert.equal(formatCheckpoint(read), text)
  }
})

test('cosignatures of witnesses are checked with their time', { skip: skipWithoutVectors }, () => {
  const { log, cases } = readJson(join(LEDGER, 'cosignature/cosignature-v1.json')) as {
    log: string
    cases: {
      name: string
      note?: string
      signature?: string
      time?: number
      witnesses?: string[]
      expect: string
      signedBy?: Record<string, number>
    }[]
  }
  for (const c of cases) {
    if (c.signature !== undefined) {
      const bytes = Buffer.from(c.signature, 'base64').subarray(4)
      assert.equal(Number(cosignatureTime(bytes)), c.time, c.name)
      continue
    }
    const note = parseNote(Buffer.from(c.note ?? ''))
    const check = note === null ? null : checkNote(note, keysOf([log, ...(c.witnesses ?? [])]))
    assert.equal(check?.ok ?? false, c.expect === 'accept', c.name)
    if (note === null || c.expect !== 'accept') continue
    const times = note.signatures.flatMap(({ name, bytes }) => {
      const isWitness = check?.verified.some((key) => key.type === 'cosignature' && key.name === name)
      return isWitness === true ? [[name, Number(cosignatureTime(bytes))]] : []
    })
    assert.deepEqual(Object.fromEntries(times), c.signedBy ?? {}, c.name)
  }
})

test('a note signed by two keys holds for each of them, and a third key knows none', () => {
  const [a, b, c] = [1, 2, 3].map((n) => signerOfSeed('log.example', Buffer.alloc(32, n)))
  assert.ok(a && b && c)
  const bytes = signNote('log.example\n0\nroot\n', [a, b])
  const note = parseNote(bytes)
  assert.ok(note)
  assert.deepEqual(
    checkNote(note, [a.key]).signatures.map(({ known, ok }) => [known, ok]),
    [
      [true, true],
      [false, false],
    ],
  )
  assert.equal(checkNote(note, [b.key]).ok, true)
  assert.equal(checkNote(note, [c.key]).ok, false)
  assert.deepEqual(signNote('log.example\n0\nroot\n', [a, b]), bytes)
})

test('private and public keys survive their texts', () => {
  const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i))
  const secret = formatSignerKey('banco.example/tutela', seed)
  assert.match(secret, /^PRIVATE\+KEY\+banco\.example\/tutela\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/)
  const signer = parseSignerKey(secret)
  assert.ok(signer)
  assert.deepEqual(parseVerifierKey(formatVerifierKey(signer.key)), signer.key)
  for (const wrong of [
    '',
    secret.slice(0, -1),
    secret.replace('PRIVATE', 'PUBLIC'),
    secret.replace('banco', 'outro'),
    `${secret}=`,
  ]) {
    assert.equal(parseSignerKey(wrong), null, wrong)
  }
})

test('key names have no white space, plus or control character', () => {
  for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\u00a0b', 'a\nb', 'a\u0000b', 'a\u0085b', '\ud800'])
    assert.equal(isKeyName(name), false)
  for (const name of ['example.com/log', 'joão.example', 'x']) assert.equal(isKeyName(name), true)
})
