// Time alone makes news: a deadline that passes unanswered, and an escalation, are told once, by a report and by a notice;
// what is answered has no deadline any more, and the next version's demand begins anew.
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { command as plan } from '../../engine/commands/plan.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import { command as report } from '../../engine/commands/report.ts'
import type { PlannedAction } from '../../engine/domain/plan.ts'
import type { RecordedDemand } from '../../engine/domain/recorded-run.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import { GOVERNED_FILES, governedRepository, NOW, openStore, runIn, snapshotLine } from './governed-repository.ts'

const FAIRNESS = GOVERNED_FILES['policies/fairness.yaml'] ?? ''
const policyWith = (remediate: string) =>
  FAIRNESS.replace('staleAfter: 48h', 'staleAfter: 90d').replace(/remediate: .*/, `remediate: ${remediate}`)
const day = (of: number) => `2026-11-${of}T06:00:00Z`

function governed(remediate: string): string {
  const folder = governedRepository({
    'policies/fairness.yaml': policyWith(remediate),
    'policies/allowed-signers': signersOf(ana),
    'models/silent/card.yaml': null,
  })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  writeFileSync(join(folder, '../ana'), ana.privateFile, { mode: 0o600 })
  return folder
}

/** Folders of recorded reports, by run. */
const reports = (folder: string) =>
  readdirSync(join(folder, 'reports'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('run.json'),
  ).length

function latest(folder: string, file: string): string {
  const { path } = JSON.parse(readFileSync(join(folder, 'reports/latest.json'), 'utf8')) as { path: string }
  return readFileSync(join(folder, path, file), 'utf8')
}

const demands = (folder: string) =>
  (JSON.parse(latest(folder, 'run.json')) as { demands: readonly RecordedDemand[] }).demands

async function noticesOf(folder: string, now: string): Promise<readonly PlannedAction[]> {
  const { planned } = await runIn(folder, now)
  return planned.plan.actions.filter(({ kind }) => kind === 'notify')
}

async function merge(folder: string, now: string): Promise<void> {
  const ask = (args: readonly string[], options = {}) =>
    askCommand(pr, folder, { args, options, now, globals: { lang: 'en' } })
  await ask(['approve', 'credit'], { key: '../ana' })
  assert.equal((await ask(['merge', 'credit'])).exit, 0)
}

function commit(folder: string, files: Readonly<Record<string, string>>): void {
  const store = openStore(folder)
  const tip = store.resolve('refs/heads/main')
  if (tip === null) throw new Error('no commit')
  const person = { name: 'Ana', email: 'ana@example.org', at: Date.parse(NOW) / 1000 }
  const changes = new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]))
  const to = store.writeCommit({
    ...{ base: tip, parents: [tip], changes, message: 'next version\n', author: person, committer: person },
  })
  store.updateRef({ ref: 'refs/heads/main', expect: tip, to })
  store.followCheckout(tip, to, [...changes.keys()])
}

test('a deadline that passes is told once, by a report and a notice', async () => {
  const folder = governed('{ action: hold, dueIn: 5d }')
  await runIn(folder, NOW)
  // The opening and its notice are done by then, which makes one more report.
  assert.equal((await noticesOf(folder, day(23))).length, 0)
  const before = reports(folder)
  assert.equal((await noticesOf(folder, day(26))).length, 0)
  assert.equal(reports(folder), before)
  const [notice, ...more] = await noticesOf(folder, day(28))
  assert.equal(more.length, 0)
  assert.match(
    notice?.reason ?? '',
    /^credit em production: 1 verificação reprovada; prazo vencido: suspender até 27\/11\/2026$/,
  )
  const data = notice?.detail?.data as { readonly passed: unknown } | undefined
  assert.deepEqual(data?.passed, [
    { step: 'overdue', version: '3.2.0', asked: 'hold', effective: 'hold', day: '2026-11-27' },
  ])
  assert.equal(reports(folder), before + 1)
  assert.match(
    latest(folder, 'report.pt.md'),
    /\*\*Prazos que passaram sem resposta\*\* \(1\)\n\n- `credit` · `production` · `3\.2\.0`: \*\*suspender\*\* até 27\/11\/2026/,
  )
  assert.deepEqual(
    demands(folder).map(({ steps }) => steps),
    [['overdue']],
  )
  assert.equal((await noticesOf(folder, day(29))).length, 0)
  const after = reports(folder)
  const asked = await askCommand(report, folder, { now: day(30), globals: { lang: 'pt' } })
  assert.doesNotMatch(asked.text(), /Execução mais recente/)
  assert.equal((await noticesOf(folder, day(30))).length, 0)
  assert.equal(reports(folder), after)
  const later = await askCommand(report, folder, { now: day(30), globals: { lang: 'pt' } })
  assert.match(
    later.text(),
    /^> Execução mais recente: `[0-9a-f]{16}`, de 30\/11\/2026 03:00 \(`America\/Sao_Paulo`\)\. .*\(execuções registradas depois dele, sem relatório: 1\)\.\n\n# Relatório/,
  )
  const { later: runs } = later.json as { readonly later: readonly { readonly now: string }[] }
  assert.deepEqual(
    runs.map(({ now }) => now),
    [day(30)],
  )
})

test('an escalation is told once, and what is demanded in its place says why', async () => {
  const folder = governed('{ action: retrain, dueIn: 2d, escalateTo: hold, after: 5d }')
  await runIn(folder, NOW)
  assert.match(latest(folder, 'report.pt.md'), /; depois, suspender a partir de 27\/11\/2026/)
  assert.match((await noticesOf(folder, day(25)))[0]?.reason ?? '', /prazo vencido: retreinar até 24\/11\/2026$/)
  const [notice] = await noticesOf(folder, day(28))
  assert.match(notice?.reason ?? '', /não se fez até 27\/11\/2026: retreinar; agora se exige: suspender$/)
  const report = latest(folder, 'report.pt.md')
  assert.doesNotMatch(report, /a partir de/)
  assert.match(report, /\*\*suspender\*\* \(bloqueia\), em lugar de retreinar, que não se fez até 27\/11\/2026/)
  assert.equal((await noticesOf(folder, day(29))).length, 0)
})

test('who answers has no deadline any more, and is not told that it passed', async () => {
  const folder = governed('{ action: hold, dueIn: 2d }')
  await runIn(folder, NOW)
  await merge(folder, day(23))
  await runIn(folder, day(23))
  assert.match(latest(folder, 'report.en.md'), /Remedies demanded: 0; answered: 1\./)
  assert.match(latest(folder, 'report.en.md'), /\| answered, demanded since 2026-11-22 \|/)
  assert.equal((await noticesOf(folder, day(26))).length, 0)
  assert.doesNotMatch(latest(folder, 'report.en.md'), /overdue/)
})

test('the demand of the next version begins anew', async () => {
  const folder = governed('{ action: retrain, dueIn: 5d }')
  await runIn(folder, NOW)
  const card = 'models/credit/card.yaml'
  commit(folder, {
    [card]: readFileSync(join(folder, card), 'utf8').replaceAll('3.2.0', '3.3.0'),
    'models/snapshots/2026/11/28T00/credit.ndjson': snapshotLine('credit', 28, 0.74).replace('3.2.0', '3.3.0'),
  })
  await runIn(folder, day(29))
  assert.deepEqual(
    demands(folder).map(({ version, since }) => [version, since]),
    [['3.3.0', day(29)]],
  )
  assert.doesNotMatch(latest(folder, 'report.en.md'), /overdue/)
})

test('a plan that is remembered holds until the next deadline', async () => {
  const folder = governed('{ action: hold, dueIn: 5d }')
  await runIn(folder, NOW, { deliver: false })
  const planned = async (now: string) => {
    const { json } = await askCommand(plan, folder, { now, globals: { format: 'json', lang: 'pt' } })
    const { pieces } = json as { readonly pieces: Iterable<Uint8Array> }
    return Buffer.concat([...pieces]).toString()
  }
  assert.doesNotMatch(await planned(day(26)), /prazo vencido/)
  assert.match(await planned(day(28)), /prazo vencido: suspender até 27\/11\/2026/)
})
