// Three million flights of 2001 (npm's vega-datasets) as a monitored model, made by SQL alone: January teaches a table of the
// share of late arrivals by airport and hour, and each month is a window. A governance repository stands beside the data.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import type { Command, CommandResult } from '../../engine/commands/command.ts'
import { command as observe } from '../../engine/commands/observe.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import { globalsAt } from '../ask-command.ts'
import { monthWindow } from '../example/example-snapshot.ts'
import { commitAll } from '../scratch-repository.ts'

export const REFERENCE = '2001-01'
export const MONTHS = ['2001-02', '2001-03', '2001-04', '2001-05', '2001-06'] as const
const MODEL = 'late-arrivals'
const FLIGHTS = join(import.meta.dirname, '../../node_modules/vega-datasets/data/flights-3m.parquet')

const CARD = `apiVersion: tutela/v1
kind: ModelCard
id: ${MODEL}
title: Arrivals more than 15 minutes late
purpose: Tells travellers which connections are risky
stage: production
owners: ["team:operations"]
risk: { tier: low, automation: sole, domain: travel }
data:
  kind: binary
  prediction: prediction
  label: label
  score: score
  timestamp: scheduled_at
  features:
    - { name: hour, type: number, min: 0, max: 23 }
    - { name: distance, type: number, min: 0 }
    - { name: origin, type: category }
  protected: [{ name: haul }, { name: airport }]
versions: [{ version: "2001.1" }]
deployment: { environment: production, version: "2001.1" }
objectives: { availability: 0.98 }
sla: { columns: { latency: late_ms, error: very_late, endpoint: airport } }
`

const GOVERNANCE = `apiVersion: tutela/v1
kind: Governance
institution: { name: Linhas Exemplo, type: other, timeZone: UTC, languages: [en, pt], holidays: [] }
people: { "team:operations": [ana] }
`

/** The smoothed share of late arrivals of January, by origin and scheduled hour. */
const LEARNED = `
CREATE TABLE learned AS
WITH january AS (
  SELECT origin, hour(date) AS hour, count(*) AS n, count(*) FILTER (delay > 15) AS late
  FROM flights WHERE date < TIMESTAMP '2001-02-01' GROUP BY ALL
), overall AS (SELECT sum(late) / sum(n) AS rate FROM january)
SELECT origin, hour, (late + 20 * overall.rate) / (n + 20) AS score FROM january, overall`

/** An airport and hour that January did not have scores 0.205. How late a flight was stands for how long an answer took. */
const SCORED = `
CREATE VIEW scored AS
WITH joined AS (
  SELECT f.*, hour(f.date) AS hour, coalesce(l.score, 0.205) AS score
  FROM flights f LEFT JOIN learned l ON l.origin = f.origin AND l.hour = hour(f.date)
)
SELECT date AS scheduled_at, hour, distance, origin, score,
  CAST(score >= 0.25 AS INTEGER) AS prediction,
  CAST(delay > 15 AS INTEGER) AS label,
  CASE WHEN distance < 500 THEN 'short' WHEN distance < 1500 THEN 'medium' ELSE 'long' END AS haul,
  CASE WHEN origin IN ('ORD', 'DFW', 'ATL', 'LAX', 'PHX', 'STL', 'DTW', 'MSP') THEN 'hub' ELSE 'other' END AS airport,
  greatest(delay, 0) * 60000 AS late_ms,
  delay >= 180 AS very_late
FROM joined`

export interface FlightsScene {
  readonly root: string
  /** The rows of a month, in SQL. */
  monthFile(month: string): string
  query(sql: string): Promise<readonly (readonly unknown[])[]>
  observe(month: string): Promise<Snapshot>
  /** On the day after the last month. */
  plan(policies: Readonly<Record<string, string>>): Promise<CommandResult>
  close(): void
}

/** Six Parquet files of 458,170 to 518,831 rows, in a folder that `close` removes. */
export async function openFlights(): Promise<FlightsScene> {
  const root = mkdtempSync(join(tmpdir(), 'tutela-flights-'))
  put(root, `models/${MODEL}/card.yaml`, CARD)
  put(root, 'policies/governance.yaml', GOVERNANCE)
  commitAll(root)
  mkdirSync(join(root, '.git/data'))
  const monthFile = (month: string) => join(root, '.git/data', `${month}.parquet`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await writeMonths(connection, monthFile)
  return {
    root,
    monthFile,
    query: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS(),
    observe: async (month) => {
      const { start, end } = monthWindow(month)
      const reference = month === REFERENCE ? {} : { reference: [monthFile(REFERENCE)] }
      const purpose = month === REFERENCE ? { purpose: 'baseline' } : {}
      const options = { model: MODEL, current: [monthFile(month)], window: `${start}/${end}`, ...reference, ...purpose }
      return (json(await runAt(root, observe, end, options)) as { readonly line: Snapshot }).line
    },
    plan: async (policies) => {
      for (const [path, text] of Object.entries(policies)) put(root, path, text)
      return await runAt(root, plan, '2001-07-02T00:00:00Z', {})
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
      rmSync(root, { recursive: true })
    },
  }
}

async function writeMonths(connection: DuckDBConnection, fileOf: (month: string) => string): Promise<void> {
  await connection.run(`CREATE VIEW flights AS SELECT * FROM read_parquet('${FLIGHTS}')`)
  await connection.run(LEARNED)
  await connection.run(SCORED)
  for (const month of [REFERENCE, ...MONTHS]) {
    const { start, end } = monthWindow(month)
    const inside = `scheduled_at >= CAST('${start}' AS TIMESTAMP) AND scheduled_at < CAST('${end}' AS TIMESTAMP)`
    await connection.run(`COPY (SELECT * FROM scored WHERE ${inside}) TO '${fileOf(month)}' (FORMAT parquet)`)
  }
}

async function runAt(root: string, command: Command, at: string, options: Record<string, unknown>) {
  const now = Date.parse(at)
  const globals = globalsAt(root, { repo: root, now })
  return await command.run({
    world: assembleWorld(now),
    globals,
    args: [],
    options: options as Record<string, string>,
    note: () => undefined,
  })
}

function json({ exit, json: document, diagnostics }: CommandResult): unknown {
  if (exit !== 0) throw new Error(`exit ${exit}: ${JSON.stringify(diagnostics)}`)
  return document
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
