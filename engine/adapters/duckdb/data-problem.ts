// What DuckDB says of unreadable data, as a fault that names file and line and repeats nothing of the data itself: rows
// are personal. The original error is dropped for the same reason.
import { Fault } from '../../base/fault.ts'
import { notUtf8 } from './csv-head.ts'

/** `nameOf`: what people call a path that stands in a message. */
export function dataProblem(error: unknown, nameOf: (message: string) => string | null): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const name = addressIn(message) ?? nameOf(message) ?? 'the data'
  const line = lineIn(message)
  // An address that ends with `.parquet` says nothing about what went wrong.
  const told = message.replace(ADDRESS, '…')
  const known = KNOWN.find(({ when }) => when.test(told))
  if (known !== undefined) return known.fault(name, line, message)
  return new Fault('observe/sql', `the data could not be read: ${withoutValues(message)}`)
}

/** Whether a cell was not of its kind: which one, the caller finds out. */
export function isConversionError(error: unknown): boolean {
  return error instanceof Error && /^Conversion Error/.test(error.message)
}

interface KnownProblem {
  readonly when: RegExp
  readonly fault: (name: string, line: number | undefined, message: string) => Fault
}

/** In quotes, as DuckDB names an object or what it asked the store for. */
const ADDRESS = /(["'])(?:s3|https?):\/\/[^"'\n]*\1/gi

/** Without the query of a request. */
function addressIn(message: string): string | null {
  const quoted = message.match(ADDRESS)?.[0]
  return quoted === undefined ? null : quoted.slice(1, -1).replace(/\?.*$/, '')
}

const AGAIN = 'write or copy it again'

const KNOWN: readonly KnownProblem[] = [
  {
    when: /Invalid unicode|not utf-8 encoded|Invalid string encoding|invalid UTF-8/i,
    fault: (name, line) =>
      line === undefined
        ? new Fault('observe/encoding', `\`${name}\` holds text that is no UTF-8`, 'write it as UTF-8')
        : notUtf8(name, 'latin1', line),
  },
  {
    when: /Expected Number of Columns: \d+ Found: \d+/,
    fault: (name, line, message) => {
      const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? []
      const what = `\`${name}\`: about line ${line} a row has ${found} cells, and the header ${expected}`
      return new Fault('observe/bad-csv', what, 'a cell that holds the delimiter stands in double quotes')
    },
  },
  {
    when: /unterminated quote/i,
    fault: (name, line) =>
      new Fault('observe/bad-csv', `\`${name}\`: about line ${line} a quote is left open`, 'is the file cut off?'),
  },
  {
    when: /CSV Error on Line|Maximum line size|Parallel CSV Reader/,
    fault: (name, line) =>
      new Fault(
        'observe/bad-csv',
        `\`${name}\` is no well-formed CSV${line === undefined ? '' : ` about line ${line}`}`,
        AGAIN,
      ),
  },
  {
    when: /Malformed JSON|JSON transform error|maximum_object_size/,
    fault: (name, line) =>
      new Fault(
        'observe/bad-ndjson',
        `\`${name}\`: ${line === undefined ? 'a line' : `line ${line}`} is no JSON object`,
        'one whole object stands on each line',
      ),
  },
  {
    when: /gzip|GZIP|zlib/,
    fault: (name) => new Fault('observe/bad-gzip', `\`${name}\` is no whole gzip file`, AGAIN),
  },
  {
    when: /^Out of Memory Error/,
    fault: () =>
      new Fault('observe/memory', 'the data need more memory than they may use', 'give `TUTELA_MEMORY`, such as `2GB`'),
  },
  {
    when: /No space left|max_temp_directory_size|ENOSPC/i,
    fault: () =>
      new Fault('observe/disk-full', 'the scratch folder is full', 'free some space, or set `TMPDIR` to a larger disk'),
  },
  {
    when: /httpfs|^HTTP Error|for HTTP (GET|HEAD) to|^IO Error: No files found|credentials/i,
    fault: (name, _line, message) =>
      new Fault(
        'observe/object-store',
        `\`${name}\` cannot be read from the object store: ${withoutValues(message)}`,
        'check `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and the address',
      ),
  },
  {
    when: /parquet|footer|thrift|TProtocol|snappy|zstd|Brotli|decompress|corrupt|too small|magic bytes|don't know what type/i,
    fault: (name) => new Fault('observe/bad-parquet', `\`${name}\` is no whole Parquet file`, AGAIN),
  },
  {
    when: /Permission denied|Cannot open file|Could not read|No such file/i,
    fault: (name) => new Fault('observe/unreadable', `\`${name}\` cannot be read`, 'check that it is still there'),
  },
]

function lineIn(message: string): number | undefined {
  const csv = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  if (csv !== undefined) return Number(csv)
  const json = /at byte \d+ in line (\d+)/.exec(message)?.[1]
  // It counts the line that it was about to read.
  return json === undefined ? undefined : Number(json) - 1
}

/** The first line; what stands in quotes may be a cell. */
function withoutValues(message: string): string {
  const [first = ''] = message.split('\n')
  if (/^(Binder|Parser|Catalog) Error/.test(first)) return first
  return first
    .replace(ADDRESS, 'the address')
    .replace(/(["']).*\1/s, '…')
    .replace(/ (with )?value .*? (?=can't|cannot|could not|is out of)/s, ' … ')
    .slice(0, 200)
}
