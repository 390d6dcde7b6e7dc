import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { actOn } from './crash-script.ts'
import { commit, fsck, git, gitAccepts, repository, scratch } from './oracle.ts'

/** Bundled, because strace makes each of the many calls of loading a hundred modules slow. */
const SCRIPT = join(scratch(), 'crash-script.mjs')
buildSync({
  entryPoints: [fileURLToPath(new URL('crash-script.ts', import.meta.url))],
  outfile: SCRIPT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['isomorphic-git'],
})

/** The calls by which a file appears, moves, goes, or reaches the disk; with the names they have on other processors. */
const CALLS = {
  rename: 'rename,renameat,renameat2',
  link: 'link,linkat',
  unlink: 'unlink,unlinkat',
  fsync: 'fsync',
} as const

const template = repository({ 'models/old': 'old\n', 'models/kept': 'kept\n' })
git(template, 'branch', 'base')
git(template, 'update-ref', 'refs/tutela/gone', 'HEAD')
git(template, 'pack-refs', '--all')

const compiled = scratch()

function freshCopy(): string {
  const folder = join(scratch(), 'repository')
  cpSync(template, folder, { recursive: true, preserveTimestamps: true })
  return folder
}

/** Runs the script with a fault at the nth of some calls; `inject` is strace's word for the fault. */
function runWith(calls: string, inject: string, nth: number, folder: string, count: number): SpawnSyncReturns<string> {
  const known = calls.split(',').map((name) => `?${name}`)
  const args = ['-qq', '-o', '/dev/null', '-e', `trace=${known.join(',')}`]
  const fault = ['-e', `inject=${known.join(',')}:${inject}:when=${nth}`]
  return spawnSync('strace', [...args, ...fault, process.execPath, SCRIPT, folder, String(count)], {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
}

function locksIn(folder: string): string[] {
  return readdirSync(join(folder, '.git'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.lock'),
  )
}

function assertDone(folder: string, id: string, what: string): void {
  assert.equal(git(folder, 'rev-parse', 'HEAD', 'main'), `${id}\n${id}`, what)
  assert.equal(git(folder, 'status', '--porcelain', '-uall'), '', what)
  assert.equal(gitAccepts(folder, 'rev-parse', '-q', '--verify', 'refs/tutela/gone'), false, what)
  assert.equal(fsck(folder), '', what)
  assert.deepEqual(locksIn(folder), [], what)
}

const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
const skip = hasStrace ? false : 'strace is not here, or may not trace'

describe('killed before any call that changes the disk, and done again', { skip }, () => {
  for (const [name, calls] of Object.entries(CALLS)) {
    test(`${name}, loose objects`, () => killAtEach(calls, 2, name === 'fsync' ? 9 : 1))
  }
  test('rename, a pack', () => killAtEach(CALLS.rename, 70, 7))
})

function killAtEach(calls: string, count: number, step: number): void {
  let kills = 0
  for (let nth = 1; ; nth += nth < 4 ? 1 : step) {
    const folder = freshCopy()
    const { signal, status, stderr } = runWith(calls, 'signal=SIGKILL', nth, folder, count)
    if (signal === null && status === 0) break
    assert.equal(signal, 'SIGKILL', stderr)
    const what = `killed at ${calls} ${nth}`
    kills++
    assert.equal(fsck(folder), '', what)
    assertDone(folder, actOn(folder, count), what)
  }
  assert.ok(kills >= 2)
}

describe('a disk that refuses', { skip }, () => {
  const cases = [
    { calls: CALLS.fsync, error: 'EIO', every: 11 },
    { calls: CALLS.rename, error: 'ENOSPC', every: 4 },
    { calls: CALLS.link, error: 'EDQUOT', every: 1 },
  ]
  for (const { calls, error, every } of cases) {
    test(`${error} at ${calls} is a fault, leaves no lock, and nothing is lost`, () => {
      let faults = 0
      for (let nth = 1; ; nth += every) {
        const folder = freshCopy()
        const { status, stdout, stderr } = runWith(calls, `error=${error}`, nth, folder, 2)
        assert.equal(status, 0, stderr)
        if (stdout === '') break
        assert.equal(stdout, 'git/cannot-write\n')
        assert.deepEqual(locksIn(folder), [])
        assert.equal(fsck(folder), '')
        assertDone(folder, actOn(folder, 2), `${error} at ${calls} ${nth}`)
        faults++
      }
      assert.ok(faults >= 2)
    })
  }
})

test('two processes that race for a ref: one wins each time, none is lost', async () => {
  const folder = repository()
  commit(folder, { a: '0' })
  const race = fileURLToPath(new URL('race-script.ts', import.meta.url))
  const { spawn } = await import('node:child_process')
  const run = (name: string): Promise<number | null> =>
    new Promise((resolve) => {
      spawn(process.execPath, [race, folder, name, '12'], { stdio: 'inherit' }).on('close', resolve)
    })
  assert.deepEqual(await Promise.all([run('one'), run('two')]), [0, 0])
  assert.equal(git(folder, 'rev-list', '--count', 'main'), '25')
  assert.equal(git(folder, 'ls-tree', '--name-only', 'main').split('\n').length, 25)
  assert.deepEqual([fsck(folder), locksIn(folder)], ['', []])
})
