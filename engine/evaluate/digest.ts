// The digest of a plan, in parts that an unchanged model can keep (EVALUATION.md, Digest of a plan).
import { type Digest, digestOf } from '../base/canonical-json.ts'
import { compareBy } from '../base/order.ts'
import type { Finding, Judgement, Verdict } from '../domain/finding.ts'
import { subjectText } from '../domain/snapshot.ts'

/** `[model, environment, version, d]` of one deployment. */
export type DeploymentDigest = readonly [model: string, environment: string, version: string | null, d: Digest]

/** One part a deployment, in the order of the judgements. Passes make no difference, kept or not. */
export function modelDigest(judgements: readonly Judgement[]): DeploymentDigest[] {
  return judgements.map(({ verdict, findings }) => [
    verdict.model,
    verdict.environment,
    verdict.version,
    digestOf([withoutFindings(verdict), findings.filter((f) => f.outcome !== 'pass').map(digestedPart)]),
  ])
}

/** The digest of all parts, whatever order they come in. */
export function planDigest(parts: Iterable<DeploymentDigest>): Digest {
  const byDeployment = compareBy<DeploymentDigest>(
    (part) => part[0],
    (part) => part[1],
    (part) => part[2],
  )
  return digestOf([...parts].sort(byDeployment))
}

function withoutFindings(verdict: Verdict): Omit<Verdict, 'findings'> {
  const { findings: _, ...rest } = verdict
  return rest
}

function digestedPart(finding: Finding): readonly unknown[] {
  return [
    finding.policy,
    finding.rule,
    finding.subject === null ? null : (subjectText(finding.subject)?.toWellFormed() ?? null),
    finding.outcome,
    finding.cause ?? null,
    finding.value ?? null,
    finding.limit ?? null,
    finding.waiver?.id ?? null,
  ]
}
