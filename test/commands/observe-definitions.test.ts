// Definitions beside the catalogue's: measured where a rule names one, or with `--variants`; and told where they break a rule.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command as plan } from '../../engine/commands/plan.ts'
import { DRIFT_VARIANTS } from '../../engine/observe/metrics/drift-variants.ts'
import { askCommand } from '../ask-command.ts'
import { csv, figures, observe, POLICY, rows, scene } from './observe-scene.ts'
import { NOW } from './reading-world.ts'

const EVIDENTLY = DRIFT_VARIANTS.evidentlyPsi.definition
const DATA = { 'current.csv': csv(rows(200, { shift: 90 })), 'reference.csv': csv(rows(300, { day: '2026-10-01' })) }
const REFERENCE = { reference: ['reference.csv'] }
const RULE = `  - { id: psi, metric: drift.psi, each: feature, atMost: 0.2 }`
const named = (id: string) =>
  `  - { id: ${id}, metric: drift.psi, each: feature, atMost: 0.2, definition: ${EVIDENTLY} }`

const definitionsOf = (found: ReturnType<typeof figures>) =>
  [...new Set(found.map(({ definition }) => definition))].sort()

test('a definition that a rule names is measured, of numbers and of categories, and the rule is judged by it', async () => {
  const place = scene(DATA, { 'policies/even.yaml': POLICY.replace(RULE, named('psi')) })
  const result = await observe(place, REFERENCE)
  const own = figures(result, 'drift.psi').filter(({ definition }) => definition === EVIDENTLY)
  assert.deepEqual(
    own.map(({ feature }) => feature),
    ['income', 'region', 'sex'],
  )
  assert.ok((own[0]?.value ?? 0) > 0.2)
  assert.deepEqual(definitionsOf(figures(result, 'drift.jensen_shannon')), ['drift.jensen_shannon/natural-log'])
  const judged = await askCommand(plan, place.root, { now: NOW, options: { findings: 'all' } })
  const { findings } = judged.json as { findings: { rule: string; subject: { feature?: string }; value?: number }[] }
  const psi = findings.filter(({ rule }) => rule === 'psi')
  for (const { feature, value } of own.slice(0, 2))
    assert.equal(psi.find(({ subject }) => subject.feature === feature)?.value, value, feature)
})

test('no other is measured unasked; with `--variants` all are', async () => {
  const place = scene(DATA)
  const plain = await observe(place, REFERENCE)
  assert.equal(definitionsOf(figures(plain, 'drift.psi')).length, 1)
  const all = await observe(place, { ...REFERENCE, variants: true, out: '-' })
  const found = new Set(
    ['drift.psi', 'drift.jensen_shannon', 'drift.hellinger', 'drift.ks_p'].flatMap((metric) =>
      definitionsOf(figures(all, metric)),
    ),
  )
  for (const { definition } of Object.values(DRIFT_VARIANTS)) assert.ok(found.has(definition), definition)
})

test('rules that name no definition where there are two are told: they end in an error', async () => {
  const place = scene(DATA, { 'policies/even.yaml': POLICY.replace(RULE, `${RULE}\n${named('theirs')}`) })
  const { notes } = await observe(place, REFERENCE)
  assert.match(
    notes.join('\n'),
    /`drift\.psi` is measured by 2 definitions \(`psi\/evidently\/values-or-sturges`, `psi\/reference-deciles\/eps=1e-4`\): `even\/psi` must name one with `definition`, or end in an error/,
  )
})
