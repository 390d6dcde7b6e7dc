// Bundles the engine into dist/ for publication: plain JavaScript, one entry a verb, so that a verb loads what it
// needs and no more. Run by `npm run build`; never part of dist/ itself. An argument names another folder than dist/.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { compileSchemas } from './load/compile-schemas.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = resolve(process.argv[2] ?? join(root, 'dist'))

/** Validators are compiled now, so that the bundle carries no compiler and a start costs none (load/validators.ts). */
const compiledSchemas: Plugin = {
  name: 'compiled-schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]load[\\/]validators\.ts$/ }, () => ({ contents: compileSchemas(), loader: 'js' })),
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
  plugins: [compiledSchemas],
  // CommonJS dependencies inside an ES module ask for `require`.
  banner: {
    js: "import{createRequire as tutelaRequire}from'node:module';const require=tutelaRequire(import.meta.url);",
  },
})
cpSync(join(root, 'engine/schemas'), join(out, 'schemas'), { recursive: true })

/** The public library, from the commit on that has one. */
function libraryEntry(): Record<string, string> {
  const entry = join(root, 'engine/index.ts')
  return existsSync(entry) ? { index: entry } : {}
}
