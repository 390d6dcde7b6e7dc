// What `plan` says where there is nothing to show: because the policies cannot be read, or a name is mistyped.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command as plan } from '../../engine/commands/plan.ts'
import { ask, FILES } from './reading-world.ts'

test('an error under policies/ is said to have stopped the evaluation, not that there is nothing to do', async () => {
  const policy = FILES['policies/credit-fairness.yaml']?.replace('severity: high', 'severity: hihg') ?? ''
  const { exit, text } = await ask(plan, {
    files: { ...FILES, 'policies/credit-fairness.yaml': policy },
    globals: { lang: 'en' },
  })
  assert.equal(exit, 3)
  assert.match(
    text(),
    /\n\nNothing was judged: the errors under policies\/ stop the evaluation\.\n\nNext: tutela check /,
  )
  assert.doesNotMatch(text(), /no model|Nothing to do|digest/)
})

test('a mistyped environment or model is refused with the nearest that there is', async () => {
  await assert.rejects(ask(plan, { options: { environment: 'prduction' } }), {
    code: 'cli/unknown-environment',
    hint: 'did you mean `production`?',
  })
  await assert.rejects(ask(plan, { options: { environment: 'x' } }), { hint: 'there are: none, production' })
  await assert.rejects(ask(plan, { options: { model: 'credit-defalt' } }), { hint: 'did you mean `credit-default`?' })
})
