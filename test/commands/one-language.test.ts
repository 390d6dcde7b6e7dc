// A screen speaks one language: with Portuguese first in governance.yaml, no verb's answer has an English sentence in it.
// Diagnostics, faults, and what is noted of data are English by design, and are no part of what is looked at here.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Invocation } from '../../engine/commands/command.ts'
import { VERBS } from '../../engine/commands/verbs.ts'
import { askCommand } from '../ask-command.ts'
import { ana, signersOf } from '../remediate/signers.ts'
import { GOVERNANCE, governedRepository, LATER, openStore, runIn, scratch } from '../run/governed-repository.ts'
import { column, report } from './import-scene.ts'

/** Words that an English sentence hardly does without, and Portuguese does not have. */
const ENGLISH =
  /\b(the|of|and|is|are|was|were|with|by|this|that|it|its|from|into|which|who|has|have|to|not|what|next)\b/i

const made = (async () => {
  const folder = governedRepository({
    'policies/governance.yaml': GOVERNANCE.replace('[ana]', '[ana, rui]'),
    'policies/allowed-signers': signersOf(ana),
  })
  writeFileSync(join(folder, '../ana'), ana.privateFile, { mode: 0o600 })
  await runIn(folder)
  mkdirSync(join(folder, '.git/data'))
  writeFileSync(join(folder, '.git/data/result.json'), report(column('income', 0.2), column('age', 0.1, 't_test')))
  return folder
})()

const IMPORT = { model: 'credit', version: '3.2.0', window: '2026-11-20/2026-11-21', writer: 'evidently' }
const ASKED: readonly (readonly [line: string, args?: readonly string[], options?: Invocation['options']])[] = [
  ['check'],
  ['plan'],
  ['explain', ['credit']],
  ['explain', ['credit', 'fairness/impact-ratio']],
  ['inventory'],
  ['doctor'],
  ['pr', ['list']],
  ['pr', ['show', 'credit']],
  ['pr', ['merge', 'credit']],
  ['pr', ['approve', 'credit'], { key: '../ana' }],
  ['pr', ['comment', 'credit'], { reason: 'visto' }],
  ['gate', [], { base: 'HEAD', head: 'HEAD' }],
  ['import', ['evidently', '.git/data/result.json'], IMPORT],
  ['import', ['evidently', '.git/data/result.json'], IMPORT],
  ['verify', ['ledger']],
  ['report', ['run']],
  ['ledger', ['key', 'show']],
  ['ledger', ['policy']],
  ['ledger', ['receipt', '0'], { out: '.git/receipt' }],
  ['ledger', ['export'], { out: '.git/kit' }],
  ['ledger', ['pin']],
  ['ledger', ['audit']],
  ['ledger', ['key', 'rotate']],
  ['witness', ['key'], { name: 'testemunha.example/um' }],
  ['run'],
]

for (const [name, args = [], options = {}] of ASKED) {
  test(`${name} ${args.join(' ')}`.trim(), async () => {
    const folder = await made
    assert.deepEqual(sentencesOf(await said(name, folder, args, options)), [])
  })
}

test('init', async () => {
  const folder = join(scratch(), 'novo')
  assert.deepEqual(sentencesOf(await said('init', folder, [], {})), [])
})

test('the words are found where a screen is English', async () => {
  const folder = await made
  assert.notEqual(openStore(folder).resolve('HEAD'), null)
  assert.notDeepEqual(sentencesOf(await said('verify', folder, ['ledger'], {}, 'en')), [])
})

async function said(
  name: string,
  folder: string,
  args: readonly string[],
  options: Invocation['options'],
  lang: 'en' | null = null,
): Promise<string> {
  const command = (await VERBS.find((verb) => verb.name === name)?.load())?.command
  assert.ok(command !== undefined)
  const { notes, text } = await askCommand(command, folder, { args, options, now: LATER, globals: { lang } })
  return [...notes, text()].join('\n')
}

/** Lines with an English word outside of what is quoted, code, a path or an address. */
function sentencesOf(text: string): string[] {
  const plain = text.replaceAll(/`[^`]*`|```[\s\S]*?```|\S*\/\S*|"[^"]*"|<[^>]*>|--[\w-]+/g, ' ')
  return plain.split('\n').filter((line) => ENGLISH.test(line))
}
