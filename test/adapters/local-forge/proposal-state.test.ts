// Anybody with the repository can write `refs/tutela/proposals/…`: whatever stands there is a proposal or a fault.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseState, stateText } from '../../../engine/adapters/local-forge/proposal-state.ts'
import { openedState } from '../../../engine/adapters/local-forge/proposal-steps.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { memoryGit } from '../../memory-git.ts'
import { draft, FILES, ID } from './forge-draft.ts'

const STATE = openedState(null, draft(memoryGit(FILES), 0), 'a'.repeat(40))

test('what was written is read back', () => {
  assert.deepEqual(parseState(stateText(STATE), ID), STATE)
})

const FORGED: Readonly<Record<string, unknown>> = {
  key: 'f'.repeat(64),
  branch: 'refs/heads/tutela/../main',
  head: 'main',
  heads: [null],
  violations: [null],
  clean: [{ violation: ['p', 'r', null], end: 1 }],
  ignored: ['x'],
  merged: [{ evidence: 'e' }],
  end: 'closed',
  window: { start: 1, end: 2 },
  steps: { run: 'r', kinds: 'opened' },
  event: { ...STATE.event, at: 'yesterday' },
  snoozedUntil: 4,
  target: {},
  sequence: '1',
  state: 'merged?',
}

for (const [field, value] of Object.entries(FORGED)) {
  test(`a forged \`${field}\` is a fault`, () => {
    const text = JSON.stringify({ ...STATE, [field]: value })
    assert.throws(
      () => parseState(text, ID),
      (error) => error instanceof Fault && error.code === 'forge/unreadable',
    )
  })
}
