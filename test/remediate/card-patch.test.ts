import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { type CardEdit, patchCard } from '../../engine/remediate/card-patch.ts'
import { CARD_TEXT } from './small-world.ts'

const window = { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' }
const RETRAIN: CardEdit = {
  action: 'retrain',
  request: { id: '0123456789012345', reason: 'drift/limit', evidence: '1e10', window },
}
const ROLLBACK: CardEdit = { action: 'rollback', environment: 'production', version: '3.10' }
const HOLD: CardEdit = { action: 'hold', environment: 'production', reason: 'drift/limit' }

const CASES: readonly { name: string; before: string; edit: CardEdit; after: string }[] = [
  {
    name: 'a rollback changes the version alone, quoted',
    before: 'deployment: { environment: production, version: "3.2.0" }    # desired state\n',
    edit: ROLLBACK,
    after: 'deployment: { environment: production, version: "3.10" }    # desired state\n',
  },
  {
    name: 'an own line for each field stays one',
    before:
      "deployment:\n  environment: production\n  version: '3.2.0'   # since May\n\nreview: { last: 2026-01-01 }\n",
    edit: ROLLBACK,
    after: 'deployment:\n  environment: production\n  version: "3.10"   # since May\n\nreview: { last: 2026-01-01 }\n',
  },
  {
    name: 'of a list the champion of the environment is edited',
    before:
      'deployment:\n  - { environment: staging, version: "9" }\n  - { environment: production, version: "8", role: shadow }\n  - environment: production\n    version: "3.2.0"\n',
    edit: ROLLBACK,
    after:
      'deployment:\n  - { environment: staging, version: "9" }\n  - { environment: production, version: "8", role: shadow }\n  - environment: production\n    version: "3.10"\n',
  },
  {
    name: 'a hold is added inside the braces',
    before: 'deployment: {environment: production, version: "3.2.0"}\nnext: 1\n',
    edit: HOLD,
    after: 'deployment: {environment: production, version: "3.2.0", hold: true, reason: "drift/limit"}\nnext: 1\n',
  },
  {
    name: 'a hold that was lifted is set again, with the new reason',
    before: 'deployment:\n  environment: production\n  hold: false # lifted\n  reason: old\n  version: "3.2.0"\n',
    edit: HOLD,
    after:
      'deployment:\n  environment: production\n  hold: true # lifted\n  reason: "drift/limit"\n  version: "3.2.0"\n',
  },
  {
    name: 'a hold is added to a list item that has lines of its own, before the comment after it',
    before: 'deployment:\n  - environment: production\n    version: "3.2.0" # now\n# the end\n',
    edit: HOLD,
    after:
      'deployment:\n  - environment: production\n    version: "3.2.0" # now\n    hold: true\n    reason: "drift/limit"\n# the end\n',
  },
  {
    name: 'a request joins the braces',
    before: 'retrain: { trigger: local, dataset: "s3://x/{window}" }',
    edit: RETRAIN,
    after: `retrain: { trigger: local, dataset: "s3://x/{window}", request: { id: "0123456789012345", reason: "drift/limit", evidence: "1e10", window: { start: "${window.start}", end: "${window.end}" } } }`,
  },
  {
    name: 'a request becomes lines where the others are, and replaces an older one',
    before: 'retrain:\n  trigger: local\n  request:\n    id: "old"\n    window: null\n  dag: x\nnext: 1\n',
    edit: RETRAIN,
    after: `retrain:\n  trigger: local\n  request:\n    id: "0123456789012345"\n    reason: "drift/limit"\n    evidence: "1e10"\n    window: { start: "${window.start}", end: "${window.end}" }\n  dag: x\nnext: 1\n`,
  },
  {
    name: 'a file without a last newline gets one where a line is added',
    before: 'deployment:\n  environment: production\n  version: "3.2.0"',
    edit: HOLD,
    after: 'deployment:\n  environment: production\n  version: "3.2.0"\n  hold: true\n  reason: "drift/limit"\n',
  },
  {
    name: 'line ends of Windows stay',
    before: 'deployment:\r\n  environment: production\r\n  version: "3.2.0"\r\nnext: 1\r\n',
    edit: HOLD,
    after:
      'deployment:\r\n  environment: production\r\n  version: "3.2.0"\r\n  hold: true\r\n  reason: "drift/limit"\r\nnext: 1\r\n',
  },
  {
    name: 'a card that says it already is left as it is',
    before: 'deployment: {environment: production,   version: "3.10"}\n',
    edit: ROLLBACK,
    after: 'deployment: {environment: production,   version: "3.10"}\n',
  },
]

for (const { name, before, edit, after } of CASES) test(name, () => assert.equal(patchCard(before, edit), after))

test('braces over several lines, with comments and a last comma, still take a field', () => {
  const before = 'deployment: {\n  environment: production, # here\n  version: "3.2.0", # this\n}\n'
  const after = patchCard(before, HOLD)
  assert.deepEqual(parse(after), {
    deployment: { environment: 'production', version: '3.2.0', hold: true, reason: 'drift/limit' },
  })
  for (const comment of ['# here', '# this']) assert.ok(after.includes(comment), comment)
})

test('a field edited by itself is as the whole card edited', () => {
  for (const { name, before, edit } of CASES) {
    const first = `id: x\n# of the next\n${before}${before.endsWith('\n') ? '' : '\n'}`
    // A quoted key is not taken for a plain first field, so this card is parsed whole.
    const whole = `${first}"last": 1\n`
    assert.equal(patchCard(`${first}last: 1\n`, edit).replace('last: 1', '"last": 1'), patchCard(whole, edit), name)
  }
})

test('what is written is read back, whatever the texts hold, and nothing else of the card changes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => value.isWellFormed())
  fc.assert(
    fc.property(
      text,
      text,
      fc.constantFrom(CARD_TEXT, CARD_TEXT.replaceAll('\n', '\r\n')),
      (reason, version, before) => {
        const held = patchCard(before, { action: 'hold', environment: 'production', reason })
        const back = patchCard(held, { action: 'rollback', environment: 'production', version })
        const expected = parse(before) as { deployment: object }
        expected.deployment = { environment: 'production', version, hold: true, reason }
        assert.deepEqual(parse(back), expected)
        const untouched = (card: string) => card.split('\n').filter((line) => !line.startsWith('deployment'))
        assert.deepEqual(untouched(back), untouched(before))
      },
    ),
    { numRuns: 40 },
  )
})
