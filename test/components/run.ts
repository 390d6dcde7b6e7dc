// Runs the component suites: `node test/components/run.ts [--all] [suite…]`. A suite is a folder here with a suite.ts and
// *.component.ts files. Quick suites run by default, slow ones with --all or by name. A suite whose tool is missing is
// skipped with its reason; where TUTELA_CI=1 says that all tools are installed, a quick one that is skipped fails.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What suite.ts of a suite exports as `suite`. */
export interface Suite {
  readonly speed: 'quick' | 'slow'
  /** Why it cannot run on this machine; null where it can. */
  missing(): string | null
}

const HERE = import.meta.dirname

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const all = suiteNames()
  const named = words.filter((word) => word !== '--all')
  const unknown = named.find((name) => !all.includes(name))
  if (unknown !== undefined) {
    process.stderr.write(`no suite is called \`${unknown}\`: there are ${all.join(', ')}\n`)
    return 1
  }
  const wanted = named.length > 0 ? named : all
  const isForced = named.length > 0 || words.includes('--all')
  const files: string[] = []
  const missing: MissingSuite[] = []
  for (const name of wanted) {
    const suite = await readSuite(name)
    if (suite.speed === 'slow' && !isForced) {
      process.stdout.write(`not run: ${name} is slow (--all, or name it)\n`)
      continue
    }
    const reason = suite.missing()
    if (reason === null) files.push(...filesOf(name))
    else missing.push({ name, reason, fails: process.env.TUTELA_CI === '1' && suite.speed === 'quick' })
  }
  return runFiles(files, missing)
}

export interface MissingSuite {
  readonly name: string
  readonly reason: string
  readonly fails: boolean
}

function suiteNames(): string[] {
  return readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

async function readSuite(name: string): Promise<Suite> {
  const { suite } = (await import(join(HERE, name, 'suite.ts'))) as { suite: Suite }
  return suite
}

function filesOf(name: string): string[] {
  return readdirSync(join(HERE, name))
    .filter((file) => file.endsWith('.component.ts'))
    .sort()
    .map((file) => join(HERE, name, file))
}

/** Missing suites are tests too, so that the summary counts them. */
function runFiles(files: readonly string[], missing: readonly MissingSuite[]): number {
  const placeholder = missing.length > 0 ? [join(HERE, 'missing-suites.ts')] : []
  const args = ['--test', '--test-reporter=spec', '--test-concurrency=2', ...files, ...placeholder]
  const env = { ...process.env, TUTELA_MISSING_SUITES: JSON.stringify(missing) }
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
}
