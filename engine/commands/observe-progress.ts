// How far a long measurement is, on a terminal alone: one line that is written over, and gone at the end.
import type { Invocation } from './command.ts'
import { observeScreen } from './observe-words.ts'

export interface Progress {
  /** `part`: what is measured now. */
  show(part: string, done: number, total: number): void
  clear(): void
}

const SILENT: Progress = { show: () => undefined, clear: () => undefined }
const WIDTH = 24

/** `who`: the model, where there are several. */
export function progressBar(invocation: Invocation, who: string | null): Progress {
  const { stderr } = process
  if (stderr.isTTY !== true || invocation.globals.format === 'json') return SILENT
  const { words } = observeScreen(invocation)
  return {
    show(part, done, total) {
      const filled = Math.min(WIDTH, Math.floor((WIDTH * done) / Math.max(1, total)))
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
      stderr.write(`\r\u001b[2K${bar} ${who === null ? '' : `${who}: `}${words.part[part] ?? part}`)
    },
    clear: () => void stderr.write('\r\u001b[2K'),
  }
}
