// From the kinds that governance.yaml names to the adapters that implement them.
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { World } from '../world.ts'
import { commandTrigger } from './command-trigger.ts'
import { fileChannel } from './file-channel.ts'
import { localForge } from './local-forge/local-forge.ts'
import { openMlflowRegistry } from './mlflow-registry.ts'

type Openers = Pick<World, 'openForge' | 'openTrigger' | 'openChannel' | 'openRegistry'>

/** Each faults for a kind that has no adapter, and says which there are. */
export function openers({ commands, files, process }: Pick<World, 'commands' | 'files' | 'process'>): Openers {
  return {
    openRegistry: () => openMlflowRegistry(process),
    openForge: (git, { forge, record }) => {
      if (forge.kind === 'local') return localForge(git, record.author)
      throw unknownKind('forge', forge.kind, 'local')
    },
    openTrigger: (git, trigger) => {
      const cwd = git.workTree ?? git.gitDir
      if (trigger.kind === 'command') return commandTrigger({ commands, process, cwd }, trigger)
      throw unknownKind('trigger', trigger.kind, 'command')
    },
    openChannel: (git, channel) => {
      if (channel.kind !== 'file') throw unknownKind('notify', channel.kind, 'file')
      const { path } = channel
      const own = join(git.gitDir, 'tutela', 'notices')
      return fileChannel(files, typeof path === 'string' ? resolve(git.workTree ?? git.gitDir, path) : own)
    },
  }
}

function unknownKind(port: 'forge' | 'trigger' | 'notify', kind: string, known: string): Fault {
  return new Fault(
    `${port}/unknown-kind`,
    `\`${kind}\` is not supported yet`,
    `use \`kind: ${known}\` in policies/governance.yaml`,
  )
}
