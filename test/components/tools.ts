// Which programs this machine has, for the `missing` of suites.
import { spawnSync } from 'node:child_process'

/** Names those of these commands that cannot be started; null where all can. */
export function missingCommands(...commands: readonly (readonly string[])[]): string | null {
  const missing = commands.filter(([name = '', ...args]) => spawnSync(name, args, { stdio: 'ignore' }).status !== 0)
  return missing.length === 0 ? null : `cannot be started here: ${missing.map((words) => words.join(' ')).join(', ')}`
}
