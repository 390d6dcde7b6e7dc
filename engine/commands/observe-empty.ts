// A window in which no row of the data lies. Its snapshot is written, since a window without decisions is a fact, but nobody may
// take a slip of `--window` for one: a warning says what the data do cover.
import type { Diagnostic } from '../domain/diagnostic.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { WindowOfData } from '../observe/window-of-data.ts'
import type { WrittenSnapshot } from './write-snapshot.ts'

const DAY_MS = 86_400_000

/** None where a row lies in the window, or where the data tell no times. */
export function emptyWindow(
  { model, window: { start, end } }: Snapshot,
  { covered, inside }: WindowOfData,
  { path, line, kind }: WrittenSnapshot,
): Diagnostic[] {
  if (inside !== 0 || covered === null || kind === 'refused') return []
  const [from, to] = [covered.earliest, covered.latest].map((ms) => Math.floor(ms / DAY_MS) * DAY_MS)
  const days = [from ?? 0, (to ?? 0) + DAY_MS].map((ms) => formatInstant(ms).slice(0, 10)).join('/')
  const seen = `${formatInstant(covered.earliest)} to ${formatInstant(covered.latest)}`
  return [
    {
      file: path ?? `models/${model}/card.yaml`,
      line: line ?? 1,
      column: 1,
      severity: 'warning',
      code: 'observe/empty-window',
      message: `no row of the data lies in the window ${start} to ${end}: nothing was measured, every figure is null`,
      hint: `the data cover ${seen}: did you mean \`--window ${days}\`?`,
    },
  ]
}
