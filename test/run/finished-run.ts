// What a repository must look like after a run that was killed, refused or raced has been done again: as after one that
// nobody disturbed. Asked of git, of the log's verifier, and of the files that deliveries left.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeEntry } from '../../engine/ledger/entry.ts'
import { decodeBundle } from '../../engine/ledger/entry-bundle.ts'
import { readPolicy } from '../../engine/ledger/log-policy.ts'
import { readLogFile, readLogFolder } from '../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'

const ENV = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' }

/** What git prints, without the final newline. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { env: ENV, encoding: 'utf8', stdio: 'pipe' }).replace(/\n$/, '')
}

/** Plain data to compare two repositories by: what was recorded, proposed, delivered and told. */
export interface Standing {
  /** Commits of the branch. */
  readonly commits: number
  /** Path → blob of every file of the branch, but `latest.json`: it names the delivery marks by their commit. */
  readonly files: Readonly<Record<string, string>>
  readonly latest: { readonly run: string; readonly path: string } | null
  /** Ref → commit of all but the branch, what was last seen at a remote, and the delivery marks (however batched). */
  readonly refs: Readonly<Record<string, string>>
  /** Tree of the delivery marks. */
  readonly delivered: string
  /** Name → text of each notice. */
  readonly notices: Readonly<Record<string, string>>
}

export function standingOf(folder: string, branch = 'refs/heads/main'): Standing {
  const lines = git(folder, 'for-each-ref', '--format=%(refname) %(objectname)')
    .split('\n')
    .filter((line) => !line.startsWith('refs/tutela-remote/'))
  const { [branch]: tip = '', 'refs/tutela/delivered': marks, ...refs } = Object.fromEntries(words(lines))
  const listed = git(folder, 'ls-tree', '-r', '--format=%(path) %(objectname)', tip).split('\n')
  const { [LATEST]: latest, ...files } = Object.fromEntries(words(listed))
  return {
    commits: Number(git(folder, 'rev-list', '--count', tip)),
    files,
    latest: latest === undefined ? null : latestIn(git(folder, 'cat-file', 'blob', latest)),
    refs,
    delivered: marks === undefined ? '' : git(folder, 'rev-parse', `${marks}^{tree}`),
    notices: noticesIn(folder),
  }
}

const LATEST = 'reports/latest.json'

function words(lines: readonly string[]): [string, string][] {
  return lines.map((line) => line.split(' ') as [string, string])
}

function latestIn(text: string): Standing['latest'] {
  const { run, path } = JSON.parse(text) as { run: string; path: string }
  return { run, path }
}

function noticesIn(folder: string): Record<string, string> {
  const notices = join(folder, '.git/tutela/notices')
  const isThere = statSync(notices, { throwIfNoEntry: false })?.isDirectory() === true
  const names = isThere ? readdirSync(notices).filter((name) => name.endsWith('.json')) : []
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(notices, name), 'utf8')]))
}

/** Sound in every respect that needs no comparison: after any crash, also before the run is done again. */
export function assertSound(folder: string, what: string): void {
  const { stdout, stderr } = spawnSync('git', ['-C', folder, 'fsck', '--strict', '--no-dangling'], {
    env: ENV,
    encoding: 'utf8',
  })
  assert.equal(`${stdout}${stderr}`, '', what)
}

/** Nothing left over, one commit a run, every entry once, the log proven. */
export function assertFinished(folder: string, what: string): void {
  assertSound(folder, what)
  assert.equal(git(folder, 'status', '--porcelain', '-uall'), '', what)
  assert.deepEqual(leftovers(join(folder, '.git')), [], what)
  const trailers = git(folder, 'log', '--format=%(trailers:key=Tutela-Run,valueonly,separator=%x2C)', 'HEAD')
  const runs = trailers.split('\n').filter((run) => run !== '')
  assert.deepEqual(runs, [...new Set(runs)], `${what}: a run has two commits`)
  assertLog(folder, runs, what)
}

/** Locks, claims and temporary files of any kind; loose objects that nothing names are git's own business. */
export function leftovers(gitDir: string): string[] {
  return readdirSync(gitDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.lock$/.test(name) || /^tutela\/(lock$|locks\/|lock-claims\/)/.test(name),
  )
}

function assertLog(folder: string, runs: readonly string[], what: string): void {
  const ledger = join(folder, 'ledger')
  const answer = verifyLog(readLogFolder(ledger), readPolicy(readLogFile(join(ledger, 'policy'))))
  assert.deepEqual([answer.ok, answer.problems], [true, []], what)
  const entries = entriesOf(ledger, answer.size ?? 0)
  assert.deepEqual(
    entries.filter(({ kind }) => kind === 'run').map(({ run }) => run),
    [...runs].reverse(),
    `${what}: each commit's run has one entry`,
  )
  const events = entries.filter(({ kind }) => !OF_A_RUN.includes(kind)).map(({ kind, body }) => `${kind} ${body}`)
  assert.deepEqual(events, [...new Set(events)], `${what}: what happened once is told twice`)
}

/** Kinds that may say the same of two runs; all others tell of one event. */
const OF_A_RUN = ['run', 'evaluation']

function entriesOf(ledger: string, size: number): { kind: string; run: string; body: string }[] {
  const entries: { kind: string; run: string; body: string }[] = []
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256)
    const name = String(index).padStart(3, '0') + (width === 256 ? '' : `.p/${width}`)
    for (const bytes of decodeBundle(readFileSync(join(ledger, 'tile/entries', name))) ?? []) {
      const entry = decodeEntry(bytes)
      assert.ok(entry !== null)
      entries.push({ kind: entry.kind, run: entry.run, body: JSON.stringify(entry.body) })
    }
  }
  return entries
}
