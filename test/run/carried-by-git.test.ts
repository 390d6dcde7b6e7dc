// A remote that only Git itself reaches: the commands of the hint, carried out by Git, take a proposal from one clone to
// another and back, and neither lose nor overwrite a run.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import { git } from './finished-run.ts'
import {
  GOVERNANCE,
  giveKey,
  governedRepository,
  LATER,
  NOW,
  openStore,
  runIn,
  scratch,
} from './governed-repository.ts'

const RECORD = 'tutela/records'
const PEOPLE = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@example.org', GIT_COMMITTER_NAME: 'Ana' }
const env = { ...PEOPLE, GIT_COMMITTER_EMAIL: 'ana@example.org' }

/** A clone that Git carries for. */
function clone(remote: string, name: string): string {
  const folder = join(scratch(), name)
  execFileSync('git', ['clone', '-q', remote, folder])
  giveKey(join(folder, '.git'))
  git(folder, 'config', 'tutela.remote', 'none')
  return folder
}

/** The commands in backticks, with the record branch as the hint says; told apart by their verbs. */
function commandsOf(hint: string) {
  const lines = [...hint.matchAll(/`(git [^`]+)`/g)].map(([, line = '']) => line)
  const find = (word: string) => lines.find((line) => line.includes(word)) ?? ''
  return {
    fetch: `${find('git fetch')} ${RECORD}:${RECORD}`,
    push: `${find('git push')} ${RECORD}:${RECORD}`,
    none: find('tutela.remote'),
  }
}

const sh = (folder: string, line: string) => spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' })

async function hintOf(folder: string): Promise<string> {
  git(folder, 'remote', 'add', 'origin', 'git@example.org:bank/governance.git')
  try {
    await runIn(folder)
  } catch (error) {
    assert.ok(error instanceof Fault)
    assert.equal(error.code, 'git/unsupported-remote')
    return error.hint ?? ''
  }
  throw new Error('a remote behind SSH was spoken to')
}

test('the hint of a remote behind SSH is a way that works, and nothing is forced on it', async () => {
  const first = governedRepository({
    'policies/governance.yaml': `${GOVERNANCE}record: { branch: ${RECORD} }\n`,
    'policies/allowed-signers': signersOf(ana),
  })
  const { fetch, push, none } = commandsOf(await hintOf(first))
  assert.ok(![fetch, push].some((line) => line.includes('+') || line.includes('--force')), `${fetch}; ${push}`)
  const remote = join(scratch(), 'bank.git')
  execFileSync('git', ['clone', '-q', '--bare', first, remote])
  git(first, 'remote', 'set-url', 'origin', remote)
  git(first, 'fetch', '-q', 'origin')
  git(first, 'branch', '-q', '-u', 'origin/main')
  assert.equal(sh(first, none).status, 0)
  await runIn(first, NOW)
  assert.equal(sh(first, push).status, 0)

  const second = clone(remote, 'second')
  const key = join(second, '..', 'ana.key')
  writeFileSync(key, ana.privateFile, { mode: 0o600 })
  assert.equal(sh(second, fetch).status, 0)
  const say = (args: string[], options = {}) =>
    askCommand(pr, second, { args, options, now: LATER, world: { process: { env } } })
  assert.equal((await say(['approve', 'credit'], { key })).exit, 0)
  assert.equal((await say(['merge', 'credit'])).exit, 0)
  assert.equal(sh(second, push).status, 0)

  assert.equal(sh(first, fetch).status, 0)
  const { planned } = await runIn(first, '2026-11-22T08:00:00Z')
  assert.ok(planned.plan.actions.some(({ kind }) => kind === 'trigger'))
  const unpushed = openStore(first).resolve(RECORD)
  assert.equal(sh(second, fetch).status, 0)
  await runIn(second, '2026-11-22T09:00:00Z')
  assert.equal(sh(second, push).status, 0)
  const published = git(remote, 'rev-parse', RECORD)
  assert.notEqual(sh(first, fetch).status, 0)
  assert.equal(openStore(first).resolve(RECORD), unpushed, 'a run that was not pushed is not lost')
  assert.notEqual(sh(first, push).status, 0)
  assert.equal(git(remote, 'rev-parse', RECORD), published, 'nor is one of another clone overwritten')
})
