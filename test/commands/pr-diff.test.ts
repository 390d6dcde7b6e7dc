// What an approver is shown: the branch as it is now, who changed it, and a diff that can be applied.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CommandResult } from '../../engine/commands/command.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import type { Proposal } from '../../engine/domain/proposal.ts'
import { askCommand } from '../ask-command.ts'
import { ana, lia, signersOf } from '../remediate/signers.ts'
import { governedRepository, openStore, runIn } from '../run/governed-repository.ts'

const CARD = 'models/credit/card.yaml'
const AFTER = '2026-11-22T08:00:00Z'

async function opened(): Promise<string> {
  const folder = governedRepository({ 'policies/allowed-signers': signersOf(ana, lia) })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  for (const { name, privateFile } of [ana, lia]) writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
  await runIn(folder)
  return folder
}

function ask(
  folder: string,
  args: readonly string[],
  options: Readonly<Record<string, string>> = {},
  lang: 'en' | 'pt' = 'en',
): Promise<CommandResult> {
  return askCommand(pr, folder, { args, options, now: AFTER, globals: { lang } })
}

async function theOne(folder: string): Promise<Proposal & { dueDay: string; severity: string; blocks: boolean }> {
  const { json } = await ask(folder, ['list'])
  const [one] = JSON.parse(JSON.stringify(json)).proposals
  return one
}

/** Somebody's commit on the proposal's branch. */
async function meddled(folder: string, change: (card: string) => string): Promise<void> {
  const { branch } = await theOne(folder)
  const store = openStore(folder)
  const ref = `refs/heads/${branch}`
  const tip = store.resolve(ref) ?? ''
  const text = Buffer.from(store.commitTree(tip).read(CARD)).toString('utf8')
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_800_000_000 }
  const theirs = store.writeCommit({
    ...{ base: tip, parents: [tip], message: 'x\n', author: person, committer: person },
    changes: new Map([[CARD, Buffer.from(change(text))]]),
  })
  store.updateRef({ ref, expect: tip, to: theirs })
}

test('show has the branch as it is now, and says loudly who changed it after it was proposed', async () => {
  const folder = await opened()
  const before = (await ask(folder, ['show', 'credit'])).text()
  assert.doesNotMatch(before, /CHANGED AFTER/)
  await meddled(folder, (card) => card.replace('tier: high', 'tier: low'))
  const shown = (await ask(folder, ['show', 'credit'])).text()
  assert.match(shown, /^CHANGED AFTER IT WAS PROPOSED, by Rui: /)
  assert.match(shown, /^-risk: \{ tier: high/m)
  assert.match(shown, /^\+risk: \{ tier: low/m)
  assert.match((await ask(folder, ['show', 'credit'], {}, 'pt')).text(), /^ALTERADA DEPOIS DE PROPOSTA, por Rui: /)
  const json = JSON.parse(JSON.stringify((await ask(folder, ['show', 'credit'])).json))
  assert.deepEqual(json.changedBy, ['Rui'])
  // A run that only keeps what it finds changes nothing of this, nor does a comment.
  await ask(folder, ['comment', 'credit'], { reason: 'hm' })
  await runIn(folder, '2026-11-22T07:00:00Z')
  assert.match((await ask(folder, ['show', 'credit'])).text(), /^CHANGED AFTER IT WAS PROPOSED, by Rui: /)
})

test('the diff that is printed can be applied: its spaces and tabs are those of the file, and what hides is shown', async () => {
  const folder = await opened()
  const patch = `${(await ask(folder, ['diff', 'credit'])).text()}\n`
  assert.match(patch, / {3}# the newest/)
  const applied = spawnSync('git', ['-C', folder, 'apply', '--check', '-'], { input: patch, encoding: 'utf8' })
  assert.equal(applied.status, 0, applied.stderr)
  const body = (await ask(folder, ['show', 'credit'])).text()
  assert.match(body, / {3}# the newest/)
  await meddled(folder, (card) => `${card}# a\tb\u202ec\u001b[31m\n`)
  assert.match((await ask(folder, ['diff', 'credit'])).text(), /^\+# a\tb⟨U\+202E⟩c⟨U\+001B⟩\[31m$/m)
})

test('list and show say which policy, how severe, by when, and whether it blocks', async () => {
  const folder = await opened()
  assert.match(
    (await ask(folder, ['list'])).text(),
    /open since 2026-11-22, retrain, high, blocks, due by 2026-11-27$/m,
  )
  const shown = (await ask(folder, ['show', 'credit'], {}, 'pt')).text()
  assert.match(
    shown,
    /Exigida por\n {2}fairness: Credit models treat groups evenly \(gravidade alta\)\n {2}bloqueia, prazo: 27\/11\/2026/,
  )
  const { dueDay, severity, blocks } = await theOne(folder)
  assert.deepEqual([dueDay, severity, blocks], ['2026-11-27', 'high', true])
})
