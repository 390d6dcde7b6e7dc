// Judging small worlds, and reading the answer shortly.
import { compareText } from '../../engine/base/order.ts'
import type { Finding, Judgement, Verdict } from '../../engine/domain/finding.ts'
import type { Rulebook } from '../../engine/domain/governance.ts'
import type { LoadedCard } from '../../engine/domain/model-card.ts'
import type { MetricRule } from '../../engine/domain/policy.ts'
import { type Measurement, subjectText } from '../../engine/domain/snapshot.ts'
import { compileRulebook } from '../../engine/evaluate/compile.ts'
import { judgeModel } from '../../engine/evaluate/judge.ts'
import type { Repository, StoredSnapshot } from '../reference-evaluator/repository.ts'
import { card, historyOf, METRIC_LIST, metricRule, NOW, policy, rulebook, snapshot } from './small-world.ts'

export interface World {
  readonly rulebook: Rulebook
  readonly loaded?: LoadedCard
  readonly snapshots?: readonly StoredSnapshot[]
  readonly now?: number
  readonly language?: 'pt' | 'en'
  readonly keep?: 'all' | 'not-pass'
  readonly invalid?: boolean
}

/** Judges the one model of a small world. */
export function judge(world: World): readonly Judgement[] {
  const { loaded = card(), snapshots = [], now = NOW, language = 'en', keep = 'all', invalid = false } = world
  const compiled = compileRulebook(world.rulebook, { metrics: METRIC_LIST, language })
  const modelId = loaded.card.id
  return judgeModel(compiled, { modelId, loaded, history: historyOf(snapshots, modelId, now), invalid, now, keep })
}

/** Judges every model of a repository as the pipeline would. */
export function judgeRepository(repository: Repository, keep: 'all' | 'not-pass'): Judgement[] {
  const compiled = compileRulebook(repository.rulebook, { metrics: repository.metrics, language: 'en' })
  const { now, snapshots } = repository
  return [...repository.cards]
    .sort((a, b) => compareText(a.card.id, b.card.id))
    .flatMap((loaded) => {
      const modelId = loaded.card.id
      return judgeModel(compiled, {
        modelId,
        loaded,
        history: historyOf(snapshots, modelId, now),
        invalid: false,
        now,
        keep,
      })
    })
}

/** The findings of the one deployment, as `subject outcome cause`: `sex fail`, `- error missing`. */
export function outcomes(world: World): string[] {
  return judge(world).flatMap(({ findings }) =>
    findings.map((f) => [textOf(f.subject), f.outcome, f.cause ?? ''].join(' ').trim()),
  )
}

function textOf(subject: Finding['subject']): string {
  return subject === null ? '-' : (subjectText(subject) ?? '-')
}

/** The only finding of the only deployment. */
export function onlyFinding(world: World): Finding {
  const [finding, ...others] = judge(world).flatMap((j) => j.findings)
  if (finding === undefined || others.length > 0) throw new Error(`${others.length + 1} findings instead of one`)
  return finding
}

/** The verdict of the only deployment. */
export function onlyVerdict(world: World): Verdict {
  const [judgement, ...others] = judge(world)
  if (judgement === undefined || others.length > 0) throw new Error(`${others.length + 1} verdicts instead of one`)
  return judgement.verdict
}

/** What one metric rule on `performance.auc` says of a row of windows, newest first: `fail`, `skip sample`. */
export function says(
  rule: Partial<MetricRule>,
  newest: readonly Measurement[],
  earlier: readonly (readonly Measurement[])[] = [],
): string | undefined {
  const book = rulebook([policy([metricRule({ metric: 'performance.auc', ...rule })])])
  const snapshots = [newest, ...earlier].map((list, day) => snapshot(day, list))
  return outcomes({ rulebook: book, snapshots })[0]?.replace('- ', '')
}
