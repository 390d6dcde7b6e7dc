// `tutela demo`, lived through once in each language: what it tells is true of the repository it leaves, the commands it
// ends with work as they stand, and nothing but its own folder is written.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openGitStore } from '../../engine/adapters/git/open-store.ts'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import type { CommandResult } from '../../engine/commands/command.ts'
import { command } from '../../engine/commands/demo.ts'
import type { Language } from '../../engine/domain/governance.ts'
import type { MergingForge, World } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'

const ROOT = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'tutela-demo-test-'))
after(() => rmSync(scratch, { recursive: true }))

interface Demo {
  readonly folder: string
  readonly gitDir: string
  readonly runs: number
  readonly commits: number
  readonly reports: number
  readonly entries: number
  readonly problems: number
  readonly waiting: { readonly id: string }
  readonly next: readonly string[]
  readonly chapters: readonly { readonly lines: readonly { readonly day: string; readonly text: string }[] }[]
}

async function live(
  name: string,
  lang: Language,
  world: Partial<World> = {},
): Promise<{ result: CommandResult; demo: Demo; text: string }> {
  const { process } = assembleWorld(0)
  const result = await askCommand(command, scratch, {
    args: [name],
    now: 0,
    globals: { lang },
    world: { process, ...world },
  })
  return { result, demo: result.json as Demo, text: result.text() }
}

/** A command as it is printed, run from the clone, in the shell's words. */
function runPrinted(line: string): { status: number; output: string } {
  const [npm, run, silent, script, dashes, ...words] = line.split(' ')
  assert.deepEqual([npm, run, silent, script, dashes], ['npm', 'run', '-s', 'tutela', '--'])
  try {
    const output = execFileSync(process.execPath, [join(ROOT, 'engine/cli.ts'), ...words], {
      encoding: 'utf8',
      stdio: 'pipe',
      // A machine that knows nobody.
      env: { PATH: process.env.PATH, HOME: scratch, GIT_CONFIG_NOSYSTEM: '1' },
    })
    return { status: 0, output }
  } catch (error) {
    const failed = error as { status: number; stdout: string; stderr: string }
    return { status: failed.status, output: failed.stdout + failed.stderr }
  }
}

describe('a demo', () => {
  let english: Awaited<ReturnType<typeof live>>
  let portuguese: Awaited<ReturnType<typeof live>>
  before(async () => {
    english = await live('english', 'en')
    portuguese = await live('portuguese', 'pt')
  })

  test('ends well, with a ledger that is proven', () => {
    assert.equal(english.result.exit, 0)
    assert.equal(english.demo.problems, 0)
    assert.match(english.text, new RegExp(`${english.demo.entries} entries.*proven`))
  })

  test('tells the numbers of the data', () => {
    for (const told of [
      'AUC 0.701 over 1,971 loans',
      'AUC 0.639, 8.75% under the baseline',
      'PSI 0.934',
      'AUC 0.592, under the floor of 0.60',
      'started the retraining once',
      'Shares called high risk differ between races by 0.361; the limit is 0.20',
      'Between ages they differ by 0.397 (limit 0.20)',
      'Now between races, too: 0.523 (limit 0.20)',
      '6 more months, 3 of them blocked',
      '97.1% of the labels',
      '`one_class`',
    ]) {
      assert.ok(english.text.replace(/\n +/g, ' ').includes(told), told)
    }
    assert.match(
      english.text.replace(/\n +/g, ' '),
      /44\.85% of African-Americans and 23\.45% of whites.*27\.99% and 47\.72%/,
    )
  })

  test('is the same story in both languages, run for run, and the same each time', () => {
    const facts = ({ demo }: typeof english) => ({
      ...demo,
      folder: '',
      gitDir: '',
      next: [],
      chapters: demo.chapters.map(({ lines }) => lines.length),
    })
    assert.deepEqual(facts(portuguese), facts(english))
    assert.match(portuguese.text, /Um modelo de crédito decai/)
    assert.match(portuguese.text, /AUC 0,639, 8,75 %/)
  })

  test('fits a terminal of 120 columns, but for the commands', () => {
    const long = english.text.split('\n').filter((line) => line.length > 120 && !line.startsWith('  npm run'))
    assert.deepEqual(long, [])
  })

  test('is one commit a run, each with a trailer, and one report a run that had something to say', () => {
    const store = openGitStore(english.demo.folder)
    assert.ok(store)
    const head = store.resolve('HEAD')
    assert.ok(head)
    const runs = store.firstParents(head, 1000).filter(({ message }) => /^Tutela-Run: /m.test(message))
    assert.equal(runs.length, english.demo.runs)
    assert.deepEqual(store.workingTree().dirty, [])
  })

  test('keeps its keys out of every tree', () => {
    const { folder, gitDir } = english.demo
    const key = readFileSync(join(gitDir, 'tutela/demo-keys/rui'), 'utf8')
    assert.match(key, /BEGIN OPENSSH PRIVATE KEY/)
    const signers = readFileSync(join(folder, 'policies/allowed-signers'), 'utf8')
    assert.match(signers, /^rui namespaces="tutela-approval" ssh-ed25519 /m)
    assert.doesNotMatch(signers, /PRIVATE/)
  })

  test('merged the retraining and the hold as people approved them, and retired the model', () => {
    const card = readFileSync(join(english.demo.folder, 'models/small-business-credit/card.yaml'), 'utf8')
    assert.match(card, /request: ?[\s\S]*performance\/auc-drop/)
    assert.match(card, /hold: true/)
    assert.match(card, /^stage: retired$/m)
    assert.match(card, /^# A real model on real loans/, 'comments survive the patches')
  })

  test('has its people, not the machine, as authors of what they merge', () => {
    const head = openGitStore(english.demo.folder)?.resolve('HEAD') ?? ''
    const merges = (openGitStore(english.demo.folder)?.firstParents(head, 1000) ?? []).filter(
      ({ parents }) => parents.length > 1,
    )
    assert.deepEqual(
      merges.map(({ author, committer }) => [author.name, author.email, committer.name]),
      [
        ['ana', 'ana@banco.example', 'ana'],
        ['rui', 'rui@banco.example', 'rui'],
      ],
    )
  })

  test('ends with commands that work as they are printed', () => {
    const [plan = '', explain = '', show = '', approve = '', merge = '', observe = '', verify = ''] = english.demo.next
    for (const line of english.demo.next) assert.ok(english.text.includes(`  ${line}`))
    assert.equal(runPrinted(plan).status, 2)
    assert.match(runPrinted(explain).output, /label-rate/)
    assert.match(runPrinted(show).output, /label-integrity\/label-rate/)
    assert.equal(runPrinted(merge).status, 2, 'not before it is approved')
    assert.equal(runPrinted(approve).status, 0)
    assert.equal(runPrinted(merge).status, 0)
    assert.match(runPrinted(observe).output, /performance\.auc +0\.6491 /)
    assert.equal(runPrinted(verify).status, 0)
  })

  test('does not start the retraining again, however often a run is repeated', () => {
    const { folder } = english.demo
    const run = `npm run -s tutela -- --repo ${folder} --now 2015-01-03T12:00:00Z --format json run`
    const { output } = runPrinted(run)
    const { actions, delivered } = JSON.parse(output.slice(output.indexOf('{'))) as {
      actions: { kind: string; key: string }[]
      delivered: { key: string; ref?: string }[]
    }
    assert.deepEqual(
      actions.filter(({ kind }) => kind === 'trigger'),
      [],
    )
    const planned = new Set(actions.map(({ key }) => key))
    assert.ok(
      delivered.every(({ key }) => planned.has(key)),
      'nothing but what this run planned',
    )
  })
})

test('a folder that is not empty is refused and left as it is', async () => {
  const folder = mkdtempSync(join(scratch, 'full-'))
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  await assert.rejects(
    live(folder, 'en'),
    (error: unknown) => error instanceof Fault && error.code === 'demo/not-empty',
  )
  assert.equal(existsSync(join(folder, '.git')), false)
})

describe('what did not happen as it is told ends the demo with a fault', () => {
  const { openForge } = assembleWorld(0)
  const isFault = (words: RegExp) => (error: unknown) => {
    assert.ok(error instanceof Fault, String(error))
    assert.equal(error.code, 'demo/not-as-told')
    assert.match(error.message, words)
    return true
  }
  const withForge = (change: (forge: MergingForge) => Partial<MergingForge>): Partial<World> => ({
    openForge: (store, governance) => {
      const forge = openForge(store, governance)
      return { ...forge, ...change(forge) }
    },
  })

  test('a merge that the gate refuses', async () => {
    const unsaid = withForge((forge) => ({
      say: async (id, word) => (word.kind === 'approved' ? undefined : forge.say(id, word)),
    }))
    await assert.rejects(live('unsaid', 'en', unsaid), isFault(/`pr (approve|merge) [0-9a-f]{10}/))
  })

  test('a proposal that could not be opened', async () => {
    const open = async () => {
      throw new Fault('forge/branch-taken', 'the branch is taken')
    }
    await assert.rejects(
      live(
        'closed',
        'en',
        withForge(() => ({ open })),
      ),
      isFault(/`open-proposal` is failed: .*taken/),
    )
  })
})
