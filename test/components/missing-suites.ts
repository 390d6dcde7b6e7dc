// A test for each suite that run.ts could not start, so that it stands in the summary: skipped with its reason, or failed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MissingSuite } from './run.ts'

for (const { name, reason, fails } of JSON.parse(process.env.TUTELA_MISSING_SUITES ?? '[]') as MissingSuite[]) {
  test(`components: ${name}`, { skip: fails ? false : reason }, () => assert.fail(reason))
}
