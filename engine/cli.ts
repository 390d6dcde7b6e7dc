#!/usr/bin/env node
// From argv to a verb, and from its result to stdout, stderr and the exit code.
// The only process.exit, the only catch of faults; the real world is assembled here.
import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import type { Command as Program } from 'commander'
import { Fault } from './base/fault.ts'
import { nearestWord } from './base/nearest-word.ts'
import { shellWord } from './base/shell-word.ts'
import { systemFault } from './base/system-fault.ts'
import { shownLines } from './base/visible-text.ts'
import type { Command, CommandResult, ExitCode, Globals, Invocation } from './commands/command.ts'
import { VERBS } from './commands/verbs.ts'
import { parseInstant } from './domain/instant.ts'
import type { World } from './world.ts'

const OLDEST_NODE = [22, 18] as const
requireNode()
enableCompileCache()
// A verb runs for about a second, in which the last of V8's compilers costs a fifth more than it gains.
setFlagsFromString('--no-opt')
// Flags that V8 13 (Node 24) heeds while it runs: others do not know them, or not so.
const hasKnownFlags = process.versions.v8.startsWith('13.')
expect('little')
// A verb's own work is parallel to nothing: helpers of the collector only wait for each other.
if (hasKnownFlags) setFlagsFromString('--no-parallel-scavenge')
if (hasKnownFlags) setFlagsFromString('--semi-space-growth-factor=8')

const GLOBAL_OPTIONS: readonly [flags: string, help: string][] = [
  ['--repo <dir>', 'the governance repository (default: the one around the current folder)'],
  ['--ref <ref>', 'judge a commit instead of the working tree'],
  ['--now <instant>', 'fix the clock: RFC 3339, such as 2026-11-22T06:00:00Z'],
  ['--format <format>', 'text or json (default: text)'],
  ['--lang <language>', 'pt or en (default: the first language of governance.yaml)'],
  ['--config <file>', 'stands for policies/governance.yaml in check, plan and doctor'],
]
/** In the order of the design; each moves to verbs.ts when it is there. */
const LATER_VERBS = ['test', 'replay', 'candidate', 'requests', 'incident', 'serve', 'simulate', 'deploy']
/** How commander refuses an argument. */
const NOT_OF_CHOICES = /command-argument value '(.*)' is invalid for argument '.+'\. Allowed choices are (.+)\./s
const TAKES_CONFIG = ['check', 'plan', 'doctor']

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  throw error
})
process.exitCode = await main(process.argv.slice(2))
// Once all is written nothing is left to do: to take the heap apart before the end only costs time.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

/** An older one fails somewhere in the middle, in words of its own. */
function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  process.stderr.write(`tutela needs Node ${OLDEST_NODE.join('.')} or later, and this is ${process.versions.node}\n`)
  process.exit(1)
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const wantsJson = lastFormat(argv) === 'json'
  try {
    return await dispatch(argv, wantsJson)
  } catch (error) {
    return report(error, wantsJson)
  }
}

/** Before the options are read, since they may be what is wrong; of several the last one holds, as for all options. */
function lastFormat(argv: readonly string[]): string | undefined {
  const given = argv.flatMap((word, i) => {
    if (word === '--format') return [argv[i + 1] ?? '']
    return word.startsWith('--format=') ? [word.slice('--format='.length)] : []
  })
  return given.at(-1)
}

async function dispatch(argv: readonly string[], wantsJson: boolean): Promise<ExitCode> {
  const { Command: CommanderCommand } = await import('commander')
  const program: Program = new CommanderCommand('tutela')
  program
    .description('Governs machine-learning models from a Git repository.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .allowExcessArguments(false)
  for (const [flags, help] of GLOBAL_OPTIONS) program.option(flags, help)

  const isJsonHelp = wantsJson && argv.includes('--help')
  if (isJsonHelp) await helpAsJson(program, null)

  let exit: ExitCode = 0
  let isVersionTaken = false
  const wanted = verbIn(argv)
  for (const verb of VERBS) {
    const sub = program.command(verb.name).description(verb.summary).helpOption('--help', 'print this help')
    if (verb.name !== wanted) continue
    const { command } = await verb.load()
    describe(sub, command, isJsonHelp)
    if (isJsonHelp) await helpAsJson(sub, command)
    isVersionTaken = command.options?.some(({ flags }) => flags.startsWith('--version ')) === true
    sub.action(async () => {
      exit = await carryOut(command, globalsFrom(program, verb.name), sub)
    })
  }
  // Of a verb that has a `--version V` of its own, it is the model's.
  if (!isVersionTaken) program.version(await ownVersion(wantsJson), '--version', 'print the version')
  if (argv.length === 0) program.help()
  await program.parseAsync(argv as string[], { from: 'user' })
  return exit
}

/** The first word that is neither an option nor an option's value. */
function verbIn(argv: readonly string[]): string | undefined {
  const valued = GLOBAL_OPTIONS.map(([flags]) => flags.split(' ')[0])
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (valued.includes(word)) i++
    else if (!word.startsWith('-')) return word
  }
  return undefined
}

/** In place of the text that commander makes. */
async function helpAsJson(program: Program, command: Command | null): Promise<void> {
  const { helpJson } = await import('./commands/help-json.ts')
  const globalOptions = GLOBAL_OPTIONS.map(([flags, help]) => ({ flags, help }))
  program.configureHelp({
    formatHelp: (cmd, helper) => {
      const words = { usage: helper.commandUsage(cmd), summary: cmd.description(), globalOptions }
      return `${JSON.stringify(helpJson(command, words))}\n`
    },
  })
}

function describe(sub: Program, command: Command, isJsonHelp: boolean): void {
  if (command.description !== undefined) sub.description(command.description)
  for (const argument of command.arguments ?? []) {
    const made = sub.createArgument(argument.name, argument.help)
    if (argument.choices !== undefined) made.choices(argument.choices)
    sub.addArgument(made)
  }
  for (const option of command.options ?? []) sub.option(option.flags, option.help)
  if (isJsonHelp) return
  sub.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`)
}

function globalsFrom(program: Program, verb: string): Globals {
  const given = program.opts<Record<string, string | undefined>>()
  const { format = 'text', lang, now, config } = given
  if (format !== 'text' && format !== 'json')
    throw new Fault('cli/bad-option', `\`--format ${format}\` is neither \`text\` nor \`json\``)
  if (lang !== undefined && lang !== 'pt' && lang !== 'en')
    throw new Fault('cli/bad-option', `\`--lang ${lang}\` is neither \`pt\` nor \`en\``)
  if (config !== undefined && !TAKES_CONFIG.includes(verb))
    throw new Fault('cli/bad-option', `\`${verb}\` takes no \`--config\``, `only ${TAKES_CONFIG.join(', ')} do`)
  const instant = now === undefined ? Math.floor(Date.now() / 1000) * 1000 : parseInstant(now)
  if (instant === null)
    throw new Fault('cli/bad-option', `\`--now ${now}\` is no instant`, 'write RFC 3339, such as 2026-11-22T06:00:00Z')
  if (instant < 0)
    throw new Fault('cli/bad-option', `\`--now ${now}\` is before 1970`, 'Git commits have no earlier time')
  return {
    cwd: process.cwd(),
    repo: given.repo ?? null,
    ref: given.ref ?? null,
    now: instant,
    format,
    lang: lang ?? null,
    config: config ?? null,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    again: [...wordsFor('--repo', given.repo), ...wordsFor('--now', now)].map((word) => ` ${shellWord(word)}`).join(''),
  }
}

function wordsFor(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value]
}

async function carryOut(command: Command, globals: Globals, sub: Program): Promise<ExitCode> {
  const { assembleWorld } = await import('./adapters/real-world.ts')
  const world: World = assembleWorld(globals.now)
  const invocation: Invocation = {
    world,
    globals,
    args: sub.args,
    options: sub.opts(),
    expect,
    note: (text) => process.stderr.write(`${text}\n`),
  }
  keepNursery()
  if (command.saysHowMuch !== true) expect('much')
  const result = await command.run(invocation)
  await print(result, globals)
  return result.exit
}

/** The last compiler but one, and to mark garbage beside the work, are worth their time where there is much to compute. */
function expect(work: 'little' | 'much'): void {
  if (!hasKnownFlags) return
  const no = work === 'little' ? 'no-' : ''
  setFlagsFromString(`--${no}maglev`)
  setFlagsFromString(`--${no}incremental-marking`)
}

/** What one model leaves is gone before the next: a nursery that went on growing would only be held. */
function keepNursery(): void {
  if (hasKnownFlags) setFlagsFromString('--semi-space-growth-factor=1')
}

async function print(result: CommandResult, globals: Globals): Promise<void> {
  if (globals.format === 'json') {
    if (hasPieces(result.json)) for (const piece of result.json.pieces) process.stdout.write(piece)
    else process.stdout.write(JSON.stringify(result.json))
    process.stdout.write('\n')
    return
  }
  if (result.diagnostics !== undefined && result.diagnostics.length > 0) {
    const { diagnosticsText } = await import('./commands/diagnostic-text.ts')
    const { source } = result
    const colour = process.stderr.isTTY === true && process.env.NO_COLOR === undefined
    process.stderr.write(`${diagnosticsText(result.diagnostics, { colour, source })}\n`)
  }
  const text = shownLines(result.text())
  if (text !== '') process.stdout.write(`${text}\n`)
}

function hasPieces(json: unknown): json is { pieces: Iterable<string | Uint8Array> } {
  return typeof json === 'object' && json !== null && 'pieces' in json
}

function report(error: unknown, wantsJson: boolean): ExitCode {
  const { code, message, hint, exit } = told(error)
  if (exit === 0) return 0
  if (wantsJson) {
    const document = { apiVersion: 'tutela/v1', kind: 'Fault', code, message, ...(hint !== undefined && { hint }) }
    process.stdout.write(`${JSON.stringify(document)}\n`)
  } else {
    // Names of files, refs and options may hold what moves a terminal's cursor.
    const lines = [`error  ${code}  ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])]
    process.stderr.write(`${shownLines(lines.join('\n'))}\n`)
  }
  return exit
}

function told(error: unknown): { code: string; message: string; hint: string | undefined; exit: ExitCode } {
  const fault = error instanceof Fault ? error : systemFault(error)
  if (fault !== null) return { code: fault.code, message: fault.message, hint: fault.hint, exit: 1 }
  if (isCommanderError(error)) return { ...commanderWords(error.message), exit: error.exitCode === 0 ? 0 : 1 }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { code: 'bug/internal-error', message: text, hint: 'this is a defect of tutela: please report it', exit: 1 }
}

function commanderWords(text: string): { code: string; message: string; hint: string | undefined } {
  if (text === '(outputHelp)')
    return { code: 'cli/bad-usage', message: 'no verb is named', hint: 'see `tutela --help`' }
  const later = /^error: unknown command '(.+?)'/.exec(text)?.[1]
  if (later !== undefined && LATER_VERBS.includes(later)) {
    const hint = 'it is designed, and comes with a later version'
    return { code: 'cli/bad-usage', message: `\`tutela ${later}\` is not there yet`, hint }
  }
  const [, value, choices] = NOT_OF_CHOICES.exec(text) ?? []
  if (value !== undefined && choices !== undefined) {
    const near = nearestWord(value, choices.split(', '))
    const hint = near === undefined ? `one of ${choices}` : `did you mean \`${near}\`?`
    return { code: 'cli/bad-usage', message: `\`${value}\` is not known here`, hint }
  }
  const [first = '', ...rest] = text.replace(/^error: /, '').split('\n')
  const suggestion = /\(Did you mean (?:one of )?(.+?)\??\)/.exec(rest.join(' '))?.[1]
  const hint = suggestion === undefined ? 'see `tutela --help`' : `did you mean \`${suggestion}\`?`
  return { code: 'cli/bad-usage', message: first.replaceAll("'", '`'), hint }
}

function isCommanderError(error: unknown): error is { code: string; exitCode: number; message: string } {
  return (
    error instanceof Error && 'exitCode' in error && String((error as { code?: unknown }).code).startsWith('commander.')
  )
}

async function ownVersion(wantsJson: boolean): Promise<string> {
  if (wantsJson) return JSON.stringify((await import('./commands/help-json.ts')).versionJson())
  const { VERSION } = await import('./version.ts')
  return VERSION
}
