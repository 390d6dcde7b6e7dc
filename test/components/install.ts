// Installs a tool once a machine, in the user's cache folder, by a name that holds its version.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a tool of that name lies, or will. */
export function placeOf(name: string): string {
  return join(homedir(), '.cache', 'tutela-components', name)
}

/** Filled beside, then moved into place: a folder under that name is whole. `fill` is given the folder to fill. */
export function installOnce(name: string, fill: (fresh: string) => void): string {
  const home = placeOf(name)
  if (existsSync(home)) return home
  const fresh = `${home}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  fill(fresh)
  renameSync(fresh, home)
  return home
}

/** Runs a command to its end; throws what it said where it fails, or takes more than fifteen minutes. */
export function must(command: string, words: readonly string[], cwd?: string): void {
  const { status, stderr, stdout } = spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 900_000 })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`)
}

/** Exact versions of packages, for modules in `folder`; no script of theirs is run. */
export function installPackages(folder: string, dependencies: Readonly<Record<string, string>>): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}
