import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnosticsText } from '../../engine/commands/diagnostic-text.ts'
import type { Diagnostic } from '../../engine/domain/diagnostic.ts'

const UNKNOWN: Diagnostic = {
  file: 'models/credit/card.yaml',
  line: 14,
  column: 3,
  severity: 'error',
  code: 'load/unknown-field',
  message: 'unknown field `ownr`',
  hint: 'did you mean `owners`?',
}

test('a diagnostic is printed as STYLE.md shows, the hint below the severity', () => {
  assert.equal(
    diagnosticsText([UNKNOWN], { colour: false }),
    [
      'models/credit/card.yaml:14:3  error  load/unknown-field  unknown field `ownr`',
      '                              hint: did you mean `owners`?',
    ].join('\n'),
  )
})

test('a hostile name cannot move the cursor', () => {
  const text = diagnosticsText([{ ...UNKNOWN, file: 'models/\u001b[2J\u202ex/card.yaml', message: 'a\nb\u0007' }], {
    colour: false,
  })
  assert.equal(/[^\x20-\x7e\n⟨⟩]/.test(text), false)
  assert.equal(text.split('\n').length, 2)
})
