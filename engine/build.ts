// Bundles the engine into dist/ for publication: plain JavaScript, one entry a verb, so that a verb loads what it
// needs and no more. Run by `npm run build`; never part of dist/ itself. An argument names another folder than dist/.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { buildPage } from './ledger/kit/build-page.ts'
import { compileSchemas } from './load/compile-schemas.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = resolve(process.argv[2] ?? join(root, 'dist'))

/** Validators are compiled now, so that the bundle carries no compiler and a start costs none (load/validators.ts). */
const compiledSchemas: Plugin = {
  name: 'compiled-schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]load[\\/]validators\.ts$/ }, () => ({ contents: compileSchemas(), loader: 'js' })),
}

/** The page of a kit is made now, so that the package carries it ready, and no bundler (ledger/kit/page-template.ts). */
const builtPage: Plugin = {
  name: 'built-page',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]kit[\\/]page-template\.ts$/ }, async () => ({
      contents: `const page = ${JSON.stringify(await buildPage())}\nexport const pageTemplate = async () => page`,
      loader: 'js',
    })),
}

/**
 * Node's own modules are taken from the process and not imported: an import reads every property of a module once,
 * and some of them load others that nobody asked for (`crypto` its web form, `fs` its promises): 10 ms of each start.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup: ({ onResolve, onLoad }) => {
    const names = new Set(builtinModules)
    onResolve({ filter: /^[a-z:_/0-9]+$/ }, ({ path }) =>
      path.startsWith('node:') || names.has(path) ? { path, namespace: 'builtin' } : null,
    )
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: builtinModule(path) }))
  },
}

/** Each loads some ten others, of which most verbs need none: taken when one of its members is asked for. */
const TAKEN_WHEN_ASKED = ['child_process', 'http', 'https', 'net', 'tls', 'worker_threads']

function builtinModule(path: string): string {
  const module = `process.getBuiltinModule(${JSON.stringify(path)})`
  const name = path.replace(/^node:/, '')
  if (!TAKEN_WHEN_ASKED.includes(name)) return `module.exports = ${module}`
  const members = Object.keys(process.getBuiltinModule(name) ?? {})
  return `for (const name of ${JSON.stringify(members)})
    Object.defineProperty(exports, name, { enumerable: true, get: () => ${module}[name] })`
}

rmSync(out, { recursive: true, force: true })
await build({
  entryPoints: { cli: join(root, 'engine/cli.ts'), ...libraryEntry() },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // Native: installed beside, never bundled.
  external: ['@duckdb/*'],
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
  plugins: [compiledSchemas, builtPage, builtins],
  define: { TUTELA_BUILD: JSON.stringify(sourceId()) },
  // CommonJS dependencies inside an ES module ask for `require`.
  banner: {
    js: "import{createRequire as tutelaRequire}from'node:module';const require=tutelaRequire(import.meta.url);",
  },
})
cpSync(join(root, 'engine/schemas'), join(out, 'schemas'), { recursive: true })

/** Of all that the bundle is made from: what one build found is not taken for another's (adapters/cache-folder.ts). */
function sourceId(): string {
  const sum = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const path of readdirSync(join(root, 'engine'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(ts|json|css|html)$/.test(path)) sum.update(`\0${path}\0`).update(readFileSync(join(root, 'engine', path)))
  }
  return sum.digest('hex')
}

/** The public library, from the commit on that has one. */
function libraryEntry(): Record<string, string> {
  const entry = join(root, 'engine/index.ts')
  return existsSync(entry) ? { index: entry } : {}
}
