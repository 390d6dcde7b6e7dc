// The header of a CSV file: the delimiter that it uses and the names of its columns, as they stand there.
import { Fault } from '../../base/fault.ts'
import type { SourceFile } from './source-file.ts'
import { firstRecord } from './text-lines.ts'

export interface CsvHead {
  readonly delimiter: string
  readonly names: readonly string[]
}

/** Of equals the first. */
const DELIMITERS = [',', ';', '\t', '|'] as const

/** `wanted`: names that decide between delimiters. Faults `observe/encoding`, `observe/bad-csv`. */
export async function readCsvHead(file: SourceFile, wanted: readonly string[]): Promise<CsvHead> {
  const { bytes } = await firstRecord(file)
  const text = decoded(bytes, file.name)
  const heads = DELIMITERS.map((delimiter) => ({ delimiter, names: fieldsOf(text, delimiter) }))
  const found = ({ names }: CsvHead) => wanted.filter((name) => names.includes(name)).length
  const best = heads.reduce((a, b) => {
    const [left, right] = [found(a), found(b)]
    if (left !== right) return right > left ? b : a
    return b.names.length > a.names.length ? b : a
  })
  if (best.names.every((name) => name.trim() === ''))
    throw new Fault('observe/bad-csv', `\`${file.name}\` has no header`, 'its first line names the columns')
  return best
}

const UTF16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
]

function decoded(bytes: Buffer, name: string): string {
  if (UTF16.some(([first, second]) => bytes[0] === first && bytes[1] === second) || bytes.includes(0))
    throw notUtf8(name, 'UTF-16')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notUtf8(name, 'latin1')
  }
}

/** To be thrown. `likely`: the encoding that it seems to be, for the hint; `line` left out: the header. */
export function notUtf8(name: string, likely: string, line?: number): Fault {
  const where = line === undefined ? 'its header is no UTF-8' : `line ${line} is no UTF-8`
  const hint = `convert it, for example \`iconv -f ${likely} -t UTF-8\``
  return new Fault('observe/encoding', `\`${name}\`: ${where}`, hint)
}

/** Fields of one record; a quote within quotes is doubled. */
function fieldsOf(text: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? ''
    if (isQuoted && character === '"' && text[i + 1] === '"') {
      field += '"'
      i++
    } else if (character === '"' && (isQuoted || field === '')) {
      isQuoted = !isQuoted
    } else if (character === delimiter && !isQuoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  return [...fields, field]
}
