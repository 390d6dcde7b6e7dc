// What of a document is tested. An HTML comment before a fenced block says so:
//
//   <!-- test -->          `$ ` lines are run in one shell a document; below each stands what it prints, `…` for what is
//                          left out: within a line any text, on a line of its own any lines; how many spaces stand
//                          between columns does not matter
//   <!-- file: PATH -->    the block is the whole text of that file, where the shell stands by then

export interface Command {
  readonly line: number
  readonly text: string
  readonly printed: readonly string[]
}

export type Step =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }

const MARK = /^<!-- (?:(test)|file: (\S+)) -->$/

/** The tested steps of a Markdown text, in order. Throws where a mark has no fenced block below it. */
export function stepsOf(markdown: string): Step[] {
  const lines = markdown.split('\n')
  return lines.flatMap((line, i) => {
    const mark = MARK.exec(line)
    if (mark === null) return []
    const block = fencedBlock(lines, i + 1)
    const path = mark[2]
    if (path !== undefined) return [{ kind: 'file', path, text: `${block.join('\n')}\n` }]
    return commandsOf(block, i + 3).map((command): Step => ({ kind: 'command', command }))
  })
}

function fencedBlock(lines: readonly string[], from: number): string[] {
  const rest = lines.slice(from)
  const end = rest.indexOf('```', 1)
  if (!rest[0]?.startsWith('```') || end < 0) throw new Error(`line ${from}: no fenced block below this mark`)
  return rest.slice(1, end)
}

function commandsOf(block: readonly string[], firstLine: number): Command[] {
  const commands: { line: number; text: string; printed: string[] }[] = []
  for (const [i, line] of block.entries()) {
    if (line.startsWith('$ ')) commands.push({ line: firstLine + i, text: line.slice(2), printed: [] })
    else commands.at(-1)?.printed.push(line)
  }
  if (commands.length === 0) throw new Error(`line ${firstLine}: a tested block without a command`)
  return commands
}

/** Whether lines are as a document shows them. */
export function isAsShown(printed: readonly string[], shown: readonly string[]): boolean {
  const source = shown.map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${anyWhere(line)}\n`)).join('')
  return new RegExp(`^${source}$`).test(printed.map((line) => `${evenSpaces(line)}\n`).join(''))
}

function anyWhere(line: string): string {
  const parts = evenSpaces(line).split('…')
  return parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
}

const evenSpaces = (line: string) => line.trimEnd().replaceAll(/ {2,}/g, '  ')
