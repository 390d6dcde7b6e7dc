// A long history: thousands of runs over a small repository, each with new snapshots, verdicts that turn, a report, a
// proposal and notices. Measures what a run takes as the history grows, `.git` against itself after `git gc`, and what
// `ledger audit` takes of all of it (a process of its own, from `.ts` files).
//   node test/bench/history.ts [runs] [scratch folder]
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openGitStore } from '../../engine/adapters/git/open-store.ts'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { policyText } from '../../engine/ledger/log-policy.ts'
import { formatSignerKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { runRepository } from '../../engine/run-repository.ts'
import type { GitStore } from '../../engine/world.ts'
import { commitAll } from '../scratch-repository.ts'

const ORIGIN = 'bench.example/tutela'
const SEED = new Uint8Array(32).fill(7)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const FIRST = Date.parse('2026-01-02T01:00:00Z')
const PERSON = { name: 'pipeline', email: 'pipeline@example.org' }

/** Of snapshots. */
const KEPT_DAYS = 30

const MODELS = ['credit', 'fraud', 'limits'] as const

const card = (id: string): string => `apiVersion: tutela/v1
kind: ModelCard
id: ${id}
title: Model ${id}
purpose: Ranks applications
stage: production
owners: ["team:credit-models"]
validator: "team:model-risk"
risk: { tier: high, automation: sole, domain: credit }
data:
  kind: binary
  prediction: approved
  label: paid
  features: [{ name: income, type: number }]
  protected: [{ name: sex, privileged: [M] }]
versions:
  - { version: "3.2.0", artifact: { uri: "mlflow:${id}/7" } }
deployment: { environment: production, version: "3.2.0" }
retrain: { trigger: local }
`

const FILES: Readonly<Record<string, string>> = {
  '.gitattributes': 'ledger/** -text\n*.yaml text eol=lf\n*.ndjson text eol=lf\n',
  'policies/governance.yaml': `apiVersion: tutela/v1
kind: Governance
institution: { name: Banco Exemplo, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }
people: { "team:credit-models": [ana], "team:model-risk": [lia], "team:risk-committee": [teresa] }
ledger: { origin: ${ORIGIN} }
triggers: { local: { kind: command, argv: ["true"] } }
`,
  'policies/enforcement/production.yaml': `apiVersion: tutela/v1
kind: Enforcement
environment: production
policies: { fairness: mandatory }
`,
  'policies/fairness.yaml': `apiVersion: tutela/v1
kind: Policy
id: fairness
title: Credit models treat groups evenly
owner: "team:risk-committee"
severity: high
require:
  - id: impact-ratio
    metric: fairness.demographic_parity_ratio
    each: protected
    atLeast: 0.8
staleAfter: 72h
remediate: { action: retrain, dueIn: 5d }
`,
  ...Object.fromEntries(MODELS.map((id) => [`models/${id}/card.yaml`, card(id)])),
}

function snapshotLine(model: string, run: number, day: number): string {
  return `${JSON.stringify({
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model,
    version: '3.2.0',
    environment: 'production',
    purpose: 'monitoring',
    window: { start: instant(day - DAY), end: instant(day) },
    rows: { current: 18_000 + (run % 997) },
    source: { tool: 'tutela', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
    measurements: [
      // Changes with every run, so that each has a report; fails on two days of five, so that proposals come and go.
      {
        metric: 'fairness.demographic_parity_ratio',
        attribute: 'sex',
        value: ((day / DAY) % 5 < 2 ? 0.74 : 0.93) + (run % 89) / 10_000,
        n: 18_000,
      },
    ],
  })}\n`
}

/** Of the window that ends with this day's midnight. */
function snapshotPath(model: string, day: number): string {
  const start = instant(day - DAY)
    .slice(0, 10)
    .replaceAll('-', '/')
  return `models/snapshots/${start}T00/${model}.ndjson`
}

function instant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** With the snapshots of the days before: what there is to judge is the same from the first run to the last. */
function create(folder: string): void {
  const policy = policyText({ raw: {} }, [signerOfSeed(ORIGIN, SEED).key])
  const today = FIRST - (FIRST % DAY)
  const days = Array.from({ length: KEPT_DAYS - 1 }, (_, i) => today - (i + 1) * DAY)
  const earlier = Object.fromEntries(days.map((day) => [snapshotPath(MODELS[0], day), snapshotLine(MODELS[0], 0, day)]))
  for (const [path, text] of Object.entries({ ...FILES, ...earlier, 'ledger/policy': policy })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const store = commitAll(folder)
  mkdirSync(join(store.gitDir, 'tutela'), { recursive: true })
  writeFileSync(join(store.gitDir, 'tutela/ledger.key'), `${formatSignerKey(ORIGIN, SEED)}\n`, { mode: 0o600 })
}

/** What a pipeline does before a run: commits the day's snapshots. */
function commitSnapshots(store: GitStore, run: number, now: number): void {
  const tip = store.resolve('HEAD')
  if (tip === null) throw new Error('the repository has no commit')
  const day = now - (now % DAY)
  const changes = new Map<string, Uint8Array | null>()
  for (const model of MODELS.slice(0, 1)) {
    changes.set(snapshotPath(model, day), Buffer.from(snapshotLine(model, run, day)))
    // Snapshots are data, not history: more of them would slow a run by what there is to read.
    changes.set(snapshotPath(model, day - KEPT_DAYS * DAY), null)
  }
  const person = { ...PERSON, at: now / 1000 - 60 }
  const commit = store.writeCommit({
    base: tip,
    parents: [tip],
    changes,
    message: 'snapshots\n',
    author: person,
    committer: person,
  })
  store.updateRef({ ref: 'HEAD', expect: tip, to: commit })
  store.followCheckout(tip, commit, [...changes.keys()])
}

interface Took {
  /** Seconds. */
  readonly wall: number
  readonly cpu: number
}

/** One run as a process of its own would do it: nothing is remembered from the run before. */
async function runOnce(folder: string, run: number): Promise<Took> {
  const now = FIRST + run * HOUR
  const open = (): GitStore => {
    const store = openGitStore(folder, { userConfig: false })
    if (store === null) throw new Error(`no repository in ${folder}`)
    return store
  }
  commitSnapshots(open(), run, now)
  const began = performance.now()
  const before = process.cpuUsage()
  const { recorded } = await runRepository({
    world: assembleWorld(now),
    store: open(),
    ref: null,
    now,
    language: null,
    deliver: true,
  })
  if (recorded === null) throw new Error(`run ${run} recorded nothing`)
  const { user, system } = process.cpuUsage(before)
  return { wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 }
}

export interface HistoryFigure {
  readonly runs: number
  /** Seconds of the last runs before this one: half of them took less, and the slowest. */
  readonly median: number
  /** Of the processor: what other programs on the machine disturb less. */
  readonly medianCpu: number
  readonly slowest: number
  /** Bytes as the disk holds them (blocks). */
  readonly git: number
  readonly afterGc: number
  readonly audit: AuditFigure
}

interface AuditFigure {
  /** Seconds. */
  readonly wall: number
  readonly cpu: number
  /** The most memory, in MiB. */
  readonly mib: number
}

export interface HistoryOptions {
  /** Where repositories are made; a folder in memory makes the history, not the disk, the measure. */
  readonly scratch?: string
  readonly at: readonly number[]
  readonly onFigure?: (figure: HistoryFigure) => void
}

/** Runs of which each figure is the median. */
const SAMPLE = 50

/** Lives as many runs as the last of `at` says, and measures at each. */
export async function benchHistory({ scratch = tmpdir(), at, onFigure }: HistoryOptions): Promise<HistoryFigure[]> {
  const folder = join(mkdtempSync(join(scratch, 'tutela-history-')), 'repository')
  try {
    create(folder)
    const figures: HistoryFigure[] = []
    let took: Took[] = []
    for (let run = 1; run <= Math.max(...at); run++) {
      took.push(await runOnce(folder, run))
      took = took.slice(-SAMPLE)
      if (!at.includes(run)) continue
      const walls = took.map(({ wall }) => wall).sort((a, b) => a - b)
      const cpus = took.map(({ cpu }) => cpu).sort((a, b) => a - b)
      const figure = {
        runs: run,
        median: walls[walls.length >> 1] ?? 0,
        medianCpu: cpus[cpus.length >> 1] ?? 0,
        slowest: walls.at(-1) ?? 0,
        git: sizeOf(join(folder, '.git')),
        afterGc: sizeAfterGc(folder),
        audit: auditOf(folder),
      }
      onFigure?.(figure)
      figures.push(figure)
    }
    return figures
  } finally {
    rmSync(dirname(folder), { recursive: true, force: true })
  }
}

function sizeOf(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.reduce((sum, name) => sum + (lstatSync(join(folder, name)).blocks ?? 0) * 512, 0)
}

function sizeAfterGc(folder: string): number {
  const copy = `${folder}-gc`
  cpSync(join(folder, '.git'), join(copy, '.git'), { recursive: true })
  execFileSync('git', ['-C', copy, 'gc', '-q', '--prune=now'], { stdio: 'pipe' })
  execFileSync('git', ['-C', copy, 'fsck', '--strict', '--connectivity-only'], { stdio: 'pipe' })
  const size = sizeOf(join(copy, '.git'))
  rmSync(copy, { recursive: true })
  return size
}

/** It finds fault with the snapshots of this history, which are replaced and dropped, and compares all else. */
function auditOf(folder: string): AuditFigure {
  const cli = join(import.meta.dirname, '../../engine/cli.ts')
  const timed = ['-q', '-f', 'TIMED %e %U %S %M', process.execPath, cli, 'ledger', 'audit', '--format', 'json']
  const { stderr } = spawnSync('/usr/bin/time', timed, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  const [wall = 0, user = 0, system = 0, kib = 0] = (/TIMED (.*)/.exec(stderr)?.[1] ?? '').split(' ').map(Number)
  return { wall, cpu: user + system, mib: kib / 1024 }
}

const [, script, count = '1000', scratch] = process.argv
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const runs = Number(count)
  const at = [100, 200, 300, 500, 1_000, 2_000, 3_000, 5_000, 10_000].filter((one) => one < runs)
  await benchHistory({
    at: [...at, runs],
    ...(scratch !== undefined && { scratch }),
    onFigure: ({ runs, median, medianCpu, slowest, git, afterGc, audit }) => {
      const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
      console.log(
        `${runs} runs: ${(median * 1000).toFixed(0)} ms a run (${(medianCpu * 1000).toFixed(0)} of the processor), at most ${(slowest * 1000).toFixed(0)} ms; .git ${mib(git)} MiB, ${mib(afterGc)} MiB after git gc (${(git / afterGc).toFixed(2)} times)`,
      )
      console.log(
        `  audited in ${audit.wall.toFixed(1)} s (${audit.cpu.toFixed(1)} of the processor), ${audit.mib.toFixed(0)} MiB`,
      )
    },
  })
}
