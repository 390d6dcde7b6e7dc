// Which changes of a card are remedies, whoever makes them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelCard } from '../../engine/domain/model-card.ts'
import { proposalKey, requestId } from '../../engine/remediate/identity.ts'
import { remediesIn } from '../../engine/remediate/remedy-in-card.ts'
import { card as loadedCard } from './small-world.ts'

const key = proposalKey('credit', 'production', 'retrain')
const request = (id: string) => ({
  trigger: 'local',
  request: { id, reason: 'drift/limit', evidence: 'e', window: null },
})
const card = (changed: Partial<ModelCard> = {}) => loadedCard(changed).card
const before = card()
const deployed = (more: object, version = '3.2.0') => ({ deployment: { environment: 'production', version, ...more } })

const CASES: readonly { name: string; after: Partial<ModelCard>; told: readonly string[] }[] = [
  { name: 'a title', after: { title: 'Another' }, told: [] },
  { name: 'a request of its key', after: { retrain: request(requestId(key, 'e')) }, told: ['retrain production'] },
  { name: 'a request of no key', after: { retrain: request('0'.repeat(16)) }, told: ['retrain null'] },
  {
    name: 'a hold for rules',
    after: deployed({ hold: true, reason: 'fairness/ratio, drift/limit, +2' }),
    told: ['hold production'],
  },
  { name: 'a hold for a person’s reason', after: deployed({ hold: true, reason: 'sold by hand' }), told: [] },
  { name: 'a version that is listed', after: deployed({}, '3.1.4'), told: ['rollback production'] },
  { name: 'a version that is new', after: deployed({}, '4.0.0'), told: [] },
  { name: 'another environment', after: { deployment: { environment: 'pilot', version: '3.1.4' } }, told: [] },
]

for (const { name, after, told } of CASES) {
  test(name, () => {
    const found = remediesIn(before, card(after))
    assert.deepEqual(
      found.map(({ action, environment }) => `${action} ${environment}`),
      told,
    )
  })
}

test('what stands on the base is no change', () => {
  const held = card({ ...deployed({ hold: true, reason: 'a/b' }), retrain: request('0'.repeat(16)) })
  assert.deepEqual(remediesIn(held, held), [])
})
