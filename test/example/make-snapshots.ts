// Writes the snapshots of the bundled example: the loans as `tutela observe` measures them, COMPAS from the counts beside its
// card. Part of `npm run example`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../../engine/base/canonical-json.ts'
import { COMPAS_COUNTS, compasSnapshots } from './compas-snapshots.ts'
import { PROJECT } from './counts-csv.ts'
import { snapshotFiles } from './example-snapshot.ts'
import { loanSnapshots } from './observed-loans.ts'

/** Path → text of every snapshot file of the example. */
export async function exampleSnapshotFiles(): Promise<ReadonlyMap<string, string>> {
  return snapshotFiles([...(await loanSnapshots()), ...compasSnapshots(digestOfFile(COMPAS_COUNTS))])
}

export async function writeExampleSnapshots(): Promise<void> {
  const files = await exampleSnapshotFiles()
  rmSync(join(PROJECT, 'models/snapshots'), { recursive: true, force: true })
  for (const [path, text] of files) {
    mkdirSync(dirname(join(PROJECT, path)), { recursive: true })
    writeFileSync(join(PROJECT, path), text)
  }
}

function digestOfFile(path: string): string {
  return `sha256:${sha256Hex(readFileSync(join(PROJECT, path)))}`
}

if (import.meta.main) await writeExampleSnapshots()
