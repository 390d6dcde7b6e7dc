// Installs s3rver, and httpfs with the DuckDB that it was built for, once a machine (in the user's cache folder, by version),
// and starts the server. The package index has no httpfs of the DuckDB in package.json, so this suite runs with the one before.
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installOnce, installPackages, must } from '../install.ts'

const DUCKDB = '1.5.5'
const VERSIONS = { '@duckdb/node-api': `${DUCKDB}-r.5`, s3rver: '3.7.1' }

export interface RunningStore {
  readonly url: string
  stop(): void
}

/** From now on this process's `@duckdb/node-api` is the one whose httpfs is here, found under a home folder of its own. */
export async function startStore(): Promise<RunningStore> {
  const home = install()
  const api = createRequire(join(home, 'package.json')).resolve('@duckdb/node-api')
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@duckdb/node-api') return { url: pathToFileURL(api).href, shortCircuit: true }
      return next(specifier, context)
    },
  })
  process.env.HOME = join(home, 'home')
  const folder = mkdtempSync(join(tmpdir(), 'tutela-s3-'))
  const words = [join(home, 'server.mjs'), folder]
  const server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (text) => resolve(String(text).trim()))
    server.once('exit', (code) => reject(new Error(`s3rver ended with ${code}`)))
  })
  const stop = () => {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

function install(): string {
  const home = installOnce(`s3-${DUCKDB}-${VERSIONS.s3rver}`, (fresh) => {
    installPackages(fresh, VERSIONS)
    const wheel = `duckdb-extension-httpfs==${DUCKDB}`
    must('pip', ['install', '-q', '--no-deps', '--disable-pip-version-check', '--target', 'wheel', wheel], fresh)
    const extensions = join(fresh, 'home/.duckdb/extensions', `v${DUCKDB}`, 'linux_amd64')
    mkdirSync(extensions, { recursive: true })
    const packed = join(fresh, 'wheel/duckdb_extension_httpfs/extensions', `v${DUCKDB}`, 'httpfs.duckdb_extension')
    renameSync(packed, join(extensions, 'httpfs.duckdb_extension'))
  })
  copyFileSync(join(import.meta.dirname, 'server.mjs'), join(home, 'server.mjs'))
  return home
}
