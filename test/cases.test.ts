// Runs every folder of test/cases: `repo/` is committed in a scratch repository, and each `$` line of `script.txt`
// must print and exit as written below it. UPDATE=1 rewrites the scripts; a folder without a script fails.
//
//   # a comment that says what the step proves
//   $ tutela check            commands: tutela …, ls FOLDER, cat FILE
//   stdout, line by line
//   2> stderr, line by line
//   [exit 3]                  absent: 0
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { commitAll } from './scratch-repository.ts'

const CASES = join(import.meta.dirname, 'cases')
const CLI = join(import.meta.dirname, '../engine/cli.ts')

describe('cases', { concurrency: 2 }, () => {
  for (const name of existsSync(CASES) ? readdirSync(CASES).sort() : []) {
    test(name.replaceAll('-', ' '), () => runCase(join(CASES, name)))
  }
})

function runCase(folder: string): void {
  const scriptFile = join(folder, 'script.txt')
  assert.ok(existsSync(scriptFile), `${folder} has no script.txt`)
  const script = readFileSync(scriptFile, 'utf8')
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-case-'))
  try {
    if (existsSync(join(folder, 'repo'))) cpSync(join(folder, 'repo'), scratch, { recursive: true })
    commitAll(scratch)
    const got = replay(script, scratch)
    if (process.env.UPDATE === '1') writeFileSync(scriptFile, got)
    else assert.equal(got, script)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The script with what was really printed in place of what is expected. */
function replay(script: string, scratch: string): string {
  const out: string[] = []
  for (const line of script.split('\n')) {
    if (line.startsWith('#')) out.push(line)
    if (!line.startsWith('$ ')) continue
    out.push(line, ...carryOut(line.slice(2), scratch), '')
  }
  return out.join('\n')
}

function carryOut(command: string, scratch: string): string[] {
  const [verb = '', ...args] = command.split(' ')
  if (verb === 'ls') return readdirSync(join(scratch, args[0] ?? '.')).sort()
  if (verb === 'cat') return lines(readFileSync(join(scratch, args[0] ?? ''), 'utf8'), scratch)
  assert.equal(verb, 'tutela', `unknown command ${verb}`)
  const { TZ: _, LANG: __, ...env } = process.env
  const ran = spawnSync(process.execPath, [CLI, ...args], { cwd: scratch, env, encoding: 'utf8' })
  return [
    ...lines(ran.stdout, scratch),
    ...lines(ran.stderr, scratch).map((line) => `2> ${line}`),
    ...(ran.status === 0 ? [] : [`[exit ${ran.status}]`]),
  ]
}

function lines(text: string, scratch: string): string[] {
  const shown = text.replaceAll(scratch, '{dir}')
  return shown === '' ? [] : shown.replace(/\n$/, '').split('\n')
}
