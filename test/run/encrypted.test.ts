// A repository whose log is encrypted, and whose runs hold no key that opens it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { openerOf } from '../../engine/ledger/encrypted-body.ts'
import { ask, commitAs, entriesOf } from '../commands/ledger-scene.ts'
import { GOVERNANCE, GOVERNED_FILES, governedRepository, LATER, NOW, runIn, scratch } from './governed-repository.ts'

const RECIPIENT = 'age1v2n5ne780yjha8r0wuw4qjdk24tpu5vwq9rsnn30wdajvrwrd4gs4gvd6u'
const IDENTITY = 'AGE-SECRET-KEY-1EQEL9QYFJU984JZPHX4QX3GNTNT428ARJHGP9ARS7Q7HDPLEHW2QWWUY3C'

const ENCRYPTED = GOVERNANCE.replace(/(ledger: \{ origin: \S+) \}/, `$1, encryption: { recipients: [${RECIPIENT}] } }`)
const THIRD = '2026-11-22T08:00:00Z'

const repository = governedRepository({ 'policies/governance.yaml': ENCRYPTED })

describe('a run of a repository with recipients', () => {
  test('hides every body, and a recipient reads what an open log says', async () => {
    await runIn(repository)
    const open = governedRepository()
    await runIn(open)
    const entries = entriesOf(repository)
    assert.ok(entries.length > 0 && entries.every(({ body, age }) => body === undefined && age !== undefined))
    const opener = await openerOf([IDENTITY])
    const kinds: string[] = []
    for (const [i, entry] of entries.entries()) {
      const opened = await opener(entry)
      assert.ok(opened.state === 'opened')
      kinds.push(entry.kind)
      const { kind, body } = entriesOf(open)[i] ?? {}
      assert.equal(entry.kind, kind)
      // The rest differs by the settings, which are part of what is judged.
      if (kind === 'evaluation') assert.deepEqual(opened.body.findings, body?.findings)
    }
    assert.ok(kinds.includes('run') && kinds.includes('evaluation') && kinds.includes('report-published'))
  })

  test('the next run still knows what changed, without a key, and records no verdict again', async () => {
    const card = join(repository, 'models/fraud/card.yaml')
    writeFileSync(card, `${readFileSync(card, 'utf8')}# reviewed\nformerly: [old-fraud]\n`)
    commitAs(repository, 'fraud: a former name')
    await runIn(repository, LATER)
    await runIn(repository, THIRD)
    const opener = await openerOf([IDENTITY])
    const told: string[] = []
    for (const entry of entriesOf(repository)) {
      const opened = await opener(entry)
      if (opened.state === 'opened' && entry.kind === 'card-changed') told.push(`${entry.at} ${opened.body.model}`)
      if (opened.state === 'opened' && entry.kind === 'evaluation') assert.equal(entry.at, NOW)
    }
    assert.deepEqual(told, [`${LATER} fraud`])
  })

  test('the log is proven without a key; with one, verify opens every entry', async () => {
    const identity = join(scratch(), 'identity.txt')
    writeFileSync(identity, `# made for this test\n${IDENTITY}\n`, { mode: 0o600 })
    const closed = await ask('verify', repository, ['ledger'])
    assert.deepEqual([closed.exit, closed.json.encrypted], [0, undefined])
    const opened = await ask('verify', repository, ['ledger'], { identity })
    const { length } = entriesOf(repository)
    assert.deepEqual([opened.exit, opened.json.encrypted], [0, { opened: length, forOthers: 0, broken: 0 }])
    assert.match(opened.text, new RegExp(`${length} encrypted entries opened`))
  })

  test('a receipt shows the decision that it proves, to a recipient alone', async () => {
    const identity = join(scratch(), 'identity.txt')
    writeFileSync(identity, `${IDENTITY}\n`, { mode: 0o600 })
    await ask('ledger', repository, ['receipt', '0'], { out: identity.replace('identity.txt', '') })
    const [receipt, entry] = ['entry-0.tlog-proof', 'entry-0.json'].map((name) =>
      identity.replace('identity.txt', name),
    )
    const options = { entry, policy: join(repository, 'ledger/policy') }
    const closed = await ask('verify', repository, [receipt ?? ''], options)
    assert.deepEqual([closed.exit, closed.json.body], [0, undefined])
    const opened = await ask('verify', repository, [receipt ?? ''], { ...options, identity })
    assert.equal((opened.json.body as { engine?: string }).engine !== undefined, true)
  })

  test('without the kept body nothing is recorded, rather than a change left out', async () => {
    const latest = join(repository, 'reports/latest.json')
    const { recorded: _, ...rest } = JSON.parse(readFileSync(latest, 'utf8')) as Record<string, unknown>
    writeFileSync(latest, JSON.stringify(rest))
    commitAs(repository, 'lose the kept body')
    await assert.rejects(
      runIn(repository, '2026-11-22T09:00:00Z'),
      (error: unknown) => error instanceof Fault && error.code === 'record/last-run-encrypted',
    )
  })
})

test('a log goes over to encryption and back, and no change is lost on either way', async () => {
  const folder = governedRepository()
  const settings = join(folder, 'policies/governance.yaml')
  await runIn(folder)
  writeFileSync(settings, ENCRYPTED)
  commitAs(folder, 'encrypt')
  await runIn(folder, LATER)
  writeFileSync(settings, GOVERNED_FILES['policies/governance.yaml'] ?? '')
  commitAs(folder, 'open again')
  await runIn(folder, THIRD)
  const opener = await openerOf([IDENTITY])
  const changes: string[] = []
  for (const entry of entriesOf(folder)) {
    const { state } = await opener(entry)
    if (entry.kind === 'policy-changed') changes.push(`${entry.at} ${state}`)
  }
  assert.deepEqual(changes, [`${LATER} opened`, `${THIRD} open`])
})

test('an audit says what nobody opened, and is whole for a recipient', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': ENCRYPTED })
  await runIn(folder)
  await runIn(folder, LATER)
  const identity = join(scratch(), 'identity.txt')
  writeFileSync(identity, `${IDENTITY}\n`, { mode: 0o600 })
  const closed = await ask('ledger', folder, ['audit'])
  assert.equal(closed.exit, 2)
  assert.deepEqual(
    (closed.json.problems as { code: string }[]).map(({ code }) => code),
    ['audit/closed'],
  )
  const opened = await ask('ledger', folder, ['audit'], { identity })
  assert.deepEqual([opened.exit, opened.json.problems], [0, []], opened.text)
})
