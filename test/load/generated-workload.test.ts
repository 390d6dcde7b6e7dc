import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkRepository } from '../../engine/commands/check-repository.ts'
import { memoryTree } from '../memory-tree.ts'

const GENERATOR = join(import.meta.dirname, '../../../shared/bench/policy/generate.mjs')
const NO_GENERATOR = existsSync(GENERATOR) ? false : 'the workload generator is not beside the project'

test('a generated workload has no errors, and every file of it is counted', { skip: NO_GENERATOR }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-workload-'))
  try {
    const options = ['--models', '12', '--policies', '50', '--seed', '3', '--full', '--out', join(scratch, 'w')]
    const { status, stderr } = spawnSync(process.execPath, [GENERATOR, ...options], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const { diagnostics, counts } = checkRepository(memoryTree(filesIn(join(scratch, 'w/repo'))), {
      now: Date.parse('2026-11-22T06:00:00Z'),
    })
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    )
    assert.deepEqual([counts.policies, counts.models], [50, 12])
    assert.ok(counts.rules > 100 && counts.snapshots >= 24)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

function filesIn(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)]
    }),
  )
}
