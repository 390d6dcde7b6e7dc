// The generated table of ../shared/bench/observe: `tutela observe` from dist/ (drift, performance, fairness; cold, then with the
// reference summary kept), beside Evidently and Fairlearn in the same run. Wall and CPU seconds and peak memory of whole
// processes; each peer is run once, since a run takes minutes, ours is the median of three.
//   node test/bench/observe.ts [rows …]     default 100000 1000000; peers: a Python environment, see docs/benchmarks.md
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { commitAll } from '../scratch-repository.ts'

const ROOT = join(import.meta.dirname, '../..')
const SOURCE = join(ROOT, '../shared/bench/observe')
const CACHE = join(homedir(), '.cache/tutela-bench')
const PYTHON = process.env.PEERS_PYTHON ?? join(CACHE, 'observe/bin/python')
const RUNS = 3
const NOW = '2026-11-22T06:00:00Z'

interface Timed {
  readonly wall: number
  readonly cpu: number
  readonly mib: number
}

const sizes = process.argv.slice(2).map(Number)
execFileSync(process.execPath, [join(ROOT, 'engine/build.ts')], { cwd: ROOT })
for (const rows of sizes.length > 0 ? sizes : [100_000, 1_000_000]) await bench(rows)

async function bench(rows: number): Promise<void> {
  process.stdout.write(`-- ${rows} + ${rows} rows\n`)
  const data = await table(rows)
  const repo = repository()
  try {
    const files = ['--current', join(data, 'current.parquet'), '--reference', join(data, 'reference.parquet')]
    const verb = ['observe', '--model', 'bench', ...files, '--window', '2026-02-01T00:00:00Z/2026-03-30T00:00:00Z']
    const out = join(repo, 'snapshot.json')
    const words = [join(ROOT, 'dist/cli.js'), '--repo', repo, '--now', NOW, ...verb, '--out', out]
    const cold = median(() => {
      rmSync(join(repo, '.git/tutela'), { recursive: true, force: true })
      return time([process.execPath, ...words])
    })
    const kept = median(() => time([process.execPath, ...words]))
    const { measurements } = JSON.parse(readFileSync(out, 'utf8')) as { measurements: unknown[] }
    assert.ok(measurements.length > 100)
    print('tutela observe', cold)
    print('tutela, reference kept', kept)
    const evidently = peer('evidently_drift', data)
    const fairlearn = peer('fairlearn_frames', data)
    if (evidently === null || fairlearn === null) return
    const both = evidently.wall + fairlearn.wall
    ratio('(Evidently + Fairlearn) ÷ tutela', both / cold.wall)
    ratio('(Evidently + Fairlearn) ÷ tutela, reference kept', both / kept.wall)
    ratio('memory, Evidently ÷ tutela', evidently.mib / cold.mib)
  } finally {
    rmSync(repo, { recursive: true, force: true })
  }
}

/** Made once for each size, by the SQL of the bench itself. */
async function table(rows: number): Promise<string> {
  const folder = join(CACHE, `table-${rows}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  const sql = readFileSync(join(SOURCE, 'make_table.sql'), 'utf8').replace(
    /SET VARIABLE rows = \d+;/,
    `SET VARIABLE rows = ${rows};`,
  )
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const from = process.cwd()
  process.chdir(making)
  await connection.run(sql)
  process.chdir(from)
  connection.closeSync()
  instance.closeSync()
  renameSync(making, folder)
  return folder
}

function repository(): string {
  const repo = mkdtempSync(join(tmpdir(), 'tutela-observe-'))
  const numbers = Array.from({ length: 20 }, (_, i) => `{ name: num_${String(i).padStart(2, '0')}, type: number }`)
  const categories = Array.from({ length: 10 }, (_, i) => `{ name: cat_${String(i).padStart(2, '0')}, type: category }`)
  const files = {
    'policies/governance.yaml': `apiVersion: tutela/v1
kind: Governance
institution: { name: Bench, type: bank, timeZone: UTC, languages: [en] }
`,
    'models/bench/card.yaml': `apiVersion: tutela/v1
kind: ModelCard
id: bench
title: The generated table
purpose: Timing
stage: production
owners: ["user:ana"]
risk: { tier: low, automation: human-decides, domain: credit }
data:
  kind: binary
  prediction: prediction
  label: label
  score: score
  timestamp: ts
  features: [${[...numbers, ...categories].join(', ')}]
  protected: [{ name: sex }, { name: race }, { name: age_band }]
versions: [{ version: "1.0.0" }]
deployment: { environment: production, version: "1.0.0" }
`,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true })
    writeFileSync(join(repo, path), text)
  }
  commitAll(repo)
  return repo
}

function time(argv: readonly string[]): Timed {
  const { stderr, stdout, status } = spawnSync('/usr/bin/time', ['-q', '-f', 'TIMED %e %U %S %M', ...argv], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const [, wall = '', user = '', system = '', kib = ''] = /TIMED (\S+) (\S+) (\S+) (\S+)/.exec(stderr) ?? []
  assert.equal(status, 0, `${argv.join(' ')}\n${stdout}${stderr}`)
  return { wall: Number(wall), cpu: Number(user) + Number(system), mib: Number(kib) / 1024 }
}

function median(run: () => Timed): Timed {
  const sorted = Array.from({ length: RUNS }, run).sort((a, b) => a.wall - b.wall)
  return sorted[Math.floor(RUNS / 2)] ?? { wall: Number.NaN, cpu: Number.NaN, mib: Number.NaN }
}

function peer(name: string, data: string): Timed | null {
  if (!existsSync(PYTHON)) {
    process.stdout.write(`${name}: no Python environment at ${PYTHON} (see docs/benchmarks.md)\n`)
    return null
  }
  const timed = time([PYTHON, join(SOURCE, 'peers.py'), '--one', name, data])
  print(name, timed)
  return timed
}

function print(name: string, { wall, cpu, mib }: Timed): void {
  process.stdout.write(
    `${name.padEnd(26)} ${wall.toFixed(2).padStart(8)} s ${cpu.toFixed(2).padStart(8)} CPU s ${mib.toFixed(0).padStart(6)} MiB\n`,
  )
}

function ratio(name: string, value: number): void {
  process.stdout.write(`${name.padEnd(50)} ${value.toFixed(1)}×\n`)
}
