import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { lockFile } from '../../engine/base/lock-file.ts'
import { isDead, thisHolder } from '../../engine/base/lock-holder.ts'
import { takeRunLock } from '../../engine/base/run-lock.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-lock-'))
after(() => rmSync(root, { recursive: true, force: true }))
let made = 0
function scratch(): { file: string; claims: string } {
  const folder = join(root, String(made++))
  mkdirSync(folder)
  return { file: join(folder, 'file'), claims: join(folder, 'claims') }
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

const options = { name: 'the file', waitMs: 40 }

describe('a lock file', () => {
  test('replaces its file by a commit, and leaves it alone without', () => {
    const { file, claims } = scratch()
    const lock = lockFile(file, { ...options, claims })
    assert.ok(existsSync(`${file}.lock`))
    lock.commit('new\n')
    lock.release()
    assert.equal(readFileSync(file, 'utf8'), 'new\n')
    lockFile(file, { ...options, claims }).release()
    assert.equal(readFileSync(file, 'utf8'), 'new\n')
    assert.deepEqual([existsSync(`${file}.lock`), readdirSync(claims)], [false, []])
  })

  test('keeps others out, and says who, since when and what to do', () => {
    const { file, claims } = scratch()
    const lock = lockFile(file, { ...options, claims })
    assert.throws(() => lockFile(file, { ...options, claims }), {
      code: 'git/locked',
      message: /`the file` is locked by user \d+ since \d{4}-/,
      hint: /remove that file/,
    })
    lock.release()
    lockFile(file, { ...options, claims }).release()
  })

  test('of a dead process is cleared, before and after its content was written', () => {
    for (const content of [null, 'half written']) {
      const { file, claims } = scratch()
      mkdirSync(claims)
      const claim = join(claims, `${deadPid()}~~0~${hostname()}`)
      writeFileSync(claim, `${file}.lock`)
      linkSync(claim, `${file}.lock`)
      if (content !== null) writeFileSync(`${file}.lock`, content)
      lockFile(file, { ...options, claims }).commit('mine')
      assert.deepEqual([readFileSync(file, 'utf8'), readdirSync(claims)], ['mine', []])
    }
  })

  test('of a dead process is cleared when any other file is locked', () => {
    const { file, claims } = scratch()
    mkdirSync(claims)
    const claim = join(claims, `${deadPid()}~~0~${hostname()}`)
    writeFileSync(claim, `${file}.lock`)
    linkSync(claim, `${file}.lock`)
    lockFile(`${file}-other`, { ...options, claims }).release()
    assert.deepEqual([existsSync(`${file}.lock`), readdirSync(claims)], [false, []])
  })

  test('of a process that died while it replaced the file is cleared when any other file is locked', () => {
    const { file, claims } = scratch()
    const script = `
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      const { renameSync } = fs
      fs.renameSync = (from, to) => { if (process.argv[3] === 'after') renameSync(from, to); process.kill(process.pid, 'SIGKILL') }
      syncBuiltinESMExports()
      const { lockFile } = await import(${JSON.stringify(import.meta.resolve('../../engine/base/lock-file.ts'))})
      lockFile(process.argv[1], { name: 'the file', claims: process.argv[2] }).commit('new')`
    for (const moment of ['before', 'after']) {
      const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file, claims, moment])
      assert.equal(signal, 'SIGKILL')
      assert.ok(existsSync(`${file}.lock`))
      lockFile(`${file}-other`, { ...options, claims }).release()
      assert.deepEqual([existsSync(`${file}.lock`), readdirSync(claims)], [false, []], moment)
    }
    assert.equal(readFileSync(file, 'utf8'), 'new')
  })

  test('that a dead process once had is no reason to take that of another', () => {
    const { file, claims } = scratch()
    mkdirSync(claims)
    writeFileSync(join(claims, `${deadPid()}~~0~${hostname()}`), `${file}.lock`)
    writeFileSync(`${file}.lock`, 'of git')
    assert.throws(() => lockFile(file, { ...options, claims }), { code: 'git/locked' })
    assert.equal(readFileSync(`${file}.lock`, 'utf8'), 'of git')
  })

  test('of another host, or of a living process, stays', () => {
    for (const name of [`${deadPid()}~~0~elsewhere`, `${process.pid}~${thisHolder().began}~9~${hostname()}`]) {
      const { file, claims } = scratch()
      mkdirSync(claims)
      writeFileSync(join(claims, name), `${file}.lock`)
      linkSync(join(claims, name), `${file}.lock`)
      assert.throws(() => lockFile(file, { ...options, claims }), { code: 'git/locked' }, name)
      assert.ok(existsSync(`${file}.lock`))
    }
  })

  test('works where no claim can be kept', () => {
    const { file } = scratch()
    writeFileSync(`${file}-claims`, '')
    lockFile(file, { ...options, claims: `${file}-claims/x` }).commit('new')
    assert.equal(readFileSync(file, 'utf8'), 'new')
  })
})

test('a holder is dead only when that is certain', () => {
  const self = thisHolder()
  const dead = deadPid()
  const table: readonly [typeof self, boolean][] = [
    [self, false],
    [{ ...self, pid: dead }, true],
    [{ ...self, pid: dead, host: 'elsewhere' }, false],
    [{ ...self, began: '' }, false],
    [{ ...self, began: '00000000.1' }, self.began !== ''],
    [{ ...self, pid: 0 }, true],
  ]
  for (const [holder, expected] of table) assert.equal(isDead(holder), expected, JSON.stringify(holder))
})

describe('the run lock', () => {
  const lock = { command: 'tutela run', since: '2026-01-01T00:00:00Z' }

  test('clears what killed processes left of other locks', () => {
    const { file, claims } = scratch()
    mkdirSync(claims)
    const claim = join(claims, `${deadPid()}~~0~${hostname()}`)
    writeFileSync(claim, `${file}.lock`)
    linkSync(claim, `${file}.lock`)
    takeRunLock({ ...lock, path: `${file}-run`, claims }).release()
    assert.deepEqual([existsSync(`${file}.lock`), readdirSync(claims)], [false, []])
  })

  test('keeps others out, and says who, since when and what to do', () => {
    const { file: path } = scratch()
    const held = takeRunLock({ path, ...lock })
    assert.throws(() => takeRunLock({ path, command: 'tutela pr merge', since: '2026-01-02T00:00:00Z', waitMs: 60 }), {
      code: 'lock/held',
      message: `\`tutela run\` (process ${process.pid} on \`${hostname()}\`) has held the lock since 2026-01-01T00:00:00Z`,
      hint: new RegExp(`remove \`${path}\``),
    })
    held.release()
    held.release()
    takeRunLock({ path, ...lock }).release()
    assert.equal(existsSync(path), false)
  })

  test('of a dead process is taken over', () => {
    const { file: path } = scratch()
    writeFileSync(path, JSON.stringify({ ...thisHolder(), pid: deadPid(), ...lock }))
    takeRunLock({ path, ...lock }).release()
    writeFileSync(path, JSON.stringify({ ...thisHolder(), began: '00000000.1', ...lock }))
    if (thisHolder().began !== '') takeRunLock({ path, ...lock }).release()
  })

  test('of another host, or one that cannot be read, fails closed', () => {
    const { file: path } = scratch()
    writeFileSync(path, JSON.stringify({ ...thisHolder(), host: 'elsewhere', pid: deadPid(), ...lock }))
    assert.throws(() => takeRunLock({ path, ...lock }), { code: 'lock/held', message: /elsewhere/ })
    for (const content of ['', 'x', '{}', '{"pid":1}']) {
      writeFileSync(path, content)
      assert.throws(() => takeRunLock({ path, ...lock }), { code: 'lock/unreadable' })
    }
  })
})
