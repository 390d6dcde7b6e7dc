// Evidently's drift tests by display name and short name: which catalogue metric, which way is worse, how it compares.
// Source: Evidently's own stattest modules; `Total-Variation-Distance` is a p-value there, so never `drift.total_variation`.
import { feature, figure, type ImportedMeasurement, present, Refusal } from './imported.ts'

interface DriftTest {
  readonly shown: string
  readonly metric: string
  readonly worse: 'low' | 'high'
  readonly isDrift: (score: number, limit: number) => boolean
}

const atMost = (score: number, limit: number) => score <= limit
const below = (score: number, limit: number) => score < limit
const atLeast = (score: number, limit: number) => score >= limit
const above = (score: number, limit: number) => score > limit

type Row = readonly [
  shown: string,
  short: readonly string[],
  metric: string,
  worse: 'low' | 'high',
  is: DriftTest['isDrift'],
]

const ROWS: readonly Row[] = [
  ['K-S p_value', ['ks'], 'drift.ks_p', 'low', atMost],
  ['chi-square p_value', ['chisquare'], 'drift.chi2_p', 'low', below],
  ['Z-test p_value', ['z'], 'drift.z_p', 'low', below],
  ['Wasserstein distance (normed)', ['wasserstein'], 'drift.wasserstein_normed', 'high', atLeast],
  ['Jensen-Shannon distance', ['jensenshannon'], 'drift.jensen_shannon', 'high', atLeast],
  ['PSI', ['psi'], 'drift.psi', 'high', atLeast],
  ['Hellinger distance', ['hellinger'], 'drift.hellinger', 'high', atLeast],
  ['Kullback-Leibler divergence', ['kl_div'], 'custom', 'high', atLeast],
  ['Energy-distance', ['ed'], 'custom', 'high', above],
  ['Anderson-Darling', ['anderson'], 'custom', 'low', below],
  ['Cramer-von Mises', ['cramer_von_mises'], 'custom', 'low', atMost],
  ["Fisher's Exact test", ['fisher_exact'], 'custom', 'low', below],
  ['g_test', ['G-test'], 'custom', 'low', below],
  ['Mann-Whitney U-rank test', ['mannw'], 'custom', 'low', below],
  ['Epps-Singleton', ['es'], 'custom', 'low', below],
  ['t_test', [], 'custom', 'low', below],
  ['empirical_mmd', [], 'custom', 'low', below],
  ['Total-Variation-Distance', ['TVD'], 'custom', 'low', below],
  ['Percentage text drift', ['perc_text_content_drift'], 'custom', 'high', atLeast],
  ['Absolute text content drift', ['abs_text_content_drift'], 'custom', 'high', atLeast],
]

const TESTS: ReadonlyMap<string, DriftTest> = new Map(
  ROWS.flatMap(([shown, short, metric, worse, isDrift]) =>
    [shown, ...short].map((name): [string, DriftTest] => [name, { shown, metric, worse, isDrift }]),
  ),
)

/** One column's drift score, as the file has it. */
export interface ColumnDrift {
  readonly column: string
  readonly test: string
  readonly score: number | null
  readonly limit: number | undefined
  /** Read; undefined: Evidently's own comparison says, where there is a limit. */
  readonly flagged: boolean | undefined
  readonly n?: number | undefined
  readonly nReference?: number | undefined
}

/** An unknown test keeps its number without a direction. A p-value beyond 0 to 1 is refused. */
export function columnDrift(drift: ColumnDrift): ImportedMeasurement {
  const test = TESTS.get(drift.test)
  const shown = test?.shown ?? drift.test
  refuseImpossible(drift, test)
  return {
    metric: test?.metric ?? 'custom',
    ...(test === undefined || test.metric === 'custom' ? { name: `evidently.${shown}` } : {}),
    subject: feature(drift.column),
    ...figure(drift.score),
    worse: test?.worse ?? null,
    definition: `evidently:${shown}`,
    ...present({
      threshold: drift.limit,
      flagged: drift.flagged ?? ownVerdict(drift, test),
      n: drift.n,
      nReference: drift.nReference,
    }),
  }
}

/** NaN is never drift to Evidently. */
function ownVerdict({ score, limit }: ColumnDrift, test: DriftTest | undefined): boolean | undefined {
  if (limit === undefined || test === undefined || score === null) return undefined
  return test.isDrift(score, limit)
}

function refuseImpossible({ column, score }: ColumnDrift, test: DriftTest | undefined): void {
  if (test?.worse !== 'low' || score === null || Number.isNaN(score)) return
  if (score >= 0 && (score <= 1 || score === Number.POSITIVE_INFINITY)) return
  throw new Refusal('range', `the score of \`${column}\` is ${score}, which is no p-value (\`${test.shown}\`)`)
}
