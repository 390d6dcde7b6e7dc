// What a verb is to cli.ts: its words, its options, and a function from an invocation to a result.
// One file a verb in this folder exports `command: Command`; verbs.ts is the list.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Language } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { World } from '../world.ts'
import type { SourceLines } from './source-excerpt.ts'

export interface OptionWord {
  /** `--model <id>`, `--all`, `--current <file...>` (as commander reads them). */
  readonly flags: string
  readonly help: string
}

export interface ArgumentWord {
  /** `<finding>`, `[dir]`, `[ids...]` */
  readonly name: string
  readonly help: string
  /** A closed list of values, where there is one. */
  readonly choices?: readonly string[]
}

/** The global options, resolved. */
export interface Globals {
  /** Where the user stands, absolute. */
  readonly cwd: string
  /** `--repo`, absolute, or null: the repository around `cwd`. */
  readonly repo: string | null
  readonly ref: string | null
  /** `--now`, else the clock, whole seconds. */
  readonly now: Instant
  readonly format: 'text' | 'json'
  /** `--lang`; null: the first language of governance.yaml. */
  readonly lang: Language | null
  /** `--config`; only check, plan and doctor take it. */
  readonly config: string | null
  /** `--repo` and `--now` as they were given, for the commands that a screen suggests: ` --repo bank`; absent: neither was. */
  readonly again?: string
  /** Whether stdout is a terminal that shows colour. */
  readonly colour: boolean
}

export interface Invocation {
  readonly world: World
  readonly globals: Globals
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  /** Told how much there is to compute where that is known, before it is; it changes no result. */
  readonly expect?: (work: 'little' | 'much') => void
  /** Progress and notes, to stderr (never in `--format json` results). */
  note(text: string): void
}

/** 0 clean · 1 fault or bug · 2 a blocking verdict, or not proven · 3 the repository itself is invalid. */
export type ExitCode = 0 | 1 | 2 | 3

export interface CommandResult {
  readonly exit: ExitCode
  /** Printed to stderr as text before the result (in JSON they are part of `json` where its shape has them). */
  readonly diagnostics?: readonly Diagnostic[]
  /** Lines of the files that the diagnostics are about, shown with them as text; absent: none are. */
  readonly source?: SourceLines
  /** The one JSON document of `--format json`: a value, or ready pieces of its text (for large results). */
  readonly json: unknown | { readonly pieces: Iterable<string | Uint8Array> }
  /** The text of `--format text`, without a final newline; called only when needed. */
  readonly text: () => string
}

export interface Command {
  readonly name: string
  readonly summary: string
  readonly description?: string
  /** At least two lines that work as they stand. */
  readonly examples: readonly string[]
  readonly arguments?: readonly ArgumentWord[]
  readonly options?: readonly OptionWord[]
  /** Whether it calls `expect` where there is much to compute; of others nobody knows, so much is expected. */
  readonly saysHowMuch?: boolean
  run(invocation: Invocation): Promise<CommandResult>
}
