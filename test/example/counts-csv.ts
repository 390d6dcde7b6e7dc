// Reads the plain CSVs of counts beside the example's cards: a header, no quotes, one line a combination and its count.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const PROJECT = join(import.meta.dirname, '../..')

/** Each line by the names of the header. `path` is relative to the project. */
export function readCounts(path: string): Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = readFileSync(join(PROJECT, path), 'utf8').trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (cells.length !== names.length) throw new Error(`${path}: a line with ${cells.length} cells`)
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

export function bitOf(text: string | undefined): 0 | 1 {
  if (text !== '0' && text !== '1') throw new Error(`neither 0 nor 1: ${text}`)
  return text === '1' ? 1 : 0
}
