// The name of a table on a cluster, as it is written on the command line: `table`, `schema.table` or `catalog.schema.table`.
import { Fault } from '../../base/fault.ts'

/** Parts may stand in double quotes, with a quote doubled in them. Faults `observe/unreadable`. */
export function partsOfName(name: string): readonly string[] {
  const parts = [...name.matchAll(/(?:^|\.)(?:"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*))/gy)]
  const length = parts.reduce((sum, [all]) => sum + all.length, 0)
  if (parts.length === 0 || parts.length > 3 || length !== name.length || name.startsWith('.')) {
    throw new Fault(
      'observe/unreadable',
      `\`${name}\` is no name of a table`,
      'write `table`, `schema.table` or `catalog.schema.table`',
    )
  }
  return parts.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}
