// What one person alone, or whoever can write refs, must not get past the gate of a proposal.
import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command, CommandResult } from '../../engine/commands/command.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { askCommand } from '../ask-command.ts'
import { ana, rui, signersOf } from '../remediate/signers.ts'
import { copyOf, GOVERNANCE, governedRepository, openStore, runIn, snapshotLine } from '../run/governed-repository.ts'

const CARD = 'models/credit/card.yaml'

/** Two owners with keys, a retrain and a hold proposed. */
const made = (async () => {
  const folder = governedRepository({
    'policies/governance.yaml': GOVERNANCE.replace('[ana]', '[ana, rui]'),
    'policies/allowed-signers': signersOf(ana, rui),
    'models/snapshots/2026/11/21T00/fraud.ndjson': snapshotLine('fraud', 21, 0.7),
  })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  await runIn(folder)
  return folder
})()

async function opened() {
  const folder = copyOf(await made)
  for (const { name, privateFile } of [ana, rui]) writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
  const { json } = await ask(pr, folder, ['list'])
  const { proposals } = JSON.parse(JSON.stringify(json)) as {
    proposals: { id: string; action: string; branch: string }[]
  }
  const proposal = proposals.find(({ action }) => action === 'retrain')
  assert.ok(proposal !== undefined)
  return { folder, store: openStore(folder), ...proposal, branch: `refs/heads/${proposal.branch}` }
}

function ask(
  command: Command,
  folder: string,
  args: readonly string[],
  options: Readonly<Record<string, string>> = {},
  now = '2026-11-22T08:00:00Z',
): Promise<CommandResult> {
  return askCommand(command, folder, { args, options, now })
}

const AUTHORS = [
  ['nobody', 'n@x'],
  ['Tutela', 'tutela@localhost'],
  ['Rui', 'rui@example.org'],
] as const

for (const [name, email] of AUTHORS) {
  test(`a card that was changed on the proposal's branch is not merged as the proposal, whoever \`${name}\` is`, async () => {
    const { folder, store, id, branch } = await opened()
    const tip = store.resolve(branch) ?? ''
    const text = Buffer.from(store.commitTree(tip).read(CARD)).toString('utf8')
    const taken = text.replace('["team:credit-models"]', '["user:rui"]').replace(/ {2}protected: .*\n/, '')
    const person = { name, email, at: 1_795_000_000 }
    const theirs = store.writeCommit({
      ...{ base: tip, parents: [tip], changes: new Map([[CARD, Buffer.from(taken)]]) },
      ...{ message: 'x\n', author: person, committer: person },
    })
    store.updateRef({ ref: branch, expect: tip, to: theirs })
    const before = store.resolve('main')
    for (const key of ['../rui', '../ana'])
      assert.match((await ask(pr, folder, ['approve', id], { key })).text(), /is not what the engine proposes/)
    const merged = await ask(pr, folder, ['merge', id])
    assert.equal(merged.exit, 2, merged.text())
    assert.match(merged.text(), /is not what the engine proposes/)
    assert.match((await ask(pr, folder, ['show', id])).text(), /is not what the engine proposes/)
    assert.match(
      (await ask(gate, folder, [], { base: 'main', head: theirs })).text(),
      /is not what the engine proposes/,
    )
    assert.equal(store.resolve('main'), before)
    await ask(pr, folder, ['comment', id], { reason: 'retry' })
    await runIn(folder, '2026-11-22T09:00:00Z')
    await ask(pr, folder, ['approve', id], { key: '../rui' }, '2026-11-22T10:00:00Z')
    const again = await ask(pr, folder, ['merge', id], {}, '2026-11-22T10:00:00Z')
    assert.equal(again.exit, 0, `the engine renders it again on request: ${again.text()}`)
  })
}

test('the base merged into the branch leaves it what the engine proposes', async () => {
  const { folder, store, id, branch } = await opened()
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_795_000_000 }
  const [tip, base] = [store.resolve(branch) ?? '', store.resolve('main') ?? '']
  const both = { message: 'x\n', author: person, committer: person }
  const later = store.writeCommit({
    base,
    parents: [base],
    changes: new Map([['NOTES.md', Buffer.from('x\n')]]),
    ...both,
  })
  store.moveBranch({ ref: 'refs/heads/main', expect: base, to: later })
  const merge = store.mergeCommit({ ours: tip, theirs: later, ...both })
  assert.ok('commit' in merge)
  store.updateRef({ ref: branch, expect: tip, to: merge.commit })
  await ask(pr, folder, ['approve', id], { key: '../ana' })
  assert.equal((await ask(gate, folder, [], { proposal: id })).exit, 0)
})

test('a proposal that has several merge bases with the base is not merged: each lets another tree come out', async () => {
  const { folder, store, id, branch } = await opened()
  const person = { name: 'Rui', email: 'rui@example.org', at: 1_795_000_000 }
  const [tip, base] = [store.resolve(branch) ?? '', store.resolve('main') ?? '']
  const save = (parents: readonly string[], note: string) =>
    store.writeCommit({
      ...{ base: parents[0] ?? null, parents, changes: new Map([['NOTES.md', Buffer.from(note)]]) },
      ...{ message: 'x\n', author: person, committer: person },
    })
  const later = save([base], 'x\n')
  const [main, head] = [save([later, tip], 'y\n'), save([tip, later], 'x\n')]
  store.moveBranch({ ref: 'refs/heads/main', expect: base, to: main })
  store.updateRef({ ref: branch, expect: tip, to: head })
  await ask(pr, folder, ['approve', id], { key: '../ana' })
  const merged = await ask(pr, folder, ['merge', id])
  assert.equal(merged.exit, 2, merged.text())
  assert.match(merged.text(), /several merge bases/)
  assert.equal(store.resolve('main'), main)
  const byRefs = (await ask(gate, folder, [], { base: 'main', head })).text()
  assert.equal(byRefs.split('several merge bases').length, 2, `told once: ${byRefs}`)
})

const REF = 'refs/tutela/proposals/'

for (const [what, options] of [
  ['approve', { key: '../ana' }],
  ['reject', { reason: 'not this month', until: '2026-12-20', key: '../ana' }],
] as const) {
  test(`what was recorded of a proposal is not undone by putting its ref back: ${what}`, async () => {
    const { folder, store, id } = await opened()
    const [ref, before] = [REF + id, store.resolve(REF + id) ?? '']
    await ask(pr, folder, [what, id], options)
    await runIn(folder, '2026-11-22T09:00:00Z')
    const recorded = store.resolve(ref)
    store.updateRef({ ref, expect: recorded, to: before })
    const later = '2026-11-22T10:00:00Z'
    const isRewound = { name: 'Fault', code: 'forge/rewound' }
    await assert.rejects(runIn(folder, later), isRewound)
    await ask(pr, folder, ['approve', id], { key: '../rui' }, later)
    await assert.rejects(runIn(folder, later), isRewound, 'nor when it went on from there')
    assert.match(
      (await ask(gate, folder, [], { proposal: id }, later)).text(),
      /lacks what is recorded of it \((approved|rejected) /,
    )
    assert.equal((await ask(pr, folder, ['merge', id], {}, later)).exit, 2)
    store.updateRef({ ref, expect: store.resolve(ref), to: recorded })
    assert.doesNotMatch((await ask(gate, folder, [], { proposal: id }, later)).text(), /lacks what is recorded/)
    await runIn(folder, later)
  })
}

test('who answers neither for the model nor for its policies silences nothing, and nobody snoozes beyond 90 days', async () => {
  const { folder, store, id } = await opened()
  const before = store.resolve(REF + id)
  const isFault = (code: string) => ({ name: 'Fault', code })
  const as = (name: string) => appendFileSync(join(folder, '.git/config'), `[user]\n\tname = ${name}\n`)
  for (const name of ['nobody', 'lia']) {
    as(name)
    for (const what of ['close', 'snooze'])
      await assert.rejects(ask(pr, folder, [what, id], { reason: 'x', until: '2026-11-30' }), isFault('pr/not-owner'))
  }
  as('ana')
  await assert.rejects(ask(pr, folder, ['snooze', id], { until: '2027-02-21' }), isFault('pr/snooze-too-long'))
  await assert.rejects(ask(pr, folder, ['snooze', id], { until: '9999-12-30' }), isFault('pr/snooze-too-long'))
  assert.equal(store.resolve(REF + id), before)
  await ask(pr, folder, ['snooze', id], { until: '2027-02-18' })
})
