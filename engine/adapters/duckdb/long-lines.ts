// Lines of a text file that are longer than DuckDB reads. A last line beyond its buffer it leaves out without a word, and one in
// the middle is an error that names nothing, so lengths are gauged while the bytes go by for other reasons.
import { Fault } from '../../base/fault.ts'
import type { SourceFile } from './source-file.ts'
import { lineAt } from './text-lines.ts'

/** A line by its first byte and its length, its end left out. */
export interface LineSpan {
  readonly start: number
  readonly length: number
}

export interface LineGauge {
  add(bytes: Buffer): void
  /** The longest of the lines that go over the border of two pieces: of pieces shorter than a limit, each beyond it is one. */
  longest(): LineSpan
}

const NEWLINE = 10

/** To be given all bytes in order, a piece at a time. */
export function lineGauge(): LineGauge {
  let [offset, start] = [0, 0]
  let found: LineSpan = { start: 0, length: 0 }
  const close = (end: number) => {
    if (end - start > found.length) found = { start, length: end - start }
  }
  return {
    add(bytes) {
      const first = bytes.indexOf(NEWLINE)
      if (first >= 0) {
        close(offset + first)
        start = offset + bytes.lastIndexOf(NEWLINE) + 1
      }
      offset += bytes.length
    },
    longest() {
      close(offset)
      return found
    },
  }
}

/** Bytes: DuckDB's `max_line_size` and `maximum_object_size`, less their last. */
const LONGEST = { csv: 1_999_999, ndjson: 16_777_215 } as const

/** Faults `observe/long-line` with the line. */
export async function requireShortLines(file: SourceFile, { start, length }: LineSpan): Promise<void> {
  if (file.format === 'parquet' || length <= LONGEST[file.format]) return
  const line = await lineAt(file, start)
  throw new Fault(
    'observe/long-line',
    `\`${file.name}\`: line ${line} has ${length} bytes, and the limit is ${LONGEST[file.format]}`,
    'is a line end missing, or the file damaged? write it again, a row a line',
  )
}
