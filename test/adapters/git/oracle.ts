// The `git` program as the oracle: scratch folders, and git run in them with nothing of the user's configuration.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { openGitStore } from '../../../engine/adapters/git/open-store.ts'
import type { GitStore } from '../../../engine/world.ts'

export const PERSON = { name: 'Ana', email: 'ana@example.org', at: 1_767_225_600 }

const ENV = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TEMPLATE_DIR: '',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.org',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.org',
  GIT_AUTHOR_DATE: '1767225600 +0000',
  GIT_COMMITTER_DATE: '1767225600 +0000',
  LC_ALL: 'C',
}

/** In memory where there is such a place: hundreds of repositories are made, and each flushes its files. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A new empty folder, removed after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(place, 'tutela-git-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What git prints, without the final newline. Throws where it fails. */
export function git(folder: string, ...args: string[]): string {
  return gitBytes(folder, args).toString('utf8').replace(/\n$/, '')
}

export function gitBytes(folder: string, args: readonly string[], input?: string | Uint8Array): Buffer {
  return execFileSync('git', ['-C', folder, ...args], {
    env: ENV,
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  })
}

/** Whether git accepts the command. */
export function gitAccepts(folder: string, ...args: string[]): boolean {
  return spawnSync('git', ['-C', folder, ...args], { env: ENV }).status === 0
}

/** A scratch repository with one commit of these files on `main`; none: no commit. */
export function repository(files: Readonly<Record<string, string>> = {}): string {
  const folder = scratch()
  git(folder, 'init', '-q', '-b', 'main')
  if (Object.keys(files).length > 0) commit(folder, files)
  return folder
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Writes the files and commits everything in the folder; the commit's id. */
export function commit(folder: string, files: Readonly<Record<string, string>>, message = 'commit'): string {
  write(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', message)
  return git(folder, 'rev-parse', 'HEAD')
}

export function open(folder: string): GitStore {
  const store = openGitStore(folder, { userConfig: false })
  if (store === null) throw new Error(`no repository in ${folder}`)
  return store
}

/** Everything that git finds wrong with objects and refs; `''` when nothing. */
export function fsck(folder: string): string {
  const { stdout, stderr } = spawnSync('git', ['-C', folder, 'fsck', '--strict', '--no-dangling'], { env: ENV })
  return `${stdout}${stderr}`.replace(
    /^notice: HEAD points to an unborn branch.*\n|^notice: No default references\n/gm,
    '',
  )
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
