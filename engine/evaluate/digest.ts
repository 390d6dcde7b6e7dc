// The digest of a plan, in parts that an unchanged model can keep (EVALUATION.md, Digest of a plan).
import { canonicalJson, type Digest, digestOf, sha256Hex } from '../base/canonical-json.ts'
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
    digestOfDeployment(verdict, findings),
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

/** The digest of `[verdict, findings]`; the findings are arrays of texts, numbers and null, whose JSON is their RFC 8785 form. */
function digestOfDeployment(verdict: Verdict, findings: readonly Finding[]): Digest {
  const parts = findings.filter((f) => f.outcome !== 'pass').map(digestedPart)
  return `sha256:${sha256Hex(`[${canonicalJson(withoutFindings(verdict))},${JSON.stringify(parts)}]`)}`
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
