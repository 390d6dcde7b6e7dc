import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearForm } from '../../engine/load/near-form.ts'

const ID = '^[a-z0-9-]{1,100}$'
const DAY = '^\\d{4}-\\d\\d-\\d\\d$'
const PERSON = '^(team|user):\\S+$'

test('a slip of a form is mended; what would become another word is not', () => {
  const cases: readonly [text: string, pattern: string, near: string | null][] = [
    ['Credit Risk', ID, 'credit-risk'],
    ['credit_default', ID, 'credit-default'],
    ['crédito', ID, null],
    ['---', ID, null],
    ['\u202e', ID, null],
    ['2026-6-3', DAY, '2026-06-03'],
    ['2026/06/30', DAY, '2026-06-30'],
    [' 2026-06-30', DAY, '2026-06-30'],
    ['30/06/2026', DAY, null],
    ['risk', PERSON, 'team:risk'],
    ['', PERSON, null],
    [' 1.0', '^\\S+$', '1.0'],
    ['x', '\\S', null],
  ]
  for (const [text, pattern, near] of cases) assert.equal(nearForm(text, pattern), near, text)
})
