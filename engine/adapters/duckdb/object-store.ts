// Parquet in an S3 store: credentials from the environment, the extension only where it is installed already.
import { Fault } from '../../base/fault.ts'
import { textLiteral } from '../../base/sql-text.ts'
import type { SqlRow } from '../../world-sql.ts'
import { isAddress } from './find-files.ts'
import type { SourceFile } from './source-file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the connection is asked before a file of a store is read. */
export interface StoreConnection {
  run(sql: string): Promise<void>
  query(sql: string): Promise<readonly SqlRow[]>
}

/** Faults `observe/no-extension`, `observe/no-credentials`. */
export async function openStore({ run }: StoreConnection, env: Environment): Promise<void> {
  const id = env.AWS_ACCESS_KEY_ID
  const secret = env.AWS_SECRET_ACCESS_KEY
  if (id === undefined || secret === undefined) {
    const hint = 'set `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION`'
    throw new Fault('observe/no-credentials', 'an `s3://` address needs credentials in the environment', hint)
  }
  try {
    await run('LOAD httpfs')
  } catch {
    const hint = 'install it once, by `INSTALL httpfs` in a DuckDB shell of the same version, or copy the files here'
    throw new Fault('observe/no-extension', 'the DuckDB extension `httpfs` is not installed, and none is fetched', hint)
  }
  const settings = {
    KEY_ID: id,
    SECRET: secret,
    SESSION_TOKEN: env.AWS_SESSION_TOKEN,
    REGION: env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    ...endpointOf(env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL),
  }
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${textLiteral(value)}`],
  )
  await run(`CREATE OR REPLACE SECRET observe (TYPE s3, ${given.join(', ')})`)
}

function endpointOf(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return {}
  const { host, protocol } = new URL(url)
  return { ENDPOINT: host, URL_STYLE: 'path', USE_SSL: protocol === 'https:' ? 'true' : 'false' }
}

/** Whether the file is read from an object store. */
export function isRemote({ path }: Pick<SourceFile, 'path'>): boolean {
  return isAddress(path)
}

/** Size and time of every object, since their bytes are read in part only: what a digest of them is made of. */
export async function listing({ query }: StoreConnection, address: string): Promise<string> {
  const rows = await query(
    `SELECT filename, size, CAST(last_modified AS VARCHAR) FROM read_blob(${textLiteral(address)}) ORDER BY filename`,
  )
  return JSON.stringify(rows)
}
