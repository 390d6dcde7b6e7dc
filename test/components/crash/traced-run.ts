// Starts `tutela run` of a fresh bundle under strace, which kills it, or lets a call fail, at the nth call of a kind.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')

/** The calls by which a file appears, moves, goes, or reaches the disk; with the names they have on other processors. */
export const CALLS = {
  rename: ['rename', 'renameat', 'renameat2'],
  link: ['link', 'linkat', 'symlink', 'symlinkat'],
  unlink: ['unlink', 'unlinkat', 'rmdir'],
  fsync: ['fsync', 'fdatasync'],
  mkdir: ['mkdir', 'mkdirat'],
} as const

export type Call = keyof typeof CALLS

export interface Traced {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Bundles the engine into a folder of this test's own; its cli.js. What is not bundled is found by the link. */
export function buildCli(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-dist-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const dist = join(folder, 'dist')
  execFileSync(process.execPath, [join(ROOT, 'engine/build.ts'), dist], { cwd: ROOT, stdio: 'pipe' })
  return join(dist, 'cli.js')
}

/** No compile cache, or its files would count among the calls. */
const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', TUTELA_CI: undefined }

/** `fault` is strace's word: `signal=SIGKILL`, `error=EIO`. */
export function runWithFault(argv: readonly string[], call: Call, fault: string, nth: number): Traced {
  const known = CALLS[call].map((name) => `?${name}`).join(',')
  const trace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${known}`]
  const inject = ['-e', `inject=${known}:${fault}:when=${nth}`]
  return spawnSync('strace', [...trace, ...inject, process.execPath, ...argv], { encoding: 'utf8', env })
}

/** How many such calls a whole run makes. */
export function countCalls(argv: readonly string[], call: Call): number {
  const known = CALLS[call].map((name) => `?${name}`).join(',')
  const log = join(mkdtempSync(join(tmpdir(), 'tutela-calls-')), 'log')
  spawnSync('strace', ['-f', '-qq', '-o', log, '-e', `trace=${known}`, process.execPath, ...argv], { env })
  const lines = readFileSync(log, 'utf8').split('\n')
  rmSync(dirname(log), { recursive: true })
  return lines.filter((line) => /^\d+ +\w+\(/.test(line)).length
}

/** Without strace, for reference. */
export function runPlainly(argv: readonly string[], more: Readonly<Record<string, string>> = {}): Traced {
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...env, ...more } })
}

/** Killed after so many milliseconds, unless it ends before. */
export function runAndKill(argv: readonly string[], afterMs: number): Traced {
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env, timeout: afterMs, killSignal: 'SIGKILL' })
}
