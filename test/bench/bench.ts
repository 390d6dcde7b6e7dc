// `npm run bench [policy|history …]`: times the engine beside its peers on the same work, in the same run, and prints
// ratios. Never part of the tests. Figures that are quoted stand in docs/benchmarks.md with command and date.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const HERE = import.meta.dirname
const parts = readdirSync(HERE)
  .filter((name) => name.endsWith('.ts') && name !== 'bench.ts')
  .map((name) => name.replace(/\.ts$/, ''))
  .sort()
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !parts.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`no benchmark is called \`${unknown}\`: there are ${parts.join(', ')}\n`)
  process.exitCode = 1
} else {
  for (const part of asked.length > 0 ? asked : ['policy']) {
    process.stdout.write(`== ${part}\n`)
    const { status } = spawnSync(process.execPath, [join(HERE, `${part}.ts`)], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}
