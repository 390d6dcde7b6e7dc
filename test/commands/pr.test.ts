// The flow of a proposal through the verbs, on a real repository: what people type, what they are told, what stands after.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import type { Command, CommandResult } from '../../engine/commands/command.ts'
import { command as explain } from '../../engine/commands/explain.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { english } from '../../engine/commands/pr-words.en.ts'
import { portuguese } from '../../engine/commands/pr-words.pt.ts'
import type { Proposal } from '../../engine/domain/proposal.ts'
import { askCommand } from '../ask-command.ts'
import { ana, lia, signersOf } from '../remediate/signers.ts'
import { copyOf, governedRepository, openStore, runIn } from '../run/governed-repository.ts'

const RETRAIN =
  'import { appendFileSync } from "node:fs"\nappendFileSync("../starts.txt", process.argv.slice(2).join(" ") + "\\n")\n'
const AFTER = '2026-11-22T08:00:00Z'
const CARD = 'models/credit/card.yaml'

/** Made once, copied for each test: one run, one open proposal, keys beside the repository. */
const made = (async () => {
  const folder = governedRepository({ 'retrain.mjs': RETRAIN, 'policies/allowed-signers': signersOf(ana, lia) })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  await runIn(folder)
  return folder
})()

async function opened() {
  const folder = copyOf(await made)
  for (const { name, privateFile, publicLine } of [ana, lia]) {
    writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
    writeFileSync(join(folder, '..', `${name}.pub`), `${publicLine}\n`)
  }
  return folder
}

type Options = Readonly<Record<string, string>>

function ask(
  command: Command,
  folder: string,
  args: readonly string[],
  options: Options = {},
  now = AFTER,
): Promise<CommandResult> {
  return askCommand(command, folder, { args, options, now })
}

const key = (name: string): Options => ({ key: `../${name}` })
const json = async <T>(result: Promise<CommandResult>): Promise<T> =>
  JSON.parse(JSON.stringify((await result).json)) as T
const isFault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

async function theOne(folder: string): Promise<Proposal> {
  const { proposals } = await json<{ proposals: Proposal[] }>(ask(pr, folder, ['list']))
  const found = proposals.find(({ action }) => action === 'retrain')
  assert.ok(found !== undefined)
  return found
}

test('list, show and diff say what is proposed, what it changes and what is missing', async () => {
  const folder = await opened()
  const { id } = await theOne(folder)
  assert.match(
    (await ask(pr, folder, ['list'])).text(),
    new RegExp(
      `^${id}  Retreinar credit em production +open since 2026-11-22, retrain, high, blocks, due by 2026-11-27$`,
      'm',
    ),
  )
  const shown = (await ask(pr, folder, ['show', 'credit'])).text()
  for (const part of ['# Retreinar `credit`', '`fairness/impact-ratio`', 'it may not be merged yet:\n  - an approval'])
    assert.ok(shown.includes(part), shown)
  assert.match(shown, /^ {2}2026-11-22 03:00 +\S/m, 'the history has the local moment')
  const [path, rule] = ['credit', 'fairness/impact-ratio']
  assert.match((await ask(explain, folder, [path, rule])).text(), /counts until 2026-11-23 21:00$/m)
  const changed = (await ask(pr, folder, ['diff', id.slice(0, 5)])).text()
  assert.match(changed, /^\+retrain: \{ trigger: local, request: \{ id: "[0-9a-f]{16}"/m)
})

test('approve, gate, merge, run: the card changes, the trigger runs once, and the ledger is told each once', async () => {
  const folder = await opened()
  const { id } = await theOne(folder)
  const before = await ask(gate, folder, [], { proposal: id })
  assert.equal(before.exit, 2)
  assert.match(before.text(), /an approval of this head and this evidence by one of `team:credit-models`/)
  assert.equal((await ask(pr, folder, ['merge', id])).exit, 2)
  const signed = (await ask(pr, folder, ['approve', id], key('ana'))).text()
  assert.match(signed, new RegExp(`^ana approved ${id} \\(head [0-9a-f]{10}: ${CARD}\\)\\.$`))
  const twice = await ask(pr, folder, ['approve', id], key('ana'), '2026-11-22T08:01:00Z')
  assert.match(twice.text(), /^ana had approved this head .* already: nothing was added\.$/)
  assert.equal((await ask(gate, folder, [], { proposal: id })).exit, 0)
  const merged = await ask(pr, folder, ['merge', id])
  assert.equal(merged.exit, 0)
  await assert.rejects(ask(pr, folder, ['approve', 'credit']), (error) => {
    assert.equal((error as Error).message, `no proposal of \`credit\` is open; the last, \`${id}\`, is merged`)
    return true
  })
  assert.match(readFileSync(join(folder, CARD), 'utf8'), /request: \{ id: /)
  assert.deepEqual(openStore(folder).workingTree().dirty, [])
  assert.equal(openStore(folder).resolve(`refs/heads/tutela/retrain/credit-${id}`), null)
  for (const now of ['2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z']) await runIn(folder, now)
  assert.equal(readFileSync(join(folder, '../starts.txt'), 'utf8'), 'credit\n')
  const log = readEntries(folder)
  for (const kind of ['proposal-opened', 'proposal-approved', 'proposal-merged', 'trigger-sent']) {
    assert.equal(log.split(`"kind":"${kind}"`).length, 2, `${kind} stands in the ledger once`)
  }
  assert.doesNotMatch(log, /"ana"|user:/)
  const { history } = await json<{ history: { kind: string; by: string | null }[] }>(ask(pr, folder, ['show', id]))
  assert.deepEqual(
    history.map(({ kind, by }) => [kind, by]),
    [
      ['opened', null],
      ['approved', 'ana'],
      ['merged', 'ana'],
    ],
  )
})

/** All entries of the log, as text. */
function readEntries(folder: string): string {
  const files = openStore(folder)
    .workingTree()
    .list(['ledger'])
    .filter(({ path }) => path.startsWith('ledger/tile/entries/'))
  return files.map(({ path }) => readFileSync(join(folder, path), 'latin1')).join('')
}

test('an approval of who owns nothing is kept, and the person is told that it does not count', async () => {
  const folder = await opened()
  const said = await ask(pr, folder, ['approve', 'credit'], key('lia'))
  assert.equal(said.exit, 2)
  assert.match(said.text(), /lia approved .*\nIt does not count: not an owner of the model\.$/)
  assert.equal((await ask(pr, folder, ['merge', 'credit'])).exit, 2)
})

test('a commit on the branch voids the approval, and its author may not give another', async () => {
  const folder = await opened()
  await ask(pr, folder, ['approve', 'credit'], key('ana'))
  const { branch } = await theOne(folder)
  const store = openStore(folder)
  const tip = store.resolve(`refs/heads/${branch}`) ?? ''
  const person = { name: 'Ana', email: 'ana@example.org', at: 1_800_000_000 }
  const changes = new Map([['reports/latest.json', Buffer.from('{}')]])
  const theirs = store.writeCommit({
    base: tip,
    parents: [tip],
    changes,
    message: 'x\n',
    author: person,
    committer: person,
  })
  store.updateRef({ ref: `refs/heads/${branch}`, expect: tip, to: theirs })
  const first = (await ask(gate, folder, [], { proposal: 'credit' })).text()
  assert.match(first, /ana: it is for an earlier head/)
  assert.match(first, /`reports\/latest\.json` is written by runs alone/)
  const second = await ask(pr, folder, ['approve', 'credit'], key('ana'))
  assert.equal(second.exit, 2)
  assert.match(second.text(), /^It was changed after it was proposed, by Ana: /m)
  assert.match(second.text(), /does not count: author or pusher/)
})

test('a card that changed on the base is a conflict, and the next run renders the proposal again', async () => {
  const folder = await opened()
  await ask(pr, folder, ['approve', 'credit'], key('ana'))
  const store = openStore(folder)
  const tip = store.resolve('main') ?? ''
  const text = readFileSync(join(folder, CARD), 'utf8').replace('Ranks applications', 'Ranks all applications')
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_800_000_000 }
  const commit = store.writeCommit({
    base: tip,
    parents: [tip],
    changes: new Map([[CARD, Buffer.from(text)]]),
    message: 'x\n',
    author: person,
    committer: person,
  })
  store.updateRef({ ref: 'refs/heads/main', expect: tip, to: commit })
  store.followCheckout(tip, commit, [CARD])
  assert.match((await ask(gate, folder, [], { proposal: 'credit' })).text(), /changed on the base too/)
  await runIn(folder, '2026-11-22T09:00:00Z')
  const rendered = (await ask(gate, folder, [], { proposal: 'credit' }, '2026-11-22T09:30:00Z')).text()
  assert.match(rendered, /ana: it is for an earlier head/)
  assert.doesNotMatch(rendered, /changed on the base/)
})

test('reject, snooze, comment and close keep who and why; silence follows', async () => {
  const folder = await opened()
  const { id } = await theOne(folder)
  await assert.rejects(ask(pr, folder, ['reject', id]), isFault('cli/bad-option'))
  await assert.rejects(ask(pr, folder, ['snooze', id]), isFault('cli/bad-option'))
  await assert.rejects(ask(pr, folder, ['snooze', id], { until: '2026-11-01' }), isFault('cli/bad-option'))
  assert.equal(
    (await ask(pr, folder, ['snooze', id], { until: '2026-11-30', reason: 'holidays' })).text(),
    `ana snoozed ${id} until 2026-11-30.`,
  )
  assert.equal((await ask(pr, folder, ['comment', id], { reason: 'hm' })).exit, 0)
  const signed = { reason: 'not now', until: '2026-12-20', ...key('ana') }
  assert.equal(
    (await ask(pr, folder, ['reject', id], signed)).text(),
    `ana rejected ${id}: these facts stay silent until 2026-12-20.`,
  )
  await assert.rejects(ask(pr, folder, ['approve', id], key('ana')), isFault('forge/ended'))
  await assert.rejects(ask(pr, folder, ['close', id], { reason: 'x' }), isFault('forge/ended'))
  const outcome = await runIn(folder, '2026-11-22T09:00:00Z')
  const held = outcome.planned.plan.actions.find(({ remedy }) => remedy === 'retrain')
  assert.deepEqual(held?.gated, { by: 'snoozed', until: '2026-12-01T03:00:00Z' })
})

test('a stranger’s key, no key, a wrong file and an unknown proposal are told with what to do', async () => {
  const folder = await opened()
  const { id } = await theOne(folder)
  writeFileSync(join(folder, '../note'), 'hello')
  const cases: readonly [Options, readonly string[], string][] = [
    [{ key: '../absent' }, ['approve', id], 'approve/no-key'],
    [{ key: '../note' }, ['approve', id], 'approve/bad-key'],
    [{ signature: '../absent' }, ['approve', id], 'approve/no-signature'],
    [{ signature: '../note' }, ['approve', id], 'approve/other-text'],
    [{}, ['show', 'nothing-like-it'], 'forge/unknown-proposal'],
    [{}, ['show'], 'cli/bad-option'],
  ]
  for (const [options, args, code] of cases) await assert.rejects(ask(pr, folder, args, options), isFault(code), code)
  const store = openStore(folder)
  assert.equal(existsSync(join(store.gitDir, 'tutela/approvals')), false)
})

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

test('a key that must stay outside signs with ssh-keygen', {
  skip: hasKeygen ? false : 'ssh-keygen is not installed here',
}, async () => {
  const folder = await opened()
  const { id } = await theOne(folder)
  await assert.rejects(ask(pr, folder, ['approve', id], { key: ana.publicLine }), isFault('approve/sign-outside'))
  const text = join(folder, `.git/tutela/approvals/${id}.json`)
  const signed = spawnSync('ssh-keygen', ['-Y', 'sign', '-n', 'tutela-approval', '-f', join(folder, '../ana'), text])
  assert.equal(signed.status, 0, String(signed.stderr))
  assert.match((await ask(pr, folder, ['approve', id], { signature: `${text}.sig` })).text(), /^ana approved /)
  assert.equal((await ask(gate, folder, [], { proposal: id })).exit, 0)
  const [approval] = ['json', 'sig'].map(
    (end) => spawnSync('git', ['-C', folder, 'show', `refs/tutela/proposals/${id}:approvals/1.${end}`]).stdout,
  )
  writeFileSync(
    join(folder, '../approval.sig'),
    spawnSync('git', ['-C', folder, 'show', `refs/tutela/proposals/${id}:approvals/1.sig`]).stdout,
  )
  const args = [
    '-Y',
    'verify',
    '-f',
    join(folder, 'policies/allowed-signers'),
    '-I',
    'ana',
    '-n',
    'tutela-approval',
    '-s',
    join(folder, '../approval.sig'),
  ]
  assert.equal(spawnSync('ssh-keygen', args, { input: approval }).status, 0, 'and ssh-keygen verifies what is stored')
})

test('both languages have the same words', () => {
  assert.deepEqual(Object.keys(portuguese), Object.keys(english))
  for (const part of ['state', 'event', 'done'] as const)
    assert.deepEqual(Object.keys(portuguese[part]), Object.keys(english[part]))
})
