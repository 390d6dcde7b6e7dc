// The trigger that needs no server: a command of governance.yaml's `argv`, run without a shell. `{model}`, `{window}`,
// `{version}` and `{request}` are filled in within one argument each, so that no text can become a second one.
import { Fault } from '../base/fault.ts'
import type { Trigger } from '../domain/governance.ts'
import type { Commands, Process, RetrainOrder, RetrainTrigger } from '../world.ts'

export interface CommandTriggerPorts {
  readonly commands: Commands
  readonly process: Process
  /** Where the command runs: the working tree, or the Git directory of a bare repository. */
  readonly cwd: string
}

/** What a program needs to run at all; anything else must be named in the trigger's `env`. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'ComSpec', 'PATHEXT']
const DEFAULT_TIMEOUT_SECONDS = 600
const MOST_OUTPUT = 4000

/** Faults `trigger/bad-settings` where there is no `argv`. Whether it ran twice is decided before: by its mark. */
export function commandTrigger(ports: CommandTriggerPorts, settings: Trigger): RetrainTrigger {
  const { argv } = settings
  if (argv === undefined || argv.length === 0 || argv[0] === '')
    throw new Fault(
      'trigger/bad-settings',
      'a `command` trigger has no `argv`',
      'such as `argv: [./retrain, "{model}"]`',
    )
  return {
    async send(order) {
      const filled = argv.map((part) => fill(part, order))
      const unsafe = filled.find((part, i) => part.includes('\0') || becameOption(argv[i] ?? '', part))
      if (unsafe !== undefined) {
        return { state: 'not-started', output: `\`${unsafe.replaceAll('\0', '\\0')}\` would be read as an option` }
      }
      return carryOut(ports, settings, filled)
    },
  }
}

async function carryOut(
  { commands, process, cwd }: CommandTriggerPorts,
  settings: Trigger,
  argv: readonly string[],
): ReturnType<RetrainTrigger['send']> {
  const seconds = typeof settings.timeoutSeconds === 'number' ? settings.timeoutSeconds : DEFAULT_TIMEOUT_SECONDS
  try {
    const { status, output } = await commands.run(argv, {
      cwd,
      env: passedOn(process, settings.env),
      timeoutMs: seconds * 1000,
    })
    const shown = output.slice(-MOST_OUTPUT)
    return status === 0
      ? { state: 'sent', ref: 'status 0', output: shown }
      : { state: 'failed', ref: `status ${status}`, output: shown }
  } catch (error) {
    // The port rejects only where no process came to be.
    return { state: 'not-started', output: error instanceof Error ? error.message : String(error) }
  }
}

function fill(part: string, { model, version, request, window }: RetrainOrder): string {
  const values: Record<string, string> = {
    model,
    version,
    request,
    window: window === null ? '' : `${window.start}/${window.end}`,
  }
  return part.replace(/\{(model|version|request|window)\}/g, (_, name: string) => values[name] ?? '')
}

/** An argument that begins with a placeholder must not turn into `--something` by its value. */
function becameOption(template: string, filled: string): boolean {
  return template.startsWith('{') && filled.startsWith('-')
}

function passedOn({ env }: Process, named: unknown): Record<string, string> {
  const extra = Array.isArray(named) ? named.filter((name): name is string => typeof name === 'string') : []
  const passed: Record<string, string> = {}
  for (const name of [...PASSED_ON, ...extra]) {
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) passed[name] = value
  }
  return passed
}
