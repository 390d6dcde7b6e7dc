// Before an importer: a Parquet file's rows are read through a port, so that importers stay pure.

import type { TableReader } from '../../world.ts'
import { LARGEST_SOURCE } from './import-source.ts'
import { Refusal, type Source } from './imported.ts'

/** A cell takes about 130 bytes of memory as a value, whatever it takes in the file: 256 MiB of them. */
const LARGEST_CELLS = 2_000_000

export const isParquetName = (name: string): boolean => /\.(parquet|pq)$/i.test(name)

/** The source with its table, or with the reason why there is none (import-source.ts makes it an outcome). */
export async function readSource(
  source: Source,
  readTable: TableReader,
  largest: number = LARGEST_SOURCE,
): Promise<Source> {
  if (!isParquetName(source.name) || source.bytes.length === 0 || source.bytes.length > largest) return source
  const broken = brokenParquet(source.bytes)
  if (broken !== null) return { ...source, unreadable: new Refusal('syntax', broken) }
  try {
    const table = await readTable(source.bytes, { largestCells: LARGEST_CELLS })
    if (table !== null) return { ...source, table }
    const tooLarge = new Refusal('too-large', `the file holds more than ${LARGEST_CELLS} cells`)
    return { ...source, unreadable: tooLarge }
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { ...source, unreadable: new Refusal('syntax', `the file cannot be read as Parquet: ${why}`) }
  }
}

/** A Parquet file begins and ends with `PAR1`. */
function brokenParquet(bytes: Uint8Array): string | null {
  const mark = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (mark(0) !== 'PAR1') return 'the file is named Parquet but does not begin with `PAR1`'
  if (bytes.length < 12 || mark(bytes.length - 4) !== 'PAR1')
    return 'the Parquet file does not end with `PAR1`: it seems to be cut off'
  return null
}
