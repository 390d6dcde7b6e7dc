// A verb asked in this process: the one place where tests make global options, so that a new one is added once.
import { assembleWorld } from '../engine/adapters/real-world.ts'
import type { Command, CommandResult, Globals, Invocation } from '../engine/commands/command.ts'
import type { World } from '../engine/world.ts'

/** Of a test that does not say when it is. */
export const ASKED_AT = '2026-11-22T08:00:00Z'

export interface Asked {
  readonly args?: readonly string[]
  readonly options?: Invocation['options']
  /** RFC 3339, or milliseconds. */
  readonly now?: string | number
  readonly globals?: Partial<Globals>
  /** In place of parts of the real world; its environment is empty unless given. */
  readonly world?: Partial<World>
}

export interface Answered extends CommandResult {
  readonly notes: readonly string[]
}

/** As the command line resolves them for who stands in `folder`: text in English, no colour. */
export function globalsAt(folder: string, more: Partial<Globals> = {}): Globals {
  const own = { repo: null, ref: null, now: Date.parse(ASKED_AT), format: 'text', lang: 'en', config: null } as const
  return { cwd: folder, ...own, colour: false, ...more }
}

/** Its result, with what it said on the way; rejects with its fault. */
export async function askCommand(command: Command, folder: string, asked: Asked = {}): Promise<Answered> {
  const { args = [], options = {}, now = ASKED_AT, globals = {}, world = {} } = asked
  const instant = typeof now === 'number' ? now : Date.parse(now)
  const notes: string[] = []
  const result = await command.run({
    world: { ...assembleWorld(instant), process: { env: {} }, ...world },
    globals: globalsAt(folder, { now: instant, ...globals }),
    args,
    options,
    note: (line) => void notes.push(line),
  })
  return { ...result, notes }
}
