// What `--help` and `--version` say as JSON: the words that cli.ts gives to commander, as data.
import { VERSION } from '../version.ts'
import type { Command, OptionWord } from './command.ts'
import { VERBS } from './verbs.ts'

/** Words of one verb, or of the program, which has verbs instead of arguments. */
export type Help = {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'Help'
  readonly summary: string
  readonly description?: string
  /** One line, as in the text. */
  readonly usage: string
  readonly globalOptions: readonly OptionWord[]
} & (
  | ({ readonly verb: string } & Required<Pick<Command, 'arguments' | 'options' | 'examples'>>)
  | { readonly verb: null; readonly verbs: readonly { readonly name: string; readonly summary: string }[] }
)

/** `command` null: the program, of which `summary` is said. */
export function helpJson(
  command: Command | null,
  { usage, summary, globalOptions }: Pick<Help, 'usage' | 'summary' | 'globalOptions'>,
): Help {
  const shared = { apiVersion: 'tutela/v1', kind: 'Help', usage, globalOptions } as const
  if (command === null) {
    const verbs = VERBS.map((verb) => ({ name: verb.name, summary: verb.summary }))
    return { ...shared, summary, verb: null, verbs }
  }
  const { name, description, arguments: given = [], options = [], examples } = command
  const words = { summary: command.summary, ...(description !== undefined && { description }) }
  return { ...shared, ...words, verb: name, arguments: given, options, examples }
}

/** What `--version` says. */
export function versionJson(): {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'Version'
  readonly version: string
} {
  return { apiVersion: 'tutela/v1', kind: 'Version', version: VERSION }
}
