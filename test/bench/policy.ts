// The generated policy workload (../shared/bench/policy): Tutela's `plan` from dist/, cold (in a plain folder, where there
// is no cache), filling the cache, warm at the same and at another `--now`, and with 100 changed snapshots, beside OPA and
// conftest where they are installed. CPU seconds and peak memory of whole processes, medians, and the violations held
// against expected.json, cold and warm.
//   node test/bench/policy.ts [models [runs]]
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitAll } from '../scratch-repository.ts'

const ROOT = join(import.meta.dirname, '../..')
const GENERATOR = join(ROOT, '../shared/bench/policy/generate.mjs')
const PEERS = process.env.PEERS_BIN ?? join(homedir(), '.cache/tutela-bench/bin')
const models = Number(process.argv[2] ?? 1000)
const runs = Number(process.argv[3] ?? 5)

interface Timed {
  readonly cpu: number
  readonly mib: number
}

const folder = mkdtempSync(join(tmpdir(), 'tutela-bench-'))
try {
  execFileSync(process.execPath, [
    GENERATOR,
    '--models',
    String(models),
    '--policies',
    '50',
    '--snapshots',
    '1',
    '--seed',
    '1',
    '--out',
    folder,
  ])
  execFileSync(process.execPath, [join(ROOT, 'engine/build.ts')], { cwd: ROOT })
  bench()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function bench(): void {
  const repo = join(folder, 'repo')
  const { now, violations } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    now: string
    violations: { policy: string; rule: string; model: string; subject: string }[]
  }
  const planAt = (instant: string) => {
    const options = ['--repo', repo, '--now', instant, '--format', 'json']
    return [process.execPath, join(ROOT, 'dist/cli.js'), 'plan', ...options]
  }
  const plan = planAt(now)
  const expected = violations
    .map(({ policy, rule, model, subject }) => [policy, rule, model, subject].join('\t'))
    .sort()
  const cold = median(() => time(plan))
  assert.deepEqual(failuresOf(plan), expected)
  commitAll(repo)
  const filling = median(() => {
    rmSync(join(repo, '.git/tutela'), { recursive: true, force: true })
    return time(plan)
  })
  const warm = median(() => time(plan))
  const later = median((i) => time(planAt(new Date(Date.parse(now) + (i + 1) * 60_000).toISOString())))
  assert.deepEqual(failuresOf(plan), expected)
  const changed = median(() => {
    touch(repo, 100)
    return time(plan)
  })
  print('tutela, cold', cold)
  print('tutela, filling the cache', filling)
  print('tutela, warm, same now', warm)
  print('tutela, warm, minutes later', later)
  print('tutela, 100 changed', changed)
  const opa = peer('opa', ['eval', '--bundle', join(folder, 'bundle'), 'data.batch.violations'])
  const conftest = peer('conftest', ['test', '--policy', join(folder, 'rego'), '-o', 'json', join(folder, 'facts')])
  if (opa !== null) ratio('opa ÷ tutela cold', opa.cpu / cold.cpu)
  if (conftest !== null) {
    ratio('conftest ÷ tutela warm, same now', conftest.cpu / warm.cpu)
    ratio('conftest ÷ tutela warm, minutes later', conftest.cpu / later.cpu)
    ratio('conftest ÷ tutela with 100 changed', conftest.cpu / changed.cpu)
  }
}

function time(argv: readonly string[]): Timed {
  const { stderr } = spawnSync('/usr/bin/time', ['-q', '-f', 'TIMED %U %S %M', ...argv], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [, user = '', system = '', kib = ''] = /TIMED (\S+) (\S+) (\S+)/.exec(stderr) ?? []
  return { cpu: Number(user) + Number(system), mib: Number(kib) / 1024 }
}

function median(run: (i: number) => Timed): Timed {
  const sorted = Array.from({ length: runs }, (_, i) => run(i)).sort((a, b) => a.cpu - b.cpu)
  return sorted[Math.floor(runs / 2)] ?? { cpu: Number.NaN, mib: Number.NaN }
}

function failuresOf([program = '', ...args]: readonly string[]): string[] {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 30 })
  const { findings } = JSON.parse(stdout) as {
    findings: { outcome: string; policy: string; rule: string; model: string; subject: Record<string, string> | null }[]
  }
  return findings
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ policy, rule, model, subject }) =>
      [policy, rule, model, subject === null ? '' : Object.values(subject)[0]].join('\t'),
    )
    .sort()
}

/** Moves the newest window of some models, spread over all, by a digit in its source digest. */
function touch(repo: string, count: number): void {
  const day = join(repo, 'models/snapshots/2026/11/21T00')
  const names = readdirSync(day).sort()
  const stride = Math.max(1, Math.floor(names.length / count))
  for (const name of names.filter((_, i) => i % stride === stride - 1).slice(0, count)) {
    const text = readFileSync(join(day, name), 'utf8')
    const digit = /sha256:0*(\d)"/.exec(text)?.[1] ?? '0'
    writeFileSync(join(day, name), text.replace(/\d"\},"measurements"/, `${(Number(digit) + 1) % 10}"},"measurements"`))
  }
}

function peer(name: string, args: readonly string[]): Timed | null {
  const program = join(PEERS, name)
  if (!existsSync(program)) {
    process.stdout.write(`${name}: not installed in ${PEERS} (go install, see ../shared/bench/policy/README.md)\n`)
    return null
  }
  const timed = median(() => time([program, ...args]))
  print(name, timed)
  return timed
}

function print(name: string, { cpu, mib }: Timed): void {
  process.stdout.write(`${name.padEnd(28)} ${cpu.toFixed(2).padStart(7)} CPU s  ${mib.toFixed(0).padStart(6)} MiB\n`)
}

function ratio(name: string, value: number): void {
  process.stdout.write(`${name.padEnd(38)} ${value.toFixed(1)}×\n`)
}
