// What a machine can check of STYLE.md and ARCHITECTURE.md: import directions, file sizes, the code map,
// the dependency list, words that must not appear.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const STAGES = ['load', 'observe', 'evaluate', 'remediate', 'notify', 'report', 'ledger']
const LONGEST = 300

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const sources = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort()

/** Paths of the project's own files that a file imports, types included. */
function importsOf(file: string): string[] {
  const found = [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((m) => m[1] ?? '')
  return found.map((path) => posix.join(posix.dirname(file), path))
}

/** The room a file is in: `engine/load/x.ts` → `load`; files beside the rooms are their own. */
const roomOf = (file: string) => {
  const parts = file.split('/')
  return parts.length > 2 ? (parts[1] ?? '') : (parts[1] ?? '').replace(/\.ts$/, '')
}

const GROUND = ['base', 'domain', 'world', 'world-pins', 'world-sql', 'world-files', 'version']
const RUNS = ['record', 'cache', 'open-rulebook', 'judge-repository', 'pipeline', 'write-run', 'run-repository']

const ALLOWED: Record<string, readonly string[]> = {
  base: ['base'],
  domain: ['base', 'domain'],
  'world-git': ['base', 'domain'],
  'world-pins': [],
  'world-sql': ['domain'],
  'world-files': [],
  world: ['base', 'domain', 'world', 'world-git', 'world-pins', 'world-sql', 'world-files'],
  version: [],
  ...Object.fromEntries(STAGES.map((stage) => [stage, [...GROUND, stage]])),
  cache: [...GROUND, 'cache'],
  'open-rulebook': [...GROUND, 'cache', ...STAGES],
  'judge-repository': [...GROUND, 'cache', 'open-rulebook', ...STAGES],
  // What runs keep: joins the log, the reports and the deliveries, but judges nothing.
  record: [...GROUND, 'record', 'load', 'observe', 'ledger', 'report', 'remediate'],
  pipeline: [...GROUND, 'record', 'cache', ...STAGES, 'judge-repository', 'pipeline'],
  'write-run': [...GROUND, ...RUNS, ...STAGES],
  'run-repository': [...GROUND, ...RUNS, ...STAGES],
  init: [...GROUND, 'init'],
  demo: [...GROUND, ...RUNS, ...STAGES, 'init', 'demo'],
  adapters: [...GROUND, 'adapters'],
  commands: [...GROUND, ...RUNS, ...STAGES, 'init', 'demo', 'commands'],
  cli: [...GROUND, 'adapters', 'commands', 'cli'],
  index: [...GROUND, 'adapters', ...RUNS, ...STAGES],
  build: ['load', 'ledger'],
}

test('imports follow the order of the rooms, and no stage imports another', () => {
  const broken = sources('engine').flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('engine/') && !(ALLOWED[roomOf(file)] ?? []).includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  )
  assert.deepEqual(broken, [])
})

test('no file is longer than 300 lines, unless its first lines say why', () => {
  const long = [...sources('engine'), ...sources('test')].filter((file) => {
    const text = read(file)
    return text.split('\n').length > LONGEST && !/long because/i.test(text.slice(0, 600))
  })
  assert.deepEqual(long, [])
})

test('every source file begins with a comment that says what lives there', () => {
  const bare = sources('engine').filter((file) => !/^(#!.*\n)?\/[/*]/.test(read(file)))
  assert.deepEqual(bare, [])
})

/** What looks like exports there is the text of a module. */
const TEXTS = ['engine/load/compile-schemas.ts']

test('every exported function and class says what it holds to: its contract, units and failures', () => {
  const bare = sources('engine')
    .filter((file) => !TEXTS.includes(file))
    .flatMap((file) => {
      const lines = read(file).split('\n')
      return lines.flatMap((line, i) => {
        const name = /^export (?:async |abstract )*(?:function\*?|class) (\w+)/.exec(line)?.[1]
        return name === undefined || lines[i - 1]?.trimEnd().endsWith('*/') === true ? [] : [`${file} ${name}`]
      })
    })
  assert.deepEqual(bare, [])
})

test('every exported noun of the domain says what it stands for', () => {
  const bare = sources('engine/domain').flatMap((file) => {
    const lines = read(file).split('\n')
    return lines.flatMap((line, i) => {
      const name = /^export (?:interface|type) (\w+)/.exec(line)?.[1]
      return name === undefined || lines[i - 1]?.trimEnd().endsWith('*/') === true ? [] : [`${file} ${name}`]
    })
  })
  assert.deepEqual(bare, [])
})

test('no file is named for a pattern instead of its subject', () => {
  const named = sources('engine').filter((file) =>
    /(^|\/)(utils?|helpers?|manager|service|common|types)\.ts$/.test(file),
  )
  assert.deepEqual(named, [])
})

test('the code map of engine/README.md names every room and every file beside them', () => {
  const map = read('engine/README.md')
  const entries = readdirSync(join(ROOT, 'engine'), { withFileTypes: true }).map((e) =>
    e.isDirectory() ? `${e.name}/` : e.name,
  )
  assert.deepEqual(
    entries.filter((name) => name !== 'README.md' && !map.includes(`\`${name}\``)),
    [],
  )
})

test('every dependency is exact, and stands with its reason in the architecture table', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const table = read('engine/README.md')
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+([-.].+)?$/, `${name} is not exact`)
    assert.ok(table.includes(`\`${name}\``), `${name} is not in the table of engine/README.md`)
  }
})

test('the lock file names no host', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"/)
})

test('the version is one', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  assert.ok(read('engine/version.ts').includes(`'${version}'`))
})

test('only cli.ts exits the process', () => {
  const exits = sources('engine').filter((file) => file !== 'engine/cli.ts' && /process\.exit\b/.test(read(file)))
  assert.deepEqual(exits, [])
})

test('stages read no clock, environment or randomness', () => {
  const impure = STAGES.flatMap((stage) =>
    existsSync(join(ROOT, 'engine', stage)) ? sources(`engine/${stage}`) : [],
  ).filter((file) => /Date\.now\(|new Date\(\)|Math\.random\(|process\.env/.test(read(file)))
  assert.deepEqual(impure, [])
})
