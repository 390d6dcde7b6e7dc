// Appends to a log in a folder in a process of its own under strace, which kills it, or lets a call fail, at the nth call of a
// kind. Calls are told by the paths that they touch, so that what Node reads for itself does not count.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { buildSync } from 'esbuild'

const ROOT = join(import.meta.dirname, '../../..')

/** Every call by which a file is made, written, named, flushed or removed; with the names of other processors. */
export const APPEND_CALLS: Readonly<Record<string, readonly string[]>> = {
  open: ['open', 'openat'],
  write: ['write', 'pwrite64', 'writev'],
  rename: ['rename', 'renameat', 'renameat2'],
  link: ['link', 'linkat'],
  unlink: ['unlink', 'unlinkat', 'rmdir'],
  fsync: ['fsync', 'fdatasync'],
  mkdir: ['mkdir', 'mkdirat'],
}

/** How a traced process ended, and whether the fault met a call of the log. */
export interface TracedAppend {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** What it acknowledged. */
  readonly stdout: string
  readonly stderr: string
  /** The calls that touched the folder: kind, and which of its kind that it was in its thread. */
  readonly calls: readonly { readonly kind: string; readonly nth: number }[]
}

/** The writer of ../../ledger/append-writer.ts in one file, so that each of hundreds of processes starts at once. */
export function buildWriter(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-writer-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'writer.mjs')
  buildSync({
    entryPoints: [join(ROOT, 'test/ledger/append-writer.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  })
  return outfile
}

/** Runs `argv` with Node; `fault` is strace's word (`signal=SIGKILL`, `error=EIO`), null to see the calls alone. */
export function traceAppend(
  argv: readonly string[],
  folder: string,
  fault: { readonly kind: string; readonly what: string; readonly nth: number } | null,
): TracedAppend {
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-trace-'))
  try {
    const log = join(scratch, 'log')
    const names = (kinds: readonly string[]) =>
      kinds.flatMap((kind) => APPEND_CALLS[kind] ?? []).map((name) => `?${name}`)
    const all = names(Object.keys(APPEND_CALLS)).join(',')
    const inject =
      fault === null ? [] : ['-e', `inject=${names([fault.kind]).join(',')}:${fault.what}:when=${fault.nth}`]
    const trace = ['-f', '-qq', '-y', '-s', '0', '-o', log, '-e', `trace=${all}`, ...inject]
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
    const { status, signal, stdout, stderr } = spawnSync('strace', [...trace, process.execPath, ...argv], {
      encoding: 'utf8',
      env,
    })
    return { status, signal, stdout, stderr, calls: callsIn(readFileSync(log, 'utf8'), folder) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function callsIn(text: string, folder: string): TracedAppend['calls'] {
  const kindOf = new Map(Object.entries(APPEND_CALLS).flatMap(([kind, names]) => names.map((name) => [name, kind])))
  const seen = new Map<string, number>()
  const calls: { kind: string; nth: number }[] = []
  for (const line of text.split('\n')) {
    const [, thread = '', name = '', rest = ''] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? []
    const kind = kindOf.get(name)
    if (kind === undefined) continue
    // strace counts each call by its own name.
    const nth = (seen.get(`${thread} ${name}`) ?? 0) + 1
    seen.set(`${thread} ${name}`, nth)
    // To look for what is not there changes nothing: hundreds of such calls are one moment.
    if (rest.includes(folder) && !rest.includes('ENOENT')) calls.push({ kind, nth })
  }
  return calls
}
