// The ledger: durable appends a second in batches beside Tessera's POSIX driver (built from test/bench/tessera where Go is
// installed), peak memory, verification of a year of a large bank and of a million entries, what tiles weigh, what an append
// and a receipt cost at a thousand and at a million entries. Each figure is of a process of its own.
//   node test/bench/ledger.ts [seconds a batch size] [entries of the large log]
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openLogWriter } from '../../engine/ledger/append.ts'
import { makeReceipt } from '../../engine/ledger/make-receipt.ts'
import { signerOfSeed } from '../../engine/ledger/note-key.ts'
import { planAppend } from '../../engine/ledger/plan-append.ts'
import { readLogFolder } from '../../engine/ledger/read-folder.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'

const ORIGIN = 'bench.example/tutela'
const SIGNER = signerOfSeed(ORIGIN, Buffer.alloc(32, 7))
const BATCHES = [1, 256, 1024, 4096]
/** A year of a large bank. */
const YEAR = 89_421
const ENTRY_BYTES = 300
const ROUNDS = 3

const [first = '', ...rest] = process.argv.slice(2)
const PHASES: Readonly<Record<string, (folder: string, n: number, seconds: number) => Promise<object> | object>> = {
  append: appendFor,
  grow,
  verify,
  'append-one': appendOne,
  receipt,
}

let program = import.meta.filename

const phase = PHASES[first]
if (phase === undefined) await bench(Number(first || 5), Number(rest[0] ?? 1_000_000))
else {
  const [folder = '', n = '', seconds = ''] = rest
  const result = await phase(folder, Number(n), Number(seconds))
  process.stdout.write(JSON.stringify({ ...result, mib: process.resourceUsage().maxRSS / 1024 }))
}

async function bench(seconds: number, large: number): Promise<void> {
  const scratch = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'tutela-bench-ledger-'))
  program = await bundle(scratch)
  try {
    benchAppends(scratch, seconds)
    for (const size of [1000, YEAR, large]) {
      const folder = join(scratch, String(size))
      const grown = ask('grow', folder, size)
      print(`grown to ${size}, not durably`, { s: grown.s, mib: grown.mib, 'tile bytes an entry': grown.tileBytes })
      // Read once before: what is timed is hashing, not the disk.
      ask('verify', folder, size)
      print(`verified, ${size} entries`, ask('verify', folder, size))
      print(`receipt from ${size}`, ask('receipt', folder, size))
      print(`append of 1 to ${size}, durable`, ask('append-one', folder, 1))
      print(`append of 64 to ${size}, durable`, ask('append-one', folder, 64))
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** In turns, so that a busy moment of the machine falls on both; the medians of three. */
function benchAppends(scratch: string, seconds: number): void {
  const tessera = buildTessera(scratch)
  for (const batch of BATCHES) {
    const ours: Figures[] = []
    const theirs: Figures[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const folder = join(scratch, 'appends')
      ours.push(ask('append', join(folder, 'tutela'), batch, seconds))
      if (tessera !== null) theirs.push(askTessera(tessera, join(folder, 'tessera'), batch, seconds))
      rmSync(folder, { recursive: true, force: true })
    }
    print(`tutela, batches of ${batch}`, { 'a second': middle(ours, 'a second'), mib: most(ours) })
    if (tessera === null) continue
    print(`tessera, batches of ${batch}`, { 'a second': middle(theirs, 'a second'), mib: most(theirs) })
    print('  tutela ÷ tessera', { ratio: middle(ours, 'a second') / middle(theirs, 'a second') })
  }
}

function middle(rounds: readonly Figures[], unit: string): number {
  return median(rounds.map((round) => round[unit] ?? Number.NaN))
}

function most(rounds: readonly Figures[]): number {
  return Math.max(...rounds.map(({ mib = Number.NaN }) => mib))
}

/** As `dist/` is made: types need not be stripped when a process starts, which alone takes 40 MB. */
async function bundle(scratch: string): Promise<string> {
  const { buildSync } = await import('esbuild')
  const outfile = join(scratch, 'ledger.mjs')
  const require = "import{createRequire as r}from'node:module';const require=r(import.meta.url);"
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node22' } as const
  buildSync({
    entryPoints: [import.meta.filename],
    outfile,
    ...options,
    external: ['esbuild'],
    banner: { js: require },
  })
  return outfile
}

type Figures = Record<string, number>

function ask(name: string, folder: string, n: number, seconds = 0): Figures {
  const argv = [program, name, folder, String(n), String(seconds)]
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} of ${folder}: ${stderr}`)
  return JSON.parse(stdout) as Figures
}

/** The program; null, and said, where Go or its modules cannot be had. */
function buildTessera(scratch: string): string | null {
  const folder = join(scratch, 'tessera-source')
  cpSync(join(import.meta.dirname, 'tessera'), folder, { recursive: true })
  const { status, stderr, error } = spawnSync('go', ['build', '-o', 'tessera', '.'], { cwd: folder, encoding: 'utf8' })
  if (status === 0) return join(folder, 'tessera')
  const why = (error?.message ?? stderr).split('\n').slice(-2).join(' ').trim()
  process.stdout.write(`tessera: cannot be built, so nothing is compared with it (${why})\n`)
  return null
}

function askTessera(program: string, folder: string, batch: number, seconds: number): Figures {
  mkdirSync(folder, { recursive: true })
  const timed = ['-q', '-f', 'TIMED %M', program, folder, String(batch), String(seconds)]
  const { stdout, stderr, status } = spawnSync('/usr/bin/time', timed, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tessera: ${stderr}`)
  const [added = 0, took = 1] = stdout.trim().split(' ').map(Number)
  return { entries: added, 'a second': added / took, mib: Number(/TIMED (\d+)/.exec(stderr)?.[1]) / 1024 }
}

/** An entry as a run writes them, of 300 bytes. */
function entryOf(i: number): Uint8Array {
  const at = `${new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().slice(0, 19)}Z`
  const head = `{"at":"${at}","body":{"n":${i},"pad":"`
  const tail = `"},"commit":"${i.toString(16).padStart(40, '0')}","kind":"incident","run":"00000000000000aa","v":1}`
  return Buffer.from(head + 'x'.repeat(ENTRY_BYTES - head.length - tail.length) + tail)
}

function entriesOf(from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => entryOf(from + i))
}

function writerOf(folder: string) {
  return openLogWriter({ folder, signers: [SIGNER], origin: ORIGIN, since: '2026-11-25T00:00:00Z' })
}

async function appendFor(folder: string, batch: number, seconds: number): Promise<object> {
  const writer = writerOf(folder)
  // Made once, so that the memory measured is the log's and not the caller's; each is another entry every time.
  const entries = entriesOf(0, batch).map((entry) => Buffer.from(entry))
  const place = entries[0]?.indexOf('xxxxxxxxxx') ?? 0
  const start = performance.now()
  let added = 0
  while (performance.now() - start < seconds * 1000) {
    for (const [i, entry] of entries.entries()) entry.write(String(added + i).padStart(10, '0'), place + 2, 'latin1')
    await writer.append(entries)
    added += batch
  }
  const took = (performance.now() - start) / 1000
  writer.close()
  return { entries: added, 'a second': added / took }
}

/** By the same plans, with plain writes: so that a large log is there in a minute. */
function grow(folder: string, size: number): object {
  const start = performance.now()
  const { read } = readLogFolder(folder)
  for (let from = 0; from < size; ) {
    const count = Math.min(65_536, size - from)
    const { files, remove } = planAppend({ read, entries: entriesOf(from, count), signers: [SIGNER], origin: ORIGIN })
    for (const [path, bytes] of files) {
      const full = join(folder, path)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, bytes)
    }
    for (const path of remove) rmSync(join(folder, path), { force: true })
    from += count
  }
  let tileBytes = 0
  for (const path of readLogFolder(folder).list()) {
    if (path.startsWith('tile/') && !path.startsWith('tile/entries/')) tileBytes += statSync(join(folder, path)).size
  }
  return { s: (performance.now() - start) / 1000, tileBytes: tileBytes / size }
}

function verify(folder: string): object {
  const start = performance.now()
  const { ok, entries, problems } = verifyLog(readLogFolder(folder), trustInKey(SIGNER.key))
  const s = (performance.now() - start) / 1000
  if (!ok) throw new Error(`not proven: ${JSON.stringify(problems[0])}`)
  return { s, entries, 'cpu s': (process.resourceUsage().userCPUTime + process.resourceUsage().systemCPUTime) / 1e6 }
}

/** The median of 41, in ms; files beside, so that the log grows by little. */
async function appendOne(folder: string, count: number): Promise<object> {
  if (!existsSync(join(folder, 'checkpoint'))) throw new Error('grow it first')
  const writer = writerOf(folder)
  const times: number[] = []
  const plans: number[] = []
  const { read } = readLogFolder(folder)
  for (let i = 0; i < 41; i++) {
    const entries = entriesOf(i, count)
    const start = performance.now()
    planAppend({ read, entries, signers: [SIGNER], origin: ORIGIN })
    plans.push(performance.now() - start)
    await writer.append(entries)
    times.push(performance.now() - start - (plans.at(-1) ?? 0))
  }
  writer.close()
  return { ms: median(times), 'ms of planning': median(plans) }
}

/** The median of 101 at indexes spread over the log, in ms; `tiles` is what the worst of them read. */
function receipt(folder: string, size: number): object {
  const { read } = readLogFolder(folder)
  const note = read('checkpoint')
  if (note === null) throw new Error('grow it first')
  const times: number[] = []
  let tiles = 0
  for (let i = 0; i < 101; i++) {
    const seen = new Set<string>()
    const counting = (path: string) => {
      if (path.startsWith('tile/') && !path.startsWith('tile/entries/')) seen.add(path)
      return read(path)
    }
    const start = performance.now()
    makeReceipt({ read: counting, index: Math.floor((i * (size - 1)) / 100), size, note })
    times.push(performance.now() - start)
    tiles = Math.max(tiles, seen.size)
  }
  return { ms: median(times), 'slowest ms': Math.max(...times), tiles }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function print(name: string, figures: Record<string, number | undefined>): void {
  const told = Object.entries(figures).map(([unit, value = Number.NaN]) => `${unit} ${shown(value)}`)
  process.stdout.write(`${name.padEnd(34)} ${told.join('   ')}\n`)
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 2 : 0)
}
