// What `init` writes must be something that `check` accepts as it stands, in either language.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const CLI = join(import.meta.dirname, '../../engine/cli.ts')

function tutela(folder: string, ...args: string[]) {
  const ran = spawnSync(process.execPath, [CLI, '--repo', folder, '--format', 'json', ...args], { encoding: 'utf8' })
  return { exit: ran.status, json: JSON.parse(ran.stdout) }
}

const TEMPLATES = [
  // A development card is not in production yet, so nothing has a review date to keep.
  { template: 'credit', language: 'en', warnings: ['load/selects-nothing'], models: 1 },
  { template: 'blank', language: 'pt', warnings: [], models: 0 },
] as const

for (const { template, language, warnings, models } of TEMPLATES) {
  test(`the ${template} template is accepted, passes, and speaks ${language} first`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'tutela-init-'))
    try {
      assert.equal(tutela(folder, 'init', folder, '--template', template, '--lang', language).exit, 0)
      const { exit, json } = tutela(folder, 'plan', '--now', '2026-11-25T06:00:00Z')
      assert.equal(exit, 0)
      assert.deepEqual(
        json.diagnostics.map(({ code }: { code: string }) => code),
        warnings,
      )
      const outcomes = json.verdicts.map(({ outcome }: { outcome: string }) => outcome)
      assert.deepEqual(outcomes, Array(models).fill('pass'))
      const governance = readFileSync(join(folder, 'policies/governance.yaml'), 'utf8')
      assert.match(governance, language === 'en' ? /languages: \[en, pt\]/ : /languages: \[pt, en\]/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

test('a repository that has policies gets none of a template, whichever made it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-init-'))
  try {
    tutela(folder, 'init', folder, '--template', 'credit')
    rmSync(join(folder, 'policies/drift.yaml'))
    rmSync(join(folder, '.gitattributes'))
    for (const args of [[], ['--template', 'credit']]) {
      const { added } = tutela(folder, 'init', folder, ...args).json
      assert.deepEqual(added, args.length === 0 ? ['.gitattributes'] : [])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
