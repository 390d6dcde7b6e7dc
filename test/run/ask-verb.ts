// A verb asked in this process, with its answer as the command line would give it: exit code, fault, diagnostics.
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import { systemFault } from '../../engine/base/system-fault.ts'
import type { Globals } from '../../engine/commands/command.ts'
import { VERBS } from '../../engine/commands/verbs.ts'
import type { Diagnostic } from '../../engine/domain/diagnostic.ts'
import { globalsAt } from '../ask-command.ts'
import { NOW } from './governed-repository.ts'

export interface Answer {
  readonly exit: number
  /** Its code, message and hint; null where the verb answered. */
  readonly fault: { readonly code: string; readonly message: string; readonly hint: string | undefined } | null
  readonly diagnostics: readonly Diagnostic[]
  /** The document of `--format json`. */
  readonly json: Readonly<Record<string, unknown>>
  readonly text: string
  readonly notes: readonly string[]
}

/** Anything but a fault is a defect of ours, and thrown on. */
export async function ask(
  name: 'check' | 'plan' | 'run' | 'doctor',
  folder: string,
  globals: Partial<Globals> = {},
): Promise<Answer> {
  const verb = VERBS.find((one) => one.name === name)
  if (verb === undefined) throw new Error(`no verb ${name}`)
  const { command } = await verb.load()
  const now = Date.parse(NOW)
  const notes: string[] = []
  try {
    const result = await command.run({
      world: assembleWorld(now),
      globals: {
        ...globalsAt(folder, { now }),
        ...globals,
      },
      args: [],
      options: {},
      note: (text) => void notes.push(text),
    })
    const { exit, diagnostics = [] } = result
    return { exit, fault: null, diagnostics, json: jsonOf(result.json), text: result.text(), notes }
  } catch (error) {
    const fault = error instanceof Fault ? error : systemFault(error)
    if (fault === null) throw error
    const { code, message, hint } = fault
    return { exit: 1, fault: { code, message, hint }, diagnostics: [], json: {}, text: '', notes }
  }
}

function jsonOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) return {}
  if (!('pieces' in json)) return json as Readonly<Record<string, unknown>>
  const pieces = [...(json.pieces as Iterable<string | Uint8Array>)]
  return JSON.parse(pieces.map((piece) => (typeof piece === 'string' ? piece : Buffer.from(piece).toString())).join(''))
}
