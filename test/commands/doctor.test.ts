// What `doctor` finds out of a whole repository.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command as doctor } from '../../engine/commands/doctor.ts'
import type { Check } from '../../engine/commands/doctor-text.ts'
import { askCommand } from '../ask-command.ts'
import { git } from '../run/finished-run.ts'
import { governedRepository, NOW } from '../run/governed-repository.ts'

async function examine(folder: string): Promise<{ readonly exit: number; readonly checks: readonly Check[] }> {
  const { exit, json } = await askCommand(doctor, folder, { now: NOW, globals: { format: 'json' } })
  return { exit, checks: (json as { checks: Check[] }).checks }
}

test('a remote that cannot be spoken to is a problem with its fix, beside all else', async () => {
  const folder = governedRepository()
  const well = await examine(folder)
  assert.equal(well.exit, 0, JSON.stringify(well.checks))
  git(folder, 'remote', 'add', 'origin', 'git@example.org:bank/governance.git')
  const { exit, checks } = await examine(folder)
  assert.equal(exit, 1)
  assert.deepEqual(
    checks.map(({ what }) => what),
    well.checks.map(({ what }) => what),
  )
  const remote = checks.find(({ what }) => what === 'remote')
  assert.equal(remote?.state, 'problem')
  assert.match(remote?.fix ?? '', /insteadOf git@example\.org:/)
})

test('a line of allowed-signers without a key is told, and lets nobody approve', async () => {
  const folder = governedRepository({ 'policies/allowed-signers': '# people\nana garbage\nlia ssh-ed25519 AAAA\n' })
  const { checks } = await examine(folder)
  const found = checks.filter(({ what }) => what.startsWith('team:credit') || what === 'policies/allowed-signers')
  assert.deepEqual(
    found.map(({ state, found: text }) => `${state} ${text}`),
    [
      'warning nobody can approve: no key in policies/allowed-signers',
      'warning gives nobody a key in line 2: the option `garbage` is not supported; line 3: it has no Ed25519 key',
    ],
  )
})
