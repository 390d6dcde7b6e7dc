// What silences a proposal that a mandatory policy demands: a signature of who may approve, these facts alone, and an end.
// A word that is dated in the future, or that asks for more than 90 days, does not get what it asks for.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import type { Proposal } from '../../engine/domain/proposal.ts'
import { loadGovernance } from '../../engine/load/load-governance.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import type { PersonsWord } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { ana, lia, rui, signersOf } from '../remediate/signers.ts'
import { copyOf, GOVERNANCE, governedRepository, openStore, runIn } from '../run/governed-repository.ts'

const ENDS = '2026-12-20'
const END = '2026-12-21T03:00:00Z'

/** A retrain of `credit` is proposed, by a mandatory policy; `rui` owns too. */
const made = (async () => {
  const folder = governedRepository({
    'models/silent/card.yaml': null,
    'policies/governance.yaml': GOVERNANCE.replace('[ana]', '[ana, rui]'),
    'policies/allowed-signers': signersOf(ana, rui, lia),
  })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  await runIn(folder)
  return folder
})()

async function opened() {
  const folder = copyOf(await made)
  for (const { name, privateFile } of [ana, rui, lia])
    writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
  const store = openStore(folder)
  const id = store.listRefs('refs/tutela/proposals/')[0]?.ref.slice('refs/tutela/proposals/'.length) ?? ''
  const ask = (what: string, options: Readonly<Record<string, string>> = {}, now?: string) =>
    askCommand(pr, folder, { args: [what, id], options, ...(now !== undefined && { now }) })
  return { folder, id, ask, say: (word: PersonsWord) => say(folder, id, word) }
}

/** As whoever can write the ref may have it: no verb is asked. */
async function say(folder: string, id: string, word: PersonsWord): Promise<void> {
  const store = openStore(folder)
  const { governance } = loadGovernance(store.commitTree(store.resolve('main') ?? ''), { metrics: metricsById })
  await assembleWorld(0).openForge(store, governance).say(id, word)
}

/** What the plan of a day says of the retrain: its kind, and what holds it back. */
async function planned(
  folder: string,
  now: string,
): Promise<readonly [kind: string, by: string | null, until: string | null]> {
  const { json } = await askCommand(plan, folder, { now, globals: { format: 'json' } })
  const text = JSON.stringify(json).includes('"pieces"')
    ? [...(json as { pieces: Iterable<string> }).pieces].join('')
    : JSON.stringify(json)
  const { actions } = JSON.parse(text) as {
    actions: { kind: string; remedy?: string; gated?: { by: string; until: string | null } }[]
  }
  const own = actions.find(({ kind, remedy }) => kind === 'open-proposal' && remedy === 'retrain')
  return [own?.kind ?? 'nothing', own?.gated?.by ?? null, own?.gated?.until ?? null]
}

const isFault = (code: string) => ({ name: 'Fault', code })
const LATER = '2026-11-22T09:00:00Z'

describe('what a mandatory policy demands', () => {
  test('is not rejected without a signature or without an end, nor closed, nor put off for ever', async () => {
    const { ask } = await opened()
    const why = { reason: 'x' }
    await assert.rejects(ask('reject', why), isFault('pr/mandatory'))
    await assert.rejects(ask('reject', { ...why, until: ENDS }), isFault('pr/mandatory'))
    await assert.rejects(ask('reject', { ...why, key: '../ana' }), isFault('pr/mandatory'))
    await assert.rejects(ask('reject', { ...why, key: '../ana', until: '2027-02-21' }), isFault('pr/snooze-too-long'))
    await assert.rejects(ask('reject', { ...why, key: '../lia', until: ENDS }), isFault('pr/not-owner'))
    await assert.rejects(ask('close', why), ({ code, hint }) => {
      assert.equal(code, 'pr/mandatory')
      assert.match(hint, /--key FILE --until DAY/)
      return true
    })
  })

  test('is rejected by an owner’s signature, for these facts and until its end', async () => {
    const { folder, id, ask } = await opened()
    const said = await ask('reject', { reason: 'sold by hand', until: ENDS, key: '../rui' })
    assert.equal(said.text(), `rui rejected ${id}: these facts stay silent until ${ENDS}.`)
    assert.deepEqual(await planned(folder, LATER), ['open-proposal', 'closed', END])
    assert.deepEqual((await planned(folder, '2026-12-21T03:00:00Z'))[1], null)
    await runIn(folder, LATER)
    assert.deepEqual(
      await planned(folder, '2026-11-22T10:00:00Z'),
      ['open-proposal', 'closed', END],
      'after a run, too',
    )
  })

  test('is rejected by a key that must stay outside, with ssh-keygen', {
    skip: spawnSync('ssh-keygen', ['-?']).error === undefined ? false : 'ssh-keygen is not installed here',
  }, async () => {
    const { folder, id, ask } = await opened()
    const asked = { reason: 'sold by hand', until: ENDS }
    await assert.rejects(ask('reject', { ...asked, key: rui.publicLine }), isFault('approve/sign-outside'))
    const text = join(folder, `.git/tutela/approvals/${id}-rejected.json`)
    const words = ['-Y', 'sign', '-n', 'tutela-approval', '-f', join(folder, '../rui'), text]
    assert.equal(spawnSync('ssh-keygen', words).status, 0)
    const signature = `${text}.sig`
    const other = { ...asked, until: '2026-12-21', signature }
    await assert.rejects(ask('reject', other), isFault('approve/other-text'))
    await assert.rejects(ask('approve', { signature }), isFault('approve/other-text'))
    assert.match((await ask('reject', { ...asked, signature }, LATER)).text(), /^rui rejected /)
    assert.deepEqual(await planned(folder, LATER), ['open-proposal', 'closed', END])
  })

  test('is proposed again where the ref says that it was rejected and nobody signed it', async () => {
    for (const until of [undefined, END]) {
      const { folder, say: write } = await opened()
      await write({
        kind: 'rejected',
        by: 'teresa',
        at: '2026-11-22T08:00:00Z',
        text: 'x',
        ...(until !== undefined && { until }),
      })
      assert.deepEqual(await planned(folder, LATER), ['open-proposal', null, null])
    }
  })

  test('is proposed again where what was signed is another word, or by somebody who may not', async () => {
    const signed = await opened()
    await signed.ask('reject', { reason: 'x', until: ENDS, key: '../ana' })
    const { proposals } = (await askCommand(pr, signed.folder, { args: ['list'] })).json as { proposals: Proposal[] }
    const rejection = proposals[0]?.ignored[0]?.signed
    assert.ok(rejection !== undefined)
    const word = { kind: 'rejected', by: 'ana', at: '2026-11-22T08:00:00Z', text: 'x', until: END, rejection } as const
    const kept = await opened()
    await kept.say(word)
    assert.deepEqual(await planned(kept.folder, LATER), ['open-proposal', 'closed', END], 'the same word is the same')
    const text = rejection.text.replace('"by":"ana"', '"by":"lia"')
    for (const other of [
      { ...word, until: '2027-01-01T03:00:00Z' },
      { ...word, rejection: { ...rejection, text } },
      {
        ...word,
        rejection: { ...rejection, text: rejection.text.replace('2026-12-21', '2027-01-21') },
        until: '2027-01-21T03:00:00Z',
      },
    ]) {
      const { folder, say: write } = await opened()
      await write(other)
      assert.deepEqual(await planned(folder, LATER), ['open-proposal', null, null])
    }
  })

  test('a rejection is no approval, and an approval no rejection', async () => {
    const { ask, say: write, folder } = await opened()
    await ask('approve', { key: '../ana' })
    const { proposals } = (await askCommand(pr, folder, { args: ['list'] })).json as { proposals: Proposal[] }
    assert.equal(proposals.length, 1)
    const approval = { text: '{}', signature: '' }
    await write({ kind: 'rejected', by: 'ana', at: '2026-11-22T08:00:00Z', until: END, rejection: approval })
    assert.deepEqual(await planned(folder, LATER), ['open-proposal', null, null])
  })
})

describe('a snooze', () => {
  /** The proposal is away, so that the plan shows what holds it back. */
  async function snoozed(word: Pick<PersonsWord, 'at' | 'until'>) {
    const { folder, id, say: write } = await opened()
    await write({ kind: 'snoozed', by: 'ana', ...word })
    const store = openStore(folder)
    const { governance } = loadGovernance(store.commitTree(store.resolve('main') ?? ''), { metrics: metricsById })
    const end = { reason: 'resolved', at: '2026-11-22T08:30:00Z', run: '0'.repeat(16) }
    await assembleWorld(0).openForge(store, governance).close(id, end)
    return folder
  }

  test('of more than 90 days ends after 90, whatever the ref says', async () => {
    const folder = await snoozed({ at: '2026-11-22T08:00:00Z', until: '2029-03-01T03:00:00Z' })
    assert.deepEqual(await planned(folder, LATER), ['open-proposal', 'snoozed', '2027-02-20T08:00:00Z'])
  })

  test('that is dated in the future says nothing until then', async () => {
    const folder = await snoozed({ at: '2026-11-22T10:00:00Z', until: '2026-12-21T03:00:00Z' })
    assert.deepEqual(await planned(folder, LATER), ['open-proposal', null, null])
    assert.deepEqual(await planned(folder, '2026-11-22T09:56:00Z'), ['open-proposal', 'snoozed', END], 'clocks differ')
  })

  test('names the same last day wherever it is told', async () => {
    const { folder, ask } = await opened()
    assert.match((await ask('snooze', { until: '2026-11-30', reason: 'x' })).text(), /until 2026-11-30\.$/)
    assert.match((await askCommand(pr, folder, { args: ['list'] })).text(), /snoozed until 2026-11-30/)
    const away = await snoozed({ at: '2026-11-22T08:00:00Z', until: '2026-12-01T03:00:00Z' })
    assert.match((await askCommand(plan, away, { now: LATER })).text(), /snoozed.* until 2026-11-30/)
  })
})
