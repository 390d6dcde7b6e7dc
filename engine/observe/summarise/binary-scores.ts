// What the scores of labelled rows say, in SQL: ranks of the classes (AUC and DeLong's variance), proper scores, calibration.
// Scores are grouped and ordered in the engine; what leaves it is one row of sums, and one a bin of calibration.
import { numberLiteral } from '../../base/sql-text.ts'
import type { SqlCell, SqlEngine, SqlRow } from '../../world-sql.ts'
import { binEdges, quantileEdges, quantilePositions } from '../metrics/calibration.ts'
import type { CalibrationSums, ProbabilitySums, RankSums, ScoreSums } from '../metrics/score-sums.ts'
import type { CalibrationBins } from './binary.ts'
import { dialectOf } from './dialect.ts'
import { countOf, fromUnits, unitSum, wholeSum } from './exact-sums.ts'

/** `source`: a relation with the columns `s` (a number, perhaps infinite) and `y` (0 or 1), neither ever NULL. */
export async function summariseScores(
  engine: SqlEngine,
  source: string,
  calibrations: readonly CalibrationBins[],
): Promise<ScoreSums> {
  const ranks = await rankSums(engine, source)
  const probabilities = await probabilitySums(engine, source)
  if (probabilities === null) return { ranks, probabilities, calibrations: [] }
  const found: CalibrationSums[] = []
  for (const one of calibrations) found.push({ ...one, bins: one.bins, sums: await binSums(engine, source, one) })
  return { ranks, probabilities, calibrations: found }
}

async function rankSums(engine: SqlEngine, source: string): Promise<RankSums> {
  const wide = dialectOf(engine).wideType
  const [row] = await engine.query(`
    WITH g AS (SELECT s, count(*) AS n, CAST(sum(y) AS BIGINT) AS a FROM ${source} AS t GROUP BY s),
    w AS (SELECT n, a, CAST(sum(n) OVER o AS BIGINT) AS n_to, CAST(sum(a) OVER o AS BIGINT) AS a_to
      FROM g WINDOW o AS (ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),
    x AS (SELECT CAST(a AS ${wide}) AS a, CAST(n - a AS ${wide}) AS b,
      2 * (n_to - a_to) - (n - a) AS beaten, 2 * a_to - a AS losing FROM w)
    SELECT ${wholeSum(engine, 'a')}, ${wholeSum(engine, 'b')}, ${wholeSum(engine, 'a * beaten')},
      ${wholeSum(engine, 'a * beaten * beaten')}, ${wholeSum(engine, 'b * losing * losing')} FROM x`)
  const [positives, negatives, halfWins, squaredBeaten, squaredLosing] = (row ?? []).map(wholeText)
  return {
    positives: Number(positives ?? 0),
    negatives: Number(negatives ?? 0),
    halfWins: halfWins ?? '0',
    squaredBeaten: squaredBeaten ?? '0',
    squaredLosing: squaredLosing ?? '0',
  }
}

/** Null where a score is no probability. */
async function probabilitySums(engine: SqlEngine, source: string): Promise<ProbabilitySums | null> {
  const clipped = 'greatest(least(p, 1 - 2.220446049250313e-16), 2.220446049250313e-16)'
  const loss = `CASE WHEN y = 1 THEN -ln(${clipped}) ELSE -ln(1 - ${clipped}) END`
  const [row] = await engine.query(`
    SELECT count(*), count(p), ${unitSum(engine, '(p - y) * (p - y)')}, ${unitSum(engine, `(${loss}) / 8`)}
    FROM (SELECT y, CASE WHEN s BETWEEN 0 AND 1 THEN s END AS p FROM ${source} AS t) AS u`)
  const [rows, probabilities, squares, losses] = row ?? []
  if (countOf(rows) !== countOf(probabilities)) return null
  return { n: countOf(rows), squaredErrors: fromUnits(squares), logLosses: 8 * fromUnits(losses) }
}

async function binSums(
  engine: SqlEngine,
  source: string,
  calibration: CalibrationBins,
): Promise<CalibrationSums['sums']> {
  const edges =
    calibration.scheme === 'equal_width'
      ? binEdges(calibration.bins)
      : await countEdges(engine, source, calibration.bins)
  const cases = edges.map((edge, i) => `WHEN s <= ${numberLiteral(edge)} THEN ${i}`).join(' ')
  const bin = edges.length === 0 ? '0' : `CASE ${cases} ELSE ${edges.length} END`
  const answer = await engine.query(
    `SELECT ${bin} AS bin, count(*), sum(y), ${unitSum(engine, 's')} FROM ${source} AS t GROUP BY 1 ORDER BY 1`,
  )
  return answer.map(([, n, positives, scores]) => ({
    n: countOf(n),
    positives: countOf(positives),
    scores: fromUnits(scores),
  }))
}

/** The scores between which the bins of equal count are cut; none without rows. */
async function countEdges(engine: SqlEngine, source: string, bins: number): Promise<readonly number[]> {
  const [size] = await engine.query(`SELECT count(*) FROM ${source} AS t`)
  const rows = countOf(size?.[0])
  if (rows === 0) return []
  const positions = quantilePositions(bins, rows)
  const wanted = positions.flatMap(({ below, above }) => [below, above])
  const at = wanted.map((index) => `min(CASE WHEN upTo > ${index} THEN s END)`)
  const [row] = await engine.query(`
    WITH g AS (SELECT s, count(*) AS n FROM ${source} AS t GROUP BY s),
    w AS (SELECT s, sum(n) OVER (ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upTo FROM g)
    SELECT ${at.join(', ')} FROM w`)
  return quantileEdges(positions, numbersOf(row))
}

function numbersOf(row: SqlRow | undefined): number[] {
  return (row ?? []).map((cell) => (typeof cell === 'number' ? cell : Number.NaN))
}

function wholeText(cell: SqlCell): string {
  return typeof cell === 'string' ? cell : '0'
}
