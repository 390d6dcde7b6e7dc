// The verdict over a deployment's findings after waivers: outcome, what it blocks, what it demands, and a run's exit code.
import type { Digest } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Cause, Finding, Outcome, Verdict } from '../domain/finding.ts'
import type { Action, Policy } from '../domain/policy.ts'
import { isWaived } from './waivers.ts'

/** From the worst to the best. */
const OUTCOMES: readonly Outcome[] = ['fail', 'error', 'warn', 'skip', 'pass']

/** From the strongest to the weakest. */
const ACTIONS: readonly Action[] = ['rollback', 'hold', 'retrain', 'none']

/** Whose verdict it is. Only the champion is remedied, so only it can demand. */
export interface Whose {
  readonly model: string
  readonly version: string | null
  readonly environment: string
  readonly champion: boolean
}

/** Takes findings in order, and passes that nobody keeps as numbers. */
export class Tally {
  private readonly counts: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 }
  /** The cause of the first finding of each outcome, null where it has none. */
  private readonly causes = new Map<Outcome, Cause | null>()
  private readonly snapshots = new Set<Digest>()
  private lastSnapshot: Digest | null = null
  private readonly ids: string[] = []
  private blocks = false
  private demand: Action = 'none'

  addPasses(count: number): void {
    this.counts.pass += count
  }

  /** Mostly the same as the one before. */
  addSnapshot(digest: Digest): void {
    if (digest !== this.lastSnapshot) this.snapshots.add(digest)
    this.lastSnapshot = digest
  }

  add(finding: Finding, policy: Policy): void {
    const outcome = isWaived(finding) ? 'warn' : finding.outcome
    this.counts[outcome]++
    if (!this.causes.has(outcome)) this.causes.set(outcome, finding.cause ?? null)
    if (finding.outcome !== 'pass') this.ids.push(finding.id)
    if (finding.enforcement === 'mandatory' && (outcome === 'fail' || outcome === 'error')) this.blocks = true
    if (outcome === 'fail') this.demand = stronger(this.demand, demandOf(finding, policy))
  }

  verdict({ model, version, environment, champion }: Whose): Verdict {
    const outcome = OUTCOMES.find((o) => this.counts[o] > 0) ?? 'skip'
    const cause = this.counts[outcome] === 0 ? 'no-policy' : this.causes.get(outcome)
    return {
      model,
      version,
      environment,
      outcome,
      ...(cause && { cause }),
      blocks: this.blocks,
      demand: champion ? this.demand : 'none',
      counts: { ...this.counts },
      snapshots: [...this.snapshots].sort(compareText),
      findings: this.ids,
    }
  }
}

/** A mandatory fail without a remedy demands a hold; an advisory one demands nothing. */
function demandOf(finding: Finding, policy: Policy): Action {
  if (finding.enforcement === 'advisory') return 'none'
  const { action } = policy.remediate
  return finding.enforcement === 'mandatory' && action === 'none' ? 'hold' : action
}

function stronger(a: Action, b: Action): Action {
  return ACTIONS.indexOf(a) <= ACTIONS.indexOf(b) ? a : b
}

/** A model whose files are broken: nothing of it is judged, so every mandatory policy that applies to it blocks. */
export function invalidVerdict({ model, version, environment }: Omit<Whose, 'champion'>, blocks: boolean): Verdict {
  return {
    model,
    version,
    environment,
    outcome: 'error',
    cause: 'invalid',
    blocks,
    demand: 'none',
    counts: { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 },
    snapshots: [],
    findings: [],
  }
}

/** 3 with any error diagnostic, else 2 when a verdict blocks, else 0. */
export function exitOf(verdicts: Iterable<Pick<Verdict, 'blocks'>>, diagnostics: readonly Diagnostic[]): 0 | 2 | 3 {
  if (hasErrors(diagnostics)) return 3
  for (const verdict of verdicts) if (verdict.blocks) return 2
  return 0
}
