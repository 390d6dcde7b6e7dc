// What `doctor` prints: every thing once, every fix once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Check, checksText } from '../../engine/commands/doctor-text.ts'
import { english } from '../../engine/commands/doctor-words.en.ts'

const ok = (what: string): Check => ({ what, state: 'ok', found: 'well' })
const bad = (what: string, found: string, fix?: string, state: Check['state'] = 'problem'): Check => ({
  ...{ what, state, found },
  ...(fix !== undefined && { fix }),
})

test('what one fix puts right stands together, found alike on one line, and the fix once', () => {
  const checks = [
    ok('engine'),
    bad('team:a', 'no key', 'add a line'),
    ok('HEAD'),
    bad('team:b', 'no key', 'add a line'),
  ]
  assert.equal(
    checksText([...checks, bad('team:c', 'old key', 'add a line', 'warning'), bad('remote', 'gone')], english),
    [
      '✓ engine            well',
      '✗ team:a, team:b    no key',
      '! team:c            old key',
      '                    fix: add a line',
      '✓ HEAD              well',
      '✗ remote            gone',
    ].join('\n'),
  )
})

test('things that need no fix keep a line each, alike or not', () => {
  assert.equal(checksText([ok('a'), ok('b')], english).split('\n').length, 2)
})
