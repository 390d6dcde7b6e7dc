// `--help`, `--version` and `doctor` as a whole process: one JSON document where JSON is asked for.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { VERBS } from '../../engine/commands/verbs.ts'
import { VERSION } from '../../engine/version.ts'

const CLI = join(import.meta.dirname, '../../engine/cli.ts')

function tutela(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })
  assert.equal(stderr, '')
  return { status, stdout }
}

const json = (...args: string[]) => {
  const { status, stdout } = tutela(...args)
  assert.equal(status, 0)
  return JSON.parse(stdout) as Record<string, unknown>
}

test('help as JSON names each argument, option and example of a verb', async () => {
  const verb = await VERBS.find(({ name }) => name === 'report')?.load()
  assert.ok(verb !== undefined)
  const { name, summary, description, examples, arguments: given = [], options = [] } = verb.command
  const help = json('report', '--help', '--format', 'json')
  const { globalOptions, usage, ...rest } = help
  assert.deepEqual(rest, {
    ...{ apiVersion: 'tutela/v1', kind: 'Help', verb: name, summary, description, examples },
    arguments: given.map((one) => ({ ...one })),
    options: options.map((one) => ({ ...one })),
  })
  assert.match(String(usage), /^tutela report /)
  const flags = (globalOptions as { flags: string }[]).map((one) => one.flags)
  assert.ok(flags.includes('--now <instant>') && !flags.some((one) => one.startsWith('--as')), flags.join())
})

test('help of the program as JSON names every verb, wherever `--format json` stands', () => {
  const help = json('--format=json', '--help')
  assert.deepEqual(
    help.verbs,
    VERBS.map(({ name, summary }) => ({ name, summary })),
  )
  assert.deepEqual([help.kind, help.verb], ['Help', null])
})

test('the version as JSON is a document, too', () => {
  assert.deepEqual(json('--version', '--format', 'json'), {
    apiVersion: 'tutela/v1',
    kind: 'Version',
    version: VERSION,
  })
})

test('help as text is not JSON', () => {
  const { stdout } = tutela('plan', '--help')
  assert.match(stdout, /^Usage: tutela plan/)
  assert.match(stdout, /\nExamples:\n {2}tutela plan/)
})

test('without a verb, options say what is missing', () => {
  const { status, stdout } = spawnSync(process.execPath, [CLI, '--format', 'json'], { encoding: 'utf8' })
  assert.equal(status, 1)
  assert.equal((JSON.parse(stdout) as { message: string }).message, 'no verb is named')
})

test('a moment before 1970 is refused as an option, not as a bug', () => {
  for (const at of ['1969-12-31T23:59:59Z', '0001-01-01T00:00:00Z']) {
    const { status, stdout } = spawnSync(process.execPath, [CLI, '--now', at, '--format', 'json', 'plan'], {
      encoding: 'utf8',
    })
    assert.equal(status, 1)
    assert.equal((JSON.parse(stdout) as { code: string }).code, 'cli/bad-option')
  }
})

test('a verb or a word that is not known is said with the nearest that is, or with when it comes', () => {
  const told = (...args: string[]) => {
    const { status, stdout } = spawnSync(process.execPath, [CLI, ...args, '--format', 'json'], { encoding: 'utf8' })
    assert.equal(status, 1)
    const { code, message, hint } = JSON.parse(stdout) as Record<string, string>
    assert.equal(code, 'cli/bad-usage')
    return `${message}; ${hint}`
  }
  assert.match(told('ledgr'), /did you mean `ledger`/)
  assert.match(told('import', 'evidenlty', 'x'), /^`evidenlty` is not known here; did you mean `evidently`/)
  assert.match(told('pr', 'xyzzy'), /; one of list, show, /)
  assert.match(told('replay'), /^`tutela replay` is not there yet; .*later version/)
})

test('verbs that are promised for later are not there now', () => {
  const source = readFileSync(join(import.meta.dirname, '../../engine/cli.ts'), 'utf8')
  const later: readonly string[] = /const LATER_VERBS = \[(.*)\]/.exec(source)?.[1]?.match(/[a-z]+/g) ?? []
  assert.ok(later.length > 0)
  assert.deepEqual(
    VERBS.filter(({ name }) => later.includes(name)),
    [],
  )
})
