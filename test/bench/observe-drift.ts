// `node test/bench/observe-drift.ts FOLDER [exact]`: drift alone on the table of shared/bench/observe, in one process; a line
// of JSON with seconds and peak memory, with the reference scanned and with the reference kept.
import { join } from 'node:path'
import { openFileEngine } from '../../engine/adapters/duckdb/file-engine.ts'
import { driftMeasurements } from '../../engine/observe/metrics/drift-measurements.ts'
import { type KeptReference, summariseDrift } from '../../engine/observe/summarise/drift-summary.ts'
import type { SqlColumn } from '../../engine/world-sql.ts'

const [folder = '.', asked] = process.argv.slice(2)
const named = (prefix: string, n: number, kind: SqlColumn['kind']) =>
  Array.from({ length: n }, (_, i) => ({ name: `${prefix}_${String(i).padStart(2, '0')}`, kind }))
const columns = [
  ...named('num', 20, 'number'),
  ...named('cat', 10, 'category'),
  { name: 'score', kind: 'number' as const },
]

const engine = await openFileEngine()
const open = (role: string) => engine.open({ role, files: [join(folder, `${role}.parquet`)], columns })
const [reference, current] = [await open('reference'), await open('current')]
const first = await run(null)
const again = await run(JSON.parse(JSON.stringify(first.kept)))
engine.close()
console.log(
  JSON.stringify({
    seconds: first.seconds,
    secondsKept: again.seconds,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    measurements: first.count,
  }),
)

async function run(kept: KeptReference | null) {
  const start = performance.now()
  const summary = await summariseDrift(engine, { reference, current, columns, exact: asked === 'exact', kept })
  const count = driftMeasurements(summary, { prediction: 'score', variants: new Set() }).length
  return { kept: summary.reference, count, seconds: Number(((performance.now() - start) / 1000).toFixed(2)) }
}
