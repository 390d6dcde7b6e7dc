// `--config FILE`: a file that stands for policies/governance.yaml, in the verbs that take it.
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { LoadRulebookOptions } from '../load/load-rulebook.ts'
import type { Invocation } from './command.ts'

/** What `--config` stands for, as the loader takes it. */
export function governanceOverride({ globals, world }: Invocation): Pick<LoadRulebookOptions, 'governance'> {
  if (globals.config === null) return {}
  const path = resolve(globals.cwd, globals.config)
  const bytes = world.files.read(path)
  if (bytes === null) throw new Fault('cli/bad-option', `\`--config ${globals.config}\`: there is no such file`)
  return { governance: { file: globals.config, bytes } }
}
