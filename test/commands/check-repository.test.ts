import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRepository } from '../../engine/commands/check-repository.ts'
import { PLANTED_FAULTS, PLANTED_FILES } from '../load/planted-faults.ts'
import { memoryTree } from '../memory-tree.ts'

const NOW = Date.parse('2026-11-22T06:00:00Z')

describe('checkRepository', () => {
  test('finds thirty planted faults and more in one run, each at its line and column', () => {
    const { diagnostics } = checkRepository(memoryTree(PLANTED_FILES), { now: NOW })
    const found = diagnostics.filter(({ severity }) => severity === 'error')
    assert.deepEqual(
      found.map(({ file, line, column, code }) => ({ file, line, column, code })),
      PLANTED_FAULTS,
    )
    assert.ok(PLANTED_FAULTS.length >= 30)
    // The types ask for a hint of every diagnostic; an empty one would say nothing.
    for (const { code, hint } of diagnostics) assert.match(hint, /^(?!.*undefined)\S.{8,}$/s, code)
    assert.ok(new Set(PLANTED_FAULTS.map(({ code }) => code)).size >= 28)
  })
})
