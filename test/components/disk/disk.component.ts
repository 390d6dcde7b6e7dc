import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { assertSound, git } from '../../run/finished-run.ts'
import { NOW } from '../../run/governed-repository.ts'
import { finish, fresh } from '../crash/governed-twice.ts'
import { buildCli, runPlainly } from '../crash/traced-run.ts'

const cli = buildCli()
const mounted = mkdtempSync(join(tmpdir(), 'tutela-disk-'))
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', mounted])
after(() => {
  execFileSync('umount', [mounted])
  rmdirSync(mounted)
})

const remount = (options: string) => execFileSync('mount', ['-o', `remount,${options}`, mounted])
const argv = (folder: string, verb: string) => [cli, '--repo', folder, '--now', NOW, '--format', 'json', verb]

/** Kilobytes more that are free in each trial: about one file, its folder and its temporary file. */
const STEP = 12

test('a disk that is full at any moment is a fault, and the run is finished when there is room', async () => {
  let faults = 0
  for (let free = 0, isThrough = false; !isThrough; free += STEP) {
    remount('size=64m')
    const folder = join(mounted, `with-${free}`)
    cpSync(fresh, folder, { recursive: true, preserveTimestamps: true })
    leave(free)
    const { status, stdout, stderr } = runPlainly(argv(folder, 'run'))
    const what = `${free} KB free: ${stdout.slice(0, 300)}${stderr}`
    const { kind, code, message, hint, delivered } = JSON.parse(stdout) as Record<string, string> & {
      delivered?: { state: string }[]
    }
    if (kind === 'Fault') {
      faults++
      assert.equal(status, 1, what)
      assert.match(code ?? '', /^(git\/cannot-write|system\/enospc)$/, what)
      assert.match(message ?? '', /\(ENOSPC\)/, what)
      assert.match(hint ?? '', /disk is full/, what)
    } else {
      assert.equal(status, 2, what)
      isThrough = delivered?.every(({ state }) => state === 'done') === true
    }
    remount('size=64m')
    assertSound(folder, what)
    await finish(folder, NOW, what)
  }
  assert.ok(faults >= 5, `${faults} faults`)
})

/** Makes the file system so small that this many kilobytes are free. */
function leave(kilobytes: number): void {
  const { blocks, bfree, bsize } = statfsSync(mounted)
  const used = ((blocks - bfree) * bsize) / 1024
  remount(`size=${used + kilobytes}k`)
}

test('a read-only disk: check and plan do their work, run is a fault that says so', () => {
  remount('size=64m')
  const folder = join(mounted, 'read-only')
  cpSync(fresh, folder, { recursive: true, preserveTimestamps: true })
  writeFileSync(join(folder, 'models/fraud/card.yaml'), '# changed, so that the index does not know it\n', {
    flag: 'a',
  })
  remount('ro')
  try {
    assert.equal(runPlainly(argv(folder, 'check')).status, 0)
    assert.equal(runPlainly(argv(folder, 'plan')).status, 2)
    const { status, stdout, stderr } = runPlainly(argv(folder, 'run'))
    const { code, message, hint } = JSON.parse(stdout) as Record<string, string>
    assert.deepEqual([status, stderr], [1, ''])
    assert.match(code ?? '', /^(git\/cannot-write|system\/erofs)$/)
    assert.match(message ?? '', /\(EROFS\)/)
    assert.match(hint ?? '', /read-only/)
  } finally {
    remount('rw')
  }
  assert.equal(git(folder, 'rev-list', '--count', '--all'), '1')
})
