import assert from 'node:assert/strict'
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { git } from '../run/finished-run.ts'
import { GOVERNANCE, governedRepository, ORIGIN, runIn } from '../run/governed-repository.ts'
import { ask, commitAs, entriesOf } from './ledger-scene.ts'

const hasCode = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
const rotate = (folder: string, end = false, env = {}) =>
  ask('ledger', folder, ['key', 'rotate'], end ? { end } : {}, env)
const signaturesIn = (folder: string) =>
  parseNote(readFileSync(join(folder, 'ledger/checkpoint')))?.signatures.map(({ id }) => id) ?? []
const idOf = (vkey: unknown) => String(vkey).split('+')[1] ?? ''

test('a log goes over to another key: both sign, an entry of the old one says so, then the new one signs alone', async () => {
  const folder = governedRepository()
  await runIn(folder, '2026-11-22T06:00:00Z')
  const before = join(folder, '.git/before')
  writeFileSync(before, readFileSync(join(folder, 'ledger/checkpoint')))
  const { json } = await rotate(folder)
  const { from, to } = json
  const key = join(folder, '.git/tutela/ledger.key')
  assert.equal(statSync(key).mode & 0o777, 0o600)
  assert.equal(readFileSync(key, 'utf8').trim().split('\n').length, 2)
  assert.equal(readFileSync(join(folder, 'ledger/policy'), 'utf8'), `log ${from}\nlog ${to}\nquorum none\n`)

  // Until a reviewed policy names the new key, the old one signs alone and no entry is written.
  git(folder, 'stash', '-q')
  await runIn(folder, '2026-11-22T07:00:00Z')
  assert.deepEqual(signaturesIn(folder), [idOf(from)])
  git(folder, 'stash', 'pop', '-q')
  await assert.rejects(rotate(folder, true), hasCode('ledger/rotation-not-recorded'))
  await assert.rejects(rotate(folder), hasCode('ledger/rotation-under-way'))

  commitAs(folder, 'policy with both keys')
  await runIn(folder, '2026-11-22T08:00:00Z')
  await runIn(folder, '2026-11-22T09:00:00Z')
  assert.deepEqual(signaturesIn(folder), [idOf(from), idOf(to)])
  const rotations = entriesOf(folder).filter(({ kind }) => kind === 'key-rotated')
  assert.deepEqual(
    rotations.map(({ body, at }) => [body, at]),
    [[{ from, to }, '2026-11-22T08:00:00Z']],
  )
  for (const vkey of [from, to]) {
    const { exit } = await ask('verify', folder, ['ledger'], { vkey: String(vkey) })
    assert.equal(exit, 0, 'during the overlap either key is enough')
  }
  assert.equal((await ask('verify', folder, ['ledger'], { since: before })).exit, 0)

  const ended = await rotate(folder, true)
  assert.equal(ended.json.state, 'ended')
  assert.equal(readFileSync(key, 'utf8').trim().split('\n').length, 1)
  assert.equal(readFileSync(join(folder, 'ledger/policy'), 'utf8'), `log ${to}\nquorum none\n`)
  commitAs(folder, 'policy with the new key')
  await runIn(folder, '2026-11-22T10:00:00Z')
  assert.deepEqual(signaturesIn(folder), [idOf(to)])
  assert.equal((await ask('verify', folder, ['ledger'], { vkey: String(to) })).exit, 0)
  const old = await ask('verify', folder, ['ledger'], { vkey: String(from) })
  assert.deepEqual([old.exit, (old.json.problems as { code: string }[])[0]?.code], [2, 'ledger/not-signed'])
  assert.equal(entriesOf(folder).filter(({ kind }) => kind === 'key-rotated').length, 1)
  await assert.rejects(rotate(folder, true), hasCode('ledger/no-rotation'))
})

test('a crash between the key and the policy is put right by rotating again, to the same key', async () => {
  const folder = governedRepository()
  const policy = readFileSync(join(folder, 'ledger/policy'))
  const { json } = await rotate(folder)
  writeFileSync(join(folder, 'ledger/policy'), policy)
  const again = await rotate(folder)
  assert.deepEqual([again.json.from, again.json.to], [json.from, json.to])
  assert.ok(readFileSync(join(folder, 'ledger/policy'), 'utf8').includes(String(json.to)))
})

test('a key that comes from a variable is changed by hand, and the old one is never written down', async () => {
  const governance = GOVERNANCE.replace('ledger: {', 'ledger: { key: "env:LEDGER_KEY",')
  const folder = governedRepository({ 'policies/governance.yaml': governance })
  const file = join(folder, '.git/tutela/ledger.key')
  const old = readFileSync(file, 'utf8').trim()
  await assert.rejects(rotate(folder, false, { LEDGER_KEY: old }), hasCode('ledger/key-exists'))
  rmSync(file)
  const { text, json } = await rotate(folder, false, { LEDGER_KEY: old })
  assert.match(text, /into the variable LEDGER_KEY, behind the old key and a space/)
  const next = readFileSync(file, 'utf8').trim()
  assert.ok(!next.includes(old) && next.startsWith(`PRIVATE+KEY+${ORIGIN}+`))
  const shown = await ask('ledger', folder, ['key', 'show'], {}, { LEDGER_KEY: `${old} ${next}` })
  assert.deepEqual(shown.json.next, { vkey: json.to, named: true })
})

test('a key file that is wrong, missing or readable by others is said with its fix, and nothing is rotated', async () => {
  const folder = governedRepository()
  const key = join(folder, '.git/tutela/ledger.key')
  const good = readFileSync(key, 'utf8')
  const policy = readFileSync(join(folder, 'ledger/policy'), 'utf8')
  const other = good.replace(/\+[0-9a-f]{8}\+/, '+00000000+')
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['', 'ledger/bad-key', /PRIVATE\+KEY/],
    [other, 'ledger/bad-key', /PRIVATE\+KEY/],
    [`${good}${good}`, 'ledger/bad-key', /the old one and then the new one/],
  ]
  for (const [text, code, hint] of cases) {
    writeFileSync(key, text)
    for (const attempt of [() => rotate(folder), () => ask('ledger', folder, ['key', 'show']), () => runIn(folder)]) {
      await assert.rejects(
        attempt(),
        (error) => error instanceof Fault && error.code === code && hint.test(error.hint ?? ''),
      )
    }
  }
  writeFileSync(key, good)
  if (process.platform !== 'win32') {
    chmodSync(key, 0o644)
    await assert.rejects(rotate(folder), (error) => error instanceof Fault && /chmod 600/.test(error.hint ?? ''))
  }
  rmSync(key)
  await assert.rejects(rotate(folder), hasCode('ledger/no-key'))
  assert.equal(readFileSync(join(folder, 'ledger/policy'), 'utf8'), policy)
})
