// `pr` in several clones of one remote: what people say at once survives, and what cannot be pushed is told and kept.
import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import type { CommandResult } from '../../engine/commands/command.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { command as run } from '../../engine/commands/run.ts'
import type { GitStore } from '../../engine/world.ts'
import { serveRepositories } from '../adapters/git/http-backend.ts'
import { globalsAt } from '../ask-command.ts'
import { ana, lia, signersOf } from '../remediate/signers.ts'
import { beforeFirstPush, clonesOf, dyingAfterPushes } from '../run/clones.ts'
import { git } from '../run/finished-run.ts'
import { BY_APPROVAL, GOVERNANCE, openStore, runIn } from '../run/governed-repository.ts'

const AFTER = '2026-11-22T08:00:00Z'
const SIGNERS = { 'policies/allowed-signers': signersOf(ana, lia), 'retrain.mjs': '', ...BY_APPROVAL }
const RECORDED = { 'policies/governance.yaml': `${GOVERNANCE}record: { branch: tutela/records }\n` }

interface Asked {
  readonly store?: GitStore
  readonly now?: string
  readonly options?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly command?: typeof pr
  readonly notes?: string[]
}

const PERSON = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@x.org' }
const COMMITTER = { GIT_COMMITTER_NAME: 'Rui', GIT_COMMITTER_EMAIL: 'rui@x.org' }

function ask(folder: string, args: readonly string[], asked: Asked = {}): Promise<CommandResult> {
  const now = Date.parse(asked.now ?? AFTER)
  const repositories = { ...assembleWorld(now).repositories, open: () => asked.store ?? openStore(folder) }
  const env = asked.env ?? { ...PERSON, ...COMMITTER }
  const globals = globalsAt(folder, { now })
  return (asked.command ?? pr).run({
    world: { ...assembleWorld(now), repositories, process: { env } },
    globals: { ...globals, format: 'text', lang: 'en' },
    args,
    options: asked.options ?? {},
    note: (text) => asked.notes?.push(text),
  })
}

const approve = (folder: string, asked: Asked & { readonly key?: string } = {}) =>
  ask(folder, ['approve', 'credit'], { ...asked, options: { key: `../${asked.key ?? 'ana'}` } })

/** Clones of a remote whose first run opened the proposal; each has the keys beside it, and knows the proposal. */
async function clonesThatSee(files: Readonly<Record<string, string>> = {}) {
  const made = clonesOf({ ...SIGNERS, ...files })
  const first = made.clone()
  await runIn(first)
  // What is still to be pushed of a run that records on a branch of its own.
  await runIn(first)
  const clone = async (url?: string) => {
    const folder = made.clone(url)
    for (const { name, privateFile } of [ana, lia])
      writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
    await ask(folder, ['list'])
    return folder
  }
  return { remote: made.remote, clones: [await clone(), await clone()] as const, clone }
}

const idOf = async (folder: string): Promise<string> => {
  const { proposals } = (await ask(folder, ['list'])).json as { proposals: { id: string; action: string }[] }
  return proposals.find(({ action }) => action === 'retrain')?.id ?? ''
}

async function wordsAt(folder: string): Promise<string[]> {
  const { history } = (await ask(folder, ['show', await idOf(folder)])).json as {
    history: { kind: string; by: string | null }[]
  }
  return history.map(({ kind, by }) => `${kind} ${by}`)
}

const chainAt = (folder: string, id: string): string => git(folder, 'rev-parse', `refs/tutela/proposals/${id}`)

for (const place of ['a folder', 'HTTP'] as const) {
  test(`two clones that approve at once, over ${place}: both approvals stand, everywhere`, async () => {
    const { remote, clones } = await clonesThatSee()
    const [one, two] = clones
    if (place === 'HTTP') {
      const { url } = await serveRepositories(join(remote, '..'))
      for (const folder of clones) git(folder, 'remote', 'set-url', 'origin', `${url}/governed.git`)
    }
    const id = await idOf(one)
    const store = beforeFirstPush(one, () => approve(two, { key: 'lia' }))
    assert.match((await approve(one, { store })).text(), new RegExp(`^ana approved ${id} `))
    assert.deepEqual(await wordsAt(one), ['opened null', 'approved lia', 'approved ana'])
    assert.deepEqual(await wordsAt(two), ['opened null', 'approved lia', 'approved ana'])
    assert.equal(chainAt(one, id), chainAt(remote, id))
    await runIn(two, '2026-11-22T09:00:00Z')
  })
}

for (const [where, files] of [
  ['the judged branch', {}],
  ['a branch of its own', RECORDED],
] as const) {
  test(`approved in one clone, merged in another, with runs on ${where}: the remote has it all`, async () => {
    const { remote, clones } = await clonesThatSee(files)
    const [one, two] = clones
    const id = await idOf(one)
    assert.equal((await approve(one)).exit, 0)
    const merged = await ask(two, ['merge', 'credit'])
    assert.equal(merged.exit, 0, merged.text())
    assert.equal(git(remote, 'log', '-1', '--format=%an <%ae> %cn', 'main'), 'Ana <ana@x.org> Rui')
    assert.equal(git(two, 'status', '--porcelain'), '')
    assert.equal(git(remote, 'for-each-ref', `refs/heads/tutela/retrain`), '')
    assert.deepEqual(await wordsAt(one), ['opened null', 'approved ana', 'merged ana'])
    // Asked once more where nobody merged: done, and nothing more to do.
    assert.equal((await ask(one, ['merge', id])).exit, 0)
    assert.equal(git(one, 'rev-parse', 'main'), git(remote, 'rev-parse', 'main'))
  })
}

test('a commit that reaches the base first is merged upon, not over', async () => {
  const { remote, clones } = await clonesThatSee()
  const [one, two] = clones
  await approve(one)
  const store = beforeFirstPush(one, async () => {
    git(two, 'pull', '-q')
    git(two, '-c', 'user.name=Rui', '-c', 'user.email=r@x.org', 'commit', '-q', '--allow-empty', '-m', 'meanwhile')
    git(two, 'push', '-q')
  })
  assert.equal((await ask(one, ['merge', 'credit'], { store })).exit, 0)
  assert.deepEqual(git(remote, 'log', '-2', '--first-parent', '--format=%s', 'main').split('\n').slice(1), [
    'meanwhile',
  ])
  assert.equal(git(one, 'rev-parse', 'main'), git(remote, 'rev-parse', 'main'))
})

test('a rejection that reaches the remote first stops an approval, and a merge before anything moves', async () => {
  const { remote, clones, clone } = await clonesThatSee()
  const [one, two] = clones
  const three = await clone()
  const id = await idOf(one)
  await approve(one)
  await ask(three, ['list'])
  const main = git(remote, 'rev-parse', 'main')
  const reject = () => ask(two, ['reject', id], { options: { reason: 'no' } })
  await assert.rejects(
    ask(one, ['merge', id], { store: beforeFirstPush(one, reject) }).then(expectDone),
    /not open|missing/,
  )
  assert.equal(git(remote, 'rev-parse', 'main'), main)
  assert.equal(git(one, 'rev-parse', 'main'), main)
  assert.deepEqual(await wordsAt(three), ['opened null', 'approved ana', 'rejected ana'])
})

function expectDone(result: CommandResult): void {
  if (result.exit !== 0) throw new Error(`missing: ${result.text()}`)
}

test('an approval that comes after a rejection at the remote is refused, and nothing of it stays', async () => {
  const { remote, clones } = await clonesThatSee()
  const [one, two] = clones
  const id = await idOf(one)
  const reject = () => ask(two, ['reject', id], { options: { reason: 'no' } })
  await assert.rejects(approve(one, { store: beforeFirstPush(one, reject) }), { code: 'forge/changed' })
  assert.equal(chainAt(one, id), chainAt(remote, id))
})

describe('while the remote is away', () => {
  test('what is said is kept, told, and pushed by the next step', async () => {
    const { remote, clones } = await clonesThatSee()
    const [one, two] = clones
    const id = await idOf(one)
    renameSync(remote, `${remote}.away`)
    const said = await approve(one)
    assert.equal(said.exit, 0)
    assert.match(said.text(), /^ana approved \w+ .*\nRecorded here, not yet pushed \(.*\): the next `tutela run`/)
    assert.equal((said.json as { pushed: boolean }).pushed, false)
    const notes: string[] = []
    await ask(one, ['list'], { notes })
    assert.match(notes.join('\n'), /may be behind the remote/)
    await assert.rejects(ask(one, ['merge', id]), { code: 'pr/offline', hint: /git remote -v/ })
    renameSync(`${remote}.away`, remote)
    await ask(two, ['comment', id], { options: { reason: 'meanwhile' } })
    await ask(one, ['comment', id], { options: { reason: 'back again' } })
    assert.deepEqual(await wordsAt(two), ['opened null', 'commented ana', 'approved ana', 'commented ana'])
    assert.equal((await ask(two, ['merge', id])).exit, 0)
  })

  test('and what came too late is told to whoever said it', async () => {
    const { remote, clones } = await clonesThatSee()
    const [one, two] = clones
    const id = await idOf(one)
    renameSync(remote, `${remote}.away`)
    await approve(one)
    renameSync(`${remote}.away`, remote)
    await ask(two, ['reject', id], { options: { reason: 'no' } })
    const notes: string[] = []
    await ask(one, ['list'], { notes })
    await ask(one, ['list'], { notes })
    assert.equal(notes.length, 1, 'told once')
    assert.match(notes[0] ?? '', new RegExp(`too late, and is not kept: approved by ana, of ${id}`))
    assert.equal(chainAt(one, id), chainAt(remote, id))
  })

  test('and the next run finds one history, too', async () => {
    const { remote, clones } = await clonesThatSee()
    const [one, two] = clones
    renameSync(remote, `${remote}.away`)
    await approve(one)
    renameSync(`${remote}.away`, remote)
    await ask(two, ['snooze', 'credit'], { options: { until: '2026-11-30' } })
    const result = await ask(one, [], { command: run, now: '2026-11-22T09:00:00Z' })
    assert.equal(result.exit, 0)
    assert.deepEqual(await wordsAt(two), ['opened null', 'snoozed ana', 'approved ana'])
  })
})

describe('killed', () => {
  test('between a step and its push, what was said is pushed by the next step', async () => {
    const { clones } = await clonesThatSee()
    const [one, two] = clones
    await assert.rejects(approve(one, { store: dyingAfterPushes(one, 0) }), /killed/)
    assert.deepEqual(await wordsAt(two), ['opened null'])
    await ask(two, ['comment', 'credit'], { options: { reason: 'theirs' } })
    await ask(one, ['comment', 'credit'], { options: { reason: 'ours' } })
    assert.deepEqual(await wordsAt(two), ['opened null', 'commented ana', 'approved ana', 'commented ana'])
  })

  test('after a merge was pushed, and before anything moved here, asking again finishes it', async () => {
    const { remote, clones } = await clonesThatSee()
    const [one] = clones
    await approve(one)
    const store: GitStore = {
      ...openStore(one),
      moveBranch: () => {
        throw new Error('killed')
      },
    }
    await assert.rejects(ask(one, ['merge', 'credit'], { store }), /killed/)
    const merged = git(remote, 'rev-parse', 'main')
    assert.notEqual(git(one, 'rev-parse', 'main'), merged)
    const [ref = ''] = git(one, 'for-each-ref', '--format=%(refname)', 'refs/tutela/proposals').split('\n')
    const { exit, json } = await ask(one, ['merge', ref.split('/').at(-1) ?? ''])
    assert.deepEqual([exit, (json as { commit: string }).commit], [0, merged])
    assert.deepEqual([git(one, 'rev-parse', 'main'), git(remote, 'rev-parse', 'main')], [merged, merged])
    assert.equal(git(one, 'status', '--porcelain'), '')
    assert.equal(git(one, 'for-each-ref', 'refs/heads/tutela/retrain'), '')
  })
})

test('a server that refuses is told of, and nothing is lost', async () => {
  const { remote, clones } = await clonesThatSee()
  const [one] = clones
  writeFileSync(join(remote, 'hooks/pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const said = await approve(one)
  assert.match(said.text(), /Recorded here, not yet pushed \(.*`pre-receive` hook/)
  await assert.rejects(ask(one, ['merge', 'credit']), { code: 'git/remote-hooks' })
  assert.equal(git(one, 'rev-parse', 'main'), git(remote, 'rev-parse', 'main'))
})

test('whoever signs has seen what the remote has: a proposal that changed there is shown first', async () => {
  const { clones } = await clonesThatSee()
  const [one, two] = clones
  const store = openStore(two)
  const [branch] = store.listRefs('refs/heads/tutela/retrain/')
  assert.ok(branch !== undefined)
  git(two, 'checkout', '-q', branch.ref.slice('refs/heads/'.length))
  git(two, '-c', 'user.name=Rui', '-c', 'user.email=r@x.org', 'commit', '-q', '--allow-empty', '-m', 'more')
  git(two, 'push', '-q', 'origin', branch.ref)
  await assert.rejects(approve(one), { code: 'approve/changed' })
  await ask(one, ['show', 'credit'])
  assert.equal((await approve(one)).exit, 0)
})

test('a merge publishes no commits of its person’s own', async () => {
  const { remote, clones } = await clonesThatSee()
  const [one] = clones
  await approve(one)
  git(one, '-c', 'user.name=Ana', '-c', 'user.email=a@x.org', 'commit', '-q', '--allow-empty', '-m', 'mine')
  await assert.rejects(ask(one, ['merge', 'credit']), { code: 'git/unpushed' })
  assert.notEqual(git(remote, 'log', '-1', '--format=%s', 'main'), 'mine')
})

test('who merges is the person that Git knows, or it is asked who they are', async () => {
  const { clones } = await clonesThatSee()
  const [one, two] = clones
  await approve(one)
  await assert.rejects(ask(one, ['merge', 'credit'], { env: {} }), { code: 'pr/no-name', hint: /GIT_AUTHOR_NAME/ })
  await assert.rejects(ask(one, ['merge', 'credit'], { env: { GIT_AUTHOR_NAME: 'Ana' } }), { code: 'pr/no-email' })
  git(two, 'config', 'user.name', 'Lia')
  git(two, 'config', 'user.email', 'lia@x.org')
  await ask(two, ['merge', 'credit'], { env: { GIT_AUTHOR_NAME: 'Ana' } })
  assert.equal(git(two, 'log', '-1', '--format=%an <%ae> %cn <%ce>'), 'Ana <lia@x.org> Lia <lia@x.org>')
})
