import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { privateKeyOfSeed, publicKeyOf } from '../../engine/base/ed25519.ts'
import { parseSshSignature, sshSign, verifySshSignature } from '../../engine/base/sshsig.ts'
import {
  formatSshPrivateKey,
  formatSshPublicKey,
  parseSshPrivateKey,
  parseSshPublicKey,
} from '../../engine/base/sshsig-keys.ts'

const SEED = new Uint8Array(32).fill(7)
const KEY = privateKeyOfSeed(SEED)
const PUBLIC = Buffer.from(publicKeyOf(KEY))
const PAYLOAD = Buffer.from('{"at":"2026-11-22T06:00:00Z"}')
const NAMESPACE = 'tutela-approval'

const folder = mkdtempSync(join(tmpdir(), 'tutela-sshsig-'))
after(() => rmSync(folder, { recursive: true }))
const keygen = (args: readonly string[], input = '') =>
  spawnSync('ssh-keygen', args, { input, cwd: folder, encoding: 'utf8' })
const hasKeygen = keygen(['-?']).error === undefined
const withKeygen = { skip: hasKeygen ? false : 'ssh-keygen is not installed here' }

test('a signature names its key, and only for the same payload and namespace', () => {
  const armour = sshSign(KEY, PAYLOAD, NAMESPACE)
  assert.deepEqual(Buffer.from(verifySshSignature(armour, PAYLOAD, NAMESPACE) ?? []), PUBLIC)
  assert.equal(verifySshSignature(armour, PAYLOAD, 'git'), null)
  assert.equal(verifySshSignature(armour, Buffer.from('{}'), NAMESPACE), null)
  assert.equal(sshSign(KEY, PAYLOAD, NAMESPACE), armour)
})

test('no change of one character of the armour leaves a signature that names the key', () => {
  const armour = sshSign(KEY, PAYLOAD, NAMESPACE).trimEnd()
  for (let at = 0; at < armour.length; at++) {
    const flipped = armour.slice(0, at) + (armour[at] === 'A' ? 'B' : 'A') + armour.slice(at + 1)
    const key = verifySshSignature(flipped, PAYLOAD, NAMESPACE)
    assert.ok(key === null || !PUBLIC.equals(key), `position ${at}`)
  }
})

test('what is no armoured Ed25519 signature is refused', () => {
  const armour = sshSign(KEY, PAYLOAD, NAMESPACE)
  const cases: readonly [string, string][] = [
    ['nothing', ''],
    ['no frame', armour.split('\n').slice(1).join('\n')],
    ['a second one after it', armour + armour],
    ['text before it', `hello\n${armour}`],
    ['spare bytes inside', armour.replace(/\n([^\n]+)\n-----END/, (_, l: string) => `\n${l}AAAA\n-----END`)],
    ['a huge one', armour + ' '.repeat(10_000)],
  ]
  for (const [name, text] of cases) assert.equal(parseSshSignature(text), null, name)
})

test('a private key file of ours is read back, and one with a changed half is refused', () => {
  const text = formatSshPrivateKey(SEED, 'ana', 5)
  const read = parseSshPrivateKey(text)
  assert.ok('key' in read)
  assert.deepEqual(Buffer.from(read.publicKey), PUBLIC)
  assert.equal(read.comment, 'ana')
  assert.deepEqual(parseSshPrivateKey('ssh-ed25519 AAAA'), { problem: 'not-a-key' })
  const blob = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64')
  const at = blob.lastIndexOf(PUBLIC)
  blob[at] = (blob[at] ?? 0) ^ 1
  const broken = [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    blob.toString('base64'),
    '-----END OPENSSH PRIVATE KEY-----',
  ].join('\n')
  assert.deepEqual(parseSshPrivateKey(broken), { problem: 'not-a-key' })
})

test('a public line is read with or without comment, and another type is not', () => {
  assert.deepEqual(Buffer.from(parseSshPublicKey(formatSshPublicKey(PUBLIC, 'ana')) ?? []), PUBLIC)
  assert.deepEqual(Buffer.from(parseSshPublicKey(formatSshPublicKey(PUBLIC)) ?? []), PUBLIC)
  assert.equal(parseSshPublicKey('ssh-rsa AAAAB3NzaC1yc2E='), null)
  assert.equal(parseSshPublicKey('ssh-ed25519 AAAA'), null)
})

test('ssh-keygen verifies our signature', withKeygen, () => {
  writeFileSync(join(folder, 'signers'), `ana namespaces="${NAMESPACE}" ${formatSshPublicKey(PUBLIC)}\n`)
  writeFileSync(join(folder, 'ours.sig'), sshSign(KEY, PAYLOAD, NAMESPACE))
  const args = ['-Y', 'verify', '-f', 'signers', '-I', 'ana', '-n', NAMESPACE, '-s', 'ours.sig']
  assert.equal(keygen(args, PAYLOAD.toString()).status, 0)
  assert.notEqual(keygen(args, 'other').status, 0)
})

test('we verify what ssh-keygen signs, with its key file and with ours', withKeygen, () => {
  assert.equal(keygen(['-q', '-t', 'ed25519', '-N', '', '-C', 'rui', '-f', 'theirs']).status, 0)
  writeFileSync(join(folder, 'own'), formatSshPrivateKey(SEED, 'ana'), { mode: 0o600 })
  writeFileSync(join(folder, 'payload'), PAYLOAD)
  for (const name of ['theirs', 'own']) {
    const read = parseSshPrivateKey(readFileSync(join(folder, name), 'utf8'))
    assert.ok('key' in read)
    for (const hash of ['sha512', 'sha256']) {
      const signed = keygen(['-Y', 'sign', '-f', name, '-n', NAMESPACE, '-O', `hashalg=${hash}`], PAYLOAD.toString())
      assert.equal(signed.status, 0, signed.stderr)
      assert.deepEqual(verifySshSignature(signed.stdout, PAYLOAD, NAMESPACE), read.publicKey)
    }
    assert.equal(
      keygen(['-Y', 'sign', '-f', name, '-n', NAMESPACE], PAYLOAD.toString()).stdout,
      sshSign(read.key, PAYLOAD, NAMESPACE),
    )
  }
})

test('a key with a passphrase and a key of another type are told apart', withKeygen, () => {
  assert.equal(keygen(['-q', '-t', 'ed25519', '-N', 'secret', '-f', 'locked']).status, 0)
  assert.equal(keygen(['-q', '-t', 'ecdsa', '-N', '', '-f', 'ecdsa']).status, 0)
  assert.deepEqual(parseSshPrivateKey(readFileSync(join(folder, 'locked'), 'utf8')), { problem: 'passphrase' })
  assert.deepEqual(parseSshPrivateKey(readFileSync(join(folder, 'ecdsa'), 'utf8')), { problem: 'not-ed25519' })
})
