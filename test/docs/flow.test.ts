// The picture in the README is of the files that are there now.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { drawFlow, FLOW } from './make-flow.ts'

test('docs/flow.svg is up to date with the bundled example (node test/docs/make-flow.ts)', () => {
  assert.equal(readFileSync(FLOW, 'utf8'), drawFlow())
})
