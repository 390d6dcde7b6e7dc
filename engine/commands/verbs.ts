// The list of verbs: help, completion and dispatch are made from it. A verb's file is imported when it is asked for.
import type { Command } from './command.ts'

export interface Verb {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

export const VERBS: readonly Verb[] = [
]
