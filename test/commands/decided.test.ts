// What people decided between two runs stands in the next report: what was merged or refused, by which role and why, and
// where it leaves the demand.
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command, CommandResult } from '../../engine/commands/command.ts'
import { command as explain } from '../../engine/commands/explain.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { command as report } from '../../engine/commands/report.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import { BY_APPROVAL, governedRepository, runIn } from '../run/governed-repository.ts'

const RETRAIN = 'import { appendFileSync } from "node:fs"\nappendFileSync("../starts.txt", "x")\n'
const [DECIDED, NEXT, AFTER] = ['2026-11-22T08:00:00Z', '2026-11-23T09:00:00Z', '2026-11-23T20:00:00Z']

async function governed(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = governedRepository({ 'retrain.mjs': RETRAIN, 'policies/allowed-signers': signersOf(ana), ...files })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  writeFileSync(join(folder, '../ana'), ana.privateFile, { mode: 0o600 })
  await runIn(folder)
  return folder
}

function ask(
  command: Command,
  folder: string,
  args: readonly string[],
  options: Readonly<Record<string, string>> = {},
  now = DECIDED,
  lang: 'en' | 'pt' = 'en',
): Promise<CommandResult> {
  return askCommand(command, folder, { args, options, now, globals: { lang } })
}

const said = async (folder: string, lang: 'en' | 'pt' = 'en') =>
  (await ask(report, folder, ['run'], {}, AFTER, lang)).text()

async function mergedIn(folder: string): Promise<void> {
  await ask(pr, folder, ['approve', 'credit'], { key: '../ana' })
  assert.equal((await ask(pr, folder, ['merge', 'credit'])).exit, 0)
}

test('a retrain that was merged is told with its role, then with the day of its request, until the candidate comes', async () => {
  const folder = await governed()
  await mergedIn(folder)
  const before = (await ask(plan, folder, [], { model: 'credit' }, NEXT)).text()
  assert.match(before, /start retraining .*credit: retrain; merged on 2026-11-22 by team:credit-models/)
  assert.doesNotMatch(before, /must approve/)
  assert.match((await ask(pr, folder, ['list'], {}, DECIDED, 'pt')).text(), /incorporada em 22\/11\/2026$/m)
  await runIn(folder, NEXT)
  const first = await said(folder)
  assert.match(
    first,
    /\*\*Decisions of people\*\* \(1\)\n\n- `[0-9a-f]{10}` \(retrain, `credit` · `production`\): merged on 2026-11-22 by `team:credit-models`; this run requests/,
  )
  assert.doesNotMatch(first, /none yet|Nothing changed/)
  await runIn(folder, AFTER)
  const second = await said(folder)
  assert.match(
    second,
    /\*\*Decisions of people\*\* \(1\)\n\n.*; retraining requested on 2026-11-23, waiting for the candidate/,
  )
  assert.match(
    second,
    /\| `[0-9a-f]{10}`, merged on 2026-11-22 by `team:credit-models`; retraining requested on 2026-11-23/,
  )
  assert.equal(readFileSync(join(folder, '../starts.txt'), 'utf8'), 'x')
  const later = (await ask(plan, folder, [], { model: 'credit' }, AFTER)).text()
  assert.match(later, /credit: retrain; merged on 2026-11-22 by team:credit-models; .*waiting for the candidate/)
  const told = (await ask(explain, folder, ['credit', 'fairness/impact-ratio'], {}, AFTER, 'pt')).text()
  assert.match(told, /incorporada em 22\/11\/2026 por team:credit-models; .*à espera da versão candidata/)
})

test('a hold that was merged is told, and what still is demanded says that it is in force', async () => {
  const folder = await governed({ 'models/credit/card.yaml': cardWithoutRecipe() })
  await mergedIn(folder)
  await runIn(folder, NEXT)
  const text = await said(folder, 'pt')
  assert.match(
    text,
    /\*\*Decisões de pessoas\*\* \(1\)\n\n- `[0-9a-f]{10}` \(suspender, `credit` · `production`\): incorporada em 22\/11\/2026 por `team:credit-models`/,
  )
  assert.match(
    text,
    /\*\*suspender\*\* \(bloqueia\), em lugar de retreinar: a ficha não tem `retrain` \|.*\| `[0-9a-f]{10}`, incorporada em 22\/11\/2026/,
  )
  assert.doesNotMatch(text, /ainda não há/)
})

test('a refusal and a snooze are told with their reason, which can do nothing to the page', async () => {
  const folder = await governed(BY_APPROVAL)
  await ask(pr, folder, ['snooze', 'credit'], { until: '2026-12-05', reason: 'holidays | @all <b>' })
  await runIn(folder, NEXT)
  assert.match(
    await said(folder),
    /snoozed until 2026-12-05, on 2026-11-22 by `team:credit-models`: holidays `\\?\|` `@all` `<b>`/,
  )
  await ask(pr, folder, ['reject', 'credit'], { reason: 'the sample is not ours' }, '2026-11-23T10:00:00Z')
  const listed = (await ask(pr, folder, ['list'], {}, AFTER, 'pt')).text()
  assert.match(listed, /encerrada em 23\/11\/2026 \(rejeitada\)$/m)
  await runIn(folder, AFTER)
  const text = await said(folder)
  assert.match(
    text,
    /\*\*Decisions of people\*\* \(1\)\n\n.*rejected on 2026-11-23 by `team:credit-models`: the sample is not ours/,
  )
  assert.match(text, /\| `[0-9a-f]{10}`, rejected on 2026-11-23 by `team:credit-models`: the sample is not ours \|/)
})

test('a decision alone is reason for a report, and the next run has none again', async () => {
  const folder = await governed({ 'models/credit/card.yaml': cardWithoutRecipe() })
  const hasReport = async (now: string) =>
    (await runIn(folder, now)).planned.plan.actions.some(({ kind }) => kind === 'report')
  assert.equal(await hasReport('2026-11-22T07:00:00Z'), true, 'what was opened is open')
  assert.equal(await hasReport('2026-11-22T07:30:00Z'), false)
  await mergedIn(folder)
  assert.equal(await hasReport('2026-11-22T09:00:00Z'), true)
  assert.match(await said(folder), /\*\*Decisions of people\*\* \(1\)/)
  assert.equal(await hasReport('2026-11-22T10:00:00Z'), false)
})

test('whatever the dates say, a decision is told by the first run that records it, and by no other', async () => {
  const decidedAt = '2026-11-25T08:00:00Z'
  for (const what of ['merge', 'reject', 'snooze'] as const) {
    const folder = await governed({ ...BY_APPROVAL, 'models/credit/card.yaml': cardWithoutRecipe() })
    if (what === 'merge') await ask(pr, folder, ['approve', 'credit'], { key: '../ana' }, decidedAt)
    const options = { reason: 'later', ...(what === 'snooze' && { until: '2026-12-05' }) }
    assert.equal((await ask(pr, folder, [what, 'credit'], options, decidedAt)).exit, 0)
    const told: boolean[] = []
    for (const now of [
      '2026-11-22T09:00:00Z',
      '2026-11-22T10:00:00Z',
      '2026-11-24T10:00:00Z',
      '2026-11-26T10:00:00Z',
    ]) {
      const planned = isReported((await ask(plan, folder, [], {}, now)).json)
      const { planned: run } = await runIn(folder, now)
      assert.equal(planned, isReported(run.plan), 'the plan says what the run does')
      told.push(isReported(run.plan) && /\*\*Decisions of people\*\*/.test(await said(folder)))
    }
    assert.deepEqual(told, [true, false, false, false], what)
  }
})

function isReported(planned: unknown): boolean {
  const { actions } = planned as { readonly actions: readonly { readonly kind: string }[] }
  return actions.some(({ kind }) => kind === 'report')
}

function cardWithoutRecipe(): string {
  const folder = governedRepository()
  return readFileSync(join(folder, 'models/credit/card.yaml'), 'utf8').replace('retrain: { trigger: local }\n', '')
}
