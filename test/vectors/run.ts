// `npm run vectors -- imports DIR` and `-- metrics DIR`: any folder laid out like shared/vectors/<kind> through the same
// code as the verbs. Prints each difference and ends with `N passed, N failed, N skipped`; exit 1 when one failed.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/** One case, done. A failure has its differences; a skip its reason. */
export type CaseResult =
  | { readonly name: string; readonly state: 'passed'; readonly note?: string }
  | { readonly name: string; readonly state: 'failed'; readonly differences: readonly string[] }
  | { readonly name: string; readonly state: 'skipped'; readonly reason: string }

/** Runs the cases of a folder, in the order of their paths. */
export type RunVectors = (folder: string) => AsyncIterable<CaseResult>

/** Imported when asked for: a kind does not load another's engines. */
const KINDS: Readonly<Record<string, () => Promise<{ readonly runVectors: RunVectors }>>> = {
  imports: () => import('./imports.ts'),
  metrics: () => import(new URL('./metrics.ts', import.meta.url).href),
}

process.exitCode = await main(process.argv.slice(2))

async function main([kind = '', folder = '']: readonly string[]): Promise<number> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (load === undefined || folder === '') return usage('usage: npm run vectors -- imports|metrics DIR')
  const path = resolve(folder)
  if (!existsSync(path) || !statSync(path).isDirectory()) return usage(`\`${folder}\` is no folder`)
  const { runVectors } = await load()
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const result of runVectors(path)) {
    counts[result.state]++
    for (const line of linesOf(result)) console.log(line)
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  if (counts.passed + counts.failed + counts.skipped === 0) return usage(`\`${folder}\` holds no case`)
  return counts.failed === 0 ? 0 : 1
}

function linesOf(result: CaseResult): readonly string[] {
  if (result.state === 'failed') return result.differences.map((difference) => `FAIL ${result.name}: ${difference}`)
  if (result.state === 'skipped') return [`SKIP ${result.name}: ${result.reason}`]
  return result.note === undefined ? [] : [`note ${result.name}: ${result.note}`]
}

function usage(text: string): number {
  console.error(text)
  return 1
}
