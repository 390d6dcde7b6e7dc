// Random governance repositories for the laws of evaluation: policies, cards, snapshots, waivers and enforcement.
import * as fc from 'fast-check'
import type { Deployment, Feature, ModelCard } from '../../engine/domain/model-card.ts'
import type { Waiver } from '../../engine/domain/policy.ts'
import type { Repository } from '../reference-evaluator/repository.ts'
import { aPolicy } from './random-rules.ts'
import { FEATURES, MODELS, maybe, mostly, snapshots } from './random-snapshots.ts'
import { card, DAY, METRIC_LIST, NOW, rulebook, waiver } from './small-world.ts'

const monitored: fc.Arbitrary<Feature[]> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([...FEATURES]) },
      { weight: 1, arbitrary: fc.subarray([...FEATURES]) },
    ),
    fc.constantFrom<Partial<Feature>>({}, {}, { monitor: true }, { monitor: false }, { min: 0 }, { min: 200 }),
    fc.constantFrom<Feature['type']>('number', 'number', 'category', 'text'),
    fc.constantFrom<readonly Feature[]>([], [], [], [{ name: 'sex', type: 'number', monitor: false }]),
  )
  .map(([names, more, type, others]) => [
    ...names.map((name, i): Feature => ({ name, type: i === 0 ? type : 'number', ...(i === 0 && more) })),
    ...others,
  ])

const aCard: fc.Arbitrary<Partial<ModelCard>> = fc
  .tuple(
    mostly<ModelCard['stage']>('production', 'retired'),
    fc.constantFrom('high' as const, 'low' as const),
    monitored,
    fc.constantFrom('2026-06-30', '2026-11-22', '2026-11-23', '2026-10-23', 'soon'),
    fc.uniqueArray(
      fc.record(
        {
          environment: mostly<string>('production', 'staging'),
          version: mostly('1.0.0', '1.1.0'),
          role: fc.constantFrom('champion' as const, 'challenger' as const, 'shadow' as const),
          hold: fc.boolean(),
        },
        { requiredKeys: ['environment', 'version'] },
      ),
      { selector: (d) => `${d.environment} ${d.version}`, minLength: 1, maxLength: 2 },
    ),
    fc.constantFrom('one', 'list', 'none'),
  )
  .map(([stage, tier, features, last, deployments, how]) => {
    const deployment: Deployment | Deployment[] | undefined =
      how === 'one' ? deployments[0] : how === 'list' ? deployments : undefined
    const data = {
      kind: 'binary' as const,
      prediction: 'y',
      features,
      protected: [{ name: 'sex' }, { name: 'race', missingGroup: 'exclude' as const }],
    }
    const risk = { tier, automation: 'sole' as const, domain: 'credit' }
    const plain = { stage, risk, data, review: { last, everyDays: 365 } }
    return deployment === undefined ? plain : { ...plain, deployment }
  })

const aWaiver: fc.Arbitrary<Waiver> = fc
  .tuple(
    fc.constantFrom('p0', 'p1', 'p2'),
    fc.constantFrom('r0', 'r1', 'r2', 'r3'),
    fc.constantFrom(...MODELS),
    maybe(fc.record({ subject: fc.constantFrom('income', 'sex', 'sex=F', '/v1/score') })),
    fc.constantFrom('2026-10-01', '2026-11-22', '2026-11-23'),
    fc.constantFrom('2026-11-21', '2026-11-22', '2026-11-30'),
  )
  .map(([p, rule, model, subject, issued, expires]) => waiver({ policy: p, rule, model, issued, expires, ...subject }))

/** Whole repositories of two models, to three policies, a handful of snapshots. */
export const repositories: fc.Arbitrary<Repository> = fc
  .tuple(
    fc.array(aPolicy, { maxLength: 3, size: 'max' }),
    fc.tuple(aCard, aCard),
    snapshots,
    fc.array(aWaiver, { maxLength: 4 }),
    fc.constantFrom(0, 0, 0, -3 * 3_600_000, 30 * 3_600_000, 5 * DAY),
    fc.array(fc.constantFrom('advisory' as const, 'approval' as const, 'mandatory' as const), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([policies, [m, n], stored, waivers, later, enforced]) => ({
    rulebook: rulebook(
      policies.map((p, i) => ({ ...p, id: `p${2 - i}` })),
      {
        waivers: waivers.map((w, i) => ({ ...w, id: `w${i}` })),
        enforcement: {
          production: { p2: enforced[0] ?? 'advisory', p1: enforced[1] ?? 'advisory' },
          none: { p2: 'mandatory' },
        },
      },
    ),
    metrics: METRIC_LIST,
    cards: [
      withoutDeployment(card({ ...m, id: 'm' }), m),
      ...(n.review?.last === 'soon' ? [withoutDeployment(card({ ...n, id: 'n' }), n)] : []),
    ],
    snapshots: stored,
    now: NOW + later,
  }))

/** A card without `deployment` must not get the builder's. */
function withoutDeployment(loaded: ReturnType<typeof card>, said: Partial<ModelCard>): ReturnType<typeof card> {
  if (said.deployment !== undefined) return loaded
  const { deployment: _, ...rest } = loaded.card
  return { ...loaded, card: rest }
}
