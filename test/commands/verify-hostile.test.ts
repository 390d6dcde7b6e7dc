// `verify` on folders and files that are links, pipes, devices or far too large: told, never waited for.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { Invocation } from '../../engine/commands/command.ts'
import { type Answer, command } from '../../engine/commands/verify.ts'
import { formatVerifierKey } from '../../engine/ledger/note-key.ts'
import { askCommand } from '../ask-command.ts'
import { append, type MemoryLog, SIGNER, sampleEntries, sampleEntry } from '../ledger/memory-log.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-verify-hostile-'))
after(() => rmSync(root, { recursive: true }))

const LOG: MemoryLog = new Map()
append(LOG, sampleEntries(0, 300))
const VKEY = formatVerifierKey(SIGNER.key)
const LEAVES = 'tile/0/000'
const TIMEOUT = { timeout: 20_000, skip: process.platform === 'win32' && 'no pipes and links there' }
let count = 0

/** A folder of its own with the log. */
function logFolder(): string {
  const folder = join(root, String(count++))
  for (const [path, bytes] of LOG) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return folder
}

async function verify(path: string, options: Invocation['options'] = { vkey: VKEY }) {
  const { exit, json } = await askCommand(command, root, { args: [path], options, now: 0, globals: { format: 'json' } })
  return { exit, codes: [...new Set((json as Answer).problems.map(({ code }) => code))] }
}

function makePipe(path: string): void {
  execFileSync('mkfifo', [path])
}

const CHANGES: readonly [name: string, change: (folder: string) => void, codes: readonly string[]][] = [
  ['nothing changed', () => {}, []],
  [
    'a tile that is a pipe',
    (folder) => {
      unlinkSync(join(folder, LEAVES))
      makePipe(join(folder, LEAVES))
    },
    ['ledger/bad-length'],
  ],
  [
    'a tile that is a link to the right bytes',
    (folder) => {
      renameSync(join(folder, LEAVES), join(folder, 'elsewhere'))
      symlinkSync('../../elsewhere', join(folder, LEAVES))
    },
    ['ledger/bad-length'],
  ],
  [
    'a tile that is a folder',
    (folder) => {
      unlinkSync(join(folder, LEAVES))
      mkdirSync(join(folder, LEAVES))
    },
    ['ledger/missing-file'],
  ],
  [
    'a tile of 40 GB without content',
    (folder) => truncateSync(join(folder, LEAVES), 40_000_000_000),
    ['ledger/bad-length'],
  ],
  ['a level that is a link to itself', (folder) => symlinkSync('.', join(folder, 'tile/2')), ['ledger/stray-file']],
  ['a link to the whole disk', (folder) => symlinkSync('/', join(folder, 'tile/entries/001')), ['ledger/stray-file']],
  [
    'the tiles behind a link',
    (folder) => {
      renameSync(join(folder, 'tile'), join(folder, 'elsewhere'))
      symlinkSync('elsewhere', join(folder, 'tile'))
    },
    ['ledger/stray-file', 'ledger/missing-file'],
  ],
  [
    'a checkpoint that is a pipe',
    (folder) => {
      unlinkSync(join(folder, 'checkpoint'))
      makePipe(join(folder, 'checkpoint'))
    },
    ['ledger/no-checkpoint'],
  ],
  [
    'a checkpoint that is a link to a device',
    (folder) => {
      unlinkSync(join(folder, 'checkpoint'))
      symlinkSync('/dev/zero', join(folder, 'checkpoint'))
    },
    ['ledger/no-checkpoint'],
  ],
  ['a checkpoint of 16 MB', (folder) => truncateSync(join(folder, 'checkpoint'), 16_000_000), ['ledger/bad-note']],
  ['pipes beside the log', (folder) => makePipe(join(folder, 'anchors.ndjson')), []],
  ['a pipe within `tile/`', (folder) => makePipe(join(folder, 'tile/pipe')), ['ledger/stray-file']],
]
for (const [name, change, codes] of CHANGES) {
  test(`a log with ${name} is ${codes.length === 0 ? 'proven' : 'not proven'}`, TIMEOUT, async () => {
    const folder = logFolder()
    change(folder)
    assert.deepEqual(await verify(folder), { exit: codes.length === 0 ? 0 : 2, codes })
  })
}

test(
  'a policy, older checkpoint, entry or receipt that is a pipe, device, folder or too large is a fault',
  TIMEOUT,
  async () => {
    const folder = logFolder()
    makePipe(join(root, 'pipe'))
    symlinkSync(join(root, 'pipe'), join(root, 'to-pipe'))
    symlinkSync('loop', join(root, 'loop'))
    writeFileSync(join(root, 'large'), '')
    truncateSync(join(root, 'large'), 5_000_000_000)
    writeFileSync(join(root, 'receipt'), 'c2sp.org/tlog-proof@v1\n')
    for (const given of ['pipe', 'to-pipe', 'loop', 'large', '/dev/zero', '.', 'absent', 'x'.repeat(5000)]) {
      const asked: [string, Invocation['options']][] = [
        [folder, { policy: given }],
        [folder, { vkey: VKEY, since: given }],
        ['receipt', { vkey: VKEY, entry: given }],
        ...(given === '.' ? [] : [[given, { vkey: VKEY, entry: 'receipt' }] as [string, Invocation['options']]]),
      ]
      for (const [path, options] of asked) {
        await assert.rejects(
          verify(path, options),
          (error) => error instanceof Fault && ['ledger/unreadable', 'ledger/no-log'].includes(error.code),
          `${path.slice(0, 60)} ${JSON.stringify(options).slice(0, 100)}`,
        )
      }
    }
  },
)

test('a receipt and a folder behind links are what they lead to', TIMEOUT, async () => {
  symlinkSync(logFolder(), join(root, 'to-folder'))
  assert.deepEqual(await verify('to-folder'), { exit: 0, codes: [] })
  symlinkSync('receipt', join(root, 'to-receipt'))
  writeFileSync(join(root, 'receipt'), 'c2sp.org/tlog-proof@v1\n')
  const answer = await verify('to-receipt', { vkey: VKEY, entry: 'receipt' })
  assert.deepEqual(answer, { exit: 2, codes: ['ledger/bad-receipt'] })
})

test("a folder's own policy that is a pipe is none", TIMEOUT, async () => {
  const folder = logFolder()
  makePipe(join(folder, 'policy'))
  await assert.rejects(verify(folder, {}), (error) => error instanceof Fault && error.code === 'ledger/no-trust')
})

test('a folder or file that may not be read is a fault, not a log without it', TIMEOUT, async (context) => {
  const folder = logFolder()
  chmodSync(join(folder, 'tile/entries'), 0o000)
  context.after(() => chmodSync(join(folder, 'tile/entries'), 0o755))
  if (process.getuid?.() === 0) return context.skip('root may read everything')
  await assert.rejects(verify(folder), (error) => error instanceof Fault && error.code === 'ledger/unreadable')
})

test('an entry of brackets in brackets without end does not exhaust the stack', () => {
  const log: MemoryLog = new Map()
  const deep = Buffer.from(
    sampleEntry(1)
      .toString()
      .replace('"n":1', `"n":${'['.repeat(30_000)}${']'.repeat(30_000)}`),
  )
  append(log, [sampleEntry(0), deep])
  const folder = join(root, 'deep')
  for (const [path, bytes] of log) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return verify(folder).then((answer) => assert.deepEqual(answer, { exit: 2, codes: ['ledger/bad-entry'] }))
})
