// Which version a rollback returns to: the newest earlier one whose last recorded verdict did not fail.
import { compareText } from '../base/order.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import type { Outcome } from '../domain/finding.ts'
import type { Deployment, ModelCard, ModelVersion } from '../domain/model-card.ts'

/**
 * Null where there is none. A version that was never judged there, or whose last verdict was `error` or `skip`, does
 * not count: nothing passes for lack of data. `outcomes`: of the verdicts last recorded, by `deploymentKey`.
 */
export function rollbackTarget(
  card: ModelCard,
  { environment, version }: Deployment,
  outcomes: ReadonlyMap<string, Outcome>,
): string | null {
  const versions = card.versions ?? []
  const order = versions.every(({ trained }) => trained !== undefined) ? byTraining : byVersion
  const deployed = versions.find((one) => one.version === version) ?? { version }
  const held = [...versions].sort(order).find((one) => {
    const outcome = outcomes.get(deploymentKey({ model: card.id, environment, version: one.version }))
    return order(one, deployed) > 0 && (outcome === 'pass' || outcome === 'warn')
  })
  return held?.version ?? null
}

/** Newest first by version, digits as numbers: 3.10 before 3.9. */
function byVersion(a: ModelVersion, b: ModelVersion): number {
  return compareVersions(b.version, a.version)
}

/** Newest first by day of training, then by version. */
function byTraining(a: ModelVersion, b: ModelVersion): number {
  return compareText(b.trained ?? '', a.trained ?? '') || byVersion(a, b)
}

/** Numbers by value and other parts as text, so that 3.1.10 is after 3.1.4; equal only for equal text. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionParts(a), versionParts(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const order = compareParts(x[i] ?? '', y[i] ?? '')
    if (order !== 0) return order
  }
  return compareText(a, b)
}

function versionParts(version: string): string[] {
  return version.match(/\d+|[^\d.]+/g) ?? []
}

function compareParts(a: string, b: string): number {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return compareText(a, b)
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return Math.sign(x.length - y.length) || compareText(x, y)
}
