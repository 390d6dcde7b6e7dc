// The public vectors of the metrics, as `npm run vectors -- metrics` runs them: data through DuckDB, every detail compared.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runVectors } from '../vectors/metrics.ts'

const ROOT = join(import.meta.dirname, '../../../shared/vectors/metrics')
const NO_VECTORS = existsSync(ROOT) ? false : 'the public vectors (../shared/vectors/metrics) are not on this machine'

/** None may be missing: a family that is skipped is not one that passes. */
const FAMILIES = ['concept', 'data', 'drift', 'estimated', 'explain', 'fairness', 'performance', 'special']

test('every case of the public metric vectors passes', { skip: NO_VECTORS }, async () => {
  const passed = new Map<string, number>()
  for await (const result of runVectors(ROOT)) {
    assert.equal(result.state, 'passed', `${result.name}: ${JSON.stringify(result)}`)
    const family = result.name.split('/')[0] ?? ''
    passed.set(family, (passed.get(family) ?? 0) + 1)
  }
  assert.deepEqual([...passed.keys()].sort(), FAMILIES)
  assert.ok([...passed.values()].reduce((sum, n) => sum + n, 0) >= 81)
})
