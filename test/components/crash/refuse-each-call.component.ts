import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertSound } from '../../run/finished-run.ts'
import { copyOf, NOW } from '../../run/governed-repository.ts'
import { finish, fresh } from './governed-twice.ts'
import { buildCli, CALLS, type Call, countCalls, runWithFault } from './traced-run.ts'

/** What a sick or a full disk answers to each. */
const ERRORS: Readonly<Record<Call, readonly string[]>> = {
  rename: ['EIO', 'ENOSPC'],
  link: ['ENOSPC'],
  unlink: ['EIO'],
  fsync: ['EIO'],
  mkdir: ['ENOSPC'],
}

const cli = buildCli()

describe('a disk that refuses a call is a fault, and the next run finishes', () => {
  for (const call of Object.keys(CALLS) as Call[]) {
    for (const error of ERRORS[call]) test(`${error} at ${call}`, () => refuseEach(call, error))
  }
})

/** Each call that an undisturbed run makes; after a refusal there may be fewer, so the last ones may do nothing. */
async function refuseEach(call: Call, error: string): Promise<void> {
  let faults = 0
  const calls = countCalls(argv(copyOf(fresh)), call)
  for (let nth = 1; nth <= calls; nth++) {
    const folder = copyOf(fresh)
    const { status, stdout, stderr } = runWithFault(argv(folder), call, `error=${error}`, nth)
    const what = `${error} at ${call} ${nth} (${folder}): ${stdout.slice(0, 300)}${stderr}`
    if (status === 1) assertToldPlainly(stdout, error, what)
    else assert.equal(status, 2, what)
    faults += status === 1 ? 1 : 0
    assertSound(folder, what)
    await finish(folder, NOW, what)
  }
  assert.ok(faults >= 1)
}

const argv = (folder: string) => [cli, '--repo', folder, '--now', NOW, '--format', 'json', 'run']

/** A fault that names the error and says what to do; never a bug. */
function assertToldPlainly(stdout: string, error: string, what: string): void {
  const { kind, code, message, hint } = JSON.parse(stdout) as Record<string, string>
  assert.equal(kind, 'Fault', what)
  assert.ok((hint ?? '').length > 10, what)
  // A lock whose removal the disk refused still stands: the same run may meet it, and says so; the next one clears it.
  if (what.includes(' at unlink') && code === 'git/locked') return
  assert.match(code ?? '', /^(git\/cannot-write|system\/(eio|enospc))$/, what)
  assert.match(message ?? '', new RegExp(`^cannot .+\\(${error}\\)`), what)
}
