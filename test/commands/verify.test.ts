import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { Invocation } from '../../engine/commands/command.ts'
import { type Answer, command } from '../../engine/commands/verify.ts'
import { policyText } from '../../engine/ledger/log-policy.ts'
import { formatVerifierKey } from '../../engine/ledger/note-key.ts'
import { proveInclusion } from '../../engine/ledger/prove.ts'
import { formatReceipt } from '../../engine/ledger/receipt.ts'
import { askCommand } from '../ask-command.ts'
import { append, type MemoryLog, ORIGIN, SIGNER, sampleEntries, sampleEntry } from '../ledger/memory-log.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-verify-'))
after(() => rmSync(root, { recursive: true }))

const log: MemoryLog = new Map()
append(log, sampleEntries(0, 2))
const older = log.get('checkpoint') ?? Buffer.of()
append(log, sampleEntries(2, 5))
const VKEY = formatVerifierKey(SIGNER.key)

function write(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), bytes)
}

for (const [path, bytes] of log) write(`repository/ledger/${path}`, bytes)
write('repository/ledger/policy', policyText({ raw: {} }, [SIGNER.key]))
write('repository/ledger/anchors.ndjson', 'ignored\n')
for (const [path, bytes] of log) write(`bare/${path}`, bytes)
write('older', older)
const proof = proveInclusion((path) => log.get(path) ?? null, 3, 5) ?? []
write('three.tlog-proof', formatReceipt({ index: 3n, proof, checkpoint: log.get('checkpoint') ?? Buffer.of() }))
write('three.json', sampleEntry(3))
write('four.json', sampleEntry(4))

async function verify(path: string, options: Invocation['options'] = {}, lang: 'pt' | 'en' | null = null) {
  const { exit, json, text } = await askCommand(command, root, {
    args: [path],
    options,
    now: 0,
    globals: { format: 'json', lang },
  })
  return { exit, answer: json as Answer & { apiVersion: string; kind: string }, text: text() }
}

test('a folder is proven by the key that the user names, and says nothing on trust', async () => {
  for (const options of [{ vkey: VKEY }, { policy: 'repository/ledger/policy' }]) {
    const { exit, answer } = await verify('repository/ledger', options)
    assert.equal(exit, 0)
    assert.deepEqual(
      { ...answer, root: answer.root?.length },
      {
        apiVersion: 'tutela/v1',
        kind: 'Verify',
        ok: true,
        origin: ORIGIN,
        size: 5,
        root: 44,
        signatures: [{ name: ORIGIN, known: true, ok: true }],
        entries: 5,
        problems: [],
      },
    )
  }
})

test('a folder with neither key nor policy is checked by its own policy, and says that the origin was taken on trust', async () => {
  const { exit, answer, text } = await verify('repository/ledger')
  assert.deepEqual([exit, answer.originOnTrust], [0, true])
  assert.match(text, /^proven: test\.tutela\.example\/log\n.*5 of 5 entries.*\n(.*\n)*.*taken on trust/)
  assert.match((await verify('repository/ledger', {}, 'pt')).text, /^provado: .*\n(.*\n)*.*aceito sem prova/)
  await assert.rejects(verify('bare'), (error) => error instanceof Fault && error.code === 'ledger/no-trust')
})

test('a log that does not hold is exit 2, with the problem in words', async () => {
  write('broken/checkpoint', log.get('checkpoint') ?? '')
  for (const [path, bytes] of log) if (path !== 'tile/0/000.p/5') write(`broken/${path}`, bytes)
  write('broken/tile/0/000.p/5', Buffer.from(log.get('tile/0/000.p/5') ?? []).fill(9, 64, 65))
  const { exit, answer, text } = await verify('broken', { vkey: VKEY })
  assert.equal(exit, 2)
  assert.deepEqual(
    answer.problems.map(({ code }) => code),
    ['ledger/entry-hash', 'ledger/root'],
  )
  assert.match(
    text,
    /NOT PROVEN(.*\n)*.*ledger\/entry-hash {2}tile\/entries\/000\.p\/5 entry 2: an entry is not the one that its tile has/,
  )
})

test('an older checkpoint is continued, and a fork or a roll-back is not', async () => {
  assert.equal((await verify('bare', { vkey: VKEY, since: 'older' })).exit, 0)
  const fork: MemoryLog = new Map()
  append(fork, sampleEntries(100, 103))
  write('fork', fork.get('checkpoint') ?? '')
  append(fork, sampleEntries(103, 110))
  write('ahead', fork.get('checkpoint') ?? '')
  for (const [since, code] of [
    ['fork', 'ledger/rewritten'],
    ['ahead', 'ledger/rolled-back'],
    ['three.json', 'ledger/bad-note'],
  ] as const) {
    const { exit, answer, text } = await verify('bare', { vkey: VKEY, since })
    assert.deepEqual([exit, answer.problems.map((problem) => problem.code)], [2, [code]])
    assert.equal(/anybody can check it/.test(text), code === 'ledger/rewritten')
    assert.equal(/no proof of two histories/.test(text), code === 'ledger/rolled-back')
  }
})

test('a receipt proves its entry and no other', async () => {
  assert.deepEqual((await verify('three.tlog-proof', { vkey: VKEY, entry: 'three.json' })).exit, 0)
  const { exit, answer } = await verify('three.tlog-proof', { vkey: VKEY, entry: 'four.json' })
  assert.deepEqual([exit, answer.problems.map(({ code }) => code)], [2, ['ledger/not-included']])
})

test('a log of another key or origin is not proven', async () => {
  const stranger = 'vectors.tutela.example/log+227a75a8+AY3AXoYBQKo2lAmrCl9FEO+HHpyB/EVF5+xUHgXPbJou'
  const { exit, answer } = await verify('bare', { vkey: stranger })
  assert.deepEqual(
    [exit, answer.problems],
    [2, [{ code: 'ledger/other-origin', where: 'checkpoint', expected: 'vectors.tutela.example/log', actual: ORIGIN }]],
  )
})

test('what cannot be asked is a fault with a hint', async () => {
  const cases: [string, Invocation['options'], string][] = [
    ['absent', { vkey: VKEY }, 'ledger/no-log'],
    ['repository', { vkey: VKEY }, 'ledger/no-log'],
    ['three.json', { vkey: VKEY }, 'ledger/no-log'],
    ['bare', { vkey: 'x' }, 'ledger/bad-vkey'],
    ['bare', { vkey: VKEY, policy: 'repository/ledger/policy' }, 'cli/bad-option'],
    ['bare', { policy: 'absent' }, 'ledger/unreadable'],
    ['bare', { policy: 'three.json' }, 'ledger/bad-policy'],
    ['bare', { vkey: VKEY, entry: 'three.json' }, 'cli/bad-option'],
    ['three.tlog-proof', { entry: 'three.json' }, 'cli/bad-option'],
    ['three.tlog-proof', { vkey: VKEY }, 'cli/bad-option'],
    ['three.tlog-proof', { vkey: VKEY, entry: 'three.json', since: 'older' }, 'cli/bad-option'],
  ]
  for (const [path, options, code] of cases) {
    await assert.rejects(
      verify(path, options),
      (error) => error instanceof Fault && error.code === code,
      `${path} ${code}`,
    )
  }
  await assert.rejects(
    verify('repository', { vkey: VKEY }),
    (error) => error instanceof Fault && /did you mean `repository\/ledger`/.test(error.hint ?? ''),
  )
})

test('names from a hostile log cannot move the cursor', async () => {
  write(
    'hostile/checkpoint',
    Buffer.from('\u202eevil\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— \u202ex AAAAAAA=\n'),
  )
  const { exit, text } = await verify('hostile', { vkey: VKEY })
  assert.equal(exit, 2)
  assert.doesNotMatch(text, /\u202e/)
})
